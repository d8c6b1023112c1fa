// SPDX-License-Identifier: GPL-2.0-or-later
//
// The bytes of one direction, 0xff 0x00, and then how they were captured: three bytes a segment
// (position in two, length), the rest of the stream lost, or, if their number is odd, sent at the
// end. Core and model must agree, retransmissions must change nothing, and every invariant must
// hold.
#include <algorithm>
#include <string_view>

#include "check.hpp"
#include "support/model.hpp"

using namespace seamark::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t parted = std::min(input.rfind(std::string_view("\xff\0", 2)), size);
    const std::string_view stream = input.substr(0, parted);
    const std::string_view how = input.substr(std::min(parted + 2, size));
    std::vector<MadeSegment> segments;
    const auto capture = [&](std::size_t begin, std::size_t length) {
        begin = std::min(begin, stream.size());
        const auto bytes = stream.substr(begin, length);
        if (!bytes.empty())
            segments.push_back(
                {begin, std::string(bytes), static_cast<unsigned>(segments.size() + 1)});
    };
    for (std::size_t i = 0; i + 2 < how.size(); i += 3)
        capture(static_cast<unsigned char>(how[i]) | static_cast<unsigned char>(how[i + 1]) << 8,
                1u + static_cast<unsigned char>(how[i + 2]));
    if (how.size() / 3 % 2 == 1 || how.empty()) capture(0, stream.size());

    const std::vector<seamark::Method> requests{seamark::Method::kOther, seamark::Method::kHead};
    const std::string core = core_reading(segments, requests);
    const std::string model = model_reading(segments, requests);
    check(core == model, "core:\n" + core + "model:\n" + model);

    std::vector<MadeSegment> repeated;
    for (const MadeSegment& segment : segments) {
        repeated.push_back(segment);
        repeated.push_back(segments[segment.frame / 2]);
        if (repeated.back().frame > segment.frame) repeated.pop_back();
    }
    check(core_reading(repeated, requests) == core, "a retransmission changes the answer");
    return 0;
}
