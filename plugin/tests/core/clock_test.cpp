// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the times of a capture are worth.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/report/explain.hpp"
#include "core/report/lanes_text.hpp"
#include "support/feeder.hpp"

namespace seamark::clock_test {
namespace {

using namespace test;

const std::string kFive = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
constexpr std::int64_t kMilli = 1'000'000;

struct Said {
    std::string lanes;
    std::string page;
};
Said said(Feeder& feeder, unsigned frame) {
    feeder.finish();
    const std::vector<CaptureEntry> entries{
        {0, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
    Said out;
    const auto into = [](std::string& text) {
        return [&text](std::string_view line) { text.append(line).append(" "); };
    };
    write_lanes_text(gather_lanes(entries, {}), into(out.lanes), {});
    write_explanation(entries, FrameNumber{frame}, {}, into(out.page));
    return out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Clock, NoTimesAreShownWhereThereAreNone) {
    Feeder feeder;
    feeder.at(kServer, 0, kFive, {.time = {}});
    feeder.at(kServer, 38, "hello", {.time = {}});
    const Said out = said(feeder, 2);
    EXPECT_TRUE(feeder.connection().clock().missing());
    EXPECT_TRUE(has(out.lanes, "the capture has no times")) << out.lanes;
    EXPECT_TRUE(has(out.page, "(the capture has no times)")) << out.page;
    EXPECT_FALSE(has(out.page, " ms")) << out.page;
    EXPECT_EQ(feeder.connection().vantage(kServer), Vantage::kUnknown);
}

TEST(Clock, AStepBackIsSaid) {
    Feeder feeder;
    feeder.at(kServer, 0, kFive, {.time = 900 * kMilli});
    feeder.at(kServer, 38, "hel", {.time = 400 * kMilli});
    feeder.at(kServer, 41, "lo", {.time = 401 * kMilli});
    const Said out = said(feeder, 2);
    const Clock& clock = feeder.connection().clock();
    EXPECT_EQ(clock.stepped_back(FrameNumber{1}), 0);
    EXPECT_EQ(clock.stepped_back(FrameNumber{2}), 500 * kMilli);
    EXPECT_EQ(clock.stepped_back(FrameNumber{3}), 0);
    EXPECT_FALSE(clock.runs_on(FrameNumber{1}, FrameNumber{3}));
    EXPECT_TRUE(clock.runs_on(FrameNumber{2}, FrameNumber{3}));
    EXPECT_TRUE(has(out.lanes, "the clock steps back in frame 2, by 500.000 ms")) << out.lanes;
    EXPECT_TRUE(has(out.page, "The clock stepped back")) << out.page;
}

}  // namespace
}  // namespace seamark::clock_test
