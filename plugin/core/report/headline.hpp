// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/cause/verdict.hpp"

namespace seamark::words {

/// What the verdicts of one segment say, where a line has room for a few words: "19 writes merged
/// (Nagle, known)", "write 2 cut (MSS, known), its rest waited (congestion window, known)". Empty
/// where nothing was merged, held or cut, and where no recorded write says more than that a segment
/// is a full packet, or ends where the sender had no more.
/// writes: of how many the segment has bytes, at least, for where tags alone tell of merging.
std::string headline(std::span<const Verdict> verdicts, std::uint64_t writes);

}  // namespace seamark::words
