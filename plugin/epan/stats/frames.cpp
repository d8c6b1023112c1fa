// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json_writer.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "stats/output.hpp"
#include "stats/statistic.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,frames";

/// One of the command line. Lives until tshark ends.
struct MatchingFrames {
    std::string filter;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;  // first and last, ascending
};

tap_packet_status note_match(void* data, packet_info* pinfo, epan_dissect_t*, const void*,
                             tap_flags_t) {
    auto& runs = static_cast<MatchingFrames*>(data)->runs;
    if (runs.empty() || runs.back().second + 1 < pinfo->num) {
        runs.emplace_back(pinfo->num, pinfo->num);
    } else if (runs.back().second < pinfo->num) {
        runs.back().second = pinfo->num;
    }
    return TAP_PACKET_DONT_REDRAW;
}

void reset(void* data) {
    static_cast<MatchingFrames*>(data)->runs.clear();
}

/// When tshark ends. Not called for a listener that could not be registered.
void dispose(void* data) {
    delete static_cast<MatchingFrames*>(data);
}

void write(void* data) {
    const auto& matching = *static_cast<MatchingFrames*>(data);
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    json.field<"filter">(matching.filter);
    json.key<"frames">();
    json.begin_array();
    for (const auto& [first, last] : matching.runs) {
        json.begin_array();
        json.number(first);
        json.number(last);
        json.end_array();
    }
    json.end_array();
    json.end_object();
    StandardOutput out;
    out.printable_sink()(json.written());
    out.finish("the frames");
}

ws::StatInitResult start(const char* argument, void*) {
    const std::string_view rest = std::string_view(argument).substr(kName.size());
    auto matching = std::make_unique<MatchingFrames>();
    matching->filter = filter_of(rest, argument, "seamark,frames[,FILTER]");
    // Wireshark's tap of all frames: a filter may be about those that carry no byte of a stream.
    GString* error = registration::listen(
        "frame", matching.get(), matching->filter.empty() ? nullptr : matching->filter.c_str(),
        {shell<reset>, shell<note_match>, shell<write>, shell<dispose>});
    if (error != nullptr) refuse(argument, error->str);
    static_cast<void>(matching.release());
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

void register_matching_frames() {
    registration::add_statistic(kName.data(), shell<start>);
}

}  // namespace seamark
