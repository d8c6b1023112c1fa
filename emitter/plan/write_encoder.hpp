// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "plan/write_plan.hpp"

namespace seamark::plan {

/// Appends the bytes of `write`, which is about to be handed to the kernel as write `index` of its
/// connection. With `tag`, each chunk says by which writes it is carried, as planned from here on:
/// a short write that comes later makes a range that is already out wrong, and only the chunks
/// behind it right again.
void append_write(std::string& out, const PlannedWrite& write, std::uint64_t index, bool tag);

}  // namespace seamark::plan
