// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collect/record.hpp"
#include "core/picture/lanes_page.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/picture_file.hpp"
#include "stats/statistic.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,page";
constexpr std::string_view kUsage = "seamark,page=FILE[,content][,FILTER]";

class LanesPage final : public Statistic {
  public:
    LanesPage(std::string file, bool content)
        : file_(std::move(file)), page_(open_picture_or_exit(file_)), content_(content) {}
    ~LanesPage() override { close(page_); }
    LanesPage(const LanesPage&) = delete;
    LanesPage& operator=(const LanesPage&) = delete;

    void write(const FrameFilter& keep) const override {
        for (const std::string& line : recorded().event_complaints()) complain(line);
        const auto entries = recorded().table();
        const LegPairs* legs = recorded().legs().final();
        const std::vector<Lanes> lanes = gather_lanes(entries, keep, legs);
        if (lanes.empty())
            complain(keep ? "seamark: no HTTP/1.x stream matches"
                          : "seamark: no HTTP/1.x stream in the capture");
        const auto stacks = stack_legs(entries, lanes, legs);
        PageChoice choice;
        choice.content = content_;
        const int error = write_picture(page_, [&](const LineSink& sink) {
            write_lanes_page(lanes, sink, stacks, choice, lane_table(), DelayBands(entries, legs));
        });
        if (error != 0) complain(picture_complaint(file_, error));
    }

  private:
    std::string file_;
    int page_;  // open from the start: what was found good is what is written
    bool content_;
};

ws::StatInitResult start_page(const char* argument, void*) {
    std::string_view rest = std::string_view(argument).substr(kName.size());
    if (!rest.starts_with('=')) refuse(argument, "not known; it is -z " + std::string(kUsage));
    rest.remove_prefix(1);
    std::string file(rest.substr(0, rest.find(',')));
    if (file.empty()) refuse(argument, "name the file to write, as in page=lanes.html");
    rest.remove_prefix(file.size());
    constexpr std::string_view kContent = ",content";
    const bool content = rest.starts_with(kContent) &&
                         (rest.size() == kContent.size() || rest[kContent.size()] == ',');
    if (content) rest.remove_prefix(kContent.size());
    const std::string_view filter = filter_of(rest, argument, kUsage);
    listen(std::make_unique<LanesPage>(std::move(file), content), argument, filter);
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

std::string write_temporary_page(FrameNumber frame, std::string& path) {
    const int page = open_temporary_page(path);
    if (page < 0) return picture_complaint(path, errno);
    const auto entries = recorded().table();
    const LegPairs* legs = recorded().legs().final();
    const std::vector<Lanes> lanes = gather_lanes(entries, {}, legs);
    const auto stacks = stack_legs(entries, lanes, legs);
    PageChoice choice;
    choice.frame = frame;
    const int error = write_picture(page, [&](const LineSink& sink) {
        write_lanes_page(lanes, sink, stacks, choice, lane_table(), DelayBands(entries, legs));
    });
    close(page);
    return error != 0 ? picture_complaint(path, error) : std::string();
}

void register_page() {
    registration::add_statistic(kName.data(), shell<start_page>);
}

}  // namespace seamark
