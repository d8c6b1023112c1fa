// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace seamark::record {

/// What is recorded of each call, and so what it costs: docs/emitter.md has the figures.
struct RecordMode {
    bool state = false;   ///< the kernel's state right after each write and read
    bool stamps = false;  ///< when the kernel queued, sent and saw acknowledged what was written

    static constexpr std::array<std::string_view, 4> names{"calls", "stamps", "state", "all"};
    /// Empty where the text is none of the names.
    static constexpr std::optional<RecordMode> parse(std::string_view name) {
        if (name == "calls") return RecordMode{};
        if (name == "stamps") return RecordMode{.stamps = true};
        if (name == "state") return RecordMode{.state = true};
        if (name == "all") return RecordMode{.state = true, .stamps = true};
        return std::nullopt;
    }
};

}  // namespace seamark::record
