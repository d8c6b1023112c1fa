// SPDX-License-Identifier: GPL-2.0-or-later
//
// The words of pieces: labels, titles, headings, remarks.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"
#include "support/body.hpp"
#include "support/four_lanes.hpp"
#include "support/legs_world.hpp"
#include "support/position.hpp"

namespace seamark::words_test {
namespace {

using test::call;
using test::entry;
using test::Feeder;
using test::kHead;
using test::kServer;
using test::kTaggedHead;

/// The lanes of the server's direction.
struct Shown {
    explicit Shown(Feeder& feeder) : entries{entry(feeder)}, all(gather_lanes(entries, {})) {}
    const Lanes& server() const { return all.back(); }
    std::vector<CaptureEntry> entries;
    std::vector<Lanes> all;
};

template <typename P>
std::vector<P> pieces_of(const Lanes& lanes, LaneKind kind) {
    std::vector<P> found;
    for (const LanePiece& piece : lanes.pieces(kind)) found.push_back(piece.as<P>());
    return found;
}
std::vector<CallPiece> writes_of(const Lanes& lanes) {
    return pieces_of<CallPiece>(lanes, LaneKind::kWrites);
}
std::vector<ChunkPiece> chunks_of(const Lanes& lanes) {
    return pieces_of<ChunkPiece>(lanes, LaneKind::kChunks);
}
std::vector<SegmentPiece> segments_of(const Lanes& lanes) {
    return pieces_of<SegmentPiece>(lanes, LaneKind::kSegments);
}

TEST(Words, CountAndTime) {
    EXPECT_EQ(words::count(0, "byte"), "0 bytes");
    EXPECT_EQ(words::count(1, "byte"), "1 byte");
    EXPECT_EQ(words::count(2, "byte"), "2 bytes");
    EXPECT_EQ(words::milliseconds(0), "0.000 ms");
    EXPECT_EQ(words::milliseconds(1'250'999), "1.250 ms");
    EXPECT_EQ(words::milliseconds(-4'000), "-0.004 ms");
    EXPECT_EQ(words::milliseconds(-1'004'000), "-1.004 ms");
    EXPECT_EQ(words::end_point({"127.0.0.1", 80}), "127.0.0.1:80");
    EXPECT_EQ(words::end_point({"::1", 80}), "[::1]:80");
}

TEST(Words, OfCalls) {
    CallRecord record;
    record.index = 7;
    record.call = Call::kSend;
    record.taken = 32;
    record.requested = 64;
    CallPiece piece;
    piece.call = &record;
    EXPECT_EQ(words::label(piece, true), "7 send 32/64");
    EXPECT_EQ(words::label(piece, false), "7 send 32") << "readers ask for a full buffer";
    EXPECT_EQ(words::lane_label(piece, true), "7 send 32/64");
    record.requested = 32;
    EXPECT_EQ(words::label(piece, true), "7 send 32");
    CallPiece tag;
    tag.tag = {7, 7};
    EXPECT_EQ(words::label(tag, true), "tag 7");
    tag.tag = {7, 9};
    EXPECT_EQ(words::label(tag, true), "tag 7-9");
    EXPECT_EQ(words::lane_label(tag, true), "7-9");
}

TEST(Words, OfCallTitles) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhello\r\n");
    test::write(feeder, 1, 0, 1);
    const Shown shown(feeder);
    EXPECT_EQ(words::title(shown.server(), writes_of(shown.server()).at(0), "write"),
              "write 1: send, 1 of 1 byte at offset 0, at 0.000 ms (event in frame 90)");
    EXPECT_EQ(words::title(shown.server(), CallPiece{test::range(0, 5), nullptr, {2, 4}}, "write"),
              "write 2-4, as the chunk's tag says");
}

TEST(Words, OfChunks) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "1;a=\"\x01\"\r\nx\r\n0\r\nA: b\r\n\r\n");
    const Shown shown(feeder);
    const auto chunks = chunks_of(shown.server());
    ASSERT_EQ(chunks.size(), 3U);
    EXPECT_EQ(words::label(shown.server(), chunks[0]), "head");
    EXPECT_EQ(words::label(shown.server(), chunks[1]), "1 hex 1");
    EXPECT_EQ(words::label(shown.server(), chunks[2]), "2 hex 0");
    EXPECT_EQ(words::title(shown.server(), chunks[0]),
              "head: 47 bytes at offset 0, message 1, exchange 1");
    // Size line 8 + 2 bytes, data and line end 3.
    EXPECT_EQ(words::title(shown.server(), chunks[1]),
              "chunk 1: size line 1;a=\"\\x01\", 1 byte of data; 12 bytes at offset 47, message 1, "
              "exchange 1");
    EXPECT_EQ(words::title(shown.server(), chunks[2]),
              "last chunk 2: size line 0, 0 bytes of data; 11 bytes at offset 59, message 1, "
              "exchange 1");
    EXPECT_EQ(words::parts(chunks[0], chunks[0].range), "") << "a head has none";
    EXPECT_EQ(words::parts(chunks[1], chunks[1].range), "whole");
    const StreamOffset begin = chunks[2].range.begin;
    EXPECT_EQ(words::parts(chunks[2], {begin, begin + 3}), "line");
    EXPECT_EQ(words::parts(chunks[2], {begin + 2, begin + 5}), "line+trailer");
    EXPECT_EQ(words::parts(chunks[2], {begin + 5, begin + 11}), "trailer+end");
    const StreamOffset first = chunks[1].range.begin;
    EXPECT_EQ(words::parts(chunks[1], {first, first + 10}), "line+data");
    EXPECT_EQ(words::parts(chunks[1], {first + 10, first + 12}), "end");
}

TEST(Words, OfAChunkThatIsNotComplete) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "8\r\nso");
    const Shown shown(feeder);
    const ChunkPiece chunk = chunks_of(shown.server()).at(1);
    EXPECT_NE(words::title(shown.server(), chunk).find("; not complete"), std::string::npos);
    EXPECT_EQ(words::parts(chunk, chunk.range), "line+data") << "nothing is whole that has no end";
}

TEST(Words, OfASizeLineThatIsNone) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "4\r\nwave\r\n5g\r\n");
    const Shown shown(feeder);
    bool found = false;
    for (const ChunkPiece& piece : chunks_of(shown.server())) {
        if (piece.kind != PieceKind::kFragment) continue;
        found = true;
        EXPECT_EQ(words::label(shown.server(), piece), "no size line");
        EXPECT_NE(words::title(shown.server(), piece).find("no whole or valid size line: "),
                  std::string::npos);
    }
    EXPECT_TRUE(found);
}

TEST(Words, OfBodies) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    feeder.server("HTTP/1.0 200 OK\r\n\r\nhello");
    const Shown shown(feeder);
    const Lanes& lanes = shown.server();
    const auto chunks = chunks_of(lanes);
    ASSERT_EQ(chunks.size(), 4U);
    EXPECT_EQ(words::label(lanes, chunks[0]), "head x1");
    EXPECT_EQ(words::label(lanes, chunks[1]), "body 1");
    EXPECT_EQ(words::label(lanes, chunks[2]), "head x2");
    EXPECT_EQ(words::label(lanes, chunks[3]), "body to close");
    EXPECT_EQ(words::title(lanes, chunks[1]),
              "body, framing content-length: 1 byte at offset 38, message 1, exchange 1");
    EXPECT_EQ(words::heading(lanes), "stream 3, response, exchanges 1-2, 63 bytes");
    EXPECT_EQ(words::heading(shown.all.front()), "stream 3, request, exchanges 1-2, 36 bytes");
}

TEST(Words, OfSegments) {
    Feeder feeder;
    feeder.server(kHead);
    feeder.lose(kServer, "5");
    feeder.server("\r\nhello\r\n");
    const Shown shown(feeder);
    const auto segments = segments_of(shown.server());
    ASSERT_GE(segments.size(), 2U);
    EXPECT_EQ(words::label(segments[0]), "1 1:47");
    EXPECT_EQ(words::title(shown.server(), segments[0]),
              "segment 1, frame 1: 47 bytes at offset 0, at 0.000 ms");
    EXPECT_EQ(words::label(segments[1]), "missing");
    EXPECT_NE(words::title(shown.server(), segments[1]).find("missing: 1 byte at offset 47"),
              std::string::npos);
    EXPECT_EQ(words::cause(shown.server(), segments[1]), "");
    EXPECT_EQ(words::why(shown.server(), segments[1]), "");
    EXPECT_FALSE(words::cause(shown.server(), segments[0]).empty());
    SegmentPiece large = segments[0];
    large.packets = 3;
    EXPECT_EQ(words::label(large), "1 1:47 ×3");
    EXPECT_NE(words::title(shown.server(), large).find(", 3 packets on a wire"), std::string::npos);
}

TEST(Words, NameFrames) {
    Feeder feeder;
    for (int i = 0; i < 12; ++i) feeder.server("x");
    feeder.finish();
    const Stream& stream = feeder.stream(kServer);
    const Overlay overlay(stream);
    const StreamOffset begin = stream.lane().runs().begin();
    EXPECT_EQ(words::frames(overlay, {begin, begin + 1}), "frame 1");
    EXPECT_EQ(words::frames(overlay, {begin, begin + 2}), "frames 1 and 2");
    EXPECT_EQ(words::frames(overlay, {begin, begin + 3}), "frames 1, 2 and 3");
    EXPECT_EQ(words::frames(overlay, {begin, begin + 12}),
              "frames 1, 2, 3, 4, 5, 6, 7, 8 … (12 in all)");
    EXPECT_EQ(words::frames(overlay, {begin + 20, begin + 30}), "no frame of the capture");
}

TEST(Words, SayWhatNoPictureShows) {
    Feeder feeder({.syn = false});
    feeder.server(kHead);
    test::write(feeder, 1, 0, 47);
    const Shown no_syn(feeder);
    ASSERT_EQ(words::remarks(no_syn.server()).size(), 1U);
    EXPECT_NE(words::remarks(no_syn.server())[0].find("1 recorded call cannot be placed"),
              std::string::npos);

    Feeder behind;
    behind.server(kHead);
    test::write(behind, 1, 0, 47);
    test::write(behind, 2, 47, 10);
    test::write(behind, 3, 57, 10);
    behind.at(kServer, 0, kHead);
    const Shown later(behind);
    ASSERT_EQ(words::remarks(later.server()).size(), 1U);
    EXPECT_NE(words::remarks(later.server())[0].find("2 recorded calls stand"), std::string::npos);
    const auto without_time = words::remarks_without_time(later.server());
    ASSERT_EQ(without_time.size(), 2U);
    EXPECT_NE(without_time[1].find("1 retransmission not drawn"), std::string::npos);
}

TEST(LegWords, DescribeEachValue) {
    EXPECT_EQ(words::describe(BodyMatch::kSame), "yes");
    EXPECT_NE(words::describe(BodyMatch::kCoding), words::describe(BodyMatch::kDiffer));
    const LegDoubt doubts[] = {LegDoubt::kSeveral, LegDoubt::kStored, LegDoubt::kAddresses,
                               LegDoubt::kNoBytes};
    std::string all;
    for (const LegDoubt doubt : doubts) {
        EXPECT_EQ(all.find(words::describe(doubt)), std::string::npos);
        all += words::describe(doubt);
    }
}

TEST(LegWords, SayHowAPairIsKnown) {
    test::World world;
    test::Joined legs(world);
    world.told();
    const auto entries = world.table();
    const auto stacks = stack_legs(entries, gather_lanes(entries, {}), world.legs());
    ASSERT_EQ(stacks.size(), 1U);
    EXPECT_NE(words::heading(stacks[0]).find("stream 1, exchange 1"), std::string::npos);
    EXPECT_EQ(words::held(stacks[0], test::body(0, 6)), "held 1.000 ms to 2.000 ms");
    EXPECT_EQ(words::held(stacks[0], test::body(0, 3)), "held 2.000 ms");
    EXPECT_EQ(words::held(stacks[0], test::body(9, 12)), "");
    EXPECT_NE(words::leg_ends(stacks[0], stacks[0].upstream).find("h9:8080"), std::string::npos);
    EXPECT_FALSE(words::remarks(stacks[0]).empty());
}

TEST(LegWords, NameFiveExchangesAtMost) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "0\r\n\r\n");
    const CaptureEntry of = entry(feeder);
    Lanes lanes(of, kServer);
    EXPECT_TRUE(words::leg_doubts(lanes).empty());
    lanes.leg_doubts[LegDoubt::kNoBytes] = {4};
    EXPECT_EQ(words::leg_doubts(lanes),
              (std::vector<std::string>{"exchange 4: other leg unknown: one exchange fits, but no "
                                        "captured body bytes can be compared"}));
    lanes.leg_doubts = {{LegDoubt::kSeveral, {1, 2, 3, 5, 8}}};
    EXPECT_EQ(words::leg_doubts(lanes),
              (std::vector<std::string>{"exchanges 1, 2, 3, 5, 8: other leg unknown: more than one "
                                        "exchange fits as its other leg"}));
    lanes.leg_doubts = {{LegDoubt::kSeveral, {1, 2, 3, 5, 8, 13}}};
    EXPECT_EQ(words::leg_doubts(lanes),
              (std::vector<std::string>{"exchanges 1, 2, 3, 5, 8 … (6 in all): other leg unknown: "
                                        "more than one exchange fits as its other leg"}));
}

}  // namespace
}  // namespace seamark::words_test
