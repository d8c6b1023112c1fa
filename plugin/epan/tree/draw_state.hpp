// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event/io_event.hpp"
#include "platform/wireshark.hpp"

namespace seamark {

/// Adds the kernel's state that an event has, if it has any.
void draw_state(packet_info* pinfo, proto_tree* root, tvbuff_t* tvb, const IoEvent& event);

}  // namespace seamark
