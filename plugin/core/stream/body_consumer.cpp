// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/body_consumer.hpp"

#include <algorithm>

namespace seamark {

void BodyFeed::add(BodyOffset at, std::span<const std::uint8_t> bytes) {
    if (finished_ || bytes.empty()) return;
    if (at < next_) {
        const std::uint64_t late = next_ - at;
        if (late >= bytes.size()) return;
        bytes = bytes.subspan(late);
        at = next_;
    }
    if (at == next_) {
        pass_on(at, bytes);
        pass_on_waiting();
        return;
    }
    waiting_[at].assign(bytes.begin(), bytes.end());
    waiting_bytes_ += bytes.size();
    while (waiting_bytes_ > limit_) {
        skip_to(waiting_.begin()->first);
        pass_on_waiting();
    }
}

void BodyFeed::finish(const std::uint64_t* length) {
    if (finished_) return;
    finished_ = true;
    while (!waiting_.empty()) {
        skip_to(waiting_.begin()->first);
        pass_on_waiting();
    }
    const bool complete = length != nullptr && next_.value == *length;
    if (length != nullptr) skip_to(BodyOffset{*length});
    consumer_->end(complete);
}

void BodyFeed::pass_on(BodyOffset at, std::span<const std::uint8_t> bytes) {
    consumer_->take(at, bytes);
    next_ = at + bytes.size();
}

void BodyFeed::pass_on_waiting() {
    while (!waiting_.empty() && waiting_.begin()->first <= next_) {
        const auto node = waiting_.extract(waiting_.begin());
        waiting_bytes_ -= node.mapped().size();
        pass_on(node.key(), node.mapped());
    }
}

void BodyFeed::skip_to(BodyOffset at) {
    if (at <= next_) return;
    consumer_->miss({next_, at});
    next_ = at;
}

}  // namespace seamark
