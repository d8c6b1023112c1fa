// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/call_lane.hpp"

#include <iterator>

namespace seamark {

bool CallLane::add(const IoEvent& event, FrameNumber frame) {
    if (event.taken() == 0 || !event.has(EventFlags::kOffsetKnown)) return false;
    const CallRange range = event.range();
    if (range.empty()) return false;  // its offset is the largest there is
    Calls& all = calls();
    if (const Unplaced why = judge(event); why != Unplaced::kNo) {
        all.doubts.count(why, frame);
        return false;
    }
    const auto there = first_ending_after(range.begin);
    if (there != all.by_offset.end() && there->first < range.end) return false;
    CallRecord record;
    record.index = event.index;
    record.requested = event.requested;
    record.taken = event.taken();
    record.entered = event.entered;
    record.left = event.left;
    record.flags = event.flags;
    record.event = frame;
    record.call = event.call;
    if (event.kind == EventKind::kWrite && event.state) {
        all.states.push_back(*event.state);
        record.state = static_cast<std::uint32_t>(all.states.size());
    } else if (event.kind == EventKind::kRead && event.receive_state) {
        all.receive_states.push_back(*event.receive_state);
        record.state = static_cast<std::uint32_t>(all.receive_states.size());
    }
    // Calls come in order nearly always.
    all.by_offset.emplace_hint(there, range.begin, record);
    return true;
}

Unplaced CallLane::judge(const IoEvent& event) const {
    if (!calls_) return Unplaced::kNo;
    return calls_->doubts.judge(CallOffset{event.offset}, event.entered, event.left);
}

void CallLane::note_unseen(const IoEvent& event, FrameNumber frame) {
    if (event.taken() == 0) return;
    Calls& all = calls();
    all.doubts.note_unseen(event.taken(), frame);
    if (event.has(EventFlags::kOwnOffsetKnown)) return;
    all.doubts.note_period(event.entered, event.left);
    // Offsets are in the order in which the calls returned.
    for (auto at = all.by_offset.end(); at != all.by_offset.begin();) {
        const auto call = std::prev(at);
        if (call->second.left <= event.entered) break;
        at = call;
        if (call->second.entered >= event.left) continue;
        all.doubts.count(Unplaced::kUncertain, call->second.event);
        at = all.by_offset.erase(call);
    }
}

void CallLane::contradict(const Contradiction& found) {
    Calls& all = calls();
    all.doubts.contradict(found);
    for (auto at = first_ending_after(found.from); at != all.by_offset.end();) {
        all.doubts.count(Unplaced::kContradicted, at->second.event);
        at = all.by_offset.erase(at);
    }
}

void CallLane::note_refused(const IoEvent& event, FrameNumber frame) {
    constexpr std::int32_t kAgain = 11;  // Linux: EAGAIN, EWOULDBLOCK
    if (event.kind != EventKind::kWrite || event.returned >= 0 || event.error != kAgain ||
        event.requested == 0 || !event.has(EventFlags::kOffsetKnown))
        return;
    calls().refused.try_emplace(CallOffset{event.offset},
                                RefusedWrite{event.entered, event.left, frame});
}

const RefusedWrite* CallLane::refused_at(CallOffset at) const {
    if (!calls_) return nullptr;
    const auto there = calls_->refused.find(at);
    return there != calls_->refused.end() ? &there->second : nullptr;
}

void CallLane::note_options(const IoEvent& event) {
    if (SendTimeline::tells(event)) calls().options.note(event);
}

void CallLane::remove(CallOffset offset, FrameNumber frame) {
    if (!calls_) return;
    calls_->doubts.forget(frame);
    const auto refused = calls_->refused.find(offset);
    if (refused != calls_->refused.end() && refused->second.event == frame)
        calls_->refused.erase(refused);
    const auto call = calls_->by_offset.find(offset);
    if (call != calls_->by_offset.end() && call->second.event == frame)
        calls_->by_offset.erase(call);
}

CallLane::ByOffset::const_iterator CallLane::first_ending_after(CallOffset at) const {
    auto behind = calls_->by_offset.upper_bound(at);
    if (behind != calls_->by_offset.begin()) {
        const auto before = std::prev(behind);
        if (range_of(*before).end > at) return before;
    }
    return behind;
}

}  // namespace seamark
