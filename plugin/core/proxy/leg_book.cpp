// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy/leg_book.hpp"

namespace seamark {

void LegBook::finish() {
    if (!final_) final_.emplace(index_);
    so_far_.clear();
}

std::optional<LegDoubt> LegBook::doubt(const Leg& leg) const {
    if (!final_) return std::nullopt;
    const auto found = final_->doubts().find(leg);
    if (found == final_->doubts().end()) return std::nullopt;
    return found->second;
}

const LegPairs* LegBook::judged(const Leg& leg) {
    if (leg.body() == nullptr) return nullptr;
    if (final_) return &*final_;
    const std::uint64_t id = leg.response().key;
    if (id == 0) return nullptr;
    const auto& legs = index_.with_id(id);
    if (legs.size() < 2) return nullptr;
    const auto found = so_far_.find(id);
    if (found != so_far_.end() && found->second.legs == legs.size()) return &found->second.pairs;
    SoFar now{legs.size(), LegPairs(legs)};
    return &so_far_.insert_or_assign(id, std::move(now)).first->second.pairs;
}

}  // namespace seamark
