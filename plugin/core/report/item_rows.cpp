// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/item_rows.hpp"

#include <algorithm>

namespace seamark {
namespace {

void append(std::vector<CarriedRun>& runs, const std::vector<CarriedRun>& more) {
    for (const CarriedRun& run : more) {
        if (!runs.empty() && runs.back().frame == run.frame) {
            runs.back().bytes += run.bytes;
        } else {
            runs.push_back(run);
        }
    }
}

/// Neighbouring parts share the call that carried both.
template <typename Index>
void append_once(std::vector<Index>& indices, Index index) {
    if (indices.empty() || indices.back() != index) indices.push_back(index);
}

/// Appends the frames that carry a part of the stream, inside TLS those of the records that hold
/// it, but for those up to last_record, which were appended before. How many bytes are captured.
std::uint64_t append_carriers(const MessageContext& context, ByteRange part,
                              std::optional<std::uint32_t>& last_record,
                              std::vector<CarriedRun>& runs) {
    const Stream& stream = context.stream;
    if (stream.carrier() == nullptr) {
        const std::size_t before = runs.size();
        context.overlay.carriers(part, kAllRuns, runs);
        std::uint64_t captured = 0;
        for (std::size_t i = before; i < runs.size(); ++i) captured += runs[i].bytes;
        return captured;
    }
    stream.each_record_until(part, [&](const PlainMap::Part& in, const TlsRecord& record) {
        if (!last_record || in.record > *last_record)
            Overlay(stream.carrying()).carriers(record.range(), kAllRuns, runs);
        last_record = in.record;
        return true;
    });
    return stream.lane().runs().covered(part);
}

}  // namespace

FrameNumber ItemRow::first_frame() const {
    return std::min_element(runs.begin(), runs.end(),
                            [](const auto& a, const auto& b) { return a.frame < b.frame; })
        ->frame;
}

FrameNumber ItemRow::last_frame() const {
    return std::max_element(runs.begin(), runs.end(),
                            [](const auto& a, const auto& b) { return a.frame < b.frame; })
        ->frame;
}

void ItemRows::note_times(const MessageContext& context, const std::vector<CarriedRun>& runs) {
    for (const CarriedRun& run : runs)
        if (const auto time = finder_.time_of(context.stream, run.frame))
            ready_ = std::max(ready_.value_or(*time), *time);
}

void ItemRows::gather(const MessageContext& context, const BodyItems& items, const Item& item) {
    const Overlay& overlay = context.overlay;
    row_.item = &item;
    row_.runs.clear();
    row_.chunks.clear();
    row_.writes.clear();
    row_.reads.clear();
    row_.records.clear();
    row_.upper_writes.clear();
    row_.first = row_.ready = row_.gap = {};
    std::uint64_t captured = 0;
    const Stream& stream = context.stream;
    const Stream& carrying = stream.carrying();
    std::optional<std::uint32_t> last_record;
    const BodyRange own = items.in_body(item);
    items.map.each_in_stream(own, [&](BodyRange, ByteRange part, std::uint32_t chunk) {
        part_.clear();
        captured += append_carriers(context, part, last_record, part_);
        append(row_.runs, part_);
        if (chunk != BodyMap::kNoChunk) row_.chunks.push_back(chunk + 1);
        if (overlay.knows_writes(part)) {
            overlay.each_write(part, [&](std::uint64_t index) { append_once(row_.writes, index); });
        } else if (chunk != BodyMap::kNoChunk) {
            const WriteTag tag = overlay.writes(context.message, items.map.chunk(chunk));
            if (tag.range)
                tag.range->each([&](std::uint64_t index) { append_once(row_.writes, index); });
        }
        overlay.each_record(part, [&](std::uint32_t index) { append_once(row_.records, index); });
        overlay.each_upper_write(
            part, [&](std::uint64_t index) { append_once(row_.upper_writes, index); });
        carrying.each_call(
            carrying.reads(), stream.carried_extent(part),
            [&](ByteRange, const CallRecord& call) { append_once(row_.reads, call.index); });
    });
    row_.complete = item.ended && !item.damaged && captured == own.length();
    if (row_.runs.empty() || context.entry.connection->clock().missing()) return;
    row_.first = finder_.time_of(context.stream, row_.runs.front().frame);
    note_times(context, row_.runs);
    // What belongs to no event has to be there as well.
    if (reached_ < own.begin)
        items.map.each_in_stream({reached_, own.begin},
                                 [&](BodyRange, ByteRange part, std::uint32_t) {
                                     std::optional<std::uint32_t> record;
                                     part_.clear();
                                     append_carriers(context, part, record, part_);
                                     note_times(context, part_);
                                 });
    reached_ = own.end;
    if (!row_.complete || !ready_) return;
    row_.ready = ready_;
    if (item.kind != ItemKind::kEvent) return;
    if (last_event_) row_.gap = *row_.ready - *last_event_;
    last_event_ = row_.ready;
}

}  // namespace seamark
