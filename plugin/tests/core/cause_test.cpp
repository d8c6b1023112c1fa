// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of whole segments, from connections laid down by hand: segments, acknowledgements and
// recorded calls with their times in microseconds. The server is captured where it runs: the way to
// the client and back takes 20 ms.
#include "core/cause.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "support/text.hpp"

namespace seamark {
namespace {

constexpr Side kClient = Side::kFirst;
constexpr Side kServer = Side::kSecond;
constexpr std::int64_t kMicro = 1000;  // ns
constexpr std::uint32_t kNodelay = EventFlags::kNodelay;

KernelState open_state(std::uint32_t not_sent) {
    KernelState state;
    state.cwnd = 10;
    state.unacked = state.in_flight = 1;
    state.mss = 1460;
    state.peer_window = 65536;
    state.not_sent = not_sent;
    state.queued = not_sent + 32;
    state.send_buffer = 87040;
    state.pacing_rate = KernelState::kUnlimited;
    return state;
}

/// A response under way; offsets count from the first byte of the server.
class Told {
  public:
    explicit Told(bool at_server = true) {
        syn(kClient, 0);
        syn(kServer, at_server ? 10 : 20'000);
        ack(kClient, 0, 65535, at_server ? 20'010 : 20'010);
        segment(kClient, 0, "GET / HTTP/1.1\r\n\r\n", 20'020);
        segment(kServer, 0, "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", 20'100);
        begin = 43;
        const Stream& stream = std::as_const(connection).stream(kServer);
        EXPECT_EQ(stream.lane().runs().end() - stream.position(0, 0)->begin, begin);
        ack(kClient, begin, 65535, 40'200);
    }

    void syn(Side side, std::int64_t at) {
        CapturedSegment captured = base(side, at);
        captured.header.syn = true;
        captured.header.ack = side == kServer;
        captured.header.sequence = RawSequence{999};
        captured.header.acknowledged = RawSequence{1000};
        captured.header.window = 65535;
        captured.header.announced_mss = std::uint16_t{1460};
        captured.header.window_scale = std::uint8_t{0};
        connection.add(side, captured);
    }
    void ack(Side side, std::uint32_t upto, std::uint16_t window, std::int64_t at) {
        CapturedSegment captured = base(side, at);
        captured.header.acknowledged = RawSequence{1000 + upto};
        captured.header.window = window;
        connection.acknowledge(side, captured.header, captured.time, captured.frame);
    }
    void segment(Side side, std::uint32_t offset, std::string_view bytes, std::int64_t at,
                 bool psh = true) {
        CapturedSegment captured = base(side, at);
        captured.header.sequence = RawSequence{1000 + offset};
        captured.header.acknowledged = RawSequence{1000};
        captured.header.ack = false;  // what it acknowledges plays no part here
        captured.header.psh = psh;
        captured.wire_length = static_cast<std::uint32_t>(bytes.size());
        captured.payload = test::bytes_of(bytes);
        connection.add(side, captured);
    }
    /// Data of the server behind its head.
    void data(std::uint32_t offset, std::uint32_t length, std::int64_t at, bool psh = true) {
        segment(kServer, begin + offset, std::string(length, 'x'), at, psh);
    }
    void client_ack(std::uint32_t data, std::int64_t at, std::uint16_t window = 65535) {
        ack(kClient, begin + data, window, at);
    }

    struct Write {
        std::uint32_t flags = 0;
        std::optional<KernelState> state = {};
        std::uint64_t requested = 0;  // 0: as taken
        std::string congestion = "cubic";
    };
    void write(std::uint32_t offset, std::uint32_t length, std::int64_t at, Write how) {
        IoEvent event;
        event.kind = EventKind::kWrite;
        event.call = Call::kSend;
        event.index = ++writes_;
        event.offset = begin + offset;
        event.returned = length;
        event.requested = how.requested > 0 ? how.requested : length;
        event.flags = EventFlags::kOffsetKnown | EventFlags::kOptionsKnown | how.flags;
        event.entered = at * kMicro;
        event.left = (at + 5) * kMicro;
        event.state = how.state;
        event.congestion = how.congestion;
        connection.add_event(kServer, event, FrameNumber{++frame_});
    }
    void read(std::uint32_t offset, std::uint32_t length, std::uint64_t requested, std::int64_t at,
              std::optional<ReceiveState> state = {}) {
        IoEvent event;
        event.kind = EventKind::kRead;
        event.call = Call::kRecv;
        event.index = ++reads_;
        event.offset = begin + offset;
        event.returned = length;
        event.requested = requested;
        event.flags = EventFlags::kOffsetKnown;
        event.entered = at * kMicro;
        event.left = (at + 5) * kMicro;
        event.receive_state = state;
        connection.add_event(kClient, event, FrameNumber{++frame_});
    }

    /// "merge nagle known, cut mss consistent": the verdicts of the server's last segment.
    std::string verdicts() const {
        const auto& all = connection.stream(kServer).lane().segments();
        std::string text;
        for (const Verdict& verdict : judge_segment(connection, kServer, all.back())) {
            if (!text.empty()) text += ", ";
            text.append(to_string(verdict.seam)).append(" ").append(cause_words(verdict));
            text.append(" ").append(to_string(verdict.confidence));
            if (verdict.seams > 1) text.append(" x").append(std::to_string(verdict.seams));
            EXPECT_FALSE(verdict.text.empty());
        }
        return text;
    }
    std::string read_verdict(std::uint32_t offset) const {
        const Stream& stream = connection.stream(kServer);
        std::string text;
        const auto at = stream.position(begin + offset, 1);
        stream.each_call(stream.reads(), *at, [&](ByteRange range, const CallRecord& call) {
            const Verdict verdict = judge_read(connection, kServer, range, call);
            text = cause_words(verdict) + " " + std::string(to_string(verdict.confidence));
        });
        return text;
    }

    WaitingBudget budget;
    Connection connection{budget};
    std::uint32_t begin = 0;

  private:
    CapturedSegment base(Side, std::int64_t at) {
        CapturedSegment captured;
        captured.frame = FrameNumber{++frame_};
        captured.time = at * kMicro;
        captured.header.ack = true;
        return captured;
    }
    std::uint32_t frame_ = 0;
    std::uint64_t writes_ = 0;
    std::uint64_t reads_ = 0;
};

TEST(Cause, TheHandshakeTellsWhereTheCaptureWasTaken) {
    EXPECT_EQ(Told().connection.vantage(kServer), Vantage::kAtSender);
    EXPECT_EQ(Told().connection.vantage(kClient), Vantage::kAtReceiver);
    EXPECT_EQ(Told(false).connection.vantage(kServer), Vantage::kAtReceiver);
    WaitingBudget budget;
    EXPECT_EQ(Connection(budget).vantage(kServer), Vantage::kUnknown);
}

TEST(Cause, AHandshakeWhoseTimesGoBackTellsNothing) {
    WaitingBudget budget;
    Connection connection{budget};
    CapturedSegment segment;
    segment.header.syn = true;
    segment.time = 20'000 * kMicro;
    connection.add(kClient, segment);
    segment.header.ack = true;
    segment.time = 20'010 * kMicro;
    connection.add(kServer, segment);
    segment.header.syn = false;
    connection.acknowledge(kClient, segment.header, 10'000 * kMicro, FrameNumber{3});
    EXPECT_EQ(connection.handshake_time(), -10'000 * kMicro);
    EXPECT_EQ(connection.vantage(kServer), Vantage::kUnknown);
}

TEST(Cause, AWriteThatLeavesAtOnceIsWhole) {
    Told with_state;
    with_state.write(0, 32, 50'000, {.state = open_state(0)});
    with_state.data(0, 32, 50'002);
    EXPECT_EQ(with_state.verdicts(), "whole write known");

    Told calls_only;
    calls_only.write(0, 32, 50'000, {});
    calls_only.data(0, 32, 50'002);
    EXPECT_EQ(calls_only.verdicts(), "whole write consistent");
}

TEST(Cause, WritesBehindASmallOneWaitForItsAcknowledgement) {
    for (const bool state : {true, false}) {
        Told told;
        const auto held = [&](std::uint32_t bytes) {
            return state ? std::optional(open_state(bytes)) : std::nullopt;
        };
        told.write(0, 32, 50'000, {.state = held(0)});
        told.data(0, 32, 50'002);
        told.write(32, 32, 51'000, {.state = held(32)});
        told.write(64, 32, 52'000, {.state = held(64)});
        told.write(96, 32, 53'000, {.state = held(96)});
        told.client_ack(32, 70'002);
        told.data(32, 96, 70'004);
        EXPECT_EQ(told.verdicts(), state ? "merge nagle known x2" : "merge nagle consistent x2");
    }
}

TEST(Cause, AWriteThatWaitsAloneIsHeld) {
    Told told;
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.data(0, 32, 50'002);
    told.write(32, 32, 51'000, {.state = open_state(32)});
    told.client_ack(32, 90'002);  // delayed
    told.data(32, 32, 90'004);
    EXPECT_EQ(told.verdicts(), "held nagle known");
}

TEST(Cause, WithNodelayAMergeIsNotNagle) {
    Told told;
    KernelState full = open_state(32);
    full.in_flight = full.unacked = 10;
    told.write(0, 32, 51'000, {.flags = kNodelay, .state = full});
    told.write(32, 32, 52'000, {.flags = kNodelay, .state = full});
    told.client_ack(0, 70'002);
    told.data(0, 64, 70'004);
    EXPECT_EQ(told.verdicts(), "merge cwnd known");

    Told calls_only;
    calls_only.data(0, 32, 50'002);
    calls_only.write(32, 32, 51'000, {.flags = kNodelay});
    calls_only.write(64, 32, 52'000, {.flags = kNodelay});
    calls_only.client_ack(32, 70'002);
    calls_only.data(32, 64, 70'004);
    EXPECT_EQ(calls_only.verdicts(), "merge cwnd or rwnd consistent");
}

TEST(Cause, CorkAndMoreMerge) {
    Told told;
    told.write(0, 32, 50'000, {.flags = EventFlags::kCork, .state = open_state(32)});
    told.write(32, 32, 51'000, {.flags = EventFlags::kMore, .state = open_state(64)});
    told.write(64, 32, 52'000, {.state = open_state(0)});
    told.data(0, 96, 52'002);
    EXPECT_EQ(told.verdicts(), "merge cork known, merge more known");
}

TEST(Cause, AWriteIsCutAtTheMss) {
    Told told;
    told.write(0, 4000, 50'000, {.state = open_state(0)});
    told.data(0, 1460, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut mss consistent");
    told.data(1460, 1460, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut mss consistent");
    told.data(2920, 1080, 50'002);
    EXPECT_EQ(told.verdicts(), "whole write known");
}

TEST(Cause, ASuperSegmentEndsAtAMultipleOfTheMss) {
    Told told;
    told.write(0, 150'000, 50'000, {.state = open_state(0)});
    told.data(0, 14'600, 50'002);
    EXPECT_EQ(told.verdicts(), "cut gso, cwnd or pacing consistent");
    told.client_ack(14'600, 50'003);
    told.data(14'600, 44 * 1460, 50'004);
    EXPECT_EQ(told.verdicts(), "cut gso, cwnd or pacing consistent");
}

TEST(Cause, AWriteIsCutWhereTheCallStoppedSending) {
    Told told;
    KernelState full = open_state(4000 - 2920);
    full.in_flight = full.unacked = 10;
    told.write(0, 4000, 50'000, {.flags = kNodelay, .state = full});
    told.data(0, 2920, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut cwnd known");
}

TEST(Cause, AWriteIsCutAtTheEdgeOfThePeersWindow) {
    Told told;
    told.client_ack(0, 49'000, 1000);
    told.write(0, 4000, 50'000, {.state = open_state(3000)});
    told.data(0, 1000, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut rwnd consistent");

    Told capture_alone;
    capture_alone.client_ack(0, 49'000, 1000);
    capture_alone.data(0, 1000, 50'002, false);
    EXPECT_EQ(capture_alone.verdicts(), "cut rwnd consistent");
}

TEST(Cause, AShortWriteEndsItsSegment) {
    Told told;
    told.write(0, 100, 50'000, {.state = open_state(0), .requested = 300});
    told.data(0, 100, 50'002);
    EXPECT_EQ(told.verdicts(), "whole send-buffer known");
}

TEST(Cause, AShortWriteDoesNotEndASegmentThatGoesOn) {
    Told told;
    told.write(0, 100, 50'000, {.state = open_state(0), .requested = 300});
    told.data(0, 105, 50'002);  // the call with the last five bytes was not recorded
    EXPECT_EQ(told.verdicts(), "whole unknown unknown");
}

TEST(Cause, AtTheReceiverMergesMayBeTheWayUp) {
    Told told(false);
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.write(32, 32, 51'000, {.state = open_state(0)});
    told.data(0, 64, 61'000);
    EXPECT_EQ(told.verdicts(), "merge gro consistent");
}

TEST(Cause, WhatTheStateContradictsIsUnknown) {
    Told told;
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.write(32, 32, 51'000, {.state = open_state(0)});
    told.data(0, 64, 51'002);
    EXPECT_EQ(told.verdicts(), "merge unknown unknown");
}

TEST(Cause, FromTheCaptureAlone) {
    Told told;
    told.data(0, 32, 50'002);
    EXPECT_EQ(told.verdicts(), "whole write consistent");
    told.client_ack(32, 70'002);
    told.data(32, 96, 70'004);
    EXPECT_EQ(told.verdicts(), "held nagle, cwnd or write consistent");
    told.data(128, 1460, 75'000);
    EXPECT_EQ(told.verdicts(), "cut mss consistent");
    told.data(1588, 2920, 75'000);
    EXPECT_EQ(told.verdicts(), "cut gso or cwnd consistent");
    told.data(4508, 100, 75'000, false);
    EXPECT_EQ(told.verdicts(), "held cork, more or rwnd consistent");
    told.data(0, 32, 90'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission known");
}

TEST(Cause, AtTheReceiverTheTimesOfAcknowledgementsMeanNothing) {
    Told told(false);
    told.data(0, 32, 50'002);
    told.client_ack(32, 70'002);
    told.data(32, 96, 70'004);
    EXPECT_EQ(told.verdicts(), "whole write consistent");
}

TEST(Cause, WithoutHandshakeTheMssIsUnknownAndSoIsTheCause) {
    WaitingBudget budget;
    Connection connection{budget};
    CapturedSegment request;
    request.frame = FrameNumber{1};
    request.header.sequence = RawSequence{1000};
    const auto bytes = test::bytes_of("GET / HTTP/1.1\r\n\r\n");
    request.payload = bytes;
    request.wire_length = static_cast<std::uint32_t>(bytes.size());
    connection.add(kClient, request);
    const auto verdicts = judge_segment(
        connection, kClient, std::as_const(connection).stream(kClient).lane().segments().front());
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_EQ(verdicts[0].confidence, Confidence::kUnknown);
    EXPECT_EQ(verdicts[0].causes, std::vector{Cause::kUnknown});
}

TEST(ReadCause, OneSegmentAtOnce) {
    Told told(false);
    told.data(0, 32, 50'000);
    told.read(0, 32, 65536, 50'010, ReceiveState{0, 1, 0, 131'072});
    EXPECT_EQ(told.read_verdict(0), "segment known");
}

TEST(ReadCause, SegmentsThatHadComeBeforeAndTheSizeAsked) {
    Told told(false);
    told.data(0, 32, 50'000);
    told.data(32, 32, 50'100);
    told.read(0, 64, 65536, 51'000, ReceiveState{0, 1, 0, 131'072});
    EXPECT_EQ(told.read_verdict(0), "waited known");
    told.data(64, 32, 52'000);
    told.read(64, 16, 16, 52'010);
    EXPECT_EQ(told.read_verdict(64), "read-size consistent");
}

TEST(ReadCause, AProgramThatSleptBetweenItsReads) {
    Told told(false);
    told.data(0, 32, 50'000);
    told.read(0, 32, 65536, 50'010);
    told.data(32, 32, 60'000);
    told.data(64, 32, 70'000);
    told.read(32, 64, 65536, 90'000);
    EXPECT_EQ(told.read_verdict(32), "slow-reader consistent");
}

TEST(ReadCause, LowWaterMarkAndGro) {
    Told told(false);
    told.data(0, 32, 50'000);
    told.data(32, 32, 50'100);
    told.read(0, 64, 65536, 50'110, ReceiveState{0, 64, 0, 131'072});
    EXPECT_EQ(told.read_verdict(0), "low-water or waited consistent");
    told.data(64, 4380, 60'000);
    told.read(64, 4380, 65536, 60'010);
    EXPECT_EQ(told.read_verdict(64), "gro consistent");
}

/// Each frame of a read asks anew, so that not all segments of a very long one can be looked at.
TEST(ReadCause, OfManySegmentsIsConsistentAtMost) {
    for (const std::uint32_t segments : {1000U, 2000U}) {
        Told told(false);
        for (std::uint32_t i = 0; i < segments; ++i) told.data(i, 1, 50'000 + i);
        told.read(0, segments, 65536, 60'000, ReceiveState{0, 1, 0, 131'072});
        EXPECT_EQ(told.read_verdict(0), segments == 1000 ? "waited known" : "waited consistent");
    }
}

}  // namespace
}  // namespace seamark
