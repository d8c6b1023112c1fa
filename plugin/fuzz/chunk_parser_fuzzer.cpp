// SPDX-License-Identifier: GPL-2.0-or-later
//
// A chunked body after one byte that says how it is cut: every cut must give the same events.
#include <algorithm>
#include <string>

#include "check.hpp"
#include "core/http1/chunk_parser.hpp"

using seamark::ChunkParser;

static std::string story(std::span<const std::uint8_t> bytes, std::size_t fragment) {
    ChunkParser parser;
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto part = bytes.subspan(at, std::min(fragment, bytes.size() - at));
        const auto step = parser.feed(part);
        check(step.consumed > 0 && step.consumed <= part.size(), "a step of no or too many bytes");
        at += step.consumed;
        if (step.event == ChunkParser::Event::kNeedMore) {
            check(step.consumed == part.size(), "more is needed, but not all was taken");
            continue;
        }
        text += std::to_string(at) + ":" + std::to_string(static_cast<int>(step.event)) + " " +
                parser.line() + " " + std::to_string(parser.size()) + " " +
                std::to_string(parser.tail_length()) + "\n";
        parser.faults().each([&](seamark::Fault fault) { text += to_string(fault); });
        if (step.event == ChunkParser::Event::kRefused) break;
        if (step.event == ChunkParser::Event::kBodyEnd) parser.reset();
        if (step.event == ChunkParser::Event::kSizeLine)
            at += std::min<std::uint64_t>(parser.size(), bytes.size() - at);
    }
    return text;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::span body(data + 1, size - 1);
    check(story(body, body.size()) == story(body, 1 + data[0] % 16u), "the cut changes the answer");
    return 0;
}
