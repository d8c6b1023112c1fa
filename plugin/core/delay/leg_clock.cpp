// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/leg_clock.hpp"

#include <algorithm>
#include <limits>

#include "core/stream/plain_places.hpp"

namespace seamark {

LegClock::LegClock(const Leg& leg, const BodyMap& map, const LegPoints* points)
    : leg_(leg), map_(&map), points_(points) {
    if (points != nullptr) {
        constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
        all_ = points->comparable();
        finders_.resize(all_.size());
        whole_.resize(all_.size(), kNever);
        departed_.resize(all_.size() - 1, kNever);
    }
    note_repeats();
}

/// A copy is no repeat, nor is a probe of one byte; where a capture was taken at the receiver what
/// is repeated had been received. What looks like a copy is one if it was captured soon after.
void LegClock::note_repeats() {
    constexpr std::int64_t kSoon = 10'000'000;  // ns
    const Stream& bytes = stream();
    if (points_ != nullptr) {
        // What was lost between two points is sent again, and passes the last one once.
        for (const LegPoint::Again& again : all_.back().again)
            if (again.range.length() > 1 && again.since >= kSoon)
                repeats_.emplace_back(again.range.begin, again.time);
        sort_repeats();
        return;
    }
    for (const Segment& segment : bytes.lane().segments()) {
        if (!segment.retransmission() || segment.wire_length <= 1) continue;
        const SendState* state = bytes.lane().send_state(segment);
        if (state == nullptr || state->repeat == Repeat::kSamePacket ||
            state->repeat == Repeat::kOtherPoint ||
            state->seen_from().place == Vantage::kAtReceiver)
            continue;
        if (state->repeat == Repeat::kLooksAlike) {
            const auto before = Overlay(bytes).arrival(segment.begin);
            if (!before || segment.time - before->time < kSoon) continue;
        }
        repeats_.emplace_back(segment.begin, segment.time);
    }
    sort_repeats();
}

void LegClock::sort_repeats() {
    std::sort(repeats_.begin(), repeats_.end());
    for (std::size_t i = 1; i < repeats_.size(); ++i)
        repeats_[i].second = std::max(repeats_[i].second, repeats_[i - 1].second);
}

/// The last time at which bytes in front of end were sent again; the earliest moment: never.
std::int64_t LegClock::sent_again(StreamOffset end) const {
    const auto after = std::lower_bound(repeats_.begin(), repeats_.end(),
                                        std::pair{end, std::numeric_limits<std::int64_t>::min()});
    return after == repeats_.begin() ? std::numeric_limits<std::int64_t>::min()
                                     : std::prev(after)->second;
}

/// Takes in a part of the stream that the body goes on with; false where bytes are missing.
bool LegClock::take(ByteRange part) {
    if (points_ != nullptr) return take_at_points(part);
    const Stream& plain = leg_.stream();
    const auto note = [&](ByteRange carried, std::optional<std::int64_t>& latest) {
        stream().lane().runs().each(carried, [&](const OwnedRun& run) {
            if (const auto time = finder_.time_of(stream(), run.frame))
                latest = std::max(latest.value_or(*time), *time);
        });
    };
    const bool inside = plain.carrier() != nullptr;
    const ByteRange own = inside ? carried_places(plain, part) : part;
    note(own, bytes_);
    ready_ = bytes_ ? std::optional(std::max(*bytes_, ready_.value_or(*bytes_))) : ready_;
    if (inside)
        plain.each_carried_until(part, [&](ByteRange record) {
            note(record, ready_);
            return true;
        });
    return plain.lane().runs().covers(part);
}

/// The same by what passed each point.
bool LegClock::take_at_points(ByteRange part) {
    const Stream& plain = leg_.stream();
    const ByteRange own = plain.carrier() != nullptr ? carried_places(plain, part) : part;
    const bool captured = plain.lane().runs().covers(part);
    const bool there = captured && std::all_of(all_.begin(), all_.end(), [&](const LegPoint& one) {
                           return one.runs.covers(own);
                       });
    const auto latest = [&](std::size_t point, ByteRange range, std::int64_t& time) {
        all_[point].runs.each(range, [&](const OwnedRun& run) {
            if (const auto at = finders_[point].time_of(stream(), run.frame))
                time = std::max(time, *at);
        });
    };
    latest(0, own, whole_[0]);
    for (std::size_t hop = 0; hop + 1 < all_.size(); ++hop) take_crossing(hop, own);
    if (!there && whole_.back() == std::numeric_limits<std::int64_t>::min()) return false;
    bytes_ = whole_.back();
    std::int64_t ready = std::max(*bytes_, ready_.value_or(*bytes_));
    if (plain.carrier() != nullptr)
        plain.each_carried_until(part, [&](ByteRange record) {
            latest(all_.size() - 1, record, ready);
            return true;
        });
    ready_ = ready;
    return there;
}

/// Takes in when a part of the stream went from a point to the next.
void LegClock::take_crossing(std::size_t hop, ByteRange part) {
    const std::int64_t correction = points_->clock(hop).correction();
    all_[hop + 1].runs.each(part, [&](const OwnedRun& run) {
        const auto came = finders_[hop + 1].time_of(stream(), run.frame);
        if (!came || *came < whole_[hop + 1]) return;
        const bool later = *came > whole_[hop + 1];
        whole_[hop + 1] = *came;
        std::optional<std::int64_t> first;
        all_[hop].runs.each(run.range(), [&](const OwnedRun& before) {
            const auto left = finders_[hop].time_of(stream(), before.frame);
            if (!left) return;
            const std::int64_t last = departed(hop, before.begin, *came - correction, *left);
            first = std::max(first.value_or(last), last);
        });
        if (!first) return;
        departed_[hop] = later ? *first : std::max(departed_[hop], *first);
    });
}

/// The last time at which a byte passed a point and not later than `by`; first: when it first did.
std::int64_t LegClock::departed(std::size_t point, StreamOffset at, std::int64_t by,
                                std::int64_t first) const {
    // No segment is longer, so none that begins before that has the byte.
    constexpr std::uint64_t kLongest = 1U << 16;
    constexpr int kMostSteps = 256;
    const auto& again = all_[point].again;
    const StreamOffset from{at.value > kLongest ? at.value - kLongest : 0};
    auto one = std::lower_bound(
        again.begin(), again.end(), from,
        [](const LegPoint::Again& a, StreamOffset begin) { return a.range.begin < begin; });
    std::int64_t last = first;
    for (int step = 0; step < kMostSteps && one != again.end() && one->range.begin <= at;
         ++step, ++one)
        if (at < one->range.end && one->time <= by) last = std::max(last, one->time);
    return last;
}

/// The segment with which a byte first passed a point; null where it did not.
const Segment* LegClock::segment_at(std::size_t point, StreamOffset at) {
    const Segment* found = nullptr;
    all_[point].runs.each({at, at + 1}, [&](const OwnedRun& run) {
        for (const Segment& one : finders_[point].segments_of(stream(), run.frame))
            if (found == nullptr && one.begin <= at && at < one.range().end) found = &one;
    });
    return found;
}

/// Writes the times of the points into a passage; false where one of them did not have it.
bool LegClock::pass_points(Passage& passage, ByteRange first) {
    const Segment* begun = segment_at(0, first.begin);
    passage.segment = segment_at(0, passage.last.begin);
    if (begun == nullptr || passage.segment == nullptr) return false;
    passage.first = begun->time;
    passage.sent = passage.segment->time;
    passage.whole = whole_.front();
    for (std::size_t hop = 0; hop < departed_.size(); ++hop)
        passage.crossings.push_back({departed_[hop], whole_[hop + 1]});
    return true;
}

std::optional<Passage> LegClock::pass(BodyRange range) {
    if (range.empty() || carrying().clock().missing()) return std::nullopt;
    if (reached_ < range.begin)
        map_->each_in_stream({reached_, range.begin},
                             [&](BodyRange, ByteRange part, std::uint32_t) { take(part); });
    bool whole = true;
    bool captured = true;
    std::uint64_t mapped = 0;
    std::optional<StreamOffset> begin;
    StreamOffset end;
    map_->each_in_stream(range, [&](BodyRange, ByteRange part, std::uint32_t) {
        whole = take(part) && whole;
        captured = captured && leg_.stream().lane().runs().covers(part);
        mapped += part.length();
        if (!begin) begin = part.begin;
        end = part.end;
    });
    reached_ = std::max(reached_, range.end);
    if (!whole && captured && mapped == range.length()) ++missed_;
    if (!whole || mapped != range.length() || !bytes_ || !ready_) return std::nullopt;

    const Stream& plain = leg_.stream();
    const auto carried = [&](StreamOffset at) {
        const ByteRange byte{at, at + 1};
        const ByteRange place = plain.carrier() != nullptr ? carried_places(plain, byte) : byte;
        return place.empty() ? place : ByteRange{place.end - 1, place.end};
    };
    Passage passage;
    passage.last = carried(end - 1);
    const Overlay overlay(stream());
    const Segment* first = overlay.first_segment_with(carried(*begin).begin);
    passage.segment = overlay.first_segment_with(passage.last.begin);
    if (first == nullptr || passage.segment == nullptr) return std::nullopt;
    passage.first = first->time;
    passage.sent = passage.segment->time;
    passage.arrived = *bytes_;
    passage.whole = *bytes_;
    passage.decodable = *ready_;
    if (points_ != nullptr && !pass_points(passage, carried(*begin))) return std::nullopt;

    const StreamOffset record_end = plain.carried_extent({end - 1, end}).end;
    const ByteRange called{record_end - 1, record_end};
    stream().each_call(stream().writes(), called, [&](ByteRange place, const CallRecord& call) {
        passage.write = &call;
        passage.written = call.entered;
        const auto counted = stream().call_range(place);
        const RefusedWrite* refused =
            counted ? stream().writes().refused_at(counted->begin) : nullptr;
        if (refused != nullptr && refused->left <= call.entered) passage.written = refused->entered;
    });
    stream().each_call(stream().reads(), called,
                       [&](ByteRange, const CallRecord& call) { passage.read = &call; });
    const std::int64_t again = sent_again(passage.last.end);
    // Where it was read before, what was sent again was not needed.
    if (again > passage.arrived && (passage.read == nullptr || again <= passage.read->left)) {
        passage.arrived = again;
        passage.decodable = std::max(passage.decodable, again);
    }
    return passage;
}

std::optional<std::int64_t> LegClock::acknowledged_by(const Passage& passage) {
    constexpr int kMostSteps = 64;
    // Acknowledgements at one point are none at another.
    if (points_ != nullptr) return std::nullopt;
    const auto& all = stream().lane().segments();
    const SegmentRange here = finder_.segments_of(stream(), passage.segment->frame);
    auto at = here.end();
    for (int step = 0; step < kMostSteps && at != all.end(); ++step, ++at) {
        const SendState* state = stream().lane().send_state(*at);
        if (state == nullptr || state->in_flight == SendState::kUnknown || state->behind ||
            state->sacked || at->retransmission())
            continue;
        if (at->begin < passage.last.end + state->in_flight) continue;
        return at->time - (state->since_ack == SendState::kUnknown ? 0 : state->since_ack);
    }
    return std::nullopt;
}

std::int64_t LegClock::inside_calls(const Passage& from, const Passage& to) const {
    std::int64_t inside = 0;
    if (from.last.begin >= to.last.end) return inside;
    stream().each_call(stream().writes(), {from.last.begin, to.last.end},
                       [&](ByteRange, const CallRecord& call) {
                           if (&call == to.write) return;
                           const std::int64_t begin = std::max(call.entered, from.written);
                           const std::int64_t end = std::min(call.left, to.written);
                           inside += std::max<std::int64_t>(0, end - begin);
                       });
    return inside;
}

bool LegClock::refused_between(const Passage& from, const Passage& to) const {
    bool refused = to.write == nullptr || to.written != to.write->entered;
    if (from.last.begin >= to.last.end) return refused;
    stream().each_call(stream().writes(), {from.last.begin, to.last.end},
                       [&](ByteRange place, const CallRecord& call) {
                           const auto counted = stream().call_range(place);
                           if (call.taken < call.requested ||
                               (counted && stream().writes().refused_at(counted->begin) != nullptr))
                               refused = true;
                       });
    return refused;
}

}  // namespace seamark
