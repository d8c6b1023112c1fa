// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "plan/plan_lexer.hpp"
#include "plan/script.hpp"

namespace seamark::plan {

// A plan, one statement a line (or set apart by ";"):
//
//   plan      = [ framing ] [ events ] *statement
//   framing   = "framing" ( "chunked" / "length" / "close" / "raw" )
//   events    = "events" ( "sse" / "ndjson" / "json-seq" )
//   statement = "write" 1*item
//             / event                                 ; a write of its own
//             / "wait" duration                       ; 10ms, 500us, 2s
//             / ( "nodelay" / "cork" / "more" ) ( "on" / "off" )
//             / "repeat" number "{" *statement "}"
//             / "field" name text                     ; raw only, before the first write
//             / "close" / "reset"                     ; end the connection here
//   item      = number / text                         ; chunked: a whole chunk of these bytes
//             / "line" number / "data" ( number / text ) / "crlf"    ; chunked: its parts
//             / "last"                                ; chunked: the last chunk
//             / event                                 ; its bytes, as text is
//   event     = "event" ( number / [ "name" text ] [ "id" text ] text )
//             / "comment" text                        ; sse only
//
// Each `write` is one call. A number stands for so many bytes of data, made up as everywhere else;
// in a plan of events it is an event of so many bytes. Text stands as it is; after `event` it is
// an event's data. A plan that is chunked and does not end itself gets a last chunk in a write of
// its own.
//
// A plan that does nothing (empty, blanks, comments, repeats of nothing) is an error.
//
// What one plan may ask for: a text of 64 KiB; repeats 8 deep, each of up to 1,000,000 rounds; in
// all 10,000,000 statements carried out, 16 GiB and an hour of waits; 1000 items and 16 MiB a
// write.

inline constexpr std::size_t longest_plan = 65'536;

struct PlanError {
    Position at;
    std::string expected;  ///< goes on from "expected "
    std::string found;     ///< in words, or as it was written in quotes
};

/// "NAME:3:7: expected a number, found \"x\"."
std::string to_text(const PlanError& error, std::string_view name);

/// Reads a plan. `framing` overrides what the plan says, so that one plan can be tried in several;
/// with neither, it is `standard`.
std::variant<Script, PlanError> parse_plan(std::string_view text, std::optional<Framing> framing,
                                           Framing standard = Framing::chunked);

}  // namespace seamark::plan
