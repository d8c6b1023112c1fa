// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/printable.hpp"
#include "platform/items.hpp"
#include "platform/shown.hpp"

namespace seamark {

// libwireshark's functions that take text. Trees and items may be null, as there.
proto_item* add_text(proto_tree* tree, fields::Text field, Place place, Shown value);
/// item: where the new item goes, unless it is null.
proto_tree* add_subtree(proto_tree* tree, Place place, int kind, proto_item** item, Shown label);
void set_label(proto_item* item, Shown label);
void append_label(proto_item* item, Shown more);
void add_expert(packet_info* pinfo, proto_item* item, expert_field& kind, Shown message);
/// The expert info with the text that it was registered with.
void add_expert(packet_info* pinfo, proto_item* item, expert_field& kind);
void set_protocol_column(packet_info* pinfo, Shown text);
void set_info_column(packet_info* pinfo, Shown text);
/// Also what another dissector has set for good.
void replace_info_column(packet_info* pinfo, Shown text);
void append_info_column(packet_info* pinfo, Shown more);
void prepend_info_column(packet_info* pinfo, Shown more);
/// What stands behind this word, without blanks at its ends, where the column begins with the word;
/// of the column, so valid until that is changed.
std::optional<std::string_view> info_column_behind(packet_info* pinfo, std::string_view word);

/// Text outside of packets, likewise fit to be shown: of a statistic, or the lines of a window,
/// whose line feeds stay.
std::string shown_text(std::string_view bytes);
std::string shown_lines(std::string_view lines);
/// The same for a window that takes HTML: each line stays one line, however long it is.
std::string shown_unwrapped(std::string_view lines);
/// Writes a line and its end to a file; the file keeps errors.
void put_line(std::FILE* out, std::string_view line);
void put_printable_line(std::FILE* out, PrintableText line);
/// Says on standard error what is wrong.
void complain(std::string_view line);

}  // namespace seamark
