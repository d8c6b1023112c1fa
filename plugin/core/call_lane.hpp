// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "core/byte_range.hpp"
#include "core/io_event.hpp"

namespace seamark {

/// One call that moved bytes, as the lanes need it.
struct CallRecord {
    std::uint64_t index = 0;      // on its connection and direction, from 1
    std::uint64_t requested = 0;  // bytes
    std::uint64_t taken = 0;      // bytes, at least 1
    std::int64_t entered = 0;     // ns since 1970, by the recorder's clock
    std::int64_t left = 0;
    std::uint32_t flags = 0;                 // EventFlags
    FrameNumber event = FrameNumber::kNone;  // the frame of the event packet
    Call call = Call::kUnknown;
};

/// The write calls, or the read calls, of one direction: ranges over stream offsets from 0. They do
/// not overlap: of two calls that claim a byte the first recorded is kept.
class CallLane {
  public:
    /// Takes a write or read event whose offset is known and that took bytes. False where it
    /// overlaps one that is there, and is left out.
    bool add(const IoEvent& event, FrameNumber frame);

    /// Takes out the call at this offset, if it is the one that the event packet in frame told of.
    void remove(StreamOffset offset, FrameNumber frame);

    bool empty() const { return size() == 0; }
    std::size_t size() const { return calls_ ? calls_->size() : 0; }

    /// Calls visit(ByteRange, CallRecord) for each call that overlaps range, in order of offset.
    template <typename Visit>
    void each(ByteRange range, Visit visit) const {
        if (!calls_) return;
        for (auto at = first_ending_after(range.begin); at != calls_->end() && at->first < range.end;
             ++at)
            visit(range_of(*at), at->second);
    }

  private:
    using Calls = std::map<StreamOffset, CallRecord>;
    static ByteRange range_of(const Calls::value_type& call) {
        return {call.first, saturating_add(call.first, call.second.taken)};
    }
    /// Precondition: calls_ is not null.
    Calls::const_iterator first_ending_after(StreamOffset at) const;

    std::unique_ptr<Calls> calls_;  // null where no call was recorded, as nearly always
};

}  // namespace seamark
