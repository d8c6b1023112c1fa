// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/delay_reader.hpp"

#include <algorithm>

namespace seamark {
namespace {

constexpr std::int64_t kShortDelay = 100'000;  // ns; a shorter one is not asked for its cause

/// When the request of a response was captured whole: where its server is, if there are several
/// places. points: of the response; null: one place.
std::optional<std::int64_t> request_whole(const Leg& leg, const LegPoints* points) {
    const auto number = leg.connection->request_of(leg.sender, leg.message);
    if (!number) return std::nullopt;
    const Stream& asked = leg.connection->stream(other(leg.sender));
    const Message& request = asked.messages()[*number];
    if (!request.ended) return std::nullopt;
    const StreamOffset last = asked.messages().extent(request).end - 1;
    const ByteRange carried = asked.carried_extent({last, last + 1});
    if (points != nullptr)
        return passed_at(leg.connection->carrying(), other(leg.sender), carried.end - 1,
                         points->points().front());
    const auto arrival = Overlay(asked.carrying()).arrival(carried.end - 1);
    return arrival ? std::optional(arrival->time) : std::nullopt;
}

/// Whether causes say that bytes were held back.
bool holds(const Verdict& verdict) {
    return verdict.boundary == Boundary::kMerge || verdict.boundary == Boundary::kHeld ||
           verdict.boundary == Boundary::kRest;
}

}  // namespace

DelayReader::DelayReader(const ExchangePath& path) : path_(&path) {
    for (const PathLeg& leg : path.legs()) {
        clocks_.emplace_back(leg.leg, *leg.map, leg.points.get());
        if (leg.points) steady_ = steady_ && !leg.points->differ();
        steady_ = steady_ && clocks_.back().carrying().clock().step_count() == 0;
    }
    request_ = request_whole(path.server().leg, path.server().points.get());
}

void DelayReader::add(DelayLayer layer, std::size_t leg, std::int64_t ns, bool known) {
    if (ns < 0) delay_.comparable = false;
    DelayShare share;
    share.layer = layer;
    share.leg = static_cast<std::uint32_t>(leg);
    share.ns = std::max<std::int64_t>(0, ns);
    share.confidence = known ? Confidence::kKnown : Confidence::kConsistent;
    delay_.shares.push_back(share);
}

const EventDelay* DelayReader::read(const DelayUnit& unit) {
    delay_.shares.clear();
    delay_.comparable = true;
    path_->ranges(unit, ranges_);
    now_.clear();
    for (std::size_t leg = 0; leg < clocks_.size(); ++leg) {
        const auto passage = clocks_[leg].pass(ranges_[leg]);
        if (passage) now_.push_back(*passage);
    }
    // Every leg is asked, so that each goes on from the same place.
    if (now_.size() != clocks_.size()) {
        before_.clear();
        first_ = false;
        return nullptr;
    }
    const Passage& client = now_.back();
    delay_.number = unit.number;
    delay_.frames.clear();
    for (const Passage& passage : now_) delay_.frames.push_back(passage.segment->frame);
    delay_.kept = unit.kept;
    delay_.ready = client.decodable;
    delay_.gap = last_ready_ ? std::optional(client.decodable - *last_ready_) : std::nullopt;
    last_ready_ = client.decodable;
    if (delay_.frame() != last_frame_) ++segments_;
    last_frame_ = delay_.frame();

    server_shares(unit);
    for (std::size_t leg = 0; leg < clocks_.size(); ++leg) {
        const Passage& here = now_[leg];
        wire_shares(leg);
        if (here.decodable > here.arrived)
            add(DelayLayer::kRest, leg, here.decodable - here.arrived);
        if (leg + 1 < clocks_.size()) proxy_shares(leg);
    }
    receiver_share();
    conclude();
    before_ = now_;
    kept_before_ = unit.kept;
    first_ = false;
    return &delay_;
}

/// What happened before the bytes were on the server's wire.
void DelayReader::server_shares(const DelayUnit& unit) {
    const Passage& here = now_.front();
    const Passage* from = before_.empty() ? nullptr : &before_.front();
    if (here.write == nullptr || (from != nullptr && from->write == nullptr)) {
        // A compressor that was not flushed begins to give an event out, and ends with another.
        const bool kept = unit.kept && clocks_.size() == 1 && here.first < here.sent;
        const std::int64_t sent = kept ? here.first : here.sent;
        delay_.begin = sent;
        if (from != nullptr || (first_ && request_)) {
            delay_.begin = from != nullptr ? from->sent : *request_;
            add(DelayLayer::kSender, 0, sent - delay_.begin);
            delay_.shares.back().since_request = from == nullptr;
        }
        if (kept) add(DelayLayer::kRest, 0, here.sent - here.first);
        return;
    }
    std::int64_t inside = 0;
    delay_.begin = from != nullptr ? from->written : first_ && request_ ? *request_ : here.written;
    if (from != nullptr) {
        inside = clocks_.front().inside_calls(*from, here);
        add(DelayLayer::kApplication, 0, here.written - from->written - inside,
            application_known(*from, here) && !unit.kept && !kept_before_);
    } else if (first_ && request_) {
        add(DelayLayer::kApplication, 0, here.written - *request_);
        delay_.shares.back().since_request = true;
    }
    stack_share(0, inside);
}

/// Whether nothing shows that the kernel made the application wait between two events: no write was
/// refused or cut short, and what was written before had left long before.
bool DelayReader::application_known(const Passage& from, const Passage& to) {
    const std::int64_t gap = to.written - from.written;
    return !path_->doubted() && from.sent - from.written < gap / 2 &&
           !clocks_.front().refused_between(from, to);
}

/// From the first capture of the last byte to when it, and all before it, had passed the last
/// point of capture.
void DelayReader::wire_shares(std::size_t leg) {
    const Passage& here = now_[leg];
    if (here.crossings.empty()) {
        add(DelayLayer::kWire, leg, here.arrived - here.sent);
        return;
    }
    const LegPoints& points = *path_->legs()[leg].points;
    add(DelayLayer::kWire, leg, here.whole - here.sent);
    const std::size_t wire = delay_.shares.size() - 1;
    std::int64_t at = here.whole;
    for (std::size_t hop = 0; hop < here.crossings.size(); ++hop) {
        // What was lost between two points waited to be sent again: that is no time of the hop.
        const std::int64_t departed = std::max(at, here.crossings[hop].departed);
        delay_.shares[wire].ns += departed - at;
        at = here.crossings[hop].arrived;
        const HopClock& clock = points.clock(hop);
        add(DelayLayer::kHop, leg, at - clock.correction() - departed, clock.one_clock);
        delay_.shares.back().point = static_cast<std::uint32_t>(hop);
    }
    delay_.shares[wire].ns += std::max<std::int64_t>(0, here.arrived - at);
}

/// From the write on a leg to the capture of its bytes, with the time inside earlier calls.
void DelayReader::stack_share(std::size_t leg, std::int64_t inside) {
    const Passage& here = now_[leg];
    const SendState* state = clocks_[leg].stream().lane().send_state(*here.segment);
    const std::int64_t delay = here.sent - here.written;
    const bool at_sender = state != nullptr && state->seen_from().surely_at_sender();
    // A contradiction is a fault of the recording; then there is no call.
    add(DelayLayer::kStack, leg, std::max<std::int64_t>(0, delay) + inside);
    DelayShare& share = delay_.shares.back();
    if (share.ns >= kShortDelay) find_cause(leg, share);
    // As long as it may have been the receiver's window, the kernel is not known to have held them.
    const bool own = !share.causes.empty() && share.causes[0] != Cause::kRwnd &&
                     share.cause_confidence == Confidence::kKnown;
    if (at_sender && own) share.confidence = Confidence::kKnown;
}

/// Why the bytes stayed: what the segment that carried them shows, or, of what was left of a
/// write, the segment before.
void DelayReader::find_cause(std::size_t leg, DelayShare& share) {
    LegClock& clock = clocks_[leg];
    const Segment* segment = now_[leg].segment;
    // Another segment of its size would have found no room in the receiver's window.
    const SendState* state = clock.stream().lane().send_state(*segment);
    if (state != nullptr && state->room != SendState::kUnknown &&
        (state->closed_window || state->room < segment->wire_length)) {
        share.causes = {Cause::kRwnd};
        share.cause_confidence = Confidence::kConsistent;
        return;
    }
    for (int step = 0; step < 2 && segment != nullptr; ++step) {
        judge_.forget();
        for (const Verdict& verdict :
             judge_.judge(clock.carrying(), clock.leg().sender, *segment)) {
            if (!holds(verdict) || verdict.confidence == Confidence::kUnknown) continue;
            if (step == 1 && verdict.boundary != Boundary::kRest) continue;
            share.causes = verdict.causes;
            share.cause_confidence = verdict.confidence;
            return;
        }
        segment = clock.stream().lane().before(*segment);
    }
}

/// Between the leg above and the one below it.
void DelayReader::proxy_shares(std::size_t above) {
    const Passage& up = now_[above];
    const Passage& down = now_[above + 1];
    const auto acknowledged = clocks_[above].acknowledged_by(up);
    const std::int64_t from = up.read != nullptr ? up.read->left : up.decodable;
    // Where the calls do not follow each other, as with what is not read and written piece by
    // piece, the packets count alone.
    const bool calls = down.write != nullptr && down.written >= from;
    if (!calls) {
        add(DelayLayer::kProxy, above, down.sent - up.decodable);
        return;
    }
    if (up.read != nullptr) add(DelayLayer::kReceiver, above, up.read->left - up.decodable);
    // What it had read, or acknowledged, was with it.
    const std::int64_t hold = down.written - from;
    const bool with_it = up.read != nullptr || (acknowledged && *acknowledged < down.written &&
                                                (down.written - *acknowledged) * 2 > hold);
    add(DelayLayer::kProxy, above, hold, path_->legs()[above].known && with_it);
    stack_share(above + 1, 0);
}

void DelayReader::receiver_share() {
    const Passage& here = now_.back();
    if (here.read == nullptr) return;
    const std::int64_t held = here.read->left - here.decodable;
    const auto acknowledged = clocks_.back().acknowledged_by(here);
    const bool with_it = acknowledged && *acknowledged < here.read->left &&
                         (here.read->left - *acknowledged) * 2 > held;
    add(DelayLayer::kReceiver, clocks_.size() - 1, held, with_it);
}

void DelayReader::conclude() {
    delay_.total = 0;
    for (const DelayShare& share : delay_.shares) delay_.total += share.ns;
    for (DelayShare& share : delay_.shares)
        if (!delay_.comparable || !steady_ || share.ns * 2 <= delay_.total)
            share.confidence = Confidence::kConsistent;
}

}  // namespace seamark
