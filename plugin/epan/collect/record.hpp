// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collect/connections.hpp"

namespace seamark {

/// Each frame, whether or not it has segments (then seen is null). The first pass feeds them to the
/// core. Later passes only read, so this is the one place that looks at whether a packet was
/// visited before.
void record(packet_info* pinfo, const ObservedSegment* seen);

/// The same while the frame is still being dissected, where no post-dissector may be called.
void record_early(packet_info* pinfo, const ObservedSegment* seen);

/// A segment without payload: what it acknowledges bears on the segments after it.
void record_acknowledgement(packet_info* pinfo, const ObservedSegment& seen);

/// The first pass of an event packet: puts the call into the lanes of its connection.
void record_event(packet_info* pinfo, const ObservedSegment& end_points, const IoEvent& event);

/// What was recorded of the capture that is open.
Connections& recorded();

/// Ties the records to the life of a capture: made when one is opened, dropped when it is closed,
/// finished at its end. decoders: of content codings.
void install_recorder(DecoderMaker decoders);

}  // namespace seamark
