// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace seamark {

/// Tools, Seamark in the GUI: the chunk table as text, the lanes of a stream, their picture as a
/// file, a frame explained. From Wireshark 4.4 on, "explain" stands in a packet's own menu too.
/// Each works on what is recorded of the capture that is open, and says so where none is; in tshark
/// there are no menus. Where Wireshark's windows are not safe to open (ws::kWindowsAreSafe), there
/// are none unless SEAMARK_MENUS is in the environment.
void register_menus();

}  // namespace seamark
