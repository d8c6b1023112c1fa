// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/types.h>

#include "core/event/io_event.hpp"
#include "trace/kernel/kernel_event.h"

namespace seamark::trace::kernel {

/// Which call it was, by the number of the system call; kUnknown where it is none that moves bytes.
Call call_of(const seamark_kernel_event& event);

/// Whether the kernel makes several sends of one such call.
bool is_made_of_pieces(Call call);

/// What a record says by itself, as an event: all but where its bytes lie. Of a call whose entry is
/// not known both times are that of its return.
IoEvent event_of(const seamark_kernel_event& event);

/// Adds the socket's state, after a write or read. hertz: jiffies a second; 0: not known, and then
/// a write's state is left out, since two of its numbers would be missing.
void add_state(const seamark_kernel_state& state, unsigned hertz, IoEvent& event);

}  // namespace seamark::trace::kernel
