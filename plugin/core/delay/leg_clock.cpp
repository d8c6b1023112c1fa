// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/leg_clock.hpp"

#include <algorithm>
#include <limits>

#include "core/stream/plain_places.hpp"

namespace seamark {

LegClock::LegClock(const Leg& leg, const BodyMap& map) : leg_(leg), map_(&map) {
    note_repeats();
}

/// A copy is no repeat, nor is a probe of one byte; where a capture was taken at the receiver what
/// is repeated had been received. What looks like a copy is one if it was captured soon after.
void LegClock::note_repeats() {
    const Stream& bytes = stream();
    for (const Segment& segment : bytes.lane().segments()) {
        if (!segment.retransmission() || segment.wire_length <= 1) continue;
        const SendState* state = bytes.lane().send_state(segment);
        if (state == nullptr || state->repeat == Repeat::kSamePacket ||
            state->seen_from().place == Vantage::kAtReceiver)
            continue;
        if (state->repeat == Repeat::kLooksAlike) {
            constexpr std::int64_t kSoon = 10'000'000;  // ns
            const auto before = Overlay(bytes).arrival(segment.begin);
            if (!before || segment.time - before->time < kSoon) continue;
        }
        repeats_.emplace_back(segment.begin, segment.time);
    }
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

std::optional<Passage> LegClock::pass(BodyRange range) {
    if (range.empty() || carrying().clock().missing()) return std::nullopt;
    if (reached_ < range.begin)
        map_->each_in_stream({reached_, range.begin},
                             [&](BodyRange, ByteRange part, std::uint32_t) { take(part); });
    bool whole = true;
    std::uint64_t mapped = 0;
    std::optional<StreamOffset> begin;
    StreamOffset end;
    map_->each_in_stream(range, [&](BodyRange, ByteRange part, std::uint32_t) {
        whole = take(part) && whole;
        mapped += part.length();
        if (!begin) begin = part.begin;
        end = part.end;
    });
    reached_ = std::max(reached_, range.end);
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
    passage.decodable = *ready_;

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
