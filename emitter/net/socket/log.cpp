// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/log.hpp"

#include <cstdio>
#include <string>

namespace seamark::net {

void Log::note(std::string_view line) const {
    if (!quiet_) sink_(line);
}

void Log::warn(std::string_view line) const {
    sink_(line);
}

void to_standard_error(std::string_view line) {
    const std::string whole = std::string(line) + '\n';
    std::fwrite(whole.data(), 1, whole.size(), stderr);
}

}  // namespace seamark::net
