// SPDX-License-Identifier: GPL-2.0-or-later
// Another plugin that wraps TCP the way ours does, for tests: does each of them still get every
// segment, whichever comes first? NAME (a string) keeps copies apart. It stands for a stranger's
// plugin, so it includes Wireshark's headers itself.
#include <stdint.h>
#include <wireshark.h>

#include <epan/packet.h>
#include <ws_version.h>

WS_DLL_PUBLIC_DEF const char plugin_version[] = "0";
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC_DEF void plugin_register(void);
WS_DLL_PUBLIC_DEF uint32_t plugin_describe(void);

enum { TCP = 6 };

static int wrapper = -1;
static dissector_handle_t next;

static int wrap(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    // A line in the tree, so that a test sees that it was called, and where.
    proto_tree_add_protocol_format(tree, wrapper, tvb, 0, 0, "%s", NAME);
    return call_dissector_only(next, tvb, pinfo, tree, data);
}

static void register_wrapper(void)
{
    wrapper = proto_register_protocol_in_name_only("TCP (" NAME ")", NAME, NAME,
                                                   proto_get_id_by_filter_name("tcp"), FT_PROTOCOL);
}

static void hand_off(void)
{
    next = dissector_get_uint_handle(find_dissector_table("ip.proto"), TCP);
    dissector_add_uint("ip.proto", TCP, create_dissector_handle(wrap, wrapper));
}

void plugin_register(void)
{
    static proto_plugin protocol;
    protocol.register_protoinfo = register_wrapper;
    protocol.register_handoff = hand_off;
    proto_register_plugin(&protocol);
}

uint32_t plugin_describe(void)
{
    return 1;  // a dissector, as from 4.2 on is asked for
}
