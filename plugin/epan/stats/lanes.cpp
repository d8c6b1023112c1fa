// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/picture/timeline_svg.hpp"
#include "core/report/lanes_text.hpp"
#include "epan/collect/record.hpp"
#include "epan/platform/text.hpp"
#include "epan/stats/picture_file.hpp"
#include "epan/stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,lanes";

/// One -z seamark,lanes… of the command line. Lives until tshark ends.
struct LanesPicture {
    std::string svg_file;  // empty: text on standard output
    int svg = -1;          // it is open from the start: what was found good is what is written
    Axis axis = Axis::kBytes;
    bool filtered = false;
    std::vector<bool> matched;  // by frame number, where filtered

    LanesPicture() = default;
    LanesPicture(const LanesPicture&) = delete;
    LanesPicture& operator=(const LanesPicture&) = delete;
    ~LanesPicture() {
        if (svg >= 0) close(svg);
    }

    bool keeps(FrameNumber frame) const {
        const auto number = static_cast<std::size_t>(frame);
        return number < matched.size() && matched[number];
    }
};

tap_packet_status note_match(void* data, packet_info* pinfo, epan_dissect_t*, const void*,
                             tap_flags_t) {
    auto& picture = *static_cast<LanesPicture*>(data);
    if (pinfo->num >= picture.matched.size()) picture.matched.resize(pinfo->num + std::size_t{1});
    picture.matched[pinfo->num] = true;
    return TAP_PACKET_DONT_REDRAW;
}

void reset(void* data) {
    static_cast<LanesPicture*>(data)->matched.clear();
}

/// When tshark ends. Not called for a listener that could not be registered.
void dispose(void* data) {
    delete static_cast<LanesPicture*>(data);
}

/// A picture cannot be written: why, and what to do.
std::string complaint_of(const std::string& file, int error) {
    return "seamark: cannot write the picture to " + file + ": " + picture_problem(error) +
           "; name a file in a folder that exists and that you may write to (with -z, one without "
           "a comma)";
}

void draw_text(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks) {
    write_lanes_text(
        lanes, [](std::string_view line) { put_line(stdout, line); }, stacks);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        complain("seamark: the lanes could not be written whole: is the disk full?");
}

/// 0, or errno.
int write_svg(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks, int picture,
              Axis axis) {
    std::FILE* out = rewrite(picture);
    if (out == nullptr) return errno;
    const LineSink sink = [out](std::string_view line) { put_line(out, line); };
    if (axis == Axis::kTime) {
        write_timeline_svg(lanes, sink, stacks);
    } else {
        write_lanes_svg(lanes, sink, stacks);
    }
    const bool failed = std::ferror(out) != 0;
    return std::fclose(out) != 0 || failed ? errno : 0;
}

void draw_lanes(void* data) {
    const auto& picture = *static_cast<LanesPicture*>(data);
    recorded().finish();
    for (const std::string& line : recorded().event_complaints()) complain(line);
    const auto entries = recorded().table();
    const LegPairs* legs = recorded().legs().final();
    FrameFilter keep;
    if (picture.filtered) keep = [&](FrameNumber frame) { return picture.keeps(frame); };
    const std::vector<Lanes> lanes = gather_lanes(entries, keep, legs);
    const std::vector<StackedLegs> stacks = stack_legs(entries, lanes, legs);
    if (lanes.empty())
        complain(picture.filtered ? "seamark: no HTTP/1.x stream matches"
                                  : "seamark: no HTTP/1.x stream in the capture");
    if (picture.svg_file.empty()) {
        draw_text(lanes, stacks);
    } else {
        const int error = write_svg(lanes, stacks, picture.svg, picture.axis);
        if (error != 0) complain(complaint_of(picture.svg_file, error));
    }
}

/// Takes ",svg=FILE" or ",svg-time=FILE" off the arguments. A file that cannot be written is told
/// now, not when a long capture has been read.
void take_file(std::string_view& rest, LanesPicture& picture, const char* argument) {
    constexpr std::string_view kSvg = ",svg=";
    constexpr std::string_view kTimeSvg = ",svg-time=";
    const bool time = rest.starts_with(kTimeSvg);
    if (!time && !rest.starts_with(kSvg)) return;
    picture.axis = time ? Axis::kTime : Axis::kBytes;
    rest.remove_prefix(time ? kTimeSvg.size() : kSvg.size());
    picture.svg_file = rest.substr(0, rest.find(','));
    rest.remove_prefix(picture.svg_file.size());
    if (picture.svg_file.empty()) {
        complain(std::string("tshark: -z ") + argument +
                 ": name the file to write, as in svg=lanes.svg");
        std::exit(1);
    }
    picture.svg = open_picture(picture.svg_file);
    if (picture.svg < 0) {
        complain(complaint_of(picture.svg_file, errno));
        std::exit(1);
    }
}

ws::StatInitResult start_lanes(const char* argument, void*) {
    std::string_view rest = std::string_view(argument).substr(kName.size());
    auto* picture = new LanesPicture;
    take_file(rest, *picture, argument);
    if (!rest.empty() && rest.front() != ',') {
        complain(std::string("tshark: -z ") + argument +
                 ": not known; it is -z seamark,lanes[,svg=FILE|,svg-time=FILE][,FILTER]");
        std::exit(1);
    }
    std::string filter;
    if (!rest.empty()) filter = rest.substr(1);
    picture->filtered = !filter.empty();
    GString* error =
        register_tap_listener("seamark", picture, filter.empty() ? nullptr : filter.c_str(), 0,
                              reset, note_match, draw_lanes, dispose);
    if (error != nullptr) {
        complain(std::string("tshark: -z ") + argument + ": " + error->str);
        g_string_free(error, TRUE);
        delete picture;
        std::exit(1);
    }
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

std::string write_svg_file(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks,
                           const std::string& file, Axis axis) {
    const int picture = open_picture(file);
    if (picture < 0) return complaint_of(file, errno);
    const int error = write_svg(lanes, stacks, picture, axis);
    close(picture);
    return error != 0 ? complaint_of(file, error) : std::string();
}

void register_lanes() {
    static stat_tap_ui ui = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, nullptr, kName.data(), start_lanes, 0, nullptr};
    register_stat_tap_ui(&ui, nullptr);
}

}  // namespace seamark
