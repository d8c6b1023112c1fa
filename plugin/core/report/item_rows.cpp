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
void append_once(std::vector<std::uint64_t>& indices, std::uint64_t index) {
    if (indices.empty() || indices.back() != index) indices.push_back(index);
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

void ItemRows::gather(const MessageContext& context, const BodyItems& items, const Item& item) {
    const Overlay& overlay = context.overlay;
    row_.item = &item;
    row_.runs.clear();
    row_.chunks.clear();
    row_.writes.clear();
    row_.reads.clear();
    row_.first = row_.ready = row_.gap = {};
    std::uint64_t captured = 0;
    const Stream& stream = context.stream;
    const Stream& carrying = stream.carrying();
    std::optional<std::uint32_t> last_record;
    items.map.each_in_stream(item.range, [&](BodyRange, ByteRange part, std::uint32_t chunk) {
        part_.clear();
        if (stream.carrier() == nullptr) {
            overlay.carriers(part, kAllRuns, part_);
            for (const CarriedRun& run : part_) captured += run.bytes;
        } else {
            captured += stream.lane().runs().covered(part);
            // A record counts once, however many parts of the event it holds.
            stream.each_record_until(part, [&](const PlainMap::Part& in, const TlsRecord& record) {
                if (!last_record || in.record > *last_record)
                    Overlay(carrying).carriers(record.range(), kAllRuns, part_);
                last_record = in.record;
                return true;
            });
        }
        append(row_.runs, part_);
        if (chunk != BodyMap::kNoChunk) row_.chunks.push_back(chunk + 1);
        if (overlay.knows_writes(part)) {
            overlay.each_write(part, [&](std::uint64_t index) { append_once(row_.writes, index); });
        } else if (chunk != BodyMap::kNoChunk) {
            const WriteTag tag = overlay.writes(context.message, items.map.chunk(chunk));
            if (tag.range)
                tag.range->each([&](std::uint64_t index) { append_once(row_.writes, index); });
        }
        carrying.each_call(
            carrying.reads(), stream.carried_extent(part),
            [&](ByteRange, const CallRecord& call) { append_once(row_.reads, call.index); });
    });
    row_.complete = item.ended && !item.damaged && captured == item.range.length();
    if (row_.runs.empty() || context.entry.connection->clock().missing()) return;
    row_.first = finder_.time_of(context.stream, row_.runs.front().frame);
    std::optional<std::int64_t> latest;
    for (const CarriedRun& run : row_.runs) {
        const auto time = finder_.time_of(context.stream, run.frame);
        if (time && (!latest || *time > *latest)) latest = time;
    }
    if (!latest) return;
    ready_ = std::max(ready_.value_or(*latest), *latest);
    if (!row_.complete) return;
    row_.ready = ready_;
    if (item.kind != ItemKind::kEvent) return;
    if (last_event_) row_.gap = *row_.ready - *last_event_;
    last_event_ = row_.ready;
}

}  // namespace seamark
