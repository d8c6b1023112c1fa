// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/report/lanes_text.hpp"
#include "support/four_lanes.hpp"

namespace seamark::lanes_ends_test {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

Lines text(Feeder& feeder) {
    const std::vector<CaptureEntry> entries{entry(feeder)};
    Lines lines;
    write_lanes_text(gather_lanes(entries, {}),
                     [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

/// The lines of the server's bytes after its head, which are captured in one segment.
Lines behind_head(std::string_view body) {
    Feeder feeder;
    feeder.server(std::string(kHead) + std::string(body));
    Lines lines = text(feeder);
    lines.erase(lines.begin(), lines.begin() + 3);
    for (std::string& line : lines) line = line.substr(0, line.find_last_not_of(" │") + 1);
    return lines;
}

TEST(LanesEnds, CallNoChunkWholeThatIsNotComplete) {
    EXPECT_EQ(behind_head("5\r\nhello"), (Lines{"47+8          1 hex 5 line+data"}));
    EXPECT_EQ(behind_head("ffffffffffffffff\r\nhello"),
              (Lines{"47+23         1 hex ffffffffffffffff line+data"}));
    EXPECT_EQ(behind_head("5\r\n"), (Lines{"47+3          1 hex 5 line"}));
    EXPECT_EQ(behind_head("5\r\nhello\r\n"), (Lines{"47+10         1 hex 5 whole"}));
}

TEST(LanesEnds, NameNoLineEndThatIsNotThere) {
    EXPECT_EQ(behind_head("5\r\nhelloX"),
              (Lines{"47+8          1 hex 5 line+data", "55+1          no HTTP"}));
    EXPECT_EQ(behind_head("5\r\nhello\r"), (Lines{"47+9          1 hex 5 line+data"}));
    EXPECT_EQ(behind_head("0\r\nA: b\r\n\r"), (Lines{"47+10         1 hex 0 line+trailer"}));
    EXPECT_EQ(behind_head("0\r\n"), (Lines{"47+3          1 hex 0 line"}));
    EXPECT_EQ(behind_head("0\r\n\r\n"), (Lines{"47+5          1 hex 0 whole"}));
}

TEST(LanesEnds, SayThatABodyIsLongerThanCanBe) {
    Feeder feeder;
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nhello");
    EXPECT_NE(text(feeder).at(3).find("body ≥18446462598732840"), std::string::npos);
}

TEST(LanesEnds, AreTagsWhereTheRecordHasNothing) {
    Feeder feeder;
    feeder.server(
        "HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;w=2\r\nhello\r\n5;w=3\r\nhello\r\n");
    write(feeder, 1, 0, 63);
    write(feeder, 4, 77, 14);
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[1].find("write (tags)"), std::string::npos);
    EXPECT_NE(lines[2].find("1 send 63"), std::string::npos);
    EXPECT_NE(lines[3].find("tag 2"), std::string::npos);
    EXPECT_NE(lines[4].find("4 send 14"), std::string::npos);
}

}  // namespace
}  // namespace seamark::lanes_ends_test
