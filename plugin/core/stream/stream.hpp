// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/stream/call_lane.hpp"
#include "core/stream/call_places.hpp"
#include "core/stream/message_reader.hpp"
#include "core/stream/plain_map.hpp"
#include "core/tcp/capture_points.hpp"
#include "core/tcp/closing.hpp"
#include "core/tcp/segment_lane.hpp"
#include "core/tcp/sequence_unwrapper.hpp"
#include "core/tcp/tcp_header.hpp"

namespace seamark {

/// One TCP segment as captured. The bytes are borrowed for the call.
struct CapturedSegment {
    FrameNumber frame = FrameNumber::kNone;
    std::int64_t time = 0;  // of capture, ns since 1970; 0 where there is none
    bool timed = true;      // the capture file says when
    TcpHeader header;
    std::uint32_t wire_length = 0;          // payload bytes on the wire
    std::span<const std::uint8_t> payload;  // those of them that were captured, from the first
    PacketOrigin origin = {};
};

/// One direction of a connection: its segment lane and its messages and chunks, joined by offset.
///
/// Segments come in order of capture, which need not be that of the stream: the map of bytes that
/// they make (who carried which first) is here, what the bytes say is read by a MessageReader.
class Stream {
  public:
    /// requests: filled with this direction's requests; answered: the other direction's. budget:
    /// for bytes that wait behind a hole. All must outlive the stream.
    Stream(RequestLog& requests, RequestLog& answered, WaitingBudget& budget)
        : reader_(requests, answered, budget) {}

    /// Records a segment and reads what it makes readable.
    void add(const CapturedSegment& segment);
    /// Frame that carried the first byte that waits behind a hole; empty when none does.
    std::optional<FrameNumber> first_waiting() const;
    /// Gives up the hole in front of it.
    void give_up_hole() { reader_.give_up_hole(); }
    /// The capture has ended: gives up every hole. Calling it again changes nothing.
    void finish() { reader_.finish(end()); }
    /// This frame, the last one added, is none of the capture: what was read of it stays known, and
    /// no frame has carried it.
    void forget(FrameNumber frame) {
        lane_.forget(frame);
        closing_.forget(frame);
    }
    /// A segment of this direction, with payload or without: its FIN or RST.
    void note_close(const TcpHeader& header, std::uint32_t wire_length, FrameNumber frame);
    /// A segment of the other direction: what it acknowledges, and its RST.
    void note_answer(const TcpHeader& header, FrameNumber frame);
    const Closing& closing() const { return closing_; }
    /// Why the last message is not whole if no more is captured; empty where it is.
    std::optional<Fault> cut() const { return reader_.cut(end()); }
    /// Nothing after the first keep_requests requests is HTTP/1, those still to come included.
    void stop_after(std::uint32_t keep_requests) { reader_.stop_after(keep_requests); }
    std::optional<std::uint32_t> take_switch() { return reader_.take_switch(); }
    void settle() { reader_.settle(); }

    /// As in MessageReader.
    void set_listener(HeadListener* listener) { reader_.set_listener(listener); }
    void watch(std::uint32_t message) { reader_.watch(message); }
    const WatchedBody* watched(std::uint32_t message) const { return reader_.watched(message); }
    void consume(std::uint32_t message, std::unique_ptr<BodyConsumer> consumer) {
        reader_.consume(message, std::move(consumer));
    }

    void set_decoding(DecodingBudget* decoding) { reader_.set_decoding(decoding); }
    DecodingBudget* decoding() const { return reader_.decoding(); }
    const BodyItems* items(std::uint32_t message) const { return reader_.items(message); }

    const SegmentLane& lane() const { return lane_; }
    /// As SegmentLane::note_send_state().
    void note_send_state(const SendState& send_state) { lane_.note_send_state(send_state); }
    /// The segment is a packet that was captured before, at another place: nothing was sent again.
    bool is_copy(const Segment& segment) const {
        if (!segment.retransmission()) return false;
        const SendState* send_state = lane_.send_state(segment);
        return send_state != nullptr && (send_state->repeat == Repeat::kSamePacket ||
                                         send_state->repeat == Repeat::kOtherPoint);
    }
    MessageIndex messages() const { return reader_.messages(); }
    /// The TLS records of this direction, by position; null where none was found.
    const RecordFramer* records() const { return reader_.records(); }
    /// Every byte in front of a position was read, from the one behind the SYN on, and no message
    /// is begun.
    bool idle_behind(StreamOffset end) const { return after_syn_ && reader_.idle_behind(end); }
    /// Whether offset 0 is the byte after the SYN.
    bool begins_with_syn() const { return after_syn_.has_value(); }
    void set_subflow() { reader_.set_subflow(); }
    /// MSS option of this direction's SYN: what the other direction may send (RFC 9293
    /// section 3.7.1).
    std::optional<std::uint16_t> announced_mss() const { return announced_mss_; }

    /// Position of the byte with this sequence number; empty before the first segment.
    std::optional<StreamOffset> position_of(RawSequence sequence) const {
        return unwrapper_.place(sequence);
    }
    /// A position counted from 0: from the byte after the SYN, or, where no SYN was captured, from
    /// the lowest sequence number of captured payload.
    /// Where other connections followed on the same ports, it counts in its own.
    PublicOffset public_offset(StreamOffset at) const { return PublicOffset{at - zero(at)}; }
    /// How many connections began here that Wireshark takes for one, beside the first.
    std::size_t later_connections() const { return epochs_ ? epochs_->size() : 0; }

    /// The calls that handed this direction's bytes to the kernel, and those that took them out at
    /// the other end. Their offsets count from the first byte of the connection.
    CallLane& writes() { return writes_; }
    CallLane& reads() { return reads_; }
    const CallLane& writes() const { return writes_; }
    const CallLane& reads() const { return reads_; }
    /// The offset of a call's bytes in its lane, written into the event, with kOffsetKnown; the
    /// flag is taken off where they cannot be placed. By the offset that was recorded; where that
    /// is not known, or no SYN was captured, by the sequence number.
    void place(IoEvent& event, FrameNumber frame);
    /// The event as place() left it in this frame.
    IoEvent placed(IoEvent event, FrameNumber frame) const {
        places_.apply(event, frame);
        return event;
    }
    void forget_place(FrameNumber frame) { places_.forget(frame); }
    /// Where offsets of calls count from; empty where neither a SYN nor a sequence number says it.
    std::optional<StreamOffset> calls_begin() const {
        return places_.zero() ? places_.zero() : after_syn_;
    }
    /// Positions of a recorded call's bytes; empty where calls_begin() is.
    std::optional<ByteRange> position(CallRange calls) const {
        const auto zero = calls_begin();
        if (!zero) return std::nullopt;
        const StreamOffset begin = saturating_add(*zero, calls.begin.value);
        return ByteRange{begin, saturating_add(begin, calls.length())};
    }
    /// The other way round. Empty where calls_begin() is, or the range begins before it.
    std::optional<CallRange> call_range(ByteRange range) const {
        const auto zero = calls_begin();
        if (!zero || range.begin < *zero) return std::nullopt;
        return CallRange{CallOffset{range.begin - *zero}, CallOffset{range.end - *zero}};
    }
    /// Calls visit(ByteRange, CallRecord) for each call of a lane that overlaps range; ranges are
    /// positions of this stream. Where calls_begin() is empty nothing is visited: how far into the
    /// connection the capture begins is not known then.
    template <typename Visit>
    void each_call(const CallLane& lane, ByteRange range, Visit visit) const {
        const auto calls = call_range(range);
        if (!calls) return;
        const StreamOffset zero = *calls_begin();
        const auto at = [&](CallOffset offset) { return saturating_add(zero, offset.value); };
        lane.each(*calls, [&](CallRange part, const CallRecord& call) {
            visit(ByteRange{at(part.begin), at(part.end)}, call);
        });
    }

    /// Whether each_call() would visit one.
    bool has_call(const CallLane& lane, ByteRange range) const {
        const auto calls = call_range(range);
        return calls && lane.first(*calls) != nullptr;
    }

    /// Of the plaintext of TLS: the stream whose records hold it, and which record holds what.
    /// null: its segments carry it.
    void set_carrier(const Stream& carrier) {
        carrier_ = &carrier;
        plain_map_ = std::make_unique<PlainMap>();
    }
    const Stream* carrier() const { return carrier_; }
    PlainMap& plain_map() { return *plain_map_; }
    const PlainMap& plain_map() const { return *plain_map_; }
    /// Calls visit(ByteRange) for each range of carrier() whose records hold bytes of a range of
    /// the plaintext, in order, until it returns false. Where no TLS is below it is the range
    /// itself.
    template <typename Visit>
    void each_carried_until(ByteRange range, Visit visit) const {
        if (carrier_ == nullptr) {
            visit(range);
            return;
        }
        each_record_until(range, [&](const PlainMap::Part&, const TlsRecord& record) {
            return visit(record.range());
        });
    }
    /// Calls visit(PlainMap::Part, TlsRecord) for each record that holds bytes of a range of the
    /// plaintext, in order, until it returns false. Precondition: carrier() is not null.
    template <typename Visit>
    void each_record_until(ByteRange range, Visit visit) const {
        const RecordFramer* records = carrier_->records();
        plain_map_->each_until(range, [&](const PlainMap::Part& part) {
            // Records are forgotten where earlier bytes show that they were read wrongly.
            if (records == nullptr || part.record >= records->records().size()) return false;
            return visit(part, records->records()[part.record]);
        });
    }
    /// From the first to the last of them; range itself where there are none.
    ByteRange carried_extent(ByteRange range) const {
        std::optional<ByteRange> extent;
        each_carried_until(range, [&](ByteRange carried) {
            extent = ByteRange{extent ? extent->begin : carried.begin, carried.end};
            return true;
        });
        return extent.value_or(range);
    }
    /// The stream whose segments, calls and frames those ranges are of.
    const Stream& carrying() const { return carrier_ != nullptr ? *carrier_ : *this; }

  private:
    StreamOffset zero(StreamOffset at) const;
    bool is_of_another(const CapturedSegment& segment) const;
    void start_over(const TcpHeader& header);
    StreamEnd end() const;

    SequenceUnwrapper unwrapper_;
    SegmentLane lane_;
    CallLane writes_;
    CallLane reads_;
    CallPlaces places_;
    MessageReader reader_;
    Closing closing_;
    StreamOffset sent_;  // after the last byte of a segment, captured or cut by the snap length
    std::optional<StreamOffset> after_syn_;
    StreamOffset floor_;  // bytes in front of it are none of the connection's; 0: not known
    // Where later connections on the same ports begin, ascending; null: none did.
    std::unique_ptr<std::vector<StreamOffset>> epochs_;
    std::optional<std::uint16_t> announced_mss_;
    const Stream* carrier_ = nullptr;
    std::unique_ptr<PlainMap> plain_map_;  // with carrier_
};

}  // namespace seamark
