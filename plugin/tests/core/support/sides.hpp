// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/stream/connection.hpp"

namespace seamark::test {

/// The two directions as the tests call them.
constexpr Side kClient = Side::kFirst;
constexpr Side kServer = Side::kSecond;

}  // namespace seamark::test
