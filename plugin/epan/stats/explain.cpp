// SPDX-License-Identifier: GPL-2.0-or-later
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/report/explain.hpp"
#include "epan/collect/record.hpp"
#include "epan/platform/text.hpp"
#include "epan/stats/next_steps.hpp"
#include "epan/stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,explain";

/// One -z seamark,explain,FRAME of the command line. Lives until tshark ends.
struct Explanation {
    FrameNumber frame = FrameNumber::kNone;
};

tap_packet_status see_nothing(void*, packet_info*, epan_dissect_t*, const void*, tap_flags_t) {
    return TAP_PACKET_DONT_REDRAW;
}

void draw_page(void* data) {
    recorded().finish();
    write_explanation(recorded().table(), static_cast<Explanation*>(data)->frame, shell_steps(),
                      [](std::string_view line) { put_line(stdout, line); });
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        complain("seamark: the page could not be written whole: is the disk full?");
}

ws::StatInitResult start_page(const char* argument, void*) {
    const std::string_view rest = std::string_view(argument).substr(kName.size());
    const auto frame = rest.starts_with(',') ? parse_frame(rest.substr(1)) : std::nullopt;
    if (!frame) {
        complain(std::string("tshark: -z ") + argument +
                 ": name a frame by its number, counted from 1, as in -z seamark,explain,31");
        std::exit(1);
    }
    auto* page = new Explanation{*frame};
    GString* error = register_tap_listener("seamark", page, nullptr, 0, nullptr, see_nothing,
                                           draw_page, nullptr);
    if (error != nullptr) {
        complain(std::string("tshark: -z ") + argument + ": " + error->str);
        std::exit(1);
    }
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

std::optional<FrameNumber> parse_frame(std::string_view digits) {
    std::uint32_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stop != end || number == 0) return std::nullopt;
    return FrameNumber{number};
}

void register_explanation() {
    static stat_tap_ui ui = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, nullptr, kName.data(), start_page, 0, nullptr};
    register_stat_tap_ui(&ui, nullptr);
}

}  // namespace seamark
