// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

#include "core/base/block_vector.hpp"
#include "core/base/byte_range.hpp"
#include "core/base/offset.hpp"
#include "core/event/io_event.hpp"
#include "core/stream/call_doubts.hpp"
#include "core/stream/send_timeline.hpp"

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
    std::uint32_t state = 0;  // of a CallLane; from 1; 0: the kernel's state was not recorded
};

/// A write that took nothing because the send buffer had no room (EAGAIN).
struct RefusedWrite {
    std::int64_t entered = 0;  // ns since 1970, by the recorder's clock
    std::int64_t left = 0;
    FrameNumber event = FrameNumber::kNone;  // the frame of the event packet
};

/// The write calls, or the read calls, of one direction: ranges over call offsets. They do not
/// overlap: of two calls that claim a byte the first recorded is kept.
class CallLane {
  public:
    /// Takes a write or read event whose offset is known and that took bytes. False where it
    /// overlaps one that is there, and is left out.
    bool add(const IoEvent& event, FrameNumber frame);

    /// Takes an event of bytes that no recorded call sent. Where it does not say which they are,
    /// the calls about then are left out.
    void note_unseen(const IoEvent& event, FrameNumber frame);
    /// Takes out the calls from this one on, and leaves out what is recorded of later bytes.
    void contradict(const Contradiction& found);
    /// Takes a write that was refused for want of room, if this event is one.
    void note_refused(const IoEvent& event, FrameNumber frame);
    /// The first one whose bytes would have begun here; null: none was recorded.
    const RefusedWrite* refused_at(CallOffset at) const;
    /// Why a call of the event packet in frame, which is not in the lane, is left out.
    Unplaced judge(const IoEvent& event) const;
    /// What is against the offsets that are recorded; null: nothing.
    const CallDoubts* doubts() const { return calls_ ? &calls_->doubts : nullptr; }

    /// Takes out the call at this offset, if it is the one that the event packet in frame
    /// describes.
    void remove(CallOffset offset, FrameNumber frame);
    /// The kernel's state right after a write; null where it was not recorded.
    const KernelState* state(const CallRecord& call) const {
        return call.state > 0 && calls_ && call.state <= calls_->states.size()
                   ? &calls_->states[call.state - 1]
                   : nullptr;
    }
    /// The same after a read.
    const ReceiveState* receive_state(const CallRecord& call) const {
        return call.state > 0 && calls_ && call.state <= calls_->receive_states.size()
                   ? &calls_->receive_states[call.state - 1]
                   : nullptr;
    }
    /// Takes what an event shows of the sending socket, of a lane of writes.
    void note_options(const IoEvent& event);
    /// What held at the sending socket at a moment, ns since 1970.
    SendOptions options_at(std::int64_t time) const {
        return calls_ ? calls_->options.at(time) : SendOptions{};
    }
    /// Whether an event changed the option after `from`, up to `to`.
    bool cork_changes(std::int64_t from, std::int64_t to) const {
        return calls_ && calls_->options.cork_changes(from, to);
    }
    bool nodelay_changes(std::int64_t from, std::int64_t to) const {
        return calls_ && calls_->options.nodelay_changes(from, to);
    }
    /// Name of a congestion control by its number in SendOptions; valid as long as the lane.
    std::string_view congestion_name(std::uint64_t number) const {
        return calls_ ? calls_->options.congestion_name(number) : std::string_view{};
    }

    bool empty() const { return size() == 0; }
    std::size_t size() const { return calls_ ? calls_->by_offset.size() : 0; }

    /// The first call that overlaps range; null where none does.
    const CallRecord* first(CallRange range) const {
        if (!calls_ || range.empty()) return nullptr;
        const auto at = first_ending_after(range.begin);
        return at != calls_->by_offset.end() && at->first < range.end ? &at->second : nullptr;
    }

    /// Calls visit(CallRange, CallRecord) for each call that overlaps range, in order of offset.
    template <typename Visit>
    void each(CallRange range, Visit visit) const {
        if (!calls_) return;
        const ByOffset& all = calls_->by_offset;
        for (auto at = first_ending_after(range.begin); at != all.end() && at->first < range.end;
             ++at)
            visit(range_of(*at), at->second);
    }

  private:
    using ByOffset = std::map<CallOffset, CallRecord>;
    struct Calls {
        ByOffset by_offset;
        BlockVector<KernelState> states;           // of a lane of writes
        BlockVector<ReceiveState> receive_states;  // of a lane of reads
        SendTimeline options;
        CallDoubts doubts;
        std::map<CallOffset, RefusedWrite> refused;
    };
    Calls& calls() {
        if (!calls_) calls_ = std::make_unique<Calls>();
        return *calls_;
    }
    static CallRange range_of(const ByOffset::value_type& call) {
        return {call.first, saturating_add(call.first, call.second.taken)};
    }
    /// Precondition: calls_ is not null.
    ByOffset::const_iterator first_ending_after(CallOffset at) const;

    std::unique_ptr<Calls> calls_;  // null where no call was recorded, as nearly always
};

}  // namespace seamark
