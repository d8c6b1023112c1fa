// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/lanes_page.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/four_lanes.hpp"

namespace seamark::lanes_page_test {
namespace {

using namespace test;

constexpr LaneKind kSealed{200};
constexpr LaneNames kNames{"sealed", "sealed", "sealed", "sealed"};

std::string_view look(const LanePiece&) {
    return "other";
}
std::string label(const Lanes&, const LanePiece& piece) {
    return "</script> " + std::to_string(piece.as<ListedPiece>().index);
}
std::string cell(const Lanes& lanes, const LanePiece& piece, ByteRange, bool) {
    return label(lanes, piece);
}
std::string leg_cell(const Lanes& lanes, const LanePiece& piece, bool) {
    return label(lanes, piece);
}

std::string page_of(const std::vector<Lanes>& all, LaneTable styles = lane_table()) {
    std::string page;
    write_lanes_page(
        all, [&](std::string_view line) { page.append(line).append("\n"); }, {}, {}, styles);
    return page;
}

/// What stands between the tags of the data.
std::string data_of(const std::string& page) {
    const std::size_t begin = page.find("id=\"data\">") + 10;
    return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(LanesPage, IsOneFileWithTheSkeletonsPartsInTheirOrder) {
    const std::string page = page_of({});
    EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n"));
    EXPECT_TRUE(page.ends_with("</html>\n"));
    EXPECT_LT(page.find("<style>"), page.find(":root"));
    EXPECT_LT(page.find("id=\"data\""), page.find("\"use strict\""));
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    for (const char* mark : {"@style@", "@data@", "@script@"})
        EXPECT_EQ(page.find(mark), std::string::npos) << mark;
}

TEST(LanesPage, HasTheLanesOfEachDirection) {
    Feeder feeder;
    feed_four_lanes(feeder);
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const std::string data = data_of(page_of(gather_lanes(entries, {})));
    for (const char* layer : {"application", "HTTP", "kernel", "receiver"})
        EXPECT_NE(data.find("\"layer\":\"" + std::string(layer) + "\""), std::string::npos) << layer;
    EXPECT_NE(data.find("\"kind\":\"response\""), std::string::npos);
}

TEST(LanesPage, DrawsALaneThatIsNewAndLetsNoTextEndTheData) {
    Feeder feeder;
    feed_four_lanes(feeder);
    const std::vector<CaptureEntry> entries{entry(feeder)};
    std::vector<Lanes> all = gather_lanes(entries, {});
    for (Lanes& lanes : all)
        lanes.lanes.insert(lanes.lanes.begin(), Lane{kSealed, {ListedPiece{lanes.shown.front(), 7}}});
    std::vector<LaneStyle> table(lane_table().begin(), lane_table().end());
    table.push_back({kSealed, kNames, kNames, false, true, look, label, cell, leg_cell, label});
    const std::string page = page_of(all, table);
    const std::string data = data_of(page);
    EXPECT_NE(data.find("\"layer\":\"sealed\",\"name\":\"sealed\",\"count\":1"), std::string::npos);
    EXPECT_NE(data.find("\\u003c/script>"), std::string::npos);
    EXPECT_EQ(data.find('<'), std::string::npos);
}

}  // namespace
}  // namespace seamark::lanes_page_test
