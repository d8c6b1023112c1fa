// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/call_lane.hpp"

#include <iterator>

namespace seamark {

bool CallLane::add(const IoEvent& event, FrameNumber frame) {
    if (event.taken() == 0 || !event.has(EventFlags::kOffsetKnown)) return false;
    const ByteRange range{event.offset, saturating_add(event.offset, event.taken())};
    if (range.empty()) return false;  // its offset is the largest there is
    if (!calls_) calls_ = std::make_unique<Calls>();
    const auto there = first_ending_after(range.begin);
    if (there != calls_->end() && there->first < range.end) return false;
    CallRecord record;
    record.index = event.index;
    record.requested = event.requested;
    record.taken = event.taken();
    record.entered = event.entered;
    record.left = event.left;
    record.flags = event.flags;
    record.event = frame;
    record.call = event.call;
    // Calls come in order nearly always.
    calls_->emplace_hint(there, range.begin, record);
    return true;
}

void CallLane::remove(StreamOffset offset, FrameNumber frame) {
    if (!calls_) return;
    const auto call = calls_->find(offset);
    if (call != calls_->end() && call->second.event == frame) calls_->erase(call);
}

CallLane::Calls::const_iterator CallLane::first_ending_after(StreamOffset at) const {
    auto behind = calls_->upper_bound(at);
    if (behind != calls_->begin()) {
        const auto before = std::prev(behind);
        if (range_of(*before).end > at) return before;
    }
    return behind;
}

}  // namespace seamark
