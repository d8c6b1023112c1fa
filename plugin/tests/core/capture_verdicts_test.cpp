// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of segments by the capture alone, and what it cannot show. A head of 43 bytes stands in
// front of the server's data, so that HTTP is recognised.
#include <gtest/gtest.h>

#include <string>

#include "core/cause/chunk_causes.hpp"
#include "core/cause/segment_facts.hpp"
#include "support/local.hpp"

namespace seamark::capture_verdicts_test {
namespace {

using test::kServer;
using test::Local;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n";
constexpr std::uint32_t kBody = 43;

/// The head was sent at 1 ms and acknowledged at 2 ms.
struct Answered : Local {
    explicit Answered(Opening opening) : Local(opening) {
        send(kServer, 0, kHead, 1000);
        ack(kBody, 2000);
    }
    Answered() : Answered(Opening{}) {}
};

TEST(CaptureVerdicts, AFinEndsTheStream) {
    Answered a;
    TcpHeader header;
    header.fin = true;
    a.send(kServer, kBody, "the end", 50'000, header);
    EXPECT_EQ(a.verdict(), "whole end consistent");
    Answered b;
    b.data(kBody, 7, 50'000);
    EXPECT_EQ(b.verdict(), "whole write consistent") << "pushed, and not the end";
    Answered c;
    c.data(kBody, 7, 50'000, false);
    EXPECT_EQ(c.verdict(), "held cork, more, rwnd or write consistent") << "not even pushed";
}

/// A probe is sent where nothing is in flight; else the byte is the last that fits.
TEST(CaptureVerdicts, AByteThatFillsTheWindowIsAProbeOnlyIfItIsAlone) {
    Answered a;
    a.ack(kBody, 3000, 0);
    a.data(kBody, 1, 50'000);
    EXPECT_EQ(a.verdict(), "held window-probe consistent");
    Answered b;
    b.ack(kBody, 3000, 100);
    b.data(kBody, 99, 50'000);
    b.data(kBody + 99, 1, 50'001);
    EXPECT_EQ(b.verdict(), "cut rwnd or write consistent");
}

/// It was sent before the segment that the capture has in front of it, when there was room.
TEST(CaptureVerdicts, ASegmentThatWasOvertakenDoesNotEndAtTheWindow) {
    Answered a;
    a.ack(kBody, 3000, 100);
    a.data(kBody + 100, 100, 50'000);
    EXPECT_EQ(a.verdict(), "cut rwnd or write consistent") << "beyond the window";
    a.data(kBody, 100, 50'001);
    EXPECT_EQ(a.verdict(), "whole write consistent");
}

TEST(CaptureVerdicts, ASuperSegmentWithARestIsOneSend) {
    Answered a;
    a.data(kBody, 2 * 1460 + 7, 50'000);
    const Verdict verdict = judge_segment(a.connection, kServer, a.last()).front();
    EXPECT_EQ(a.verdict(), "whole write consistent");
    ASSERT_FALSE(verdict.evidence.empty());
    EXPECT_EQ(verdict.evidence.begin()->kind, EvidenceKind::kSuperSegment);
    EXPECT_EQ(verdict.evidence.begin()->numbers[0], 3U) << "packets";
}

/// RFC 7323 section 2.2: windows are scaled only if both SYNs say so.
TEST(CaptureVerdicts, AWindowIsScaledOnlyIfBothSidesOffer) {
    const auto room = [](Local::Opening opening) {
        Answered a(opening);
        a.ack(kBody, 3000, 100);
        a.data(kBody, 40, 50'000);
        return a.server().lane().send_state(a.last())->room;
    };
    EXPECT_EQ(room({}), 60U);
    EXPECT_EQ(room({.client_scale = std::uint8_t{3}}), 60U);
    EXPECT_EQ(room({.server_scale = std::uint8_t{3}}), 60U);
    EXPECT_EQ(room({.client_scale = std::uint8_t{3}, .server_scale = std::uint8_t{0}}), 760U);
}

TEST(CaptureVerdicts, BeforeHttpIsRecognisedNothingIsNoted) {
    Local early;
    early.data(0, 100, 1000);
    EXPECT_EQ(early.verdict(), "whole unknown unknown");
    const SegmentFacts facts(early.connection, kServer, early.last());
    EXPECT_FALSE(facts.at_sender()) << "nothing was noted of that, either";
    EXPECT_EQ(facts.send_state, nullptr);
    EXPECT_EQ(facts.released_by_ack(), std::nullopt);
    EXPECT_EQ(facts.small_in_flight_at(1'000'000), std::nullopt);
    early.send(kServer, 100, kHead, 2000);
    const SegmentFacts behind(early.connection, kServer, early.last());
    ASSERT_NE(behind.before, nullptr);
    EXPECT_EQ(behind.small_in_flight_at(1'500'000), std::nullopt)
        << "what was in flight before is not known";
}

/// Without an announced MSS no segment is small.
TEST(CaptureVerdicts, WithoutTheSizeOfAPacketNothingIsSmall) {
    Answered a({.mss = {}});
    a.data(kBody, 100, 50'000);
    a.data(kBody + 100, 100, 50'010);
    EXPECT_EQ(SegmentFacts(a.connection, kServer, a.last()).small_in_flight_at(50'005'000),
              std::nullopt);
    EXPECT_EQ(a.verdict(), "whole unknown unknown");
}

/// The small segment in front of a full one may have been acknowledged by then, or not.
TEST(CaptureVerdicts, ASmallSegmentFurtherBackMayStillBeInFlight) {
    Answered a;
    a.data(kBody, 100, 50'000);
    a.data(kBody + 100, 1460, 50'010);
    EXPECT_EQ(SegmentFacts(a.connection, kServer, a.last()).small_in_flight_at(50'005'000), true);
    a.data(kBody + 1560, 100, 50'020);
    EXPECT_EQ(SegmentFacts(a.connection, kServer, a.last()).small_in_flight_at(50'015'000),
              std::nullopt);
}

/// One group for what is the same of several segments, another for what differs.
TEST(CaptureVerdicts, OfAChunkAreGroupedByWhatTheySay) {
    Local a;
    a.send(kServer, 0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1000);  // 47
    a.ack(47, 2000);
    const FrameNumber first = a.send(kServer, 47, "1000\r\n" + std::string(1454, 'x'), 50'000);
    const FrameNumber second = a.data(1507, 1460, 50'001, false);
    const FrameNumber third = a.data(2967, 100, 50'002);
    const ByteRange chunk = test::place(a.server(), 47, 3067);
    std::vector<CarriedRun> runs;
    Overlay(a.server()).carriers(chunk, 10, runs);
    ChunkCauses causes;
    const auto& groups = causes.gather(a.connection, kServer, chunk, runs);
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(words::causes(groups[0].causes), "mss");
    EXPECT_EQ(groups[0].frames, (std::vector<FrameNumber>{first, second}));
    EXPECT_EQ(words::causes(groups[1].causes), "write");
    EXPECT_EQ(groups[1].frames, (std::vector<FrameNumber>{third}));
}

}  // namespace
}  // namespace seamark::capture_verdicts_test
