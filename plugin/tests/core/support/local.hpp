// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/cause/read_cause.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_words.hpp"
#include "support/feeder.hpp"
#include "support/place.hpp"
#include "support/recorded_call.hpp"
#include "support/text.hpp"

namespace seamark::test {

/// A connection that a client opens, bare: what its SYNs say is the test's choice, nothing is sent
/// yet. Times in microseconds; offsets count from the byte after the SYN.
class Local {
  public:
    struct Opening {
        std::int64_t answered = 10;  // one machine: the handshake takes 20 µs
        std::int64_t acknowledged = 20;
        std::optional<std::uint16_t> mss = std::uint16_t{1460};
        std::optional<std::uint8_t> client_scale = {};
        std::optional<std::uint8_t> server_scale = {};
    };
    explicit Local(Opening opening) {
        syn(kClient, 0, opening.mss, opening.client_scale);
        syn(kServer, opening.answered, opening.mss, opening.server_scale);
        ack(0, opening.acknowledged);
    }
    Local() : Local(Opening{}) {}

    /// The client acknowledges what the server sent up to an offset.
    void ack(std::uint32_t upto, std::int64_t at, std::uint16_t window = 65535) {
        CapturedSegment captured = segment(at);
        captured.header.ack = true;
        captured.header.acknowledged = RawSequence{1000 + upto};
        captured.header.window = window;
        connection.acknowledge(kClient, captured.header, captured.time, captured.frame);
    }
    /// Returns the frame.
    FrameNumber send(Side side, std::uint32_t offset, const std::string& bytes, std::int64_t at,
                     TcpHeader header = {}) {
        CapturedSegment captured = segment(at);
        captured.header = header;
        captured.header.sequence = RawSequence{1000 + offset};
        captured.wire_length = static_cast<std::uint32_t>(bytes.size());
        captured.payload = bytes_of(bytes);
        connection.add(side, captured);
        return captured.frame;
    }
    /// Of the server, `length` bytes that mean nothing.
    FrameNumber data(std::uint32_t offset, std::uint32_t length, std::int64_t at, bool psh = true) {
        TcpHeader header;
        header.psh = psh;
        return send(kServer, offset, std::string(length, 'x'), at, header);
    }
    void read(std::uint32_t offset, std::uint32_t length, std::uint64_t requested, std::int64_t at,
              std::optional<ReceiveState> state = {}) {
        IoEvent event = recorded_call(EventKind::kRead, ++reads_, offset, length, requested);
        event.entered = at * 1000;
        event.left = (at + 5) * 1000;
        event.receive_state = state;
        connection.add_event(kClient, event, FrameNumber{++frame_});
    }

    const Stream& server() const { return connection.stream(kServer); }
    const Segment& last() const { return server().lane().segments().back(); }
    /// "cut mss consistent", of the server's last segment, which has one verdict.
    std::string verdict() const {
        const Verdict verdict = judge_segment(connection, kServer, last()).front();
        return std::string(to_string(verdict.boundary)) + " " + words::causes(verdict.causes) +
               " " + std::string(to_string(verdict.confidence));
    }
    /// "segment known", of the read that has the byte at an offset.
    std::string read_verdict(std::uint64_t offset) const {
        std::string text;
        server().each_call(server().reads(), place(server(), offset, offset + 1),
                           [&](ByteRange range, const CallRecord& call) {
                               const Verdict verdict = judge_read(connection, kServer, range, call);
                               text = words::causes(verdict.causes) + " " +
                                      std::string(to_string(verdict.confidence));
                           });
        return text;
    }

    WaitingBudget budget;
    Connection connection{budget};

  private:
    CapturedSegment segment(std::int64_t at) {
        CapturedSegment captured;
        captured.frame = FrameNumber{++frame_};
        captured.origin.identification = static_cast<std::uint16_t>(frame_);
        captured.time = at * 1000;
        return captured;
    }
    void syn(Side side, std::int64_t at, std::optional<std::uint16_t> mss,
             std::optional<std::uint8_t> scale) {
        CapturedSegment captured = segment(at);
        captured.header.syn = true;
        captured.header.sequence = RawSequence{999};
        captured.header.announced_mss = mss;
        captured.header.window_scale = scale;
        connection.add(side, captured);
    }
    std::uint32_t frame_ = 0;
    std::uint64_t reads_ = 0;
};

}  // namespace seamark::test
