// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/leg_points.hpp"

#include <algorithm>
#include <tuple>

#include "core/stream/segment_finder.hpp"

namespace seamark {
namespace {

/// What passed each point of a direction, by the number of the point from 1.
std::vector<LegPoint> read_points(const Connection& connection, Side sender) {
    const CapturePoints& all = connection.capture_points();
    std::vector<LegPoint> points(all.count());
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i].number = static_cast<std::uint8_t>(i + 1);
        points[i].interface = all.interface(points[i].number);
        points[i].hops_left = all.hops_left(static_cast<std::size_t>(sender), points[i].number);
    }
    const Stream& stream = connection.stream(sender);
    SegmentFinder finder;
    for (const Segment& segment : stream.lane().segments()) {
        const SendState* state = stream.lane().send_state(segment);
        if (state == nullptr || state->point == 0 || state->point > points.size()) continue;
        LegPoint& point = points[state->point - 1U];
        std::uint64_t fresh = 0;
        point.runs.claim(segment.range(), segment.frame,
                         [&](ByteRange part) { fresh += part.length(); });
        if (fresh == segment.captured) continue;
        std::int64_t first = segment.time;
        point.runs.each({segment.begin, segment.begin + 1}, [&](const OwnedRun& run) {
            first = finder.time_of(stream, run.frame).value_or(segment.time);
        });
        point.again.push_back({segment.range(), segment.time, segment.time - first});
    }
    for (LegPoint& point : points)
        std::sort(point.again.begin(), point.again.end(), [](const auto& a, const auto& b) {
            return std::tie(a.range.begin, a.time) < std::tie(b.range.begin, b.time);
        });
    return points;
}

std::int64_t smaller(const std::optional<std::int64_t>& least, std::int64_t time) {
    return std::min(least.value_or(time), time);
}

/// The least time in which a packet of a direction came from one point to another, as their clocks
/// have it. What was sent again does not count: where one point missed a packet that the other one
/// has, the two times are of two packets.
std::optional<std::int64_t> least_time(const Connection& connection, Side sender,
                                       const LegPoint& from, const LegPoint& to) {
    std::optional<std::int64_t> least =
        connection.capture_points().least(static_cast<std::size_t>(sender), from.number, to.number);
    if (from.runs.empty() || to.runs.empty()) return least;
    RangeIndex repeated;
    for (const LegPoint* point : {&from, &to})
        for (const LegPoint::Again& again : point->again)
            repeated.claim(again.range, FrameNumber::kNone, [](ByteRange) {});
    const Stream& stream = connection.stream(sender);
    SegmentFinder first;
    SegmentFinder second;
    to.runs.each({to.runs.begin(), to.runs.end()}, [&](const OwnedRun& run) {
        const ByteRange last{run.end() - 1, run.end()};
        if (repeated.covered(last) > 0) return;
        from.runs.each(last, [&](const OwnedRun& before) {
            const auto left = first.time_of(stream, before.frame);
            const auto came = second.time_of(stream, run.frame);
            if (left && came) least = smaller(least, *came - *left);
        });
    });
    return least;
}

std::uint64_t bytes_of(const RangeIndex& runs) {
    return runs.empty() ? 0 : runs.covered({runs.begin(), runs.end()});
}

bool one_clock(const LegPoint& a, const LegPoint& b) {
    return same_clock(CaptureInterface::of(a.interface), CaptureInterface::of(b.interface));
}

/// The times between the points of one direction, there and back.
class Ways {
  public:
    Ways(const Connection& carrying, Side sender)
        : connection_(&carrying), sender_(sender), answers_(read_points(carrying, other(sender))) {}

    std::optional<std::int64_t> there(const LegPoint& a, const LegPoint& b) const {
        return least_time(*connection_, sender_, a, b);
    }
    std::optional<std::int64_t> back(const LegPoint& a, const LegPoint& b) const {
        return least_time(*connection_, other(sender_), answers_[b.number - 1U],
                          answers_[a.number - 1U]);
    }
    /// Whether bytes pass a before b.
    bool in_order(const LegPoint& a, const LegPoint& b) const {
        if (a.hops_left != 0 && b.hops_left != 0 && a.hops_left != b.hops_left)
            return a.hops_left > b.hops_left;
        const auto there_is = there(a, b).value_or(0);
        return there_is + (one_clock(a, b) ? 0 : back(a, b).value_or(0)) >= 0;
    }
    HopClock clock(const LegPoint& a, const LegPoint& b) const {
        HopClock clock;
        clock.one_clock = one_clock(a, b);
        clock.related = clock.one_clock;
        if (clock.one_clock) return clock;
        const auto there_is = there(a, b);
        const auto back_is = back(a, b);
        // Less than nothing for both ways is no time of a packet: one of them was not captured.
        if (!there_is || !back_is || *there_is + *back_is < 0) return clock;
        clock.related = true;
        clock.offset = (*there_is - *back_is) / 2;
        clock.error = (*there_is + *back_is + 1) / 2;
        clock.differs = *there_is < 0 || *back_is < 0;
        return clock;
    }

  private:
    const Connection* connection_;
    Side sender_;
    std::vector<LegPoint> answers_;
};

}  // namespace

LegPoints::LegPoints(const Connection& carrying, Side sender) {
    if (carrying.capture_points().count() < 2 || carrying.clock().missing()) return;
    points_ = read_points(carrying, sender);
    const std::uint64_t bytes = bytes_of(carrying.stream(sender).lane().runs());
    std::erase_if(points_, [&](const LegPoint& point) {
        const std::uint64_t own = bytes_of(point.runs);
        return own == 0 || own * 2 < bytes;
    });
    if (points_.size() < 2) {
        points_.clear();
        return;
    }
    const Ways ways(carrying, sender);
    // How many points a point comes before: at most CapturePoints::kMost, so that each is compared
    // with each.
    std::vector<std::size_t> ahead(carrying.capture_points().count() + 1);
    for (std::size_t i = 0; i < points_.size(); ++i)
        for (std::size_t j = i + 1; j < points_.size(); ++j)
            ++ahead[ways.in_order(points_[i], points_[j]) ? points_[i].number : points_[j].number];
    std::stable_sort(points_.begin(), points_.end(), [&](const LegPoint& a, const LegPoint& b) {
        return ahead[a.number] > ahead[b.number];
    });
    comparable_ = points_.size();
    for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
        clocks_.push_back(ways.clock(points_[i], points_[i + 1]));
        if (!clocks_.back().related) comparable_ = std::min(comparable_, i + 1);
    }
}

bool LegPoints::differ() const {
    for (std::size_t i = 0; i + 1 < comparable_; ++i)
        if (clocks_[i].differs) return true;
    return false;
}

std::optional<std::int64_t> passed_at(const Connection& carrying, Side sender, StreamOffset last,
                                      const LegPoint& point) {
    // A packet is captured at all points within so many segments of its direction.
    constexpr int kMostSteps = 1024;
    const Stream& stream = carrying.stream(sender);
    const Segment* first = Overlay(stream).first_segment_with(last);
    if (first == nullptr) return std::nullopt;
    SegmentFinder finder;
    const auto& all = stream.lane().segments();
    auto at = finder.segments_of(stream, first->frame).begin();
    for (int step = 0; step < kMostSteps && at != all.end(); ++step, ++at) {
        const SendState* state = stream.lane().send_state(*at);
        if (state == nullptr || state->point == 0 || last < at->begin || last >= at->range().end)
            continue;
        const std::uint64_t interface = carrying.capture_points().interface(state->point);
        if (same_place(CaptureInterface::of(interface), CaptureInterface::of(point.interface)))
            return at->time;
    }
    return std::nullopt;
}

}  // namespace seamark
