// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/stream/connection.hpp"
#include "support/sides.hpp"

namespace seamark::test {

/// One connection that a test feeds by hand. Positions count from 0, the byte after the SYN;
/// frames count from 1 over both directions, SYNs aside.
class Feeder {
  public:
    struct Options {
        bool syn = true;                      // both SYNs were captured
        std::uint32_t first_sequence = 1000;  // of position 0
        std::uint64_t waiting_limit = WaitingBudget{}.each;
    };
    explicit Feeder(Options options);
    Feeder() : Feeder(Options{}) {}

    /// Captures a segment after everything sent or lost so far. Returns its frame.
    unsigned send(Side side, std::string_view bytes);
    unsigned client(std::string_view bytes) { return send(kClient, bytes); }
    unsigned server(std::string_view bytes) { return send(kServer, bytes); }
    /// Sends a segment that the capture does not have.
    void lose(Side side, std::string_view bytes) { here(side) += bytes.size(); }
    /// Captures a segment at a position, and stays where it was.
    unsigned at(Side side, std::uint64_t position, std::string_view bytes);
    /// The same with fewer bytes captured than were on the wire, or with flags.
    struct Flags {
        bool syn = false;
        bool rst = false;
        bool multipath = false;
        std::optional<std::uint64_t> acknowledges = {};  // a position of the other side
        std::optional<std::int64_t> time = 0;            // ns; empty: the capture has none
        std::uint32_t cut = 0;                           // bytes that the snap length took
    };
    unsigned at(Side side, std::uint64_t position, std::string_view bytes, Flags flags);
    /// A bare FIN or RST after everything sent or lost so far. Returns its frame.
    unsigned fin(Side side);
    unsigned reset(Side side);
    /// A bare acknowledgement of the other side's bytes in front of a position.
    void acknowledge(Side side, std::uint64_t position);
    /// A SYN of its own, at the sequence number in front of a position.
    void syn(Side side, std::uint64_t position = 0);

    std::uint64_t& here(Side side) { return here_[static_cast<std::size_t>(side)]; }
    Connection& connection() { return connection_; }
    const WaitingBudget& budget() const { return budget_; }
    const Stream& stream(Side side) const { return connection_.stream(side); }
    void finish() { connection_.finish(); }

    /// What was found in one direction, for comparison with a text by hand:
    ///
    ///     1 request x1 none 0+18
    ///     1 response x1 200 chunked 0+47 open at 62 !missing-bytes
    ///       5;w=1 @47 3:10 complete
    ///       0 @57 3:3 4:2 incomplete !bare-lf
    ///
    /// message number, direction, exchange, status of a response, framing, head as begin+length,
    /// the body's length where it is one of known length; "open" when the end was not found, "at N"
    /// where a fault ended it, faults. A line a chunk: size line, offset, frame:bytes.
    std::string found(Side side) const { return found(side, true); }
    /// The same without frames: what must not depend on how the bytes were cut.
    std::string found_uncut(Side side) const { return found(side, false); }

  private:
    std::string found(Side side, bool frames) const;
    TcpHeader bare(Side side) const;

    Options options_;
    WaitingBudget budget_;
    Connection connection_;
    std::uint64_t here_[2] = {0, 0};
    unsigned frames_ = 0;
};

/// found() of one direction in which these segments were captured in order.
std::string found_in(Side side, std::initializer_list<std::string_view> segments);

}  // namespace seamark::test
