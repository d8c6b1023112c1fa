// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/cause/verdict.hpp"
#include "core/stream/call_lane.hpp"

namespace seamark {

/// What is known of the moment right after a write whose bytes stayed in the kernel.
struct DelayedWrite {
    const CallRecord* call = nullptr;
    const KernelState* state = nullptr;  // null: not recorded
    SendOptions options = {};            // at that moment
    // While the bytes stayed, as far as is known when that ended:
    bool cork_changed = false;     // TCP_CORK was set or taken off
    bool nodelay_changed = false;  // TCP_NODELAY likewise
    // From the capture, where it was taken at the sender; what would exclude a cause is empty where
    // that is a guess:
    std::optional<bool> small_in_flight = {};    // a segment below the MSS was not acknowledged
    std::optional<bool> released_by_ack = {};    // the bytes left right after an acknowledgement
    std::optional<std::int64_t> rested_ns = {};  // from the segment before to the call's return
    std::int64_t last_time = 0;     // of the segment before, ns since 1970; with rested_ns
    std::uint32_t last_length = 0;  // its bytes; with rested_ns
};

/// Causes for which the bytes may have stayed, in the order in which the kernel asks, with what
/// speaks for each. Sure: from recorded state alone, and no other cause is possible.
struct SendDelay {
    CauseList causes;
    EvidenceList evidence;
    bool sure = false;
    bool changed = false;  // an option changed while the bytes stayed: what held them first did not
                           // hold them to the end
};

/// Finds, in the kernel's order, what kept unsent bytes of a write in the kernel: cork and MORE,
/// congestion window, receive window, autocork and small queues, Nagle (with Minshall's condition
/// where the capture shows), pacing. All that apply are found. Precondition: the state, if there is
/// one, says that bytes were not sent.
SendDelay find_send_delay(const DelayedWrite& held);

}  // namespace seamark
