// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/statistic.hpp"

#include <cstdlib>
#include <utility>
#include <vector>

#include "collect/record.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"

namespace seamark {
namespace {

/// One of the command line. Lives until tshark ends.
struct Listening {
    std::unique_ptr<Statistic> statistic;
    bool filtered = false;
    std::vector<bool> matched;  // by frame number, where filtered

    bool keeps(FrameNumber frame) const {
        const auto number = static_cast<std::size_t>(frame);
        return number < matched.size() && matched[number];
    }
};

tap_packet_status note_match(void* data, packet_info* pinfo, epan_dissect_t*, const void*,
                             tap_flags_t) {
    auto& listening = *static_cast<Listening*>(data);
    if (!listening.filtered) return TAP_PACKET_DONT_REDRAW;
    if (pinfo->num >= listening.matched.size())
        listening.matched.resize(pinfo->num + std::size_t{1});
    listening.matched[pinfo->num] = true;
    return TAP_PACKET_DONT_REDRAW;
}

void reset(void* data) {
    static_cast<Listening*>(data)->matched.clear();
}

void write(void* data) {
    const auto& listening = *static_cast<Listening*>(data);
    recorded().finish();
    FrameFilter keep;
    if (listening.filtered) keep = [&](FrameNumber frame) { return listening.keeps(frame); };
    listening.statistic->write(keep);
}

/// When tshark ends. Not called for a listener that could not be registered.
void dispose(void* data) {
    delete static_cast<Listening*>(data);
}

}  // namespace

void listen(std::unique_ptr<Statistic> statistic, const char* argument, std::string_view filter) {
    auto listening = std::make_unique<Listening>();
    listening->statistic = std::move(statistic);
    listening->filtered = !filter.empty();
    // Our own tap makes us look at each frame; without a filter what is recorded is enough.
    GString* error =
        registration::listen(listening->filtered ? "seamark" : "frame", listening.get(),
                             listening->filtered ? std::string(filter).c_str() : nullptr,
                             {shell<reset>, shell<note_match>, shell<write>, shell<dispose>});
    if (error != nullptr) refuse(argument, error->str);
    static_cast<void>(listening.release());
}

std::string_view filter_of(std::string_view rest, const char* argument, std::string_view usage) {
    if (rest.empty()) return rest;
    if (rest.front() != ',') refuse(argument, "not known; it is -z " + std::string(usage));
    return rest.substr(1);
}

void refuse(const char* argument, std::string_view why) {
    complain(std::string("tshark: -z ") + argument + ": " + std::string(why));
    std::exit(1);
}

}  // namespace seamark
