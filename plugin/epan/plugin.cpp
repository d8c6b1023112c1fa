// SPDX-License-Identifier: GPL-2.0-or-later
// What libwireshark looks for in a plugin, and the post-dissector that drives observe, record,
// draw.

#include "codec/codec.hpp"
#include "collect/observe.hpp"
#include "collect/record.hpp"
#include "platform/preferences.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "stats/menus.hpp"
#include "stats/stats.hpp"
#include "tree/draw.hpp"
#include "tree/draw_cause.hpp"
#include "tree/event_packet.hpp"
#include "tree/info_column.hpp"

// In C++ a const object has internal linkage unless it was declared extern first.
extern "C" {
extern WS_DLL_PUBLIC_DEF const char plugin_version[];
extern WS_DLL_PUBLIC_DEF const int plugin_want_major;
extern WS_DLL_PUBLIC_DEF const int plugin_want_minor;
WS_DLL_PUBLIC_DEF void plugin_register(void);
WS_DLL_PUBLIC_DEF std::uint32_t plugin_describe(void);

const char plugin_version[] = SEAMARK_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
}

namespace seamark {
namespace {

int tap_id = 0;

/// Who wants to see the packet. Recording goes on where no one does.
struct Wanted {
    bool tree;
    bool experts;
    bool column;
    bool tap;
    bool any() const { return tree || experts || column || tap; }
};

Wanted wanted(packet_info* pinfo, proto_tree* tree) {
    static const int proto_expert = proto_get_id_by_filter_name("_ws.expert");
    static const int expert_tap = find_tap_id("expert");
    Wanted want{};
    want.tree = tree != nullptr && (proto_field_is_referenced(tree, fields::proto) ||
                                    proto_field_is_referenced(tree, proto_expert));
    want.experts = have_tap_listener(expert_tap);
    want.column = pinfo->cinfo != nullptr && preferences::info_column() &&
                  col_get_writable(pinfo->cinfo, COL_INFO);
    want.tap = have_tap_listener(tap_id);
    return want;
}

void show(packet_info* pinfo, proto_tree* tree, const ObservedSegment* seen) {
    // Reused, so that a longjmp out of drawing loses nothing and no packet allocates.
    static FrameView view;
    const Wanted want = wanted(pinfo, tree);
    if (!want.any()) return;
    view.build(pinfo, seen, recorded());
    forget_causes();
    if (!view.empty() && (want.tree || want.experts)) draw(pinfo, want.tree ? tree : nullptr, view);
    if (!view.empty() && want.column) write_info_column(pinfo, view);
    if (want.tap) {
        // A filter of the chunk table may match a frame whose bytes are understood only later.
        auto* tapped = wmem_new(pinfo->pool, TapRecord);
        tapped->view = &view;
        tap_queue_packet(tap_id, pinfo, tapped);
    }
}

/// The last shell of a frame, which shows what failed in any of them.
int dissect(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void*) noexcept {
    const ObservedSegment* seen = observed_segments(pinfo);
    in_frame(pinfo, [&] {
        record(pinfo, seen);
        if (is_visible(tree))
            recorded().note_drawn(FrameNumber{pinfo->num},
                                  seen != nullptr ? recorded().find(pinfo, *seen) : nullptr);
        if (seen != nullptr) show(pinfo, tree, seen);
    });
    show_failure(tvb, pinfo, tree);
    return seen != nullptr ? static_cast<int>(tvb_captured_length(tvb)) : 0;
}

void register_protocol() {
    fields::register_all();
    fields::proto_observer = proto_register_protocol_in_name_only(
        "TCP (Seamark observer)", "TCP (Seamark)", "seamark_tcp",
        proto_get_id_by_filter_name("tcp"), FT_PROTOCOL);
    preferences::register_all();
    register_event_dissector();
    install_recorder(codec::make_decoder);
    tap_id = register_tap("seamark");
    register_postdissector(registration::make_dissector(dissect, fields::proto));
}

void register_taps() {
    register_row_tables();
    register_matching_frames();
    register_lanes();
    register_page();
    register_explanation();
    register_stats_tree();
    register_chunk_list();
    register_menus();
}

}  // namespace
}  // namespace seamark

void plugin_register(void) {
    using namespace seamark;
    registration::add_plugin(shell<register_protocol>, shell<install_observer>,
                             shell<register_taps>);
}

std::uint32_t plugin_describe(void) {
    return seamark::ws::kPluginKinds;
}
