// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/delay_summary.hpp"

#include <algorithm>
#include <tuple>

namespace seamark {

Percentiles percentiles(std::vector<std::int64_t>& times) {
    Percentiles found;
    found.count = times.size();
    if (times.empty()) return found;
    std::sort(times.begin(), times.end());
    const auto rank = [&](std::size_t p) {
        return times[std::max<std::size_t>(1, (times.size() * p + 99) / 100) - 1];
    };
    found.p50 = rank(50);
    found.p90 = rank(90);
    found.p99 = rank(99);
    found.max = times.back();
    return found;
}

void DelaySummary::add(const EventDelay& delay) {
    const DelayShare* holder = delay.holder();
    DelayVerdict verdict;
    if (holder != nullptr) {
        verdict.about = DelayVerdict::About::kLongest;
        verdict.share = *holder;
        verdict.of = delay.total;
        verdict.event = delay.number;
        verdict.frame = delay.frame();
    }
    const bool since_request = !delay.shares.empty() && delay.shares.front().since_request;
    if (events_++ == 0) {
        first_ready_ = delay.ready;
        if (since_request) {
            first_ = delay.total;
            first_event_ = verdict;
        }
    }
    last_ready_ = delay.ready;
    if (delay.kept) ++kept_;
    if (delay.gap) gaps_.push_back(*delay.gap);
    totals_.push_back(delay.total);
    for (const DelayShare& share : delay.shares) {
        // What the first event waited for since the request is no pause between events.
        if (share.since_request) continue;
        const auto order = [](const auto& a) { return std::tie(a.leg, a.layer, a.point); };
        auto at = std::lower_bound(
            layers_.begin(), layers_.end(), share,
            [&](const LayerTimes& a, const DelayShare& b) { return order(a) < order(b); });
        if (at == layers_.end() || order(*at) != order(share))
            at = layers_.insert(at, {share.layer, share.leg, share.point, {}});
        at->ns.push_back(share.ns);
    }
    if (since_request || holder == nullptr) return;
    holders_.push_back({delay.total, holder->layer, holder->leg, holder->point});
    if (delay.total > longest_.of) longest_ = verdict;
}

DelayVerdict DelaySummary::verdict() const {
    DelayVerdict found = longest_;
    // Events that arrived all at once: what held them shows in the first alone.
    constexpr std::int64_t kMuch = 10;
    if (first_ && events_ > 1 && last_ready_ - first_ready_ < *first_ / kMuch &&
        longest_.of < *first_ / kMuch && first_event_.of > 0) {
        found = first_event_;
        found.about = DelayVerdict::About::kTogether;
    }
    for (const Holder& holder : holders_) {
        if (holder.total * 2 < found.of) continue;
        ++found.long_ones;
        if (holder.layer == found.share.layer && holder.leg == found.share.leg &&
            holder.point == found.share.point)
            ++found.same;
    }
    found.kept = kept_;
    // What the compressor took in, and when, is not seen.
    if (kept_ > 0 &&
        (found.share.layer == DelayLayer::kApplication || found.share.layer == DelayLayer::kSender))
        found.share.confidence = Confidence::kConsistent;
    return found;
}

}  // namespace seamark
