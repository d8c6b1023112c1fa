// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/block_vector.hpp"
#include "core/base/byte_range.hpp"
#include "core/base/range_index.hpp"
#include "core/tcp/send_state.hpp"

namespace seamark {

/// One captured segment with payload, in order of capture. 32 bytes.
struct Segment {
    StreamOffset begin;             // of its first payload byte
    std::int64_t time = 0;          // of capture, ns since 1970
    std::uint32_t wire_length = 0;  // payload bytes on the wire
    std::uint32_t captured = 0;     // payload bytes that the snap length left
    FrameNumber frame = FrameNumber::kNone;
    std::uint32_t index : 26 = 0;         // from 1 among those that carried a byte
    std::uint32_t limit_met : 1 = 0;      // with it more waited behind missing bytes than may wait
    std::uint32_t repeats : 1 = 0;        // some of its bytes were captured before
    std::uint32_t options_words : 4 = 0;  // length of its TCP options in words of 4 bytes

    bool retransmission() const { return index == 0; }
    /// Of the bytes that were captured; those of the wire may be more.
    ByteRange range() const { return {begin, begin + captured}; }
    ByteRange wire_range() const { return {begin, begin + wire_length}; }
    /// Bytes of its TCP options, at most 40 (RFC 9293 section 3.1).
    std::uint8_t options_length() const { return static_cast<std::uint8_t>(options_words * 4); }
};

/// The segments of one direction: who carried which byte, first arrival wins (RFC 9293
/// section 3.10).
class SegmentLane {
  public:
    /// Adds a segment; fresh(ByteRange) is called for each part that no one carried before. The
    /// parts lie within [begin, begin + captured).
    template <typename Fresh>
    const Segment& add(StreamOffset begin, std::uint32_t wire_length, std::uint32_t captured,
                       FrameNumber frame, std::int64_t time, Fresh fresh) {
        Segment segment;
        segment.begin = begin;
        segment.wire_length = wire_length;
        segment.captured = captured;
        segment.frame = frame;
        segment.time = time;
        std::uint64_t brought = 0;
        runs_.claim(segment.range(), frame, [&](ByteRange part) {
            brought += part.length();
            fresh(part);
        });
        segment.repeats = brought < captured;
        if (brought > 0 || captured == 0) segment.index = ++count_;
        segments_.push_back(segment);
        return segments_.back();
    }

    /// Length in bytes of the TCP options of the segment that was added last, a multiple of 4.
    void note_options(std::uint8_t length) { segments_.back().options_words = length / 4U & 15U; }

    /// The bytes of the segment that was added last were too many to wait: a hole was given up.
    void note_limit_met() { segments_.back().limit_met = 1; }

    /// What was known when the segment that was added last passed. From the first such note on
    /// there has to be one for each segment, even if what it was noted for goes: what was carried
    /// before has none.
    void note_send_state(const SendState& send_state) {
        if (!send_states_) send_states_ = std::make_unique<SendStates>();
        if (send_states_->all.empty()) send_states_->first = segments_.size() - 1;
        send_states_->all.push_back(send_state);
    }
    bool has_send_states() const { return send_states_ && !send_states_->all.empty(); }
    /// Null where none was noted. segment: one of segments(), itself.
    const SendState* send_state(const Segment& segment) const;
    /// The one captured before segment, which is one of segments(), itself; null: none.
    const Segment* before(const Segment& segment) const;

    /// This frame, the last one added, is none of the capture: its segments go, and its bytes stay
    /// as bytes that were read and belong to no frame (kNone).
    void forget(FrameNumber frame) {
        while (!segments_.empty() && segments_.back().frame == frame) {
            runs_.disown(segments_.back().range(), frame);
            if (!segments_.back().retransmission()) --count_;
            segments_.pop_back();
            if (send_states_ && !send_states_->all.empty()) send_states_->all.pop_back();
        }
    }

    /// In order of capture, retransmissions included.
    const BlockVector<Segment>& segments() const { return segments_; }
    const RangeIndex& runs() const { return runs_; }
    /// How many segments carried a byte.
    std::uint32_t count() const { return count_; }

  private:
    struct SendStates {
        std::size_t first = 0;  // the segment that all begins with
        BlockVector<SendState> all;
    };
    /// Its place among all segments; after the last where it is none of them.
    std::size_t ordinal(const Segment& segment) const;

    BlockVector<Segment> segments_;
    std::unique_ptr<SendStates> send_states_;  // null where none was noted
    RangeIndex runs_;
    std::uint32_t count_ = 0;
};

}  // namespace seamark
