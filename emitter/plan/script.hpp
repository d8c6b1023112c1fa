// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/emit_options.hpp"

namespace seamark::plan {

/// One item of a `write` statement.
struct ScriptItem {
    enum class Kind : std::uint8_t {
        chunk,      ///< chunked: a whole chunk; in other framings, data; an event likewise
        size_line,  ///< `line N`: the size line of a chunk of `length` bytes
        data,       ///< `data …`: bytes of the chunk that is open
        line_end,   ///< `crlf`: closes it
        last,       ///< `last`: the last chunk
    };
    Kind kind;
    std::uint64_t length = 0;
    std::string text = {};  ///< the bytes, where `literal`; else they are made up
    bool literal = false;
};

/// One statement of a plan. A repeat is two: its begin has the count, its end where the begin is.
struct ScriptStep {
    enum class Kind : std::uint8_t { write, wait, nodelay, cork, more, close, reset, repeat, end };
    Kind kind;
    std::vector<ScriptItem> items = {};  ///< of write
    std::chrono::microseconds pause{0};  ///< of wait
    bool on = false;                     ///< of nodelay, cork, more
    std::uint32_t count = 0;             ///< of repeat
    std::size_t begin = 0;               ///< of end
};

/// A plan as it was read: statements that are right by themselves and together, whose work is
/// bounded (parse_plan() says how).
struct Script {
    Framing framing = Framing::chunked;
    EventFormat events = EventFormat::none;  ///< bytes that are made up are an event an item
    std::vector<ScriptStep> steps;
    std::vector<NameValue> fields;  ///< of a raw response's head: `field` statements
    std::uint64_t data = 0;         ///< bytes of the body, size lines and CRLFs left out
    bool ended = false;             ///< the plan writes the last chunk itself, or closes or resets

    static constexpr std::size_t max_depth = 8;  ///< of repeats
};

}  // namespace seamark::plan
