// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collect/record.hpp"
#include "core/picture/lanes_svg.hpp"
#include "core/picture/timeline_svg.hpp"
#include "core/report/lanes_text.hpp"
#include "core/report/record_words.hpp"
#include "core/report/text_table.hpp"
#include "core/report/unread_words.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/next_steps.hpp"
#include "stats/output.hpp"
#include "stats/picture_file.hpp"
#include "stats/statistic.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,lanes";

/// What to write, and where.
struct Picture {
    std::string svg_file;  // empty: text on standard output
    int svg = -1;          // it is open from the start: what was found good is what is written
    Axis axis = Axis::kBytes;
};

/// 0, or errno.
int write_svg(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks,
              const DelayBands& delays, int picture, Axis axis) {
    return write_picture(picture, [&](const LineSink& sink) {
        if (axis == Axis::kTime) {
            write_timeline_svg(lanes, sink, stacks, lane_table(), delays);
        } else {
            write_lanes_svg(lanes, sink, stacks, lane_table(), delays);
        }
    });
}

class LanesPicture final : public Statistic {
  public:
    explicit LanesPicture(Picture picture) : picture_(std::move(picture)) {}

    ~LanesPicture() override {
        if (picture_.svg >= 0) close(picture_.svg);
    }
    LanesPicture(const LanesPicture&) = delete;
    LanesPicture& operator=(const LanesPicture&) = delete;

    void write(const FrameFilter& keep) const override {
        for (const std::string& line : recorded().event_complaints()) complain(line);
        const auto entries = recorded().table();
        const LegPairs* legs = recorded().legs().final();
        const std::vector<Lanes> lanes = gather_lanes(entries, keep, legs);
        const std::vector<StackedLegs> stacks = stack_legs(entries, lanes, legs);
        if (lanes.empty())
            complain(keep ? "seamark: no HTTP/1.x stream matches"
                          : "seamark: no HTTP/1.x stream in the capture");
        if (picture_.svg_file.empty()) {
            StandardOutput out;
            write_lanes_text(lanes, out.sink(), stacks);
            const LineSink wrapped = [&](std::string_view line) {
                write_wrapped(line, out.sink());
            };
            write_unread(entries, keep, wrapped);
            words::write_how_to_read(entries, keep, shell_steps(), wrapped);
            out.finish("the lanes");
        } else {
            const int error =
                write_svg(lanes, stacks, DelayBands(entries, legs), picture_.svg, picture_.axis);
            if (error != 0) complain(picture_complaint(picture_.svg_file, error));
        }
    }

  private:
    Picture picture_;
};

/// Takes ",svg=FILE" or ",svg-time=FILE" off the arguments. A file that cannot be written is
/// reported now, not when a long capture has been read.
void take_file(std::string_view& rest, Picture& picture, const char* argument) {
    constexpr std::string_view kSvg = ",svg=";
    constexpr std::string_view kTimeSvg = ",svg-time=";
    const bool time = rest.starts_with(kTimeSvg);
    if (!time && !rest.starts_with(kSvg)) return;
    picture.axis = time ? Axis::kTime : Axis::kBytes;
    rest.remove_prefix(time ? kTimeSvg.size() : kSvg.size());
    picture.svg_file = rest.substr(0, rest.find(','));
    rest.remove_prefix(picture.svg_file.size());
    if (picture.svg_file.empty()) refuse(argument, "name the file to write, as in svg=lanes.svg");
    picture.svg = open_picture_or_exit(picture.svg_file);
}

ws::StatInitResult start_lanes(const char* argument, void*) {
    std::string_view rest = std::string_view(argument).substr(kName.size());
    Picture picture;
    take_file(rest, picture, argument);
    listen(std::make_unique<LanesPicture>(std::move(picture)), argument,
           filter_of(rest, argument, "seamark,lanes[,svg=FILE|,svg-time=FILE][,FILTER]"));
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

std::string write_svg_file(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks,
                           const DelayBands& delays, const std::string& file, Axis axis) {
    const int picture = open_picture(file);
    if (picture < 0) return picture_complaint(file, errno);
    const int error = write_svg(lanes, stacks, delays, picture, axis);
    close(picture);
    return error != 0 ? picture_complaint(file, error) : std::string();
}

void register_lanes() {
    registration::add_statistic(kName.data(), shell<start_lanes>);
}

}  // namespace seamark
