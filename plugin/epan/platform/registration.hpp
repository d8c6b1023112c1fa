// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "platform/wireshark.hpp"

/// libwireshark's registrations, which no other file can name (wireshark.hpp). Each takes functions
/// that let no C++ exception out: shells (shell.hpp).
namespace seamark::registration {

using Routine = void (*)() noexcept;
using Dissect = int (*)(tvbuff_t*, packet_info*, proto_tree*, void*) noexcept;

/// When libwireshark registers protocols, when all are registered, and when it registers taps.
void add_plugin(Routine protocol, Routine hand_off, Routine taps);

/// When a capture is opened (or dissected anew), at the end of its first pass, and when it is
/// closed.
void at_begin(Routine routine);
void at_end_of_first_pass(Routine routine);
void at_close(Routine routine);

dissector_handle_t make_dissector(Dissect dissect, int proto);
/// A dissector that others find by name.
void name_dissector(const char* name, Dissect dissect, int proto);

/// A listener of the command line; its data is whatever data points at.
struct Listener {
    void (*reset)(void* data) noexcept;
    tap_packet_status (*packet)(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                                tap_flags_t) noexcept;
    void (*draw)(void* data) noexcept;
    void (*dispose)(void* data) noexcept;
};
/// What is wrong, in memory for g_string_free(); null where all is well. filter: may be null.
GString* listen(const char* tap, void* data, const char* filter, const Listener& listener);

/// -z NAME…; start gets all that follows -z.
void add_statistic(const char* name, ws::StatInitResult (*start)(const char*, void*) noexcept);

/// A table in a window of the GUI, and -z NAME.
struct Table {
    void (*start)(stat_tap_table_ui*) noexcept;
    tap_packet_status (*packet)(void*, packet_info*, epan_dissect_t*, const void*,
                                tap_flags_t) noexcept;
    void (*reset)(stat_tap_table*) noexcept;
    void (*free_item)(stat_tap_table*, unsigned row, unsigned column,
                      stat_tap_table_item_type*) noexcept;
};
void add_table(const char* title, const char* name, const char* tap,
               std::span<stat_tap_table_item> columns, const Table& table);

/// A tree of counts in a window of the GUI, and -z NAME,tree.
void add_counts(const char* tap, const char* name, const char* title,
                tap_packet_status (*packet)(stats_tree*, packet_info*, epan_dissect_t*, const void*,
                                            tap_flags_t) noexcept,
                void (*start)(stats_tree*) noexcept);

/// An entry of the menu Tools.
void add_menu(const char* name, void (*callback)(void*) noexcept);
/// An entry in a packet's own menu, called with the packet's fields (field_info), where Wireshark
/// has that: from 4.4.
void add_packet_menu(const char* name, void (*callback)(void*, GPtrArray* fields) noexcept);

}  // namespace seamark::registration
