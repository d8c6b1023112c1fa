// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/cause/read_cause.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/verdict_words.hpp"
#include "support/recorded_call.hpp"
#include "support/sides.hpp"
#include "support/text.hpp"

/// Connections laid down by hand for verdicts: segments, acknowledgements and recorded calls with
/// their times in microseconds.
namespace seamark::test {

constexpr std::int64_t kMicro = 1000;  // ns
constexpr std::uint32_t kNodelay = EventFlags::kNodelay;

inline KernelState open_state(std::uint32_t not_sent) {
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
class ScriptedConnection {
  public:
    explicit ScriptedConnection(bool at_server = true) {
        syn(kClient, 0);
        syn(kServer, at_server ? 10 : 20'000);
        ack(kClient, 0, 65535, 20'010);
        segment(kClient, 0, "GET / HTTP/1.1\r\n\r\n", 20'020);
        segment(kServer, 0, "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", 20'100);
        begin = 43;
        const Stream& stream = std::as_const(connection).stream(kServer);
        EXPECT_EQ(stream.lane().runs().end() - stream.position({})->begin, begin);
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
        captured.payload = bytes_of(bytes);
        last_sequence_ = captured.header.sequence;
        connection.add(side, captured);
    }
    /// Data of the server behind its head.
    void data(std::uint32_t offset, std::uint32_t length, std::int64_t at, bool psh = true) {
        segment(kServer, begin + offset, std::string(length, 'x'), at, psh);
    }
    /// The same bytes as the server's last segment.
    void data_again(std::int64_t at, std::optional<std::uint16_t> identification) {
        data_again(at, PacketOrigin{identification});
    }
    void data_again(std::int64_t at, const PacketOrigin& origin) {
        const Segment last = std::as_const(connection).stream(kServer).lane().segments().back();
        CapturedSegment captured = base(kServer, at);
        captured.header.sequence = last_sequence_;
        captured.header.acknowledged = RawSequence{1000};
        captured.header.ack = false;
        captured.header.psh = true;
        captured.wire_length = last.wire_length;
        const std::string text(last.wire_length, 'x');
        captured.payload = bytes_of(text);
        captured.origin = origin;
        connection.add(kServer, captured);
    }
    std::uint16_t last_identification() const { return static_cast<std::uint16_t>(frame_); }
    /// Data of which only some bytes were captured.
    void snapped(std::uint32_t offset, std::uint32_t length, std::uint32_t captured_length,
                 std::int64_t at) {
        CapturedSegment captured = base(kServer, at);
        captured.header.sequence = RawSequence{1000 + begin + offset};
        captured.header.ack = false;
        captured.header.psh = true;
        captured.wire_length = length;
        const std::string text(captured_length, 'x');
        captured.payload = bytes_of(text);
        connection.add(kServer, captured);
    }
    /// The server sets an option of TCP, by Linux's number.
    void option(std::uint16_t name, std::uint64_t value, std::int64_t left) {
        IoEvent event;
        event.kind = EventKind::kOption;
        event.option_level = 6;
        event.option_name = name;
        event.requested = value;
        event.entered = (left - 1) * kMicro;
        event.left = left * kMicro;
        connection.add_event(kServer, event, FrameNumber{++frame_});
    }
    void client_ack(std::uint32_t data, std::int64_t at, std::uint16_t window = 65535) {
        ack(kClient, begin + data, window, at);
    }

    struct Write {
        std::uint32_t flags = 0;
        std::optional<KernelState> state = {};
        std::uint64_t requested = 0;  // 0: as taken
        std::string congestion = "cubic";
        Call call = Call::kSend;
    };
    void write(std::uint32_t offset, std::uint32_t length, std::int64_t at, const Write& how) {
        IoEvent event =
            recorded_call(EventKind::kWrite, ++writes_, begin + offset, length, how.requested);
        event.flags |= EventFlags::kOptionsKnown | how.flags;
        event.entered = at * kMicro;
        event.left = (at + 5) * kMicro;
        event.state = how.state;
        event.congestion = how.congestion;
        event.call = how.call;
        connection.add_event(kServer, event, FrameNumber{++frame_});
    }
    /// A write at this offset that took nothing.
    void refused(std::uint32_t offset, std::int64_t at, std::int32_t error = 11) {
        IoEvent event = recorded_call(EventKind::kWrite, 0, begin + offset, 0, 1000);
        event.returned = -1;
        event.error = error;
        event.entered = at * kMicro;
        event.left = (at + 1) * kMicro;
        connection.add_event(kServer, event, FrameNumber{++frame_});
    }
    void read(std::uint32_t offset, std::uint32_t length, std::uint64_t requested, std::int64_t at,
              std::optional<ReceiveState> state = {}) {
        IoEvent event =
            recorded_call(EventKind::kRead, ++reads_, begin + offset, length, requested);
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
            text.append(to_string(verdict.boundary)).append(" ");
            text.append(words::causes(verdict.causes));
            text.append(" ").append(to_string(verdict.confidence));
            if (verdict.boundaries > 1)
                text.append(" x").append(std::to_string(verdict.boundaries));
            EXPECT_FALSE(words::sentence(verdict).empty());
        }
        return text;
    }
    /// The sentences of what speaks for them, one a line.
    std::string evidence() const {
        const Stream& stream = connection.stream(kServer);
        std::string text;
        for (const Verdict& verdict :
             judge_segment(connection, kServer, stream.lane().segments().back()))
            for (const Evidence& evidence : verdict.evidence)
                text += words::sentence(evidence, stream.writes()) + "\n";
        return text;
    }
    std::string read_verdict(std::uint32_t offset) const {
        const Stream& stream = connection.stream(kServer);
        std::string text;
        const auto at =
            stream.position({CallOffset{begin + offset}, CallOffset{begin + offset + 1}});
        stream.each_call(stream.reads(), *at, [&](ByteRange range, const CallRecord& call) {
            const Verdict verdict = judge_read(connection, kServer, range, call);
            text = words::causes(verdict.causes) + " " + std::string(to_string(verdict.confidence));
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
        captured.origin.identification = static_cast<std::uint16_t>(frame_);
        captured.time = at * kMicro;
        captured.header.ack = true;
        return captured;
    }
    std::uint32_t frame_ = 0;
    RawSequence last_sequence_{};
    std::uint64_t writes_ = 0;
    std::uint64_t reads_ = 0;
};

}  // namespace seamark::test
