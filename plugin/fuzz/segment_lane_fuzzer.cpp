// SPDX-License-Identifier: GPL-2.0-or-later
//
// Segments of four bytes each (begin, length) against a map from byte to frame; sequence numbers
// wrap.
#include <map>

#include "check.hpp"
#include "core/segment_lane.hpp"
#include "core/sequence_unwrapper.hpp"

using namespace seamark;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SequenceUnwrapper unwrapper;
    SegmentLane lane;
    std::map<StreamOffset, std::uint32_t> owner;
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
        for (std::uint32_t i = 0; i < length; ++i) expected += owner.emplace(at + i, frame).second;
        check(fresh == expected, "fresh bytes");
        check(lane.segments().back().retransmission() == (fresh == 0 && length > 0), "index");
        check(lane.segments().back().repeats == (fresh < length), "repeats");
    }
    auto at = owner.begin();
    lane.runs().each({0, ~StreamOffset{0}}, [&](const OwnedRun& run) {
        for (StreamOffset byte = run.begin; byte < run.end(); ++byte, ++at)
            check(at != owner.end() && at->first == byte &&
                      at->second == static_cast<std::uint32_t>(run.frame),
                  "a byte has another owner, or two");
    });
    check(at == owner.end(), "a byte has no owner");
    return 0;
}
