// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plan/emit_options.hpp"

namespace seamark::plan {

// Events of a body, as text. Those that are made up depend on nothing but format, number and size:
//
//   sse       event: token LF id: 7 LF data: abcdef... LF LF
//   ndjson    {"event":7,"data":"abcdef..."} LF
//   json-seq  RS {"event":7,"data":"abcdef..."} LF
//
// The letters go through the alphabet again and again, so that an event has `size` bytes in all.
// In none of these formats may `format` be EventFormat::none.

/// The media type of such a body.
std::string_view content_type_of(EventFormat format);

/// Bytes that each event up to number `last` needs at least: one letter.
std::uint64_t least_event(EventFormat format, std::uint64_t last);

/// Puts `length` bytes, from `offset`, of event `number`, which has `size` bytes, at `at`; returns
/// the end of them. offset + length <= size; size is what least_event() says, or more.
char* put_event(char* at, EventFormat format, std::string_view number, std::uint64_t size,
                std::uint64_t offset, std::uint64_t length);

/// An event whose data is given: a line of data for each line of it where the format is sse, where
/// `name` and `id` are fields of their own unless they are empty; else a JSON text.
struct GivenEvent {
    std::string_view name;
    std::string_view id;
    std::string_view data;
};
/// Whether an event can have it as its data: of JSON, the bytes that set events apart are looked at
/// alone.
bool can_be_data(EventFormat format, std::string_view data);
std::string event_of(EventFormat format, const GivenEvent& event);

/// A comment of sse, which clients ignore: what keeps a connection alive.
std::string comment_of(std::string_view text);

}  // namespace seamark::plan
