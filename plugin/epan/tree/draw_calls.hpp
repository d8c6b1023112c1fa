// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event/io_event.hpp"
#include "tree/canvas.hpp"

namespace seamark {

/// The write calls, and the read calls, whose bytes this segment carries, from events. Draws
/// nothing where none is known. Longjmp-safe like the rest of drawing.
void draw_calls(const Canvas& canvas, proto_tree* tree);

/// The calls above TLS that moved the plaintext of this segment's records. canvas: of what is
/// inside.
void draw_calls_above_tls(const Canvas& canvas, proto_tree* tree);

/// An event packet: its numbers, and the frames that carry its bytes. tracked may be null.
void draw_event(packet_info* pinfo, proto_tree* tree, tvbuff_t* tvb, const IoEvent& event,
                const TrackedConnection* tracked, Side recorded);

}  // namespace seamark
