// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/block_vector.hpp"
#include "core/tls/hello.hpp"
#include "core/tls/record.hpp"

namespace seamark {

/// Finds the TLS records of one direction of a connection (RFC 8446 section 5.1, RFC 5246
/// section 6.2), online and without any key: their headers are in clear. It asks for bytes by
/// position: cursor() is the next one it needs. What follows a header is stepped over, captured or
/// not; of the first handshake message alone, a hello, the bytes are read.
///
/// Begins with try_hello(), which whoever reads the direction calls where a hello may stand, or
/// with resume(). Until active() the bytes may be anything, and are read by others, too.
class RecordFramer {
  public:
    static constexpr StreamOffset kNever = StreamOffset::max();

    /// A hello may stand at a position. Precondition: not active().
    void try_hello(StreamOffset at);
    /// A record was found at a position, of a connection whose hello was not captured.
    /// Precondition: not active().
    void resume(StreamOffset at);
    bool trying() const { return state_ == State::kTrial; }
    /// The direction is TLS from its first record on.
    bool active() const { return state_ > State::kTrial; }
    /// The next byte that is needed: of the trial, or, once active(), of the records.
    StreamOffset cursor() const { return cursor_; }

    /// Takes bytes that begin at begin <= cursor(). begins_segment: a captured segment begins
    /// there.
    void feed(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    /// The bytes from cursor() to end are missing and no longer waited for.
    void skip_hole(StreamOffset end);
    /// Drops the records from a position on: what is there is read anew, or is another connection.
    void forget_from(StreamOffset at);

    const BlockVector<TlsRecord>& records() const { return records_; }
    /// Calls visit(index, TlsRecord) for each record that has bytes of range, in order; index from
    /// 0.
    template <typename Visit>
    void each(ByteRange range, Visit visit) const {
        auto at = std::partition_point(
            records_.begin(), records_.end(),
            [&](const TlsRecord& record) { return record.range().end <= range.begin; });
        for (; at != records_.end() && at->offset < range.end; ++at)
            visit(static_cast<std::uint32_t>(at - records_.begin()), *at);
    }
    /// Null where it was not captured, or is malformed.
    const TlsHello* hello() const { return hello_ ? &*hello_ : nullptr; }
    /// Where the first header stands that could not be framed; nothing after it is read.
    struct Refusal {
        StreamOffset at;
        TlsFault fault = TlsFault::kBadType;
    };
    const std::optional<Refusal>& refusal() const { return refusal_; }

  private:
    enum class State : std::uint8_t { kIdle, kTrial, kHeader, kHello, kSearch, kRefused };

    void feed_trial(std::span<const std::uint8_t> bytes);
    void feed_header(std::span<const std::uint8_t> bytes);
    void feed_hello(std::span<const std::uint8_t> bytes);
    void take_header();
    void end_record();

    State state_ = State::kIdle;
    StreamOffset cursor_;
    StreamOffset begin_;  // of the trial, or of the header that is read
    std::array<std::uint8_t, kHelloShapeBytes> held_{};  // from there on
    std::uint8_t held_count_ = 0;
    std::unique_ptr<std::vector<std::uint8_t>> message_;  // the hello so far; null: none is read
    std::optional<TlsHello> hello_;
    std::optional<Refusal> refusal_;
    BlockVector<TlsRecord> records_;
};

}  // namespace seamark
