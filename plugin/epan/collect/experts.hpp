// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collect/frame_view.hpp"

namespace seamark::experts {

/// How many writes this segment must hold at least, from tags: those of chunks that lie in it
/// whole, and one for a chunk of which only a part does. 0 where nothing is tagged.
std::size_t least_writes(const SegmentView& view);

/// The byte in front of this piece belongs to the same chunk, and another frame carried it (or
/// none).
bool chunk_goes_on(const SegmentView& view, const Piece& piece);

/// The byte in front of this piece belongs to the same write, as tags show, and another frame
/// carried it.
bool write_goes_on(const SegmentView& view, const Piece& piece);

/// The message ends here before it was whole: the segment has the byte that broke it, or the last
/// one in front of missing bytes or of the capture's end. What was not captured is known after the
/// last frame.
bool message_breaks_off(const SegmentView& view, const Message& message);

/// Of what ended the message early, that which is shown with its bytes: FIN and RST are shown in
/// their own frames.
FaultSet faults_of_data(const Message& message);

/// How many bytes are missing directly in front of the segment, so far.
std::uint64_t missing_before(const SegmentView& view);

}  // namespace seamark::experts
