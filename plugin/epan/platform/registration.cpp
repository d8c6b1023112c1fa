// SPDX-License-Identifier: GPL-2.0-or-later
#define SEAMARK_WRAPS_LIBWIRESHARK  // wireshark.hpp
#include "platform/registration.hpp"

namespace seamark::registration {
namespace {

/// What libwireshark keeps a pointer to for as long as it runs.
template <typename Kept>
Kept* kept() {
    return wmem_new0(wmem_epan_scope(), Kept);
}

}  // namespace

void add_plugin(Routine protocol, Routine hand_off, Routine taps) {
    // Before there is an epan scope.
    static proto_plugin proto;
    proto.register_protoinfo = protocol;
    proto.register_handoff = hand_off;
    proto_register_plugin(&proto);
    static tap_plugin tap;
    tap.register_tap_listener = taps;
    tap_register_plugin(&tap);
}

void at_begin(Routine routine) {
    register_init_routine(routine);
}
void at_end_of_first_pass(Routine routine) {
    register_postseq_cleanup_routine(routine);
}
void at_close(Routine routine) {
    register_cleanup_routine(routine);
}

dissector_handle_t make_dissector(Dissect dissect, int proto) {
    return create_dissector_handle(dissect, proto);
}

void name_dissector(const char* name, Dissect dissect, int proto) {
    register_dissector(name, dissect, proto);
}

GString* listen(const char* tap, void* data, const char* filter, const Listener& listener) {
    return register_tap_listener(tap, data, filter, 0, listener.reset, listener.packet,
                                 listener.draw, listener.dispose);
}

void add_statistic(const char* name, ws::StatInitResult (*start)(const char*, void*) noexcept) {
    auto* ui = kept<stat_tap_ui>();
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->cli_string = name;
    ui->tap_init_cb = start;
    register_stat_tap_ui(ui, nullptr);
}

void add_table(const char* title, const char* name, const char* tap,
               std::span<stat_tap_table_item> columns, const Table& table) {
    auto* ui = kept<stat_tap_table_ui>();
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->title = title;
    ui->tap_name = tap;
    ui->cli_string = name;
    ui->stat_tap_init_cb = table.start;
    ui->packet_func = table.packet;
    ui->stat_tap_reset_table_cb = table.reset;
    ui->stat_tap_free_table_item_cb = table.free_item;
    ui->nfields = columns.size();
    ui->fields = columns.data();
    register_stat_tap_table_ui(ui);
}

void add_counts(const char* tap, const char* name, const char* title,
                tap_packet_status (*packet)(stats_tree*, packet_info*, epan_dissect_t*, const void*,
                                            tap_flags_t) noexcept,
                void (*start)(stats_tree*) noexcept) {
    stats_tree_register_plugin(tap, name, title, 0, packet, start, nullptr);
}

void add_menu(const char* name, void (*callback)(void*) noexcept) {
    funnel_register_menu(name, REGISTER_TOOLS_GROUP_UNSORTED, callback, nullptr, nullptr, FALSE);
}

void add_packet_menu(const char* name, void (*callback)(void*, GPtrArray*) noexcept) {
    ws::register_packet_menu(name, callback);
}

}  // namespace seamark::registration
