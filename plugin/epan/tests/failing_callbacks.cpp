// SPDX-License-Identifier: GPL-2.0-or-later
//
// In place of the plugin, for check_failures.py: callbacks in the shells of the plugin, and each
// throws. What it registers is what the plugin registers.
#include <stdexcept>
#include <string>

#include "platform/fields.hpp"
#include "platform/first_pass.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"

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

namespace seamark {
namespace {

/// Frame 1 fails in the first pass alone, frame 2 in each and with what is no std::exception, frame
/// 3 does in a later pass what only the first may do.
int dissect(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void*) noexcept {
    in_frame(pinfo, [&] {
        const std::string text = "planted in frame " + std::to_string(pinfo->num) + "\x1b";
        if (pinfo->num == 1 && !PINFO_FD_VISITED(pinfo)) throw std::runtime_error(text);
        if (pinfo->num == 2) throw 2;
    });
    if (pinfo->num == 3) assert_first_pass(pinfo);
    show_failure(tvb, pinfo, tree);
    return 0;
}

void begin() {
    throw std::runtime_error("planted at the begin");
}
tap_packet_status see(void*, packet_info* pinfo, epan_dissect_t*, const void*, tap_flags_t) {
    throw std::runtime_error("planted in the tap of frame " + std::to_string(pinfo->num));
}
void draw(void*) {
    throw std::runtime_error("planted in drawing");
}
void nothing(void*) {}

ws::StatInitResult start(const char*, void*) {
    GString* error = registration::listen(
        "frame", nullptr, nullptr, {shell<nothing>, shell<see>, shell<draw>, shell<nothing>});
    if (error != nullptr) throw std::runtime_error(error->str);
    return static_cast<ws::StatInitResult>(true);
}

void register_protocol() {
    fields::register_all();
    register_postdissector(registration::make_dissector(dissect, fields::proto));
    registration::at_begin(shell<begin>);
}
void register_taps() {
    registration::add_statistic("seamark,planted", shell<start>);
}
void hand_off() {
    throw std::runtime_error("planted in the hand-off");
}

}  // namespace
}  // namespace seamark

void plugin_register(void) {
    using namespace seamark;
    registration::add_plugin(shell<register_protocol>, shell<hand_off>, shell<register_taps>);
}

std::uint32_t plugin_describe(void) {
    return seamark::ws::kPluginKinds;
}
