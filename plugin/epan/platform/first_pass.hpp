// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "platform/wireshark.hpp"

namespace seamark {

/// What was recorded is changed by the first pass alone: a later pass that changed it would have
/// each window answer differently. Leaves by longjmp, as a bug of a dissector: no caller has a live
/// object with a destructor.
inline void assert_first_pass(packet_info* pinfo) {
    DISSECTOR_ASSERT(!PINFO_FD_VISITED(pinfo));
}

}  // namespace seamark
