// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/plain_places.hpp"

#include <algorithm>
#include <optional>

namespace seamark {

ByteRange plaintext_of(const Connection& carrying, Side side, ByteRange range) {
    const Connection* inside = carrying.plain();
    const RecordFramer* records = carrying.stream(side).records();
    if (inside == nullptr || records == nullptr) return {};
    const PlainMap& map = inside->stream(side).plain_map();
    std::optional<ByteRange> found;
    records->each(range, [&](std::uint32_t index, const TlsRecord&) {
        const PlainMap::Part* part = map.of_record(index);
        if (part == nullptr || part->length == 0) return;
        found = ByteRange{found ? found->begin : part->begin, part->range().end};
    });
    return found.value_or(ByteRange{});
}

ByteRange carried_places(const Stream& plain, ByteRange range) {
    std::optional<ByteRange> found;
    plain.each_record_until(range, [&](const PlainMap::Part& part, const TlsRecord& record) {
        const ByteRange all = record.range();
        const ByteRange text = part.range();
        const auto place = [&](StreamOffset at) {
            if (at <= text.begin) return all.begin;
            if (at >= text.end) return all.end;
            return std::min(all.begin + TlsRecord::kHeader + (at - text.begin), all.end);
        };
        const ByteRange here{place(range.begin), place(range.end)};
        found = ByteRange{found ? found->begin : here.begin, here.end};
        return true;
    });
    return found.value_or(ByteRange{});
}

}  // namespace seamark
