// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace seamark::net {

/// Asks for as many descriptors as this process may have, each connection being one: the limit that
/// programs start with is often 1024, for the sake of select(). How many that are.
std::uint64_t raise_open_files();

}  // namespace seamark::net
