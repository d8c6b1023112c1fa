// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/body_map.hpp"

namespace seamark {

void BodyMap::extend() {
    if (message().framing != Framing::kChunked) return;
    for (std::size_t i = begins_.size(); i < message().chunk_count; ++i) {
        if (chunk(i).last()) return;
        begins_.push_back(total_);
        total_ = saturating_add(total_, chunk(i).size);
    }
}

BodyRange BodyMap::in_body(ByteRange range) const {
    std::optional<BodyRange> found;
    each_in_body(range, [&](BodyRange part, ByteRange) {
        if (!found) found = part;
        found->end = part.end;
    });
    return found.value_or(BodyRange{});
}

std::optional<std::uint64_t> BodyMap::length() const {
    const Message& m = message();
    if (m.framing == Framing::kContentLength) return m.body.length();
    if (m.framing == Framing::kChunked && m.ended) return total_.value;
    return std::nullopt;
}

std::size_t BodyMap::first_ending_after(StreamOffset at) const {
    std::size_t low = 0;
    std::size_t high = begins_.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (chunk(middle).data().end <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

}  // namespace seamark
