// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/send_timeline.hpp"

#include <algorithm>
#include <limits>

namespace seamark {
namespace {

// Linux: SOL_TCP, TCP_NODELAY, TCP_CORK. An event carries the numbers of the recorded system.
constexpr std::uint16_t kTcp = 6;
constexpr std::uint16_t kNodelay = 1;
constexpr std::uint16_t kCork = 3;
constexpr std::uint16_t kCongestion = 13;
constexpr std::size_t kMostFound = 1024;  // of each list

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

void SendTimeline::note_congestion(const IoEvent& event, std::int64_t time) {
    const bool sets = event.kind == EventKind::kOption;
    if (!event.congestion.empty()) {
        if (congestion_.first() == nullptr) congestion_was_read_ = !sets;
        congestion_.note(time, number_of(event.congestion));
    } else if (sets && event.option_level == kTcp && event.option_name == kCongestion) {
        // Which one was not recorded: what held before does not hold any more.
        congestion_.note(time, 0);
    }
}

void SendTimeline::note_pacing(const IoEvent& event, std::int64_t time) {
    if (event.sets_pacing_rate()) limited_.note(time, event.requested < IoEvent::kNoPacing);
    if (event.pacing_limit) limited_.note(time, *event.pacing_limit < IoEvent::kNoPacing);
    if (event.pacing) status_.note(time, *event.pacing != Pacing::kNone);
}

bool SendTimeline::meets(const std::vector<Period>& periods, std::int64_t from, std::int64_t to) {
    return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
        return period.begin <= to && period.end >= from;
    });
}

void SendTimeline::note_found(const IoEvent& event) {
    std::vector<Period>* found = nullptr;
    if (event.sets_pacing_rate()) found = &pacing_found_;
    if (event.option_level == kTcp) {
        if (event.option_name == kNodelay) found = &nodelay_found_;
        if (event.option_name == kCork) found = &cork_found_;
        if (event.option_name == kCongestion) found = &pacing_found_;
    }
    if (found == nullptr) return;
    const Period period{std::min(event.entered, event.left), event.left};
    if (found->size() < kMostFound) {
        found->push_back(period);
    } else {
        found->back() = {std::min(found->back().begin, period.begin),
                         std::max(found->back().end, period.end)};
    }
}

void SendTimeline::note(const IoEvent& event) {
    const bool sets = event.kind == EventKind::kOption;
    if (sets && event.returned < 0) return;  // it was refused
    if (sets && event.call == Call::kGetsockopt) note_found(event);
    // An option counts from the return of its call on; what a call found held when it began.
    const std::int64_t time = sets ? event.left : event.entered;
    note_congestion(event, time);
    note_pacing(event, time);
    if (event.autocorking) autocorks_.note(time, *event.autocorking != 0);
    if (!sets || event.option_level != kTcp) return;
    if (event.option_name == kNodelay) nodelay_.note(time, event.requested != 0);
    if (event.option_name == kCork) cork_.note(time, event.requested != 0);
}

SendOptions SendTimeline::at(std::int64_t time) const {
    SendOptions options;
    const std::uint32_t* congestion = congestion_.at(time);
    // Found by a call and never set before: it had held all along.
    if (congestion == nullptr && congestion_was_read_) congestion = congestion_.first();
    if (congestion != nullptr) options.congestion = *congestion;
    note_paced(time, options);
    options.nodelay = value_at(nodelay_, time);
    options.cork = value_at(cork_, time);
    options.autocorks = value_at(autocorks_, time);
    return options;
}

void SendTimeline::note_paced(std::int64_t time, SendOptions& options) const {
    constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::min();
    const auto found =
        std::find_if(pacing_found_.begin(), pacing_found_.end(),
                     [time](const Period& p) { return p.begin <= time && time < p.end; });
    if (found != pacing_found_.end()) {
        options.paced_since = found->end;
        return;
    }
    const auto limited = value_at(limited_, time);
    const auto status = value_at(status_, time);
    if (limited == true) {
        options.paced = Paced::kByLimit;
    } else if (options.congestion != 0 && paces(options.congestion)) {
        options.paced = Paced::kByControl;
    } else if (status) {
        options.paced = *status ? Paced::kPerhaps : Paced::kNo;
        options.paced_since = kEver;
    } else if (const auto since = pacing_left(time)) {
        // Linux goes on to pace at the rate that it computes.
        options.paced = Paced::kPerhaps;
        options.paced_since = *since;
    } else if (limited == false && options.congestion != 0) {
        options.paced = Paced::kNo;
    }
}

std::optional<std::int64_t> SendTimeline::pacing_left(std::int64_t time) const {
    std::optional<std::int64_t> since;
    const auto later = [&](std::optional<std::int64_t> moment) {
        if (moment && (!since || *moment > *since)) since = moment;
    };
    later(limited_.last_change_from(time, [](bool limited) { return limited; }));
    // Which control was in force before the first that was recorded is not known.
    later(congestion_.last_change_from(
        time, [this](std::uint32_t number) { return number == 0 || paces(number); }));
    if (!congestion_was_read_ && congestion_.first_time() && *congestion_.first_time() <= time)
        later(congestion_.first_time());
    return since;
}

}  // namespace seamark
