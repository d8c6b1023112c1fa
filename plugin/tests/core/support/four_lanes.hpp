// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/lanes/lanes.hpp"
#include "support/feeder.hpp"
#include "support/recorded_call.hpp"

/// A response with recorded calls, for the tests of its pictures.
namespace seamark::test {

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
constexpr std::string_view kTaggedHead =
    "HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n\r\n";  // 63

inline CaptureEntry entry(Feeder& feeder) {
    feeder.finish();
    return {3, &feeder.connection(), {"192.0.2.1", 40000}, {"2001:db8::1", 80}};
}

/// An event of the server's writes, or of the client's reads.
inline void call(Feeder& feeder, EventKind kind, std::uint64_t index, std::uint64_t offset,
                 std::uint64_t taken, std::uint64_t asked) {
    feeder.connection().add_event(kind == EventKind::kWrite ? kServer : kClient,
                                  recorded_call(kind, index, offset, taken, asked),
                                  FrameNumber{90});
}

inline void write(Feeder& feeder, std::uint64_t index, std::uint64_t offset, std::uint64_t taken) {
    call(feeder, EventKind::kWrite, index, offset, taken, taken);
}

inline std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
    return found;
}

/// Two segments, two writes, one read: three runs of bytes between seams.
inline void feed_four_lanes(Feeder& feeder) {
    feeder.server(std::string(kHead) + "5\r\nhe");
    feeder.server("llo\r\n");
    write(feeder, 1, 0, 47);
    write(feeder, 2, 47, 10);
    call(feeder, EventKind::kRead, 1, 0, 57, 4096);
}

}  // namespace seamark::test
