// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace seamark {

/// From one moment to another, ns since 1970; a moment alone has both the same.
struct TimeSpan {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// Where moments stand on an axis that people can read: to scale, so that neighbouring moments are
/// mostly far enough apart for a label, and long stretches in which nothing begins or ends drawn
/// short. Pixels count from 0 at the first moment.
class TimeScale {
  public:
    /// A stretch that is drawn short.
    struct Idle {
        TimeSpan when;
        double x = 0;  // where it begins
    };
    static constexpr double kIdleWidth = 56;

    /// spans: of everything that is drawn, at least one, in any order.
    explicit TimeScale(const std::vector<TimeSpan>& spans);

    /// Pixels of a moment; those outside of the spans stand at the ends.
    double at(std::int64_t time) const;
    double width() const { return at(last_); }
    const std::vector<Idle>& idles() const { return idles_; }
    std::int64_t first() const { return first_; }
    std::int64_t last() const { return last_; }
    /// ns that as many pixels stand for, where nothing is drawn short; at least 1,
    /// at most 10^18.
    std::int64_t stretch(double pixels) const;

  private:
    std::int64_t first_ = 0;
    std::int64_t last_ = 0;
    double pixels_per_ns_ = 1;
    std::vector<Idle> idles_;
};

}  // namespace seamark
