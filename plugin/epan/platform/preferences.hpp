// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "core/body/decoding.hpp"
#include "core/tcp/waiting_bytes.hpp"
#include "platform/wireshark.hpp"

/// What the user can set under Preferences, Protocols, Seamark (or tshark -o seamark.NAME:VALUE).
namespace seamark::preferences {

/// seamark.info_column: say in the Info column what a segment carries.
bool info_column();
/// seamark.waiting_kib and seamark.waiting_total_mib: how much may wait behind missing bytes before
/// these are given up, in a direction and in the capture; at least 1 of each.
WaitingBudget waiting_budget();
/// seamark.frame_links: how many frames of a chunk, a call or a retransmission the tree lists.
std::size_t frame_links();

/// seamark.pair_legs: look for exchanges that are legs of one; takes effect when a capture is read.
bool pair_legs();

/// seamark.held_ms: bytes that a proxy holds for so many milliseconds get an expert info.
unsigned held_ms();

/// seamark.decode_ratio, seamark.decode_mib and seamark.decode_total_mib: what undoing the content
/// codings of bodies of events may cost; at least 1 of each.
DecodingLimits decoding_limits();

void register_all();

}  // namespace seamark::preferences
