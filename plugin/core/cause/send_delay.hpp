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
    // From the capture, where it was taken at the sender:
    std::optional<bool> small_in_flight = {};    // a segment below the MSS was not acknowledged
    std::optional<bool> released_by_ack = {};    // the bytes left right after an acknowledgement
    std::optional<std::int64_t> rested_ns = {};  // from the segment before to the call's return
    std::uint32_t last_length = 0;               // bytes of the segment before; with rested_ns
};

/// Causes for which the bytes may have stayed, in the order in which the kernel asks, with what
/// speaks for each. Sure: from recorded state alone, and no other cause is possible.
struct SendDelay {
    CauseList causes;
    EvidenceList evidence;
    bool sure = false;
};

/// Finds, in the kernel's order, what kept unsent bytes of a write in the kernel: cork and MORE,
/// congestion window, receive window, autocork and small queues, Nagle (with Minshall's condition
/// where the capture tells), pacing. Precondition: the state, if there is one, says that bytes were
/// not sent.
SendDelay find_send_delay(const DelayedWrite& held);

}  // namespace seamark
