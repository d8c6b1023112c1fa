// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/request_log.hpp"

namespace seamark {

void RequestLog::add(std::uint32_t message, Method method, StreamOffset begin) {
    // A response that was captured first answers this request if it acknowledges bytes of it: the
    // capture has the two directions out of order. Otherwise its own was lost, or came before the
    // capture began.
    while (early_ && early_->settled < early_->acknowledged.size()) {
        const StreamOffset acknowledged = early_->acknowledged[early_->settled++];
        if (acknowledged > begin) break;
        entries_.push_back({message, Method::kUnknown, false, true});
    }
    if (early_ && early_->settled == early_->acknowledged.size()) early_.reset();
    entries_.push_back({message, method, false, false});
}

void RequestLog::answered(std::size_t ordinal) {
    answered_count_ = std::max(answered_count_, ordinal + 1);
    if (ordinal < entries_.size()) return;
    if (!early_) early_ = std::make_unique<Early>();
    early_->acknowledged.push_back(acknowledged_);
}

std::optional<std::size_t> RequestLog::find(std::uint32_t message) const {
    const auto at = std::partition_point(entries_.begin(), entries_.end(), [&](const Entry& e) {
        return e.message < message || (e.message == message && e.unseen);
    });
    if (at == entries_.end() || at->message != message) return std::nullopt;
    return static_cast<std::size_t>(at - entries_.begin());
}

}  // namespace seamark
