// SPDX-License-Identifier: GPL-2.0-or-later
//
// Heads, framing and what follows, after one byte that says how it is cut. Only the first byte
// begins a segment, so every cut must give the same messages and chunks.
#include <algorithm>
#include <string>

#include "check.hpp"
#include "core/http1/message_framer.hpp"

using namespace seamark;

static std::string story(std::span<const std::uint8_t> bytes, std::size_t fragment, Method method) {
    RequestLog own;
    RequestLog answered;
    answered.add(0, method, StreamOffset{});
    MessageFramer framer(own, answered);
    const StreamOffset zero{1};
    framer.start(zero);
    for (std::size_t at = 0; at < bytes.size(); at += fragment) {
        const auto part = bytes.subspan(at, std::min(fragment, bytes.size() - at));
        if (zero + at + part.size() <= framer.cursor()) continue;
        framer.feed(zero + at, part, at == 0);
        check(framer.cursor() >= zero + at + part.size(), "bytes were left lying");
    }
    framer.finish(zero + bytes.size());
    std::string text;
    for (const Message& m : framer.messages()) {
        text += std::to_string(m.head.begin.value) + "-" + std::to_string(m.head.end.value) + " " +
                std::to_string(m.body.end.value) + " " + std::string(to_string(m.framing)) +
                std::to_string(m.line.status) + std::to_string(m.ended) +
                std::to_string(m.stopped_at.value) + "\n";
        m.faults.each([&](Fault fault) { text += to_string(fault); });
    }
    for (const Chunk& c : framer.chunks()) {
        text += std::string(c.size_line()) + std::to_string(c.offset.value) + "+" +
                std::to_string(c.tail_length) + std::to_string(c.ended) + "\n";
        c.faults.each([&](Fault fault) { text += to_string(fault); });
    }
    return text;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto method = static_cast<Method>(data[0] >> 6);
    const std::span bytes(data + 1, size - 1);
    check(story(bytes, bytes.size(), method) == story(bytes, 1 + data[0] % 64u, method),
          "the cut changes the answer");
    return 0;
}
