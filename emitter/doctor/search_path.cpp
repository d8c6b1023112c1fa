// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/search_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace seamark::doctor {

std::string found_on_path(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
    while (!rest.empty()) {
        const auto end = std::min(rest.find(':'), rest.size());
        const std::filesystem::path file = std::filesystem::path(rest.substr(0, end)) / name;
        rest.remove_prefix(std::min(end + 1, rest.size()));
        std::error_code ignored;
        if (std::filesystem::is_regular_file(file, ignored)) return file.string();
    }
    return {};
}

}  // namespace seamark::doctor
