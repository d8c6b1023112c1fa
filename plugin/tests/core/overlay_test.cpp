// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/overlay.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/feeder.hpp"
#include "support/position.hpp"

namespace seamark::overlay_test {
namespace {

using namespace test;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47

std::string_view name(PieceKind kind) {
    switch (kind) {
        case PieceKind::kHead:
            return "head";
        case PieceKind::kBody:
            return "body";
        case PieceKind::kSizeLine:
            return "size-line";
        case PieceKind::kData:
            return "data";
        case PieceKind::kLineEnd:
            return "line-end";
        case PieceKind::kTrailer:
            return "trailer";
        case PieceKind::kFinalLineEnd:
            return "final";
        case PieceKind::kFragment:
            return "fragment";
        case PieceKind::kProxyHeader:
            return "proxy";
    }
    return "?";
}

/// "head 0-47 m1, size-line 47-50 m1 c1": public offsets, message and chunk counted from 1.
std::string pieces(const Stream& stream, std::uint64_t begin, std::uint64_t end) {
    const StreamOffset zero =
        stream.lane().runs().begin() - stream.public_offset(stream.lane().runs().begin()).value;
    std::vector<Piece> found;
    Overlay(stream).pieces({zero + begin, zero + end}, found);
    std::string text;
    for (const Piece& piece : found) {
        if (!text.empty()) text += ", ";
        text += std::string(name(piece.kind)) + " " +
                std::to_string(stream.public_offset(piece.range.begin).value) + "-" +
                std::to_string(stream.public_offset(piece.range.end).value) + " m" +
                std::to_string(piece.message + 1);
        if (piece.chunk != Piece::kNoChunk) text += " c" + std::to_string(piece.chunk + 1);
    }
    return text;
}

TEST(Overlay, NamesEveryByteOfAChunkedResponse) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5;a\r\nhello\r\n0\r\nA: b\r\n\r\n" + std::string(kHead));
    const Stream& stream = feeder.stream(kServer);
    EXPECT_EQ(pieces(stream, 0, 200),
              "head 0-47 m1, size-line 47-52 m1 c1, data 52-57 m1 c1, line-end 57-59 m1 c1, "
              "size-line 59-62 m1 c2, trailer 62-68 m1 c2, final 68-70 m1 c2, head 70-117 m2");
    EXPECT_EQ(pieces(stream, 50, 58),
              "size-line 50-52 m1 c1, data 52-57 m1 c1, line-end 57-58 m1 c1")
        << "clipped to the range";
    EXPECT_EQ(pieces(stream, 69, 71), "final 69-70 m1 c2, head 70-71 m2");
    EXPECT_EQ(pieces(stream, 55, 55), "");
}

TEST(Overlay, NamesWhatIsNotAChunk) {
    Feeder feeder;
    feeder.server("garbage");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\n");  // head 38
    feeder.server("HTTP/1.1 200 OK\r\n\r\nto the end");
    const Stream& stream = feeder.stream(kServer);
    EXPECT_EQ(pieces(stream, 0, 99), "head 7-45 m1, body 45-50 m1, head 52-71 m2, body 71-99 m2")
        << "garbage and a left-over CRLF belong to no message";
}

TEST(Overlay, NamesTheFragmentThatIsNoSizeLineYet) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhello\r\n1");
    EXPECT_EQ(pieces(feeder.stream(kServer), 55, 99), "line-end 55-57 m1 c1, fragment 57-58 m1");
    feeder.server("0 x\r\n");
    EXPECT_EQ(pieces(feeder.stream(kServer), 55, 99), "line-end 55-57 m1 c1, fragment 57-60 m1")
        << "what was refused begins behind it";
}

TEST(Overlay, NamesAChunkThatIsStillOpen) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhel");
    EXPECT_EQ(pieces(feeder.stream(kServer), 0, 53),
              "head 0-47 m1, size-line 47-50 m1 c1, data 50-53 m1 c1");
    feeder.server("lo\r");
    EXPECT_EQ(pieces(feeder.stream(kServer), 53, 56), "data 53-55 m1 c1, line-end 55-56 m1 c1");
    feeder.server("\n0\r\nA: b\r\n\r");
    EXPECT_EQ(pieces(feeder.stream(kServer), 56, 68),
              "line-end 56-57 m1 c1, size-line 57-60 m1 c2, trailer 60-67 m1 c2")
        << "whether that CR is the empty line's is not known yet";
}

TEST(Overlay, LeavesDroppedRequestsOut) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nGET / HTTP/1.1\r\n\r\n");  // 30, 18
    EXPECT_EQ(pieces(feeder.stream(kClient), 0, 99), "head 0-30 m1, head 30-48 m2");
    feeder.server("HTTP/1.1 101 x\r\n\r\n");
    EXPECT_EQ(pieces(feeder.stream(kClient), 0, 99), "head 0-30 m1");
}

std::string carried(const Stream& stream, std::uint64_t begin, std::uint64_t end) {
    const StreamOffset zero = stream.lane().runs().begin();
    std::vector<CarriedRun> runs;
    Overlay(stream).carriers({zero + begin, zero + end}, ~std::size_t{0}, runs);
    std::string text;
    for (const CarriedRun& run : runs) {
        if (!text.empty()) text += ' ';
        text +=
            std::to_string(static_cast<std::uint32_t>(run.frame)) + ":" + std::to_string(run.bytes);
    }
    return text;
}

TEST(Overlay, SaysWhoCarriesARange) {
    Feeder feeder;
    feeder.at(kServer, 0, "aaaaa");
    feeder.at(kServer, 10, "bbbbb");
    feeder.at(kServer, 3, "ccccccccccccccc");  // 5-10 and 15-18
    feeder.at(kServer, 20, "dd");
    const Stream& stream = feeder.stream(kServer);
    EXPECT_EQ(carried(stream, 0, 99), "1:5 3:5 2:5 3:3 4:2") << "a frame may recur";
    EXPECT_EQ(carried(stream, 4, 6), "1:1 3:1");
    EXPECT_EQ(carried(stream, 18, 20), "") << "missing bytes are absent";
    EXPECT_EQ(carried(stream, 7, 7), "");
}

TEST(Overlay, MergesAdjoiningRunsOfOneFrame) {
    Feeder feeder;
    CapturedSegment segment;  // two segments of one frame, as in a frame that holds two tunnels
    segment.frame = FrameNumber{7};
    segment.wire_length = 3;
    segment.payload = std::span(reinterpret_cast<const std::uint8_t*>("abc"), 3);
    segment.header.sequence = RawSequence{1000};
    feeder.connection().add(kServer, segment);
    segment.header.sequence = RawSequence{1003};
    feeder.connection().add(kServer, segment);
    segment.header.sequence = RawSequence{1010};
    feeder.connection().add(kServer, segment);
    EXPECT_EQ(carried(feeder.stream(kServer), 0, 99), "7:6 7:3") << "a hole parts them";
    EXPECT_EQ(Overlay(feeder.stream(kServer)).segments_of(FrameNumber{7}).size(), 3u);
    EXPECT_EQ(Overlay(feeder.stream(kServer)).segments_of(FrameNumber{6}).size(), 0u);
}

TEST(Overlay, StopsAtTheLimitOfCarriers) {
    Feeder feeder;
    CapturedSegment segment;
    segment.wire_length = 3;
    segment.payload = std::span(reinterpret_cast<const std::uint8_t*>("abc"), 3);
    std::uint32_t sequence = 1000;
    for (const unsigned frame : {7, 7, 8, 7}) {
        segment.frame = FrameNumber{frame};
        segment.header.sequence = RawSequence{sequence};
        feeder.connection().add(kServer, segment);
        sequence += 3;
    }
    const Stream& stream = feeder.stream(kServer);
    std::vector<CarriedRun> runs;
    Overlay(stream).carriers(kEverything, 1, runs);
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0].bytes, 6u) << "the third run of frame 7 stands behind frame 8";
}

TEST(Overlay, KnowsTheFrameThatCompletesAChunk) {
    Feeder feeder;
    feeder.at(kServer, 0, std::string(kHead) + "5\r\nhe");
    feeder.at(kServer, 54, "o\r\n0\r\n\r\n");
    const Stream& stream = feeder.stream(kServer);
    const auto chunk = [&](std::size_t i) { return stream.messages().chunks()[i]; };
    EXPECT_FALSE(Overlay(stream).complete(chunk(0)));
    EXPECT_FALSE(Overlay(stream).completion(chunk(0)).complete);
    EXPECT_TRUE(Overlay(stream).completion(chunk(1)).complete);
    EXPECT_EQ(Overlay(stream).completion(chunk(1)).frame, FrameNumber{2});
    feeder.at(kServer, 52, "ll");
    EXPECT_TRUE(Overlay(stream).complete(chunk(0)));
    EXPECT_TRUE(Overlay(stream).completion(chunk(0)).complete);
    EXPECT_EQ(Overlay(stream).completion(chunk(0)).frame, FrameNumber{3}) << "the last to arrive";
}

TEST(Overlay, AForgottenFrameCarriesNothingAndItsBytesStayKnown) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "a\r\n01234");
    const unsigned dropped = feeder.server("567");
    feeder.connection().forget(FrameNumber{dropped});
    feeder.connection().forget(FrameNumber{dropped});  // once is enough
    // The next frame takes the number.
    const unsigned next = dropped;
    CapturedSegment segment;
    const std::string rest = "89\r\n0\r\n\r\n";
    segment.frame = FrameNumber{next};
    segment.header.sequence = RawSequence{1000 + static_cast<std::uint32_t>(feeder.here(kServer))};
    segment.wire_length = static_cast<std::uint32_t>(rest.size());
    segment.payload = {reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size()};
    feeder.connection().add(kServer, segment);
    feeder.finish();

    const Stream& stream = feeder.stream(kServer);
    const Chunk& chunk = stream.messages().chunks()[0];
    const Overlay overlay(stream);
    std::vector<CarriedRun> runs;
    overlay.carriers(chunk.range(), 100, runs);
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].bytes, 8U);
    EXPECT_EQ(runs[1].frame, FrameNumber{next});
    EXPECT_EQ(runs[1].bytes, 4U);
    EXPECT_TRUE(overlay.complete(chunk));
    EXPECT_EQ(overlay.completion(chunk).frame, FrameNumber{next});
    EXPECT_EQ(overlay.segments_of(FrameNumber{next}).size(), 1U);
    EXPECT_EQ(stream.lane().count(), 2U);
    std::vector<FrameNumber> listed;
    EXPECT_EQ(overlay.carriage(chunk.range(), 100, listed).frames, 2U);
}

TEST(Overlay, ListsCarriersUpToALimit) {
    Feeder feeder;
    for (int i = 0; i < 10; ++i) feeder.server("x");
    const Stream& stream = feeder.stream(kServer);
    const ByteRange all{stream.lane().runs().begin(), stream.lane().runs().end()};
    std::vector<FrameNumber> listed;
    Carriage carriage = Overlay(stream).carriage(all, 10, listed);
    EXPECT_EQ(listed.size(), 10u);
    EXPECT_TRUE(carriage.all_listed);
    EXPECT_EQ(carriage.frames, 10u);
    carriage = Overlay(stream).carriage(all, 9, listed);
    EXPECT_EQ(listed.size(), 9u);
    EXPECT_FALSE(carriage.all_listed);
    EXPECT_EQ(carriage.frames, 10u);
    EXPECT_EQ(carriage.first, FrameNumber{1});
    EXPECT_EQ(carriage.last, FrameNumber{10});
}

TEST(Overlay, ReadsTagsOnlyUnderTheHeader) {
    for (const bool tagged : {false, true}) {
        Feeder feeder;
        feeder.server(std::string("HTTP/1.1 200 OK\r\n") + (tagged ? "Seamark: tag=w\r\n" : "") +
                      "Transfer-Encoding: chunked\r\n\r\n5;w=7-9\r\nhello\r\n");
        const Stream& stream = feeder.stream(kServer);
        const Message& message = stream.messages()[0];
        const Chunk& chunk = stream.messages().chunks()[0];
        const WriteTag tag = Overlay(stream).writes(message, chunk);
        EXPECT_EQ(tag.range.has_value(), tagged);
        if (tagged) {
            EXPECT_EQ(tag.range->last, 9u);
        }
        EXPECT_EQ(chunk.hex(), "5");
        EXPECT_EQ(chunk.extension(), ";w=7-9");
    }
}

}  // namespace
}  // namespace seamark::overlay_test
