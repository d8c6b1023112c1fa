// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/lanes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/report/lane_table.hpp"
#include "support/feeder.hpp"

namespace seamark::wire_lane_test {
namespace {

using test::Feeder;
using test::kClient;
using test::kServer;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n";  // 41

/// Both ends take segments of 1000 bytes at most.
void announce(Feeder& feeder, std::uint32_t mss) {
    for (const Side side : {kClient, kServer}) {
        CapturedSegment syn;
        syn.header.syn = true;
        syn.header.sequence = RawSequence{999};
        syn.header.announced_mss = mss;
        feeder.connection().add(side, syn);
    }
}

/// "begin+length number/count" of each packet.
std::string wire(Feeder& feeder) {
    const std::vector<CaptureEntry> entries{
        {3, &feeder.connection(), {"192.0.2.1", 40000}, {"2001:db8::1", 80}}};
    std::string found;
    for (const Lanes& lanes : gather_lanes(entries, {}))
        for (const LanePiece& lane_piece : lanes.pieces(LaneKind::kWire)) {
            const auto& piece = lane_piece.as<WirePiece>();
            found += (found.empty() ? "" : ", ") +
                     std::to_string(lanes.offset(piece.range.begin).value) + "+" +
                     std::to_string(piece.range.length()) + " " + std::to_string(piece.number) +
                     "/" + std::to_string(piece.count);
        }
    return found;
}

TEST(WireLane, CutsASuperSegmentAtTheMss) {
    Feeder feeder;
    announce(feeder, 1000);
    feeder.server(kHead);
    feeder.server(std::string(2500, 'x'));
    EXPECT_EQ(wire(feeder), "0+41 1/1, 41+1000 1/3, 1041+1000 2/3, 2041+500 3/3");
}

TEST(WireLane, BeginsInALaterPacketWhereTheFirstBytesHadCome) {
    Feeder feeder;
    announce(feeder, 1000);
    feeder.server(kHead);
    feeder.server(std::string(1200, 'x'));
    feeder.at(kServer, 41, std::string(2500, 'x'));
    EXPECT_EQ(wire(feeder), "0+41 1/1, 41+1000 1/2, 1041+200 2/2, 1241+800 2/3, 2041+500 3/3");
}

TEST(WireLane, IsEmptyWhereItSaysNoMoreThanTheSegments) {
    Feeder small;
    announce(small, 1000);
    small.server(kHead);
    small.server(std::string(1000, 'x'));
    EXPECT_EQ(wire(small), "");

    Feeder without_mss;
    without_mss.server(kHead);
    without_mss.server(std::string(2500, 'x'));
    EXPECT_EQ(wire(without_mss), "");
}

TEST(WireLane, AnMssOfOneByteIsNotDrawnByteForByte) {
    Feeder feeder;
    announce(feeder, 1);
    feeder.server(std::string(kHead) + std::string(300, 'x'));
    EXPECT_EQ(wire(feeder), "0+341 0/341");
}

TEST(WireLane, IsDrawnBelowTheSegments) {
    Feeder feeder;
    announce(feeder, 1000);
    feeder.server(kHead);
    feeder.server(std::string(2500, 'x'));
    const std::vector<CaptureEntry> entries{
        {3, &feeder.connection(), {"192.0.2.1", 40000}, {"2001:db8::1", 80}}};
    std::string picture;
    write_lanes_svg(gather_lanes(entries, {}),
                    [&](std::string_view line) { picture.append(line).append("\n"); });
    EXPECT_NE(picture.find("<title>packet 2 of 3 that segment 2, frame 2 is on a wire, by the MSS: "
                           "1000 bytes at 1041</title>"),
              std::string::npos)
        << picture;
    EXPECT_LT(picture.find(">segments<"), picture.find(">wire<"));
}

/// What the rows of the table say of a packet, and of packets that are too many to draw.
TEST(WireLane, NamesAPacketOrHowManyThereAre) {
    const LaneStyle& style = *style_of(lane_table(), LaneKind::kWire);
    const auto first = [&](std::uint32_t mss, auto tell) {
        Feeder feeder;
        announce(feeder, mss);
        feeder.server(std::string(kHead) + std::string(300, 'x'));
        const std::vector<CaptureEntry> entries{
            {3, &feeder.connection(), {"192.0.2.1", 40000}, {"2001:db8::1", 80}}};
        const std::vector<Lanes> all = gather_lanes(entries, {});
        const LanePiece& piece = all.back().pieces(LaneKind::kWire)[0];
        return tell(all.back(), piece);
    };
    const auto label = [&](const Lanes& lanes, const LanePiece& piece) {
        EXPECT_EQ(style.leg_cell(lanes, piece, true), style.label(lanes, piece));
        EXPECT_EQ(style.cell(lanes, piece, piece.range(), true), style.label(lanes, piece));
        EXPECT_EQ(style.cell(lanes, piece, piece.range(), false), "") << "it goes on";
        return style.label(lanes, piece);
    };
    EXPECT_EQ(first(1, label), "×341");
    EXPECT_EQ(first(200, label), "200");
    EXPECT_EQ(first(1, style.title), "341 packets of segment 1, frame 1, by the MSS");
    EXPECT_EQ(first(200, style.title),
              "packet 1 of 2 that segment 1, frame 1 is on a wire, by the MSS: 200 bytes at 0");
}

}  // namespace
}  // namespace seamark::wire_lane_test
