// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/event/io_event.hpp"
#include "trace/shared_trace.h"

namespace seamark::trace {

/// The times that an event can have: ns since 1970.
struct Period {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// An event as a traced process left it, if it is one that the interposed library could have
/// written: kind, call, processes, addresses and times are possible ones, and its numbers agree
/// with each other. Pure; both arguments are the caller's own copies. The program's name is left
/// empty.
std::optional<IoEvent> checked(const seamark_event& event, const Period& period);

/// Adds to a checked event what the kernel said after its call, unless `looked` names a look that
/// its kind has not.
void add_look(std::uint8_t looked, const seamark_look& look, IoEvent& event);

/// The line of an NSS key log that secrets are, without its end; nothing where they are none.
std::optional<std::string> key_log_line(const seamark_secret& secret);

}  // namespace seamark::trace
