// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/send_delay.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// Whether TCP itself spaces packets out; else the fq scheduler may, below it.
bool paces_itself(const DelayedWrite& held) {
    return held.options.paced || held.options.control_paces;
}

/// How long the segment before keeps the next one waiting at the pacing rate.
std::int64_t pacing_pause(const DelayedWrite& held) {
    if (held.state->pacing_rate == 0 || held.state->pacing_rate == KernelState::kUnlimited)
        return 0;
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t rate = std::int64_t{held.state->pacing_rate} * 1024;
    return static_cast<std::int64_t>(held.last_length) * kSecond / rate;
}

class StateTest {
  public:
    explicit StateTest(const DelayedWrite& held) : held_(held), state_(*held.state) {}

    SendDelay run() {
        note({EvidenceKind::kNotSent, {state_.not_sent, held_.call->index}});
        cork();
        windows();
        const std::size_t sharp = found_.causes.size();
        queue_below();
        const bool nagle_alone = nagle();
        pacing(sharp);
        found_.sure = found_.causes.size() == 1 && state_.detailed() &&
                      (found_.causes.front() != Cause::kNagle || nagle_alone) && !blurred_;
        return found_;
    }

  private:
    void note(const Evidence& evidence) { found_.evidence.push_back(evidence); }
    void fits(Cause cause, const Evidence& evidence) {
        found_.causes.push_back(cause);
        note(evidence);
    }
    bool has(std::uint32_t flag) const { return (held_.call->flags & flag) != 0; }
    bool tail() const { return state_.not_sent < state_.mss; }
    bool corked() const { return has(EventFlags::kCork | EventFlags::kMore); }

    void cork() {
        if (!tail()) return;
        if (has(EventFlags::kCork))
            fits(Cause::kCork, {EvidenceKind::kCorkedTail});
        else if (has(EventFlags::kMore))
            fits(Cause::kMore, {EvidenceKind::kMoreTail});
    }

    void windows() {
        const std::uint32_t in_flight = state_.detailed() ? state_.in_flight : state_.unacked;
        if (in_flight >= state_.cwnd)
            fits(Cause::kCwnd, {EvidenceKind::kWindowFull, {in_flight, state_.cwnd}});
        const std::uint64_t sent = state_.queued - std::min(state_.queued, state_.not_sent);
        const std::uint64_t next = std::min(state_.not_sent, std::max(state_.mss, 1U));
        if (sent + next > state_.peer_window)
            fits(Cause::kRwnd, {EvidenceKind::kPeerWindowFull, {sent, next, state_.peer_window}});
    }

    void queue_below() {
        if (!state_.detailed() || state_.device_memory == 0 || state_.unacked == 0) return;
        fits(Cause::kAutocork, {EvidenceKind::kDeviceQueue, {state_.device_memory}});
    }

    /// Whether nothing blurs it.
    bool nagle() {
        if (!has(EventFlags::kOptionsKnown)) {
            blurred_ = true;
            return false;
        }
        if (has(EventFlags::kNodelay)) {
            note({EvidenceKind::kNodelayOn});
            return false;
        }
        if (corked() || state_.unacked == 0 || !tail()) return false;
        if (held_.small_in_flight == false) {
            note({EvidenceKind::kNoSmallInFlight});
            return false;
        }
        fits(Cause::kNagle, {EvidenceKind::kNagleHolds, {state_.unacked}});
        if (held_.released_by_ack == true) note({EvidenceKind::kReleasedByAck});
        return true;
    }

    /// Pacing is what is left, unless it is known to be off or its pause was over.
    void pacing(std::size_t sharp) {
        if (held_.options.congestion != 0 && !paces_itself(held_)) {
            if (!found_.causes.empty()) return;
            blurred_ = true;
            if (!tail() && state_.unacked > 0)
                fits(Cause::kGso, {EvidenceKind::kLargerSegment});
            else
                fits(Cause::kPacing,
                     {EvidenceKind::kPacesUnderFqOnly, {held_.options.congestion}});
            return;
        }
        if (sharp > 0) return;  // it would have waited without pacing, too
        if (held_.rested_ns && state_.detailed() && *held_.rested_ns > pacing_pause(held_)) {
            if (!found_.causes.empty()) note({EvidenceKind::kPacingPauseOver});
            return;
        }
        if (found_.causes.empty() && !paces_itself(held_)) blurred_ = true;
        if (state_.detailed() && state_.pacing_rate == KernelState::kUnlimited) return;
        fits(Cause::kPacing, who_paces());
    }

    Evidence who_paces() const {
        if (held_.options.paced) return {EvidenceKind::kPacingSet, {state_.pacing_rate}};
        if (held_.options.congestion == 0)
            return {EvidenceKind::kPacingUnknown, {state_.pacing_rate}};
        return {EvidenceKind::kControlPaces, {state_.pacing_rate, held_.options.congestion}};
    }

    const DelayedWrite& held_;
    const KernelState& state_;
    SendDelay found_;
    bool blurred_ = false;  // something that decides is not known
};

/// Options and what the capture shows; no state.
SendDelay test_without_state(const DelayedWrite& held) {
    SendDelay found;
    const std::uint32_t flags = held.call->flags;
    if ((flags & EventFlags::kOptionsKnown) == 0) return found;
    if ((flags & EventFlags::kCork) != 0) {
        found.causes.push_back(Cause::kCork);
        found.evidence.push_back({EvidenceKind::kCorkOn});
    } else if ((flags & EventFlags::kMore) != 0) {
        found.causes.push_back(Cause::kMore);
        found.evidence.push_back({EvidenceKind::kMoreOn});
    } else if ((flags & EventFlags::kNodelay) != 0) {
        found.evidence.push_back({EvidenceKind::kNodelayOn});
    } else if (held.small_in_flight != false && held.released_by_ack != false) {
        if (!held.small_in_flight && !held.released_by_ack) return found;
        found.causes.push_back(Cause::kNagle);
        found.evidence.push_back({EvidenceKind::kNodelayOff});
        if (held.small_in_flight == true) found.evidence.push_back({EvidenceKind::kSmallInFlight});
        if (held.released_by_ack == true) found.evidence.push_back({EvidenceKind::kReleasedByAck});
    }
    return found;
}

}  // namespace

SendDelay find_send_delay(const DelayedWrite& held) {
    if (held.state != nullptr && held.state->not_sent > 0) return StateTest(held).run();
    return test_without_state(held);
}

}  // namespace seamark
