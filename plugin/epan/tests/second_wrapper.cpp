// SPDX-License-Identifier: GPL-2.0-or-later
//
// Another plugin that wraps TCP the way ours does, for tests: does each of them still get every
// segment, whichever comes first? NAME (a string) keeps copies apart. Of Seamark it has nothing but
// the header that includes libwireshark's.
#define SEAMARK_WRAPS_LIBWIRESHARK  // wireshark.hpp
#include "platform/wireshark.hpp"

// In C++ a const object has internal linkage unless it was declared extern first.
extern "C" {
extern WS_DLL_PUBLIC_DEF const char plugin_version[];
extern WS_DLL_PUBLIC_DEF const int plugin_want_major;
extern WS_DLL_PUBLIC_DEF const int plugin_want_minor;
WS_DLL_PUBLIC_DEF void plugin_register(void);
WS_DLL_PUBLIC_DEF std::uint32_t plugin_describe(void);

const char plugin_version[] = "0";
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
}

namespace {

constexpr std::uint32_t kTcp = 6;

int wrapper = -1;
dissector_handle_t next;

int wrap(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data) {
    // A line in the tree, so that a test sees that it was called, and where.
    proto_tree_add_protocol_format(tree, wrapper, tvb, 0, 0, "%s", NAME);
    return call_dissector_only(next, tvb, pinfo, tree, data);
}

void register_wrapper() {
    wrapper = proto_register_protocol_in_name_only("TCP (" NAME ")", NAME, NAME,
                                                   proto_get_id_by_filter_name("tcp"), FT_PROTOCOL);
}

void hand_off() {
    next = dissector_get_uint_handle(find_dissector_table("ip.proto"), kTcp);
    dissector_add_uint("ip.proto", kTcp, create_dissector_handle(wrap, wrapper));
}

}  // namespace

void plugin_register(void) {
    static proto_plugin protocol;
    protocol.register_protoinfo = register_wrapper;
    protocol.register_handoff = hand_off;
    proto_register_plugin(&protocol);
}

std::uint32_t plugin_describe(void) {
    return seamark::ws::kPluginKinds;
}
