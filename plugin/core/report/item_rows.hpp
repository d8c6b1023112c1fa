// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/report/chunk_rows.hpp"
#include "core/stream/body_items.hpp"
#include "core/stream/segment_finder.hpp"

namespace seamark {

/// An event of a body, joined with the other lanes. Made anew for each; gathered in one place so
/// that no row allocates.
struct ItemRow {
    const Item* item = nullptr;
    std::vector<CarriedRun> runs;        // who carried its bytes, in order of the stream
    std::vector<std::uint32_t> chunks;   // in the message, from 1; none of a body without chunks
    std::vector<std::uint64_t> writes;   // recorded, or named by tags
    std::vector<std::uint64_t> reads;    // recorded
    std::vector<std::uint32_t> records;  // of TLS, that hold its bytes; from 1
    std::vector<std::uint64_t> upper_writes;  // recorded above TLS
    std::optional<std::int64_t> first;        // when its first captured byte was, ns since 1970
    std::optional<std::int64_t> ready;  // when its last byte, and each in front of it, was there
    std::optional<std::int64_t> gap;    // from the event before it, ready to ready
    bool complete = false;              // ended, and every byte captured

    FrameNumber first_frame() const;
    FrameNumber last_frame() const;
};

/// Calls visit(MessageContext, BodyItems, ItemRow) for each event that the filter keeps, in the
/// order of the tables: those of no event, such as comments, too.
class ItemRows {
  public:
    explicit ItemRows(const FrameFilter& keep) : keep_(&keep) {}

    template <typename Visit>
    void each(const MessageContext& context, Visit visit) {
        const BodyItems* items = context.stream.items(context.index);
        if (items == nullptr) return;
        ready_ = {};
        reached_ = {};
        last_event_ = {};
        for (const Item& item : items->list->items) {
            gather(context, *items, item);
            if (!row_.runs.empty() && any_kept(row_.runs, *keep_)) visit(*items, row_);
        }
    }

  private:
    void note_times(const MessageContext& context, const std::vector<CarriedRun>& runs);
    void gather(const MessageContext& context, const BodyItems& items, const Item& item);

    const FrameFilter* keep_;
    ItemRow row_;
    std::vector<CarriedRun> part_;
    SegmentFinder finder_;
    std::optional<std::int64_t> ready_;       // of all bytes of the body so far
    BodyOffset reached_;                      // the end of those
    std::optional<std::int64_t> last_event_;  // when the one before was ready
};

}  // namespace seamark
