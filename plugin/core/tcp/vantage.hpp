// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace seamark {

/// Where the capture was taken, as seen from one direction of a connection.
enum class Vantage : std::uint8_t {
    kUnknown,
    kMiddle,      // at neither end
    kAtSender,    // of the direction: what it sends follows what it receives at once
    kAtReceiver,  // the other way round
    kAtBoth,      // one machine, or as good as that
};

/// The same with how it is known. The times of a handshake only suggest a place; recorded calls
/// whose bytes were captured while the call was under way prove one.
struct Viewpoint {
    Vantage place = Vantage::kUnknown;
    bool known = false;

    /// Captured where the direction's bytes are sent, as far as one can guess.
    bool at_sender() const { return place == Vantage::kAtSender || place == Vantage::kAtBoth; }
    /// The same, and not by a guess: only then does a time exclude anything.
    bool surely_at_sender() const { return known && at_sender(); }
    friend bool operator==(const Viewpoint&, const Viewpoint&) = default;
};

/// The times of a handshake, and the place that they suggest. Sides are 0 and 1. Constant memory.
class HandshakeTimes {
  public:
    /// False where the side has sent one before.
    bool note_syn(std::size_t side, std::int64_t time);
    /// A segment of `side` that is no SYN.
    void note_segment(std::size_t side, std::int64_t time, bool has_payload);
    bool both_syns() const { return syn_[0] != kNever && syn_[1] != kNever; }
    /// ns from the first SYN to the acknowledgement of the second; empty where one was not
    /// captured.
    std::optional<std::int64_t> duration() const;
    /// The place as seen from the direction that `sender` sends. kUnknown where the handshake was
    /// not as it is meant to be: a SYN was sent again, or the acknowledgement waited for data, so
    /// that its times are no ways there and back.
    Vantage suggested(std::size_t sender) const;

  private:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

    std::size_t opener() const { return syn_[0] <= syn_[1] ? 0 : 1; }

    std::array<std::int64_t, 2> syn_{kNever, kNever};
    std::int64_t end_ = kNever;
    bool repeated_ = false;         // a SYN was captured twice
    bool waited_for_data_ = false;  // the acknowledgement of the second SYN carried payload
};

/// What the times of recorded calls and of their captured bytes say of the place, for the direction
/// of these writes.
class CallTimes {
  public:
    /// A segment that carried a write's first bytes. all_sent: the kernel had nothing left to send
    /// when the call had returned. Times in ns since 1970; round_trip in ns, 0: not known.
    void note(std::int64_t captured, std::int64_t entered, std::int64_t left, bool all_sent,
              std::int64_t round_trip);
    /// Some segment was captured while its call was under way, and none before its call began.
    bool at_sender() const { return during_ > 0 && before_ == 0; }
    /// Each was captured a good part of a round trip after the kernel had sent it.
    bool away_from_sender() const;

  private:
    std::uint32_t during_ = 0;  // counts stop at kMany
    std::uint32_t before_ = 0;
    std::uint32_t late_ = 0;
    std::uint32_t soon_ = 0;
};

}  // namespace seamark
