// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/network_of.hpp"

#include <sys/stat.h>

#include "plan/number_text.hpp"

namespace seamark::trace::kernel {

std::optional<std::uint32_t> network_of(const std::string& text) {
    constexpr std::uint32_t kLeastNamespace = 0xf000'0000;  // above all numbers of processes
    const auto number = plan::read_number<std::uint32_t>(text);
    if (number && *number >= kLeastNamespace) return *number;
    const std::string path = number ? "/proc/" + text + "/ns/net" : text;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return static_cast<std::uint32_t>(status.st_ino);
}

}  // namespace seamark::trace::kernel
