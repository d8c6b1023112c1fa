// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "command_line.hpp"
#include "record/record_mode.hpp"

namespace seamark {

/// --record calls|stamps|state|all: what is recorded beside each call. `to` must outlive the
/// command. Returns the option, which the command owns.
Option add_record_option(Command& command, record::RecordMode& to);

}  // namespace seamark
