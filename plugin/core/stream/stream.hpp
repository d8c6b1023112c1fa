// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/stream/body_hash.hpp"
#include "core/stream/body_map.hpp"
#include "core/stream/call_lane.hpp"
#include "core/http1/message_framer.hpp"
#include "core/tcp/opening.hpp"
#include "core/tcp/segment_lane.hpp"
#include "core/tcp/sequence_unwrapper.hpp"
#include "core/tcp/tcp_header.hpp"
#include "core/tcp/waiting_bytes.hpp"

namespace seamark {

/// One TCP segment as captured. The bytes are borrowed for the call.
struct CapturedSegment {
    FrameNumber frame = FrameNumber::kNone;
    std::int64_t time = 0;  // of capture, ns since 1970
    TcpHeader header;
    std::uint32_t wire_length = 0;          // payload bytes on the wire
    std::span<const std::uint8_t> payload;  // those of them that were captured, from the first
};

class Stream;
/// Told of each whole head before the bytes behind it are passed.
class HeadListener {
  public:
    virtual ~HeadListener() = default;
    /// message: index in the direction.
    virtual void head_whole(const Stream& direction, std::uint32_t message) = 0;
};

/// A body whose bytes are looked at, since it may be one leg of two.
struct WatchedBody {
    std::uint32_t message;  // index in the direction
    BodyMap map;
    BodyHash hash;
};

/// One direction of a connection: its segment lane and its messages and chunks, joined by offset.
///
/// Segments come in order of capture, which need not be that of the stream. Bytes that the framer
/// needs later are kept until a hole in front of them is filled or given up; no other byte is kept.
class Stream {
  public:
    /// requests: filled with this direction's requests; answered: the other direction's. budget:
    /// for bytes that wait behind a hole. All must outlive the stream.
    Stream(RequestLog& requests, RequestLog& answered, WaitingBudget& budget)
        : framer_(requests, answered), budget_(&budget) {}

    /// Records a segment and reads what it makes readable.
    void add(const CapturedSegment& segment);
    /// Frame that brought the first byte that waits behind a hole; empty when none does.
    std::optional<FrameNumber> first_waiting() const;
    /// Gives up the hole in front of it.
    void give_up_hole();
    /// The capture has ended: gives up every hole. Calling it again changes nothing.
    void finish();
    /// This frame, the last one added, is none of the capture: what was read of it stays known, and
    /// no frame has brought it.
    void forget(FrameNumber frame) { lane_.forget(frame); }
    /// Nothing behind the first keep_requests requests is HTTP/1, those still to come included.
    void stop_after(std::uint32_t keep_requests) { framer_.stop_after(keep_requests); }
    std::optional<std::uint32_t> take_switch() { return framer_.take_switch(); }

    /// Whom to tell of heads; it must outlive the stream's use.
    void set_listener(HeadListener* listener) { listener_ = listener; }
    /// From now on the body of this message is hashed. Its head must be whole.
    void watch(std::uint32_t message);
    /// Null where it is not watched. Valid until the next watch().
    const WatchedBody* watched(std::uint32_t message) const;

    const SegmentLane& lane() const { return lane_; }
    /// As SegmentLane::note_send_state().
    void note_send_state(const SendState& send_state) { lane_.note_send_state(send_state); }
    const MessageFramer& framer() const { return framer_; }
    /// MSS option of this direction's SYN: what the other direction may send (RFC 9293
    /// section 3.7.1).
    std::optional<std::uint16_t> announced_mss() const { return announced_mss_; }

    /// Position of the byte with this sequence number; empty before the first segment.
    std::optional<StreamOffset> position_of(RawSequence sequence) const {
        return unwrapper_.place(sequence);
    }
    /// A position counted from 0: from the byte after the SYN, or, where no SYN was captured, from
    /// the lowest sequence number of captured payload.
    StreamOffset public_offset(StreamOffset at) const { return at - zero(); }

    /// The calls that handed this direction's bytes to the kernel, and those that took them out at
    /// the other end. Their offsets count from the first byte of the connection.
    CallLane& writes() { return writes_; }
    CallLane& reads() { return reads_; }
    const CallLane& writes() const { return writes_; }
    const CallLane& reads() const { return reads_; }
    /// Positions in this stream of length bytes from an offset that counts from the first byte of
    /// the connection; empty where no SYN was captured.
    std::optional<ByteRange> position(StreamOffset offset, std::uint64_t length) const {
        if (!after_syn_) return std::nullopt;
        const StreamOffset begin = saturating_add(*after_syn_, offset);
        return ByteRange{begin, saturating_add(begin, length)};
    }
    /// Calls visit(ByteRange, CallRecord) for each call of a lane that overlaps range; ranges are
    /// positions of this stream. Where no SYN was captured nothing is visited: how far into the
    /// connection the capture begins is not known then.
    template <typename Visit>
    void each_call(const CallLane& lane, ByteRange range, Visit visit) const {
        if (!after_syn_ || range.begin < *after_syn_) return;
        const StreamOffset begin = *after_syn_;
        lane.each(
            {range.begin - begin, range.end - begin}, [&](ByteRange part, const CallRecord& call) {
                visit(ByteRange{saturating_add(part.begin, begin), saturating_add(part.end, begin)},
                      call);
            });
    }

    /// Whether each_call() would visit one.
    bool has_call(const CallLane& lane, ByteRange range) const {
        return after_syn_ && range.begin >= *after_syn_ &&
               lane.first({range.begin - *after_syn_, range.end - *after_syn_}) != nullptr;
    }

  private:
    StreamOffset zero() const;
    void start_at(StreamOffset begin);
    void take_fresh(ByteRange part, StreamOffset segment_begin,
                    std::span<const std::uint8_t> payload);
    void read_waiting();
    void pass(StreamOffset begin, std::span<const std::uint8_t> bytes);

    SequenceUnwrapper unwrapper_;
    SegmentLane lane_;
    CallLane writes_;
    CallLane reads_;
    MessageFramer framer_;
    WaitingBytes waiting_;
    WaitingBudget* budget_;
    std::optional<StreamOffset> after_syn_;
    std::optional<std::uint16_t> announced_mss_;
    std::optional<StreamOffset> start_;  // where the framer began to read
    Opening opening_;
    HeadListener* listener_ = nullptr;
    std::size_t heads_told_ = 0;  // messages whose head the listener knows of, or never will
    using WatchedBodies = std::vector<WatchedBody>;
    std::unique_ptr<WatchedBodies> watched_;  // sorted by message; null: none
};

}  // namespace seamark
