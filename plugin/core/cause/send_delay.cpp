// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/send_delay.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// How long the segment before keeps the next one waiting at the pacing rate; empty: not known.
std::optional<std::int64_t> pacing_pause(const DelayedWrite& held) {
    if (held.state->pacing_rate == KernelState::kUnlimited) return 0;
    // Below 1 KiB a second.
    if (!held.state->detailed() || held.state->pacing_rate == 0) return std::nullopt;
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
        queue_below();
        nagle();
        pacing();
        if (found_.causes.empty()) rest();
        changes();
        found_.sure = found_.causes.size() == 1 && state_.detailed() && !blurred_;
        return found_;
    }

  private:
    void note(const Evidence& evidence) { found_.evidence.push_back(evidence); }
    void fits(Cause cause, const Evidence& evidence) {
        found_.causes.push_back(cause);
        note(evidence);
    }
    bool has(std::uint32_t flag) const { return (held_.call->flags & flag) != 0; }
    bool found(Cause cause) const {
        return std::find(found_.causes.begin(), found_.causes.end(), cause) != found_.causes.end();
    }
    bool tail() const { return state_.not_sent < state_.mss; }

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

    /// Two tests of the kernel: it waits for more to join what is below a super-segment (autocork),
    /// and it hands no more than its own limit to the queues below, a millisecond at the pacing
    /// rate at least (TCP small queues).
    void queue_below() {
        if (!state_.detailed() || state_.device_memory == 0 || state_.unacked == 0) return;
        constexpr std::uint32_t kSuperSegment = 65536;
        constexpr std::uint32_t kLeastLimit = 262'144;  // where pacing does not lower it
        constexpr std::uint32_t kMostLimit = 4'194'304;
        constexpr std::uint32_t kOverhead = 2'048;  // of a packet's memory
        if (state_.not_sent < kSuperSegment) {
            if (held_.options.autocorks == false)
                note({EvidenceKind::kAutocorkingOff, {state_.device_memory}});
            else
                fits(Cause::kAutocork, {EvidenceKind::kDeviceQueue, {state_.device_memory}});
        }
        if (state_.device_memory < std::min(state_.pacing_rate, kLeastLimit)) return;
        fits(Cause::kSmallQueue, {EvidenceKind::kQueueLimit, {state_.device_memory}});
        // The limit is twice the memory of the next packet at least; how far a system lowers the
        // limit of an unpaced socket is not recorded.
        const std::uint32_t next = std::min(state_.not_sent, kSuperSegment) + kOverhead;
        if (state_.device_memory < 2 * next ||
            (state_.pacing_rate > kLeastLimit && state_.device_memory < kMostLimit))
            blurred_ = true;
    }

    void nagle() {
        if (!has(EventFlags::kOptionsKnown)) {
            blurred_ = true;
            if (state_.unacked > 0 && tail())
                fits(Cause::kNagle, {EvidenceKind::kNodelayUnknown, {state_.unacked}});
            return;
        }
        if (has(EventFlags::kNodelay)) {
            note({EvidenceKind::kNodelayOn});
            return;
        }
        // A cork holds a packet below the MSS whatever is in flight; MSG_MORE for the call alone.
        if (has(EventFlags::kCork) || state_.unacked == 0 || !tail()) return;
        if (held_.small_in_flight == false) {
            note({EvidenceKind::kNoSmallInFlight});
            return;
        }
        fits(Cause::kNagle, {EvidenceKind::kNagleHolds, {state_.unacked}});
        if (held_.released_by_ack == true) note({EvidenceKind::kReleasedByAck});
    }

    /// Whether the pause that pacing makes was over when the call returned.
    bool pause_over() const {
        const auto pause = pacing_pause(held_);
        if (!pause) return false;
        if (*pause == 0 && state_.pacing_rate == KernelState::kUnlimited) return true;
        // The rate was another one when the segment before left.
        if (held_.last_time < held_.options.paced_since) return false;
        return held_.rested_ns && *held_.rested_ns > *pause;
    }

    void pacing() {
        if (held_.options.paced == Paced::kNo) return;
        if (pause_over()) {
            if (!found_.causes.empty() && state_.pacing_rate != KernelState::kUnlimited)
                note({EvidenceKind::kPacingPauseOver});
            return;
        }
        const bool paces =
            held_.options.paced == Paced::kByLimit || held_.options.paced == Paced::kByControl;
        if (!paces) blurred_ = true;
        fits(Cause::kPacing, who_paces());
    }

    Evidence who_paces() const {
        switch (held_.options.paced) {
            case Paced::kByLimit:
                return {EvidenceKind::kPacingSet, {state_.pacing_rate}};
            case Paced::kByControl:
                return {EvidenceKind::kControlPaces,
                        {state_.pacing_rate, held_.options.congestion}};
            case Paced::kPerhaps:
                return {EvidenceKind::kPacingGoesOn, {state_.pacing_rate}};
            case Paced::kUnknown:
            case Paced::kNo:
                break;
        }
        return {EvidenceKind::kPacingUnknown, {state_.pacing_rate}};
    }

    /// Nothing fits: what the state does not show.
    void rest() {
        blurred_ = true;
        if (!tail() && state_.unacked > 0)
            fits(Cause::kGso, {EvidenceKind::kLargerSegment});
        else if (held_.options.paced == Paced::kNo)
            fits(Cause::kPacing, {EvidenceKind::kPacesUnderFqOnly, {held_.options.congestion}});
    }

    /// What held the bytes first may have been taken off before they left.
    void changes() {
        const bool nagle_next = held_.cork_changed && !has(EventFlags::kNodelay) &&
                                held_.small_in_flight != false && state_.unacked > 0 && tail() &&
                                !found(Cause::kNagle);
        if (nagle_next && found(Cause::kCork)) {
            fits(Cause::kNagle, {EvidenceKind::kCorkChanged});
        } else if (held_.cork_changed && tail()) {
            if (!found(Cause::kCork) && !has(EventFlags::kCork))
                fits(Cause::kCork, {EvidenceKind::kCorkChanged});
            else
                note({EvidenceKind::kCorkChanged});
        }
        if (held_.nodelay_changed && tail()) note({EvidenceKind::kNodelayChanged});
        found_.changed = tail() && (held_.cork_changed || held_.nodelay_changed);
        blurred_ = blurred_ || found_.changed;
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
        // Each acknowledgement asks again, without MSG_MORE.
        if ((flags & EventFlags::kNodelay) == 0 && held.small_in_flight == true) {
            found.causes.push_back(Cause::kNagle);
            found.evidence.push_back({EvidenceKind::kSmallInFlight});
        }
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
