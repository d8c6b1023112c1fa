// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace seamark::trace::kernel {

/// The inode number of a network namespace: of a process's, if the text is the number of one that
/// runs; of the one that a file stands for (/run/netns/NAME, /proc/N/ns/net); or the text itself,
/// as `net:[4026531840]` has it. Empty where there is none.
std::optional<std::uint32_t> network_of(const std::string& text);

}  // namespace seamark::trace::kernel
