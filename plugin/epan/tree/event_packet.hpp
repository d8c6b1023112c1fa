// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "platform/wireshark.hpp"

namespace seamark {

/// Registers the dissector "seamark", which Wireshark's Exported PDU dissector calls for packets
/// whose dissector-name tag says so (docs/event-format.md).
void register_event_dissector();

}  // namespace seamark
