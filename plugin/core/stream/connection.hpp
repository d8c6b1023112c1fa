// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/stream/clock.hpp"
#include "core/stream/stream.hpp"

namespace seamark {

/// The two directions of a connection; which is which is the caller's choice and means nothing
/// here.
enum class Side : std::uint8_t { kFirst = 0, kSecond = 1 };
constexpr Side other(Side side) {
    return side == Side::kFirst ? Side::kSecond : Side::kFirst;
}

/// What distinguishes a connection's ends from those of others: hashes, equal for equal ends.
struct ConnectionEnds {
    std::uint32_t stream = 0;                   // Wireshark's tcp.stream
    std::array<std::uint64_t, 2> address = {};  // by Side
    std::array<std::uint64_t, 2> port = {};     // address and port
};

class Connection;
/// Notified of requests and final responses whose head is whole, before the bytes after it are
/// passed.
class ExchangeListener {
  public:
    virtual ~ExchangeListener() = default;
    /// message: index in the direction of its sender.
    virtual void request(Connection& connection, Side sender, std::uint32_t message) = 0;
    virtual void response(Connection& connection, Side sender, std::uint32_t message) = 0;
    /// This message and those after it in its direction are read anew.
    virtual void forget(Connection& connection, Side sender, std::uint32_t first) = 0;
};

/// Both directions of one TCP connection, and the exchanges in which requests and responses pair,
/// first in, first out (RFC 9112 section 9.3.2).
class Connection final {
  public:
    /// budget: for bytes that wait behind holes; it must outlive the connection.
    explicit Connection(WaitingBudget& budget)
        : streams_{Stream{requests_[0], requests_[1], budget},
                   Stream{requests_[1], requests_[0], budget}},
          budget_(&budget) {}
    /// listener must outlive the connection; null: no one is notified.
    Connection(WaitingBudget& budget, const ConnectionEnds& ends, ExchangeListener* listener)
        : Connection(budget) {
        ends_ = ends;
        listener_ = listener;
        if (listener == nullptr) return;
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            heads_[static_cast<std::size_t>(side)].emplace(*this, side);
            own(side).set_listener(&*heads_[static_cast<std::size_t>(side)]);
        }
    }
    // The streams point at the request logs.
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// As MessageReader::set_decoding(), in both directions, and of what is inside TLS.
    void set_decoding(DecodingBudget* decoding) {
        for (Stream& stream : streams_) stream.set_decoding(decoding);
    }
    void add(Side side, const CapturedSegment& segment);
    /// A segment of this side without payload and SYN. Costs no memory.
    void acknowledge(Side side, const TcpHeader& header, std::int64_t time, FrameNumber frame,
                     const PacketOrigin& origin = {});
    /// As Stream::forget(), in both directions.
    void forget(FrameNumber frame) {
        for (Stream& stream : streams_) stream.forget(frame);
        if (plain_) plain_->forget(frame);
    }

    /// What was decrypted of one TLS record. The bytes are borrowed for the call.
    struct DecryptedRecord {
        FrameNumber frame = FrameNumber::kNone;  // which completed the record
        std::int64_t time = 0;                   // of its capture
        bool timed = true;
        std::uint8_t type = 0;  // content type inside the encryption
        std::span<const std::uint8_t> plaintext;
        // Of the record's header, where a segment of this frame has it: else it is the next one
        // that the frame completed.
        std::optional<RawSequence> header = std::nullopt;
    };
    /// Records of one side, in the order in which they were decrypted.
    void add_plaintext(Side side, const DecryptedRecord& decrypted);
    /// What is inside TLS, as a connection of its own: its positions count plaintext, and its bytes
    /// are carried by the records of this one. null: nothing was decrypted.
    const Connection* plain() const { return plain_.get(); }
    /// The connection whose segments carry this one's bytes: itself, or, of what is inside TLS,
    /// that with the records.
    const Connection& carrying() const { return carrier_ != nullptr ? *carrier_ : *this; }
    /// The capture has ended. Calling it again changes nothing.
    void finish();

    /// Puts a recorded call in its lane. recorded: the side whose call it is; frame: of the event
    /// packet. False where the event has no place in a lane: it moved no bytes, neither its offset
    /// nor its sequence number is known, or its bytes were claimed by an earlier one.
    bool add_event(Side recorded, const IoEvent& event, FrameNumber frame);
    /// Takes out what add_event() put in with these arguments, if it did.
    void remove_event(Side recorded, const IoEvent& event, FrameNumber frame);

    /// Why calls above TLS that were recorded are joined with nothing: how many moved bytes.
    struct UnjoinedCalls {
        std::uint64_t sealed = 0;      // their records were not decrypted
        std::uint64_t kernel_tls = 0;  // on a socket whose kernel does TLS
    };
    UnjoinedCalls unjoined_calls() const;
    /// Whether a call above TLS has its place where plaintext has one: in the lanes of plain(),
    /// from the first decrypted record on. Its offset counts plaintext.
    static bool is_above_tls(const IoEvent& event) {
        return (event.kind == EventKind::kUpperWrite || event.kind == EventKind::kUpperRead) &&
               event.layer == Layer::kTls && event.has(EventFlags::kOwnOffsetKnown);
    }

    /// The event as add_event() placed it: with kOffsetKnown and the offset in its lane, if it has
    /// one there. Before, and of other events, it is the event itself.
    IoEvent placed(Side recorded, const IoEvent& event, FrameNumber frame) const {
        return stream(sender_of(recorded, event.kind)).placed(event, frame);
    }

    /// Whether a write, as placed(), has no place because of what is against its offset.
    bool is_in_doubt(Side recorded, const IoEvent& event) const {
        if (event.kind == EventKind::kUpperWrite)
            return plain_ && plain_->stream(recorded).writes().judge(event) != Unplaced::kNo;
        return event.kind == EventKind::kWrite &&
               stream(recorded).writes().judge(event) != Unplaced::kNo;
    }

    const ConnectionEnds& ends() const { return ends_; }
    /// Index of the final response to a request, where its start line is whole.
    std::optional<std::uint32_t> answer_to(Side requester, std::uint32_t request) const;
    /// Index of the request that a final response answers, where it was seen.
    std::optional<std::uint32_t> request_of(Side responder, std::uint32_t response) const;
    /// The body of the answer to this request is worth looking at, now or when it comes.
    void watch_answer(Side requester, std::uint32_t request);
    bool answer_is_watched(Side responder, std::uint32_t response) const;
    void watch(Side sender, std::uint32_t message) { own(sender).watch(message); }

    const Stream& stream(Side side) const { return streams_[static_cast<std::size_t>(side)]; }

    /// True where a message was recognised, in either direction.
    bool has_message() const {
        return !streams_[0].messages().empty() || !streams_[1].messages().empty();
    }

    /// True where a TLS record was found, in either direction.
    bool has_record() const {
        return streams_[0].records() != nullptr || streams_[1].records() != nullptr;
    }
    /// Whether this side sends the requests, as far as a message, or the hello of TLS, shows it.
    std::optional<bool> sends_requests(Side side) const;
    /// Version of TLS: what the server chose, or, where its hello was not captured, 0.
    std::uint16_t tls_version() const;

    /// True where a byte of payload was captured, in either direction.
    bool has_payload() const {
        return !streams_[0].lane().runs().empty() || !streams_[1].lane().runs().empty();
    }

    /// Exchange of the message with this index in its direction, from 1: a request's own message
    /// number; a response takes that of the request it answers, or where none was seen, its place
    /// among the final responses. 0 of an unsolicited response, which answers none.
    std::uint32_t exchange(Side side, std::uint32_t message) const;

    /// Largest payload of a packet that this side may send with that many bytes of TCP options: the
    /// lower announced MSS less the options (RFC 9293 section 3.7.1, RFC 6691). Empty where the
    /// other side's SYN, or its MSS option, was not captured.
    std::optional<std::uint32_t> max_payload(Side side, std::uint8_t options_length) const;

    /// Both ends use Multipath TCP here (RFC 8684): the connection is one subflow of perhaps
    /// several.
    bool multipath() const { return multipath_[0] && multipath_[1]; }
    const Clock& clock() const { return carrying().clock_; }

    /// Where the capture was taken, as the times of the handshake suggest.
    Vantage vantage(Side sender) const;
    /// ns from the first SYN to the acknowledgement of the second; empty where one was not
    /// captured.
    std::optional<std::int64_t> handshake_time() const;
    /// The interfaces at which it was captured.
    const CapturePoints& capture_points() const { return carrying().points_; }

  private:
    /// Passes on which direction a head is of.
    class DirectedListener final : public HeadListener {
      public:
        DirectedListener(Connection& connection, Side side)
            : connection_(&connection), side_(side) {}
        void head_whole(std::uint32_t message) override { connection_->head_whole(side_, message); }
        void forget_from(std::uint32_t message) override {
            connection_->listener_->forget(*connection_, side_, message);
        }

      private:
        Connection* connection_;
        Side side_;
    };
    void head_whole(Side side, std::uint32_t message);
    Stream& own(Side side) { return streams_[static_cast<std::size_t>(side)]; }
    static constexpr std::uint8_t kNoScale = 0xff;
    void note_syn(Side side, const CapturedSegment& segment);
    void open_watch(Side side, const TcpHeader& syn);
    std::uint8_t note_point(Side side, const CapturedSegment& segment);
    void note_call_time(Side side, const Segment& segment);
    Viewpoint viewpoint(Side sender) const;
    void note_acknowledgement(Side side, const TcpHeader& header, std::uint32_t wire_length,
                              std::int64_t time, FrameNumber frame);
    std::optional<std::uint32_t> find_decrypted(Side side, const DecryptedRecord& decrypted) const;
    void begin_plaintext();
    void add_inside(Side side, const CapturedSegment& segment);
    void finish_plaintext();
    SendWatch& watch(Side side) { return watches_[static_cast<std::size_t>(side)]; }
    void pass_on_switch(Side side);
    /// Keeps what is against a write call; false where nothing is.
    bool contradict(Side sender, const std::optional<Contradiction>& found);
    CallLane* lane_of(Side recorded, const IoEvent& event);
    /// Whose bytes a call of the recorded side moves: what it reads the other has sent.
    static Side sender_of(Side recorded, EventKind kind) {
        return kind == EventKind::kRead ? other(recorded) : recorded;
    }
    bool add_upper(Side recorded, const IoEvent& event, FrameNumber frame);
    CallLane& upper_lane(Side sender, bool writes);

    std::array<RequestLog, 2> requests_;
    std::array<Stream, 2> streams_;
    ConnectionEnds ends_;
    ExchangeListener* listener_ = nullptr;
    std::array<std::optional<DirectedListener>, 2> heads_;
    std::array<SendWatch, 2> watches_;
    std::array<bool, 2> multipath_{};
    Clock clock_;
    HandshakeTimes handshake_;
    std::array<CallTimes, 2> call_times_;  // of the writes of each side
    std::array<CopyWatch, 2> copies_;
    CapturePoints points_;
    bool several_places_ = false;                            // a packet was captured more than once
    std::array<std::uint8_t, 2> scale_{kNoScale, kNoScale};  // that the SYN of each side named
    WaitingBudget* budget_;
    const Connection* carrier_ = nullptr;
    std::unique_ptr<Connection> plain_;
    // Calls above TLS by the side that sends: kept here until something was decrypted.
    struct UpperCalls {
        std::array<CallLane, 2> writes;
        std::array<CallLane, 2> reads;
    };
    std::unique_ptr<UpperCalls> upper_;
    std::uint64_t kernel_tls_calls_ = 0;
    std::array<std::uint32_t, 2>
        next_record_{};  // of each side: those before it were decrypted, or never will be
};

}  // namespace seamark
