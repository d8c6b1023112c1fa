// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/capture_points.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// Modulo 2^32 (RFC 9293 section 3.4).
bool is_after(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) > 0;
}

/// A range that is compared with another one must not be 2^31 bytes from it.
constexpr std::uint32_t kFarthest = 1U << 30;

}  // namespace

std::uint8_t CapturePoints::number_of_later(std::uint64_t interface) {
    if (interface == 0) return 0;
    const auto at = std::find_if(points_.begin(), points_.end(), [interface](const Point& point) {
        return point.interface == interface;
    });
    if (at == points_.end()) {
        if (points_.size() == kMost) return 0;
        points_.push_back({interface});
        return static_cast<std::uint8_t>(points_.size());
    }
    return static_cast<std::uint8_t>(at - points_.begin() + 1);
}

bool CapturePoints::several_clocks() const {
    return std::any_of(points_.begin(), points_.end(), [&](const Point& point) {
        return !same_clock(CaptureInterface::of(point.interface),
                           CaptureInterface::of(points_.front().interface));
    });
}

void CapturePoints::note_syn(std::size_t side, std::uint8_t point, std::int64_t time) {
    if (point == 0) return;
    Passing& passing = points_[point - 1U].sides[side];
    if (!passing.syn) passing.syn = time;
}

void CapturePoints::keep_acknowledged(std::size_t side, std::uint8_t point,
                                      RawSequence acknowledged, std::int64_t time) {
    Passing& passing = points_[point - 1U].sides[side];
    const auto number = static_cast<std::uint32_t>(acknowledged);
    const bool first = !passing.acknowledged;
    if (!first && !is_after(number, *passing.acknowledged)) return;
    passing.acknowledged = number;
    if (!first && passing.times.size() < kMostAcknowledged)
        passing.times.emplace_back(number, time);
}

std::optional<std::int64_t> CapturePoints::least(std::size_t side, std::uint8_t from,
                                                 std::uint8_t to) const {
    const Passing& first = points_[from - 1U].sides[side];
    const Passing& second = points_[to - 1U].sides[side];
    std::optional<std::int64_t> least;
    if (first.syn && second.syn) least = *second.syn - *first.syn;
    auto at = first.times.begin();
    for (const auto& [number, time] : second.times) {
        while (at != first.times.end() && is_after(number, at->first)) ++at;
        if (at == first.times.end()) break;
        if (at->first == number)
            least = std::min(least.value_or(time - at->second), time - at->second);
    }
    return least;
}

bool CapturePoints::Passing::any_of(Range range) const {
    return std::any_of(passed.rbegin(), passed.rend(), [&](const Range& one) {
        return is_after(one.end, range.begin) && is_after(range.end, one.begin);
    });
}

bool CapturePoints::Passing::goes_on(Range range) {
    if (passed.empty() || passed.back().end != range.begin ||
        range.end - passed.front().begin > kFarthest)
        return false;
    passed.back().end = range.end;
    return true;
}

void CapturePoints::Passing::add(Range range) {
    if (!passed.empty() && passed.back().end == range.begin) {
        passed.back().end = range.end;
    } else {
        auto at = passed.begin();
        while (at != passed.end() && is_after(range.begin, at->end)) ++at;
        auto last = at;
        for (; last != passed.end() && !is_after(last->begin, range.end); ++last) {
            if (is_after(range.begin, last->begin)) range.begin = last->begin;
            if (is_after(last->end, range.end)) range.end = last->end;
        }
        passed.insert(passed.erase(at, last), range);
        if (passed.size() > kMostRanges) passed.erase(passed.begin());
    }
    while (passed.size() > 1 && passed.back().end - passed.front().begin > kFarthest)
        passed.erase(passed.begin());
    if (passed.back().end - passed.back().begin > kFarthest)
        passed.back().begin = passed.back().end - kFarthest / 2;
}

bool CapturePoints::Passing::is_most() const {
    std::uint64_t bytes = 0;
    for (const Range& one : passed) bytes += one.end - one.begin;
    return bytes * 3 >= std::uint64_t{passed.back().end - passed.front().begin} * 2;
}

std::size_t CapturePoints::Passing::count_again(std::uint32_t begin) const {
    return static_cast<std::size_t>(std::count(again.begin(), again.end(), begin));
}

bool CapturePoints::note_data(std::size_t side, std::uint8_t point, RawSequence sequence,
                              std::uint32_t length, std::uint8_t hops_left) {
    if (point == 0) return false;
    const auto begin = static_cast<std::uint32_t>(sequence);
    const Range range{begin, begin + length};
    Passing& here = points_[point - 1U].sides[side];
    if (here.hops_left == 0) here.hops_left = hops_left;
    // Nearly always, and cheap: nothing comes again, and there is no other point.
    if (!several() && here.goes_on(range)) return false;
    // Bytes that one point alone has are no copies: what a capture that begins later, or a path
    // that takes over, has first is judged by the packet alone.
    const bool known = here.syn.has_value() || !here.passed.empty();
    const bool repeated = here.any_of(range);
    here.add(range);
    if (repeated) {
        if (here.again.size() == kMostRanges) here.again.erase(here.again.begin());
        here.again.push_back(begin);
    }
    if (!several() || !known || !here.is_most()) return false;
    return std::any_of(points_.begin(), points_.end(), [&](const Point& other) {
        const Passing& there = other.sides[side];
        if (&there == &here || !there.any_of(range)) return false;
        return !repeated || there.count_again(begin) >= here.count_again(begin);
    });
}

}  // namespace seamark
