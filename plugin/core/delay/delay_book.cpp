// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/delay_book.hpp"

#include <algorithm>

namespace seamark {

void DelayBook::clear() {
    filled_ = false;
    responses_.clear();
    by_leg_.clear();
}

void DelayBook::fill(std::vector<const Connection*> connections, const LegPairs* legs) {
    clear();
    filled_ = true;
    for (ExchangePath& path : exchange_paths(connections, legs)) {
        if (!path.of_events()) continue;
        for (const PathLeg& leg : path.legs()) by_leg_.emplace(leg.leg, responses_.size());
        responses_.push_back({std::move(path), false, {}});
    }
}

const DelayBook::Entry* DelayBook::find(const Leg& leg, std::uint32_t number) {
    const auto at = by_leg_.find(leg);
    if (at == by_leg_.end()) return nullptr;
    Response& response = responses_[at->second];
    if (!response.read) read(response);
    const auto& all = response.entries;
    const auto found = std::partition_point(
        all.begin(), all.end(), [&](const Entry& entry) { return entry.number < number; });
    return found != all.end() && found->number == number ? &*found : nullptr;
}

std::pair<std::uint64_t, std::uint64_t> DelayBook::hop(const Leg& leg, const Entry& entry) const {
    const auto legs = responses_[by_leg_.at(leg)].path.legs();
    const auto points = legs[entry.leg].points->points();
    return {points[entry.point].interface, points[entry.point + 1U].interface};
}

void DelayBook::read(Response& response) {
    response.read = true;
    DelayReader reader(response.path);
    response.path.each_unit([&](const DelayUnit& unit) {
        const EventDelay* delay = reader.read(unit);
        if (delay == nullptr) return;
        Entry entry;
        entry.number = delay->number;
        entry.total = delay->total;
        if (const DelayShare* holder = delay->holder()) {
            entry.held = true;
            entry.layer = holder->layer;
            entry.ns = holder->ns;
            entry.confidence = holder->confidence;
            entry.leg = static_cast<std::uint8_t>(holder->leg & 15U);
            entry.point = static_cast<std::uint8_t>(holder->point & 15U);
        }
        response.entries.push_back(entry);
    });
}

}  // namespace seamark
