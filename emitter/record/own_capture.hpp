// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace seamark::record {

/// As much of a file's beginning as is_own_capture() may need: a lab's settings stand before the
/// name of the program that wrote it.
inline constexpr std::size_t own_capture_beginning = 128 << 10;

/// Whether a file that begins with `bytes` is a pcapng that a program of ours wrote: the
/// application that its section header names is "seamark …" or "seamark/…". One that another
/// program merged or saved names that one. Bytes may be cut anywhere; nothing in them is trusted.
bool is_own_capture(std::string_view bytes);

}  // namespace seamark::record
