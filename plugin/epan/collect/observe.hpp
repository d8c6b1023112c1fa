// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collect/observed_segment.hpp"

namespace seamark {

/// The wrapper around Wireshark's TCP dissector: it notes each segment and calls what was there
/// before, so that every encapsulation which reaches TCP is seen and nothing else changes.
void install_observer();

/// The segments of this packet in order, as a list; null when there are none.
const ObservedSegment* observed_segments(packet_info* pinfo);

}  // namespace seamark
