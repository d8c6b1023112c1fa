// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/time_scale.hpp"

#include <algorithm>
#include <cmath>

namespace seamark {
namespace {

constexpr double kUsualGap = 16;          // pixels between neighbouring moments: room for an index
constexpr double kLongGap = 120;          // pixels from which on a stretch is drawn short
constexpr double kLongestStretch = 1e18;  // ns: steps of twice that still fit after any moment

}  // namespace

TimeScale::TimeScale(const std::vector<TimeSpan>& spans) {
    std::vector<std::int64_t> moments;
    for (const TimeSpan& span : spans) {
        moments.push_back(span.begin);
        moments.push_back(span.end);
    }
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    first_ = moments.front();
    last_ = moments.back();
    if (first_ == last_) return;

    std::vector<std::int64_t> gaps;
    for (std::size_t i = 1; i < moments.size(); ++i) gaps.push_back(moments[i] - moments[i - 1]);
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    pixels_per_ns_ = kUsualGap / static_cast<double>(*middle);

    for (std::size_t i = 1; i < moments.size(); ++i) {
        const TimeSpan gap{moments[i - 1], moments[i]};
        if (static_cast<double>(gap.end - gap.begin) * pixels_per_ns_ < kLongGap) continue;
        const double x = at(gap.begin);
        idles_.push_back({gap, x});
    }
}

double TimeScale::at(std::int64_t time) const {
    time = std::clamp(time, first_, last_);
    // The last stretch drawn short that begins before.
    const auto behind = std::partition_point(
        idles_.begin(), idles_.end(), [&](const Idle& idle) { return idle.when.begin < time; });
    if (behind == idles_.begin()) return static_cast<double>(time - first_) * pixels_per_ns_;
    const Idle& idle = *(behind - 1);
    if (time < idle.when.end)
        return idle.x + kIdleWidth * static_cast<double>(time - idle.when.begin) /
                            static_cast<double>(idle.when.end - idle.when.begin);
    return idle.x + kIdleWidth + static_cast<double>(time - idle.when.end) * pixels_per_ns_;
}

std::int64_t TimeScale::stretch(double pixels) const {
    return std::llround(std::clamp(pixels / pixels_per_ns_, 1.0, kLongestStretch));
}

}  // namespace seamark
