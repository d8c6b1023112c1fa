// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/send_timeline.hpp"

#include <algorithm>

namespace seamark {
namespace {

// Linux: SOL_TCP, TCP_NODELAY, TCP_CORK. An event carries the numbers of the recorded system.
constexpr std::uint16_t kTcp = 6;
constexpr std::uint16_t kNodelay = 1;
constexpr std::uint16_t kCork = 3;

std::optional<bool> value_at(const ValueTimeline<bool>& timeline, std::int64_t time) {
    const bool* value = timeline.at(time);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

}  // namespace

std::uint32_t SendTimeline::number_of(std::string_view recorded) {
    const DisplayText name = DisplayText::of(recorded, IoEvent::kShownName);
    const auto there = std::find(names_.begin(), names_.end(), name);
    if (there == names_.end()) {
        names_.push_back(name);
        return static_cast<std::uint32_t>(names_.size());
    }
    return static_cast<std::uint32_t>(there - names_.begin()) + 1;
}

void SendTimeline::note(const IoEvent& event) {
    const bool sets = event.kind == EventKind::kOption;
    if (sets && event.returned < 0) return;  // it was refused
    // An option counts from the return of its call on; what a call found held when it began.
    const std::int64_t time = sets ? event.left : event.entered;
    if (!event.congestion.empty()) {
        if (congestion_.first() == nullptr) congestion_was_read_ = !sets;
        congestion_.note(time, number_of(event.congestion));
    }
    if (event.sets_pacing_rate()) paced_.note(time, event.requested < IoEvent::kNoPacing);
    if (!sets || event.option_level != kTcp) return;
    if (event.option_name == kNodelay) nodelay_.note(time, event.requested != 0);
    if (event.option_name == kCork) cork_.note(time, event.requested != 0);
}

SendOptions SendTimeline::at(std::int64_t time) const {
    SendOptions options;
    const std::uint32_t* congestion = congestion_.at(time);
    // Found by a call and never set before: it had held all along.
    if (congestion == nullptr && congestion_was_read_) congestion = congestion_.first();
    if (congestion != nullptr) {
        options.congestion = *congestion;
        options.control_paces = congestion_name(*congestion).starts_with("bbr");
    }
    options.paced = value_at(paced_, time).value_or(false);
    options.nodelay = value_at(nodelay_, time);
    options.cork = value_at(cork_, time);
    return options;
}

}  // namespace seamark
