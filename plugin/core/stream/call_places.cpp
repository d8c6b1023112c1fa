// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/call_places.hpp"

#include "core/tcp/sequence_unwrapper.hpp"

namespace seamark {
namespace {

/// Where offsets count from if no one knows how much was sent before: in front of all that can be
/// captured, so that none is negative.
constexpr StreamOffset kBeforeAll = SequenceUnwrapper::kBias - (std::uint64_t{1} << 47);

bool moves_bytes(const IoEvent& event) {
    return event.kind == EventKind::kWrite || event.kind == EventKind::kRead;
}

}  // namespace

bool CallPlaces::uses_sequence(const IoEvent& event, bool has_syn) {
    if (!moves_bytes(event) || !event.sequence || event.has(EventFlags::kAmbiguous) ||
        event.layer.value_or(Layer::kSocket) != Layer::kSocket)
        return false;
    return !has_syn || !event.has(EventFlags::kOffsetKnown);
}

void CallPlaces::place(IoEvent& event, FrameNumber frame, std::optional<StreamOffset> at,
                       std::optional<StreamOffset> after_syn, bool unused) {
    if (!moves_bytes(event)) return;
    const bool known = event.has(EventFlags::kOffsetKnown);
    if (!at) {
        // Its own count is all there is; it is good unless the lane counts from anywhere else.
        if (!known || zero_ != kBeforeAll) return;
        if (!after_syn) return move(event, frame, std::nullopt);
        return move(event, frame, CallOffset{event.offset + (*after_syn - *zero_)});
    }
    if (!zero_) {
        if (after_syn)
            zero_ = after_syn;
        else if (known && event.offset <= at->value)
            zero_ = *at - event.offset;
        else if (unused)
            zero_ = kBeforeAll;
        else
            return move(event, frame, std::nullopt);  // calls are there that have no position
    }
    if (*at < *zero_) return move(event, frame, std::nullopt);
    move(event, frame, CallOffset{*at - *zero_});
}

void CallPlaces::move(IoEvent& event, FrameNumber frame, std::optional<CallOffset> to) {
    changed_.insert_or_assign(frame, to);
    apply(event, frame);
}

void CallPlaces::apply(IoEvent& event, FrameNumber frame) const {
    const auto there = changed_.find(frame);
    if (there == changed_.end()) return;
    event.flags &= ~EventFlags::kOffsetKnown;
    if (!there->second) return;
    event.flags |= EventFlags::kOffsetKnown;
    event.offset = there->second->value;
}

}  // namespace seamark
