// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/send_delay.hpp"

#include <algorithm>

#include "core/base/number_text.hpp"

namespace seamark {
namespace {

using words::text;

/// Whether TCP itself spaces packets out; else the fq scheduler may, below it.
bool paces_itself(const DelayedWrite& held) {
    return held.paced || held.congestion.starts_with("bbr");
}

std::string who_paces(const DelayedWrite& held) {
    if (held.paced) return "SO_MAX_PACING_RATE was set: TCP paces";
    if (held.congestion.empty()) return "whether packets are paced is not known";
    return held.congestion + " paces";
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
        found_.evidence.push_back(text(state_.not_sent) + " bytes were not sent when write " +
                                  text(held_.call->index) + " had returned");
        cork();
        windows();
        const std::size_t sharp = found_.causes.size();
        queue_below();
        const bool nagle_alone = nagle();
        pacing(sharp);
        found_.sure = found_.causes.size() == 1 && state_.detailed() &&
                      (found_.causes.front() != Cause::kNagle || nagle_alone) && !blurred_;
        return std::move(found_);
    }

  private:
    void fits(Cause cause, std::string why) {
        found_.causes.push_back(cause);
        found_.evidence.push_back(std::move(why));
    }
    bool has(std::uint32_t flag) const { return (held_.call->flags & flag) != 0; }
    bool tail() const { return state_.not_sent < state_.mss; }
    bool corked() const { return has(EventFlags::kCork | EventFlags::kMore); }

    void cork() {
        if (!tail()) return;
        if (has(EventFlags::kCork))
            fits(Cause::kCork, "TCP_CORK was on, and less than a packet was there");
        else if (has(EventFlags::kMore))
            fits(Cause::kMore, "the call had MSG_MORE, and less than a packet was there");
    }

    void windows() {
        const std::uint32_t in_flight = state_.detailed() ? state_.in_flight : state_.unacked;
        if (in_flight >= state_.cwnd)
            fits(Cause::kCwnd, text(in_flight) + " packets in flight of a congestion window of " +
                                   text(state_.cwnd));
        const std::uint64_t sent = state_.queued - std::min(state_.queued, state_.not_sent);
        const std::uint64_t next = std::min(state_.not_sent, std::max(state_.mss, 1U));
        if (sent + next > state_.peer_window)
            fits(Cause::kRwnd, text(sent) + " bytes in flight and " + text(next) +
                                   " to send, the peer's window is " + text(state_.peer_window));
    }

    void queue_below() {
        if (!state_.detailed() || state_.device_memory == 0 || state_.unacked == 0) return;
        fits(Cause::kAutocork,
             "packets still waited below TCP (" + text(state_.device_memory) + " bytes of memory)");
    }

    /// Whether nothing blurs it.
    bool nagle() {
        if (!has(EventFlags::kOptionsKnown)) {
            blurred_ = true;
            return false;
        }
        if (has(EventFlags::kNodelay)) {
            found_.evidence.emplace_back("TCP_NODELAY was on: not Nagle");
            return false;
        }
        if (corked() || state_.unacked == 0 || !tail()) return false;
        if (held_.small_in_flight == false) {
            found_.evidence.emplace_back(
                "no segment below the MSS was unacknowledged: Nagle would not wait");
            return false;
        }
        fits(Cause::kNagle, "TCP_NODELAY was off, " + text(state_.unacked) +
                                (state_.unacked == 1 ? " packet was" : " packets were") +
                                " unacknowledged, less than a packet was there");
        if (held_.released_by_ack == true)
            found_.evidence.emplace_back("it left right behind an acknowledgement");
        return true;
    }

    /// Pacing is what is left, unless it is known to be off or its pause was over.
    void pacing(std::size_t sharp) {
        if (!held_.congestion.empty() && !paces_itself(held_)) {
            if (!found_.causes.empty()) return;
            blurred_ = true;
            if (!tail() && state_.unacked > 0)
                fits(Cause::kGso, "the kernel may wait for room for a larger super-segment");
            else
                fits(Cause::kPacing, "nothing else fits; " + held_.congestion +
                                         " paces only under the fq scheduler");
            return;
        }
        if (sharp > 0) return;  // it would have waited without pacing, too
        if (held_.rested_ns && state_.detailed() && *held_.rested_ns > pacing_pause(held_)) {
            if (found_.causes.empty()) return;
            found_.evidence.emplace_back("the pause that pacing makes was over");
            return;
        }
        if (found_.causes.empty() && !paces_itself(held_)) blurred_ = true;
        if (state_.detailed() && state_.pacing_rate == KernelState::kUnlimited) return;
        fits(Cause::kPacing,
             who_paces(held_) + "; the rate is " + text(state_.pacing_rate) + " KiB a second");
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
        found.evidence.emplace_back("TCP_CORK was on");
    } else if ((flags & EventFlags::kMore) != 0) {
        found.causes.push_back(Cause::kMore);
        found.evidence.emplace_back("the call had MSG_MORE");
    } else if ((flags & EventFlags::kNodelay) != 0) {
        found.evidence.emplace_back("TCP_NODELAY was on: not Nagle");
    } else if (held.small_in_flight != false && held.released_by_ack != false) {
        if (!held.small_in_flight && !held.released_by_ack) return found;
        found.causes.push_back(Cause::kNagle);
        found.evidence.emplace_back("TCP_NODELAY was off");
        if (held.small_in_flight == true)
            found.evidence.emplace_back("a segment below the MSS was unacknowledged");
        if (held.released_by_ack == true)
            found.evidence.emplace_back("it left right behind an acknowledgement");
    }
    return found;
}

}  // namespace

SendDelay find_send_delay(const DelayedWrite& held) {
    if (held.state != nullptr && held.state->not_sent > 0) return StateTest(held).run();
    return test_without_state(held);
}

}  // namespace seamark
