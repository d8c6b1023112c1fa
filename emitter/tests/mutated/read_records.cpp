// SPDX-License-Identifier: GPL-2.0-or-later
//
// For records.py: reads files from standard input, each after its length (32 bits), and says of
// each how many packets and events it had, whether it was given up, and the memory (KiB) used so
// far.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/event/io_event.hpp"
#include "lab/event_stream.hpp"
#include "lab/followed_file.hpp"
#include "plan/escaped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace seamark;
using Bytes = std::vector<std::uint8_t>;

struct Result {
    std::uint64_t packets = 0;
    std::uint64_t events = 0;
    bool is_broken = false;
    Bytes records;  ///< of the events, each encoded anew
    friend bool operator==(const Result&, const Result&) = default;
};

void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// What is read must come back when it is written and read again.
void take(const IoEvent& event, Result& result) {
    ++result.events;
    Bytes once;
    encode(event, once);
    const auto again = decode(once);
    check(again.has_value(), "an event that was read cannot be written");
    result.records.insert(result.records.end(), once.begin(), once.end());
    const std::string words = plan::printable(describe(event));
    check(std::all_of(words.begin(), words.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x20; }),
          "a control character in words");
    (void)lab::time_in_capture(event, 1'000'000'000);
}

Result read_in_pieces(const Bytes& file, std::size_t piece) {
    Result result;
    lab::PcapngStream stream;
    for (std::size_t at = 0; at < file.size() && !result.is_broken; at += piece) {
        const auto rest = std::span(file).subspan(at);
        result.is_broken =
            !stream.feed(rest.first(std::min(piece, rest.size())), [&](const auto& packet) {
                ++result.packets;
                if (const auto event = lab::event_in(packet.bytes)) take(*event, result);
            });
    }
    return result;
}

/// What a follower copies: each packet, whether its record can be read or not, since what was
/// recorded must not be lost; and what it says of those that can be read.
Result followed(const Bytes& file) {
    std::FILE* const scratch = std::tmpfile();
    const std::string path = "/proc/self/fd/" + std::to_string(::fileno(scratch));
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
    lab::FollowedFile follower(path, INT64_MIN);
    Result result;
    follower.drain([&](const auto& packet, const IoEvent& event) {
        ++result.packets;
        if (lab::event_in(packet.bytes)) {
            take(event, result);
        } else {
            check(event.kind == EventKind{} && event.left == packet.time,
                  "a record that cannot be read has another event than its packet's time");
        }
    });
    std::fclose(scratch);
    return result;
}

/// The plugin's core: records that belong to one connection, and what it makes of them.
void read_as_the_plugin(const Bytes& file) {
    Bytes input;
    lab::PcapngStream stream;
    (void)stream.feed(file, [&](const auto& packet) {
        const std::size_t size = std::min<std::size_t>(packet.bytes.size(), 0xffff);
        // The record stands at the end, after 56 bytes of tags.
        const std::size_t skip = std::min<std::size_t>(56, size);
        const auto record = packet.bytes.subspan(skip, size - skip);
        input.push_back(static_cast<std::uint8_t>(input.size()));
        input.push_back(static_cast<std::uint8_t>(record.size()));
        input.push_back(static_cast<std::uint8_t>(record.size() >> 8));
        input.insert(input.end(), record.begin(), record.end());
    });
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main() {
    std::uint32_t size = 0;
    while (std::fread(&size, sizeof size, 1, stdin) == 1) {
        Bytes file(size);
        if (std::fread(file.data(), 1, size, stdin) != size) return 1;
        const Result whole = read_in_pieces(file, std::max<std::size_t>(size, 1));
        for (const std::size_t piece : {1, 7, 64})
            check(read_in_pieces(file, piece) == whole, "it depends on the pieces");
        Result copied = followed(file);
        copied.is_broken = whole.is_broken;  // which a follower reports to no one
        check(copied == whole, "the followed file has other packets or events");
        read_as_the_plugin(file);
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        std::printf("%llu %llu %d %ld\n", static_cast<unsigned long long>(whole.packets),
                    static_cast<unsigned long long>(whole.events), whole.is_broken ? 1 : 0,
                    usage.ru_maxrss);
        std::fflush(stdout);
    }
    return 0;
}
