// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// The one file that includes libwireshark's headers, and the one that knows what differs between
// versions 4.0 and 4.6.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

// Outside of extern "C": from 4.4 it includes C++ templates.
#include <wireshark.h>

extern "C" {
#include <epan/column-utils.h>
#include <epan/conversation.h>
#include <epan/dissectors/packet-ip.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-tls-utils.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/funnel.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/stat_groups.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/tvbuff.h>
#include <wiretap/wtap.h>
#include <ws_version.h>
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif
#include <wsutil/report_message.h>
}

namespace seamark::ws {

template <typename Module, typename Value>
Value pointee(void (*)(Module*, const char*, const char*, const char*, Value*));
/// What a boolean preference is kept in: gboolean up to 4.2, bool from 4.4.
using PreferenceBool = decltype(pointee(&prefs_register_bool_preference));

/// What the start of a -z statistic returns: nothing up to 4.4, bool from 4.6.
using StatInitResult = std::invoke_result_t<stat_tap_init_cb, const char*, void*>;

/// What separates the levels of a statistics menu: "/" up to 4.2, "//" from 4.4.
#ifdef STATS_TREE_MENU_SEPARATOR
inline constexpr char kMenuSeparator[] = STATS_TREE_MENU_SEPARATOR;
#else
inline constexpr char kMenuSeparator[] = "/";
#endif

#ifdef WS_PLUGIN_DESC_DISSECTOR
inline constexpr unsigned kPluginKinds = WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
#else
inline constexpr unsigned kPluginKinds = 0;
#endif

/// Whether windows of the funnel may be opened again and again. In 4.4 (Debian 13, Qt 6.8) a window
/// that is opened after one was closed has crashed Wireshark inside QWidget::setWindowTitle, in
/// Qt's accessibility: seen with Wireshark's own dialog on the stack, before any code of ours.
#if WIRESHARK_VERSION_MAJOR > 4 || WIRESHARK_VERSION_MINOR >= 4
inline constexpr bool kWindowsAreSafe = false;
#else
inline constexpr bool kWindowsAreSafe = true;
#endif

template <typename TreeData>
concept CountsIdleItems = requires(TreeData data) {
    data.start_idle_count;
};
/// From 4.6 libwireshark takes 50,000 items, of which none begins after all before, for an endless
/// loop; and a post-dissector comes when others have reached the end.
inline constexpr bool kCountsIdleItems = CountsIdleItems<tree_data_t>;

/// How many there are by now; 0 up to 4.4.
template <typename TreeData>
unsigned idle_items(const TreeData& data) {
    if constexpr (CountsIdleItems<TreeData>)
        return static_cast<unsigned>(data.start_idle_count);
    else
        return 0;
}

/// Called with the fields (field_info) of the packet whose menu was used.
using PacketMenuCallback = void (*)(void*, GPtrArray*);
/// An entry in a packet's own menu, where Wireshark has that: from 4.4.
inline void register_packet_menu(const char* name, PacketMenuCallback callback) {
#if WIRESHARK_VERSION_MAJOR > 4 || WIRESHARK_VERSION_MINOR >= 4
    funnel_register_packet_menu(name, "frame.number", callback, nullptr, false);
#else
    static_cast<void>(name);
    static_cast<void>(callback);
#endif
}

/// A field has its value within in 4.0, and points at it from 4.4 on.
template <typename Value>
std::uint32_t unsigned_value(Value& value) {
    if constexpr (std::is_pointer_v<Value>)
        return fvalue_get_uinteger(value);
    else
        return fvalue_get_uinteger(&value);
}

/// The frame number among a packet's fields.
inline std::optional<std::uint32_t> frame_number(const GPtrArray* fields) {
    for (unsigned i = 0; i < fields->len; ++i) {
        const auto* field = static_cast<const field_info*>(fields->pdata[i]);
        if (std::strcmp(field->hfinfo->abbrev, "frame.number") != 0) continue;
        return unsigned_value(const_cast<field_info*>(field)->value);
    }
    return std::nullopt;
}

/// A TLS record that Wireshark decrypted. The bytes live as long as the capture.
struct Decrypted {
    std::uint8_t type;  // content type inside the encryption
    const std::uint8_t* plaintext;
    std::size_t length;
    // Where what follows the record's header stands in the frame, or, of a record of several
    // segments, in what was put together of them.
    std::int64_t at;
};

/// Calls visit(Decrypted) for each that this packet completed, in its order. The structures grew
/// from 4.0 to 4.6, so that they are never copied.
template <typename Visit>
void each_decrypted(packet_info* pinfo, Visit visit) {
    // Each record that is decrypted makes a tab; of nearly all packets there is that of the frame
    // alone.
    if (pinfo->data_src == nullptr || pinfo->data_src->next == nullptr) return;
    static const int proto_tls = proto_get_id_by_filter_name("tls");
    // What a call of TLS left is found by a number. 4.0 counts those calls, from 0. If a release
    // counts all layers, it is at most so many. From 4.2 on, what is left of a segment after a
    // record that began earlier is a call of its own.
    int calls = 0;
    int layers = 0;
    for (auto* layer = wmem_list_head(pinfo->layers); layer != nullptr;
         layer = wmem_list_frame_next(layer), ++layers)
        if (GPOINTER_TO_INT(wmem_list_frame_data(layer)) == proto_tls) ++calls;
    const int most = std::max<int>(pinfo->curr_layer_num, layers) + 2;
    // Each number costs a search.
    for (int number = 0; number <= most && calls > 0; ++number) {
        const auto* info = static_cast<const SslPacketInfo*>(
            p_get_proto_data(wmem_file_scope(), pinfo, proto_tls, static_cast<guint32>(number)));
        if (info == nullptr) continue;
        --calls;
        for (const SslRecordInfo* record = info->records; record != nullptr; record = record->next)
            visit(Decrypted{static_cast<std::uint8_t>(record->type),
                            static_cast<const std::uint8_t*>(record->plain_data),
                            static_cast<std::size_t>(record->data_len),
                            static_cast<std::int64_t>(record->id)});
    }
}

/// The byte tab of a record that was decrypted; null where it has none.
inline tvbuff_t* tab_of(packet_info* pinfo, const Decrypted& decrypted) {
    for (GSList* source = pinfo->data_src; source != nullptr; source = source->next) {
        tvbuff_t* tvb = get_data_source_tvb(static_cast<struct data_source*>(source->data));
        if (decrypted.length > 0 && tvb_captured_length(tvb) == decrypted.length &&
            tvb_get_ptr(tvb, 0, 1) == decrypted.plaintext)
            return tvb;
    }
    return nullptr;
}

/// The section of the file (of pcapng) that a packet is in, from 0.
inline unsigned section_number(const packet_info* pinfo) {
    const bool known = (pinfo->rec->presence_flags & WTAP_HAS_SECTION_NUMBER) != 0;
    return known ? pinfo->rec->section_number : 0;
}

/// Tells the interfaces of a file apart, those of its sections, too: below 2^24, and not 0; 0: the
/// capture does not say. Of more than 65,534 in a section, or 256 sections, some have one number.
inline std::uint32_t interface_number(const packet_info* pinfo) {
    if ((pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) == 0) return 0;
    const std::uint32_t id = pinfo->rec->rec_header.packet_header.interface_id;
    return (section_number(pinfo) & 0xffU) << 16U | ((id + 1) & 0xffffU);
}

/// What the capture file calls an interface of one of its sections; empty: nothing. Valid until the
/// next call. 4.0 has one list of interfaces for all sections.
template <typename Session>
std::string_view interface_name(const Session* session, std::uint32_t interface, unsigned section) {
    const char* name = nullptr;
    if constexpr (requires { epan_get_interface_name(session, interface, section); })
        name = epan_get_interface_name(session, interface, section);
    else
        name = epan_get_interface_name(session, interface);
    // What Wireshark says of one without a name.
    constexpr std::string_view kNone = "unknown";
    return name == nullptr || name == kNone ? std::string_view{} : std::string_view(name);
}

/// Wireshark's own start values abort in 4.0 when they are 0.
inline constexpr int kUnregistered = -1;

}  // namespace seamark::ws

// Text goes to libwireshark through text.hpp, which takes none but that which is fit to be shown;
// fields through items.hpp, which takes a field of the right type only; callbacks through
// registration.hpp, which takes none that a C++ exception may leave.
#ifndef SEAMARK_WRAPS_LIBWIRESHARK
#pragma GCC poison proto_tree_add_string proto_tree_add_string_format
#pragma GCC poison proto_tree_add_string_format_value proto_tree_add_protocol_format
#pragma GCC poison proto_tree_add_subtree proto_tree_add_subtree_format
#pragma GCC poison proto_item_set_text proto_item_append_text proto_item_prepend_text
#pragma GCC poison expert_add_info expert_add_info_format
#pragma GCC poison col_set_str col_add_str col_add_lstr col_add_fstr col_append_str col_append_lstr
#pragma GCC poison col_append_fstr col_append_sep_str col_append_sep_fstr col_prepend_fstr
#pragma GCC poison tvb_format_text tvb_format_text_wsp tvb_get_string_enc tvb_get_stringz_enc
#pragma GCC poison proto_tree_add_item proto_tree_add_uint proto_tree_add_uint64 proto_tree_add_int
#pragma GCC poison proto_tree_add_boolean proto_tree_add_time proto_tree_add_bytes
#pragma GCC poison proto_register_plugin tap_register_plugin
#pragma GCC poison register_init_routine register_cleanup_routine register_postseq_cleanup_routine
#pragma GCC poison create_dissector_handle register_dissector register_tap_listener
#pragma GCC poison register_stat_tap_ui register_stat_tap_table_ui stats_tree_register_plugin
#pragma GCC poison funnel_register_menu funnel_register_packet_menu
#endif
