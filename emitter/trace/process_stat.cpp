// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/process_stat.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include "plan/escaped.hpp"
#include "plan/number_text.hpp"

namespace seamark::trace {

std::optional<ProcessStat> stat_of(pid_t process) {
    // "123 (name) S 1 …", where the name may hold anything, line ends and brackets too.
    std::array<char, 512> bytes;
    std::ifstream file("/proc/" + std::to_string(process) + "/stat", std::ios::binary);
    file.read(bytes.data(), bytes.size());
    const std::string_view text(bytes.data(), static_cast<std::size_t>(file.gcount()));
    const auto from = text.find('(');
    const auto to = text.rfind(')');
    if (from >= to || to == std::string_view::npos || to + 4 >= text.size()) return std::nullopt;
    ProcessStat stat;
    stat.name = plan::printable(text.substr(from + 1, to - from - 1));
    stat.ended = text[to + 2] == 'Z' || text[to + 2] == 'X';
    std::string_view rest = text.substr(to + 4);
    stat.parent = plan::take_number<pid_t>(rest).value_or(0);
    return stat;
}

}  // namespace seamark::trace
