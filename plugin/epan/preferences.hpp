// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "wireshark.hpp"

/// What the user can set under Preferences, Protocols, Seamark (or tshark -o seamark.NAME:VALUE).
namespace seamark::preferences {

/// seamark.info_column: say in the Info column what a segment carries.
bool info_column();
/// seamark.waiting_kib: KiB that may wait behind missing bytes before these are given up; at
/// least 1.
std::uint64_t waiting_bytes();
/// seamark.frame_links: how many frames of a chunk the tree lists.
std::size_t frame_links();

void register_all();

}  // namespace seamark::preferences
