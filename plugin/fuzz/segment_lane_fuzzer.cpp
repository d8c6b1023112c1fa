// SPDX-License-Identifier: GPL-2.0-or-later
//
// Segments of four bytes each (begin, length) against the frame of each byte; sequence numbers
// wrap.
#include <vector>

#include "check.hpp"
#include "core/tcp/segment_lane.hpp"
#include "core/tcp/sequence_unwrapper.hpp"

using namespace seamark;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SequenceUnwrapper unwrapper;
    SegmentLane lane;
    std::vector<std::uint32_t> owner(0x10000 + 0x800);  // 0: no one
    const StreamOffset zero = unwrapper.unwrap(RawSequence{0xffff8000u});
    for (std::uint32_t frame = 1; size >= 4; data += 4, size -= 4, ++frame) {
        const std::uint32_t begin = data[0] | data[1] << 8;
        const std::uint32_t length = data[2] | (data[3] & 7) << 8;
        const StreamOffset at = unwrapper.unwrap(RawSequence{0xffff8000u + begin});
        check(at == zero + begin, "a sequence number is out of place");
        std::size_t fresh = 0;
        lane.add(at, length, length, FrameNumber{frame}, 0, [&](ByteRange part) {
            check(part.begin >= at && part.end <= at + length && !part.empty(), "a part strays");
            fresh += part.length();
        });
        std::size_t expected = 0;
        for (std::uint32_t i = begin; i < begin + length; ++i) {
            if (owner[i] != 0) continue;
            owner[i] = frame;
            ++expected;
        }
        check(fresh == expected, "fresh bytes");
        check(lane.segments().back().retransmission() == (fresh == 0 && length > 0), "index");
        check(lane.segments().back().repeats == (fresh < length), "repeats");
    }
    lane.runs().each({StreamOffset{}, StreamOffset::max()}, [&](const OwnedRun& run) {
        for (StreamOffset byte = run.begin; byte < run.end(); ++byte) {
            auto& frame = owner[byte - zero];
            check(frame != 0 && frame == static_cast<std::uint32_t>(run.frame), "an owner, or two");
            frame = 0;
        }
    });
    for (const std::uint32_t frame : owner) check(frame == 0, "a byte has no owner");
    return 0;
}
