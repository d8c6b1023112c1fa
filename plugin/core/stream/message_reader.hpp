// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/http1/message_framer.hpp"
#include "core/stream/body_consumer.hpp"
#include "core/stream/body_hash.hpp"
#include "core/stream/body_items.hpp"
#include "core/stream/body_map.hpp"
#include "core/stream/message_index.hpp"
#include "core/tcp/opening.hpp"
#include "core/tcp/waiting_bytes.hpp"
#include "core/tls/record_framer.hpp"

namespace seamark {

/// Notified of each whole head before the bytes after it are passed.
class HeadListener {
  public:
    virtual ~HeadListener() = default;
    /// message: index in the direction.
    virtual void head_whole(std::uint32_t message) = 0;
    /// What it was notified of this message and of those after it is void: they are read anew.
    virtual void forget_from(std::uint32_t /*message*/) {}
};

/// A body whose bytes are looked at, since it may be one leg of two.
struct WatchedBody {
    std::uint32_t message;  // index in the direction
    BodyMap map;
    BodyHash hash;
};

/// Reads messages and bodies from the bytes of one direction, whoever carries them: TCP segments,
/// or the plaintext of TLS records. Bytes come in any order, each once; those that the framer needs
/// later are kept until a hole in front of them is filled or given up, and no other byte is kept
/// unless a body has a consumer.
///
/// Where a TLS hello stands in place of a start line, records are framed from there on, and no
/// message is looked for any more.
class MessageReader {
  public:
    /// requests: filled with this direction's requests; answered: the other direction's. budget:
    /// for bytes that wait behind a hole. All must outlive the reader.
    MessageReader(RequestLog& requests, RequestLog& answered, WaitingBudget& budget)
        : framer_(requests, answered), budget_(&budget) {}

    /// The stream begins here, or, as an earlier byte shows only now, has begun here.
    void start_at(StreamOffset begin);
    /// The stream cannot begin earlier.
    void begin_is_known() {
        opening_.close();
        may_resume_ = false;
    }
    /// The connection has ended, and another one follows. After which position it may begin.
    StreamOffset end_connection(const StreamEnd& end);
    /// There it begins.
    void start_over(StreamOffset at);
    /// Bytes that no one carried before. begins_segment: a segment (a record) begins with them.
    void take(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    /// After each segment: reads what waits and can be read. True where missing bytes were given up
    /// because more waited behind them than may wait.
    bool end_segment();

    /// Where the first bytes that wait behind a hole begin; empty when none do.
    std::optional<StreamOffset> first_waiting() const {
        return waiting_.empty() ? std::nullopt : std::optional(waiting_.first());
    }
    /// Gives up the hole in front of them.
    void give_up_hole();
    /// The other direction has requests that it had not before: a response that was framed without
    /// its request may end elsewhere, and what follows it is read again.
    void settle();
    /// No more bytes will come. Calling it again changes nothing.
    void finish(const StreamEnd& end);
    std::optional<Fault> cut(const StreamEnd& end) const { return framer_.cut(end); }

    /// Nothing after the first keep_requests requests is HTTP/1, those still to come included.
    void stop_after(std::uint32_t keep_requests) { framer_.stop_after(keep_requests); }
    std::optional<std::uint32_t> take_switch() { return framer_.take_switch(); }

    /// Whom to notify of heads; it must outlive the reader's use.
    void set_listener(HeadListener* listener) { listener_ = listener; }
    /// From now on the body of this message is hashed. Its head must be whole.
    void watch(std::uint32_t message);
    /// Null where it is not watched. Valid until the next watch().
    const WatchedBody* watched(std::uint32_t message) const;
    /// From now on the body of this message is given to a consumer, in order. Its head must be
    /// whole, and no byte of its body passed: call it from the listener.
    void consume(std::uint32_t message, std::unique_ptr<BodyConsumer> consumer);

    /// The events of a body whose media type is one of events; null: it is none, its head is not
    /// whole, or it has a content coding and none is undone. Valid until bytes are added.
    const BodyItems* items(std::uint32_t message) const;

    MessageIndex messages() const { return MessageIndex(framer_); }
    /// The TLS records of the direction; null where none was found.
    const RecordFramer* records() const {
        return records_ && !records_->records().empty() ? records_.get() : nullptr;
    }
    /// Every byte in front of a position was read, from the first of the stream on, and the framer
    /// stands between messages.
    bool idle_behind(StreamOffset end) const {
        return framer_.idle() && waiting_.empty() && framer_.cursor() >= end;
    }
    void set_subflow() { framer_.set_subflow(); }
    /// How to undo content codings, of bodies of events alone; it must outlive the reader. Without
    /// it none is undone.
    void set_decoding(DecodingBudget* decoding) { decoding_ = decoding; }
    DecodingBudget* decoding() const { return decoding_; }

  private:
    struct ConsumedBody {
        std::uint32_t message;
        BodyMap map;
        BodyFeed feed;
    };

    bool tls() const { return records_ && records_->active(); }
    /// The next byte that is needed.
    StreamOffset cursor() const { return tls() ? records_->cursor() : framer_.cursor(); }
    void feed(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    void look_for_records(StreamOffset begin, std::span<const std::uint8_t> bytes, bool open);
    void skip_hole(StreamOffset end);
    void forget_records(StreamOffset from);

    bool read_waiting();
    void pass(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    void keep(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    void drop_kept();
    void forget_bodies(std::uint32_t first);
    void tell_heads();
    void read_items(std::uint32_t message);
    void extend_items();
    void finish_bodies();

    MessageFramer framer_;
    std::unique_ptr<RecordFramer> records_;  // null where none was looked for
    WaitingBytes waiting_;
    WaitingBytes kept_;       // after the head of the first blind response, as long as it is one
    bool keeping_ = true;     // else too many had to be kept, and no request was seen
    bool may_resume_ = true;  // the first bytes were not captured, so that a hello may be missing
    WaitingBudget* budget_;
    std::optional<StreamOffset> start_;  // where the framer began to read
    Opening opening_;
    HeadListener* listener_ = nullptr;
    DecodingBudget* decoding_ = nullptr;
    std::size_t heads_told_ = 0;  // messages whose head the listener knows of, or never will
    using WatchedBodies = std::vector<WatchedBody>;
    std::unique_ptr<WatchedBodies> watched_;  // sorted by message; null: none
    using ItemBodies = std::vector<BodyItems>;
    std::unique_ptr<ItemBodies> items_;  // sorted by message; null: none
    using ConsumedBodies = std::vector<ConsumedBody>;
    std::unique_ptr<ConsumedBodies> consumed_;  // in order of messages, those not ended; null: none
};

}  // namespace seamark
