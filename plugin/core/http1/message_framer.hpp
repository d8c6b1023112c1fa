// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/block_vector.hpp"
#include "core/base/text_pool.hpp"
#include "core/http1/chunk_parser.hpp"
#include "core/http1/foreign.hpp"
#include "core/http1/message.hpp"
#include "core/http1/proxy_header.hpp"
#include "core/http1/request_log.hpp"
#include "core/http1/stream_end.hpp"

namespace seamark {

/// Finds messages and chunks in one direction of a connection (RFC 9112 sections 2.2, 6 and 7),
/// online. It asks for bytes by position: cursor() is the next one it needs. Chunk data and bodies
/// are stepped over, captured or not.
class MessageFramer {
  public:
    /// Position after every byte: nothing more is needed.
    static constexpr StreamOffset kNever = StreamOffset::max();

    /// requests: filled with this direction's requests. answered: the other direction's, notified
    /// of each final response. Both must outlive the framer.
    MessageFramer(RequestLog& requests, RequestLog& answered)
        : requests_(&requests), answered_(&answered) {}

    /// First byte of the stream. Call it before any other; once more when an earlier byte turns out
    /// to be the first, as long as there is no message.
    void start(StreamOffset at);
    StreamOffset cursor() const { return cursor_; }

    /// Takes bytes that begin at begin <= cursor(). begins_segment: a captured segment begins
    /// there. Afterwards cursor() is at or after their end.
    void feed(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    /// The bytes from cursor() to end are missing and no longer waited for.
    void skip_hole(StreamOffset end);
    /// Begins anew at an earlier byte than the first so far: drops what was recognised. False where
    /// that is not possible, as the other direction was notified of a switch of protocols.
    bool restart(StreamOffset at);
    /// The connection has ended, and another one follows: what lasts to its close lasts to here.
    void end_connection(StreamOffset end);
    /// The other one begins at a position after all that messages reach to: recognition begins
    /// anew.
    void start_over(StreamOffset at);
    /// The first response that was framed before its request was seen; empty: none. What stands
    /// after its head may have to be read again.
    std::optional<std::uint32_t> blind() const { return blind_; }
    /// It stays as it was framed.
    void forget_blind() { blind_.reset(); }
    /// How many requests of the other direction are known by now.
    std::size_t requests_seen() const { return answered_->size(); }
    /// Asks the requests again. True where the first blind response is framed otherwise now: what
    /// was recognised after its head is dropped, and cursor() stands there.
    bool settle();
    /// No more bytes will come: what is open ends where and as the direction does.
    void finish(const StreamEnd& end);
    /// Why the last message is not whole if the direction ends so; empty where it is.
    std::optional<Fault> cut(const StreamEnd& end) const;
    /// What follows the first keep_requests requests is not HTTP/1: drops what was recognised
    /// there, and recognises no more. The last of them may still be on its way (RFC 9110
    /// section 7.8: a client sends the whole request before it switches).
    void stop_after(std::uint32_t keep_requests);

    /// Once after a 101 response: how many requests were answered up to and with the upgraded one.
    std::optional<std::uint32_t> take_switch();

    /// True between messages, where nothing was given up and nothing but HTTP/1 was met so far.
    bool idle() const {
        if (!intact_) return false;
        if (state_ == State::kSearch) return cursor_ == start_;
        return state_ == State::kStartLine && (!reading_ || reading_->held.empty());
    }
    /// No message has the byte at a position, which is the next one needed: a start line may begin
    /// there, or what is no HTTP/1.
    bool may_begin(StreamOffset at) const {
        return cursor_ == at && (state_ == State::kSearch || state_ == State::kStartLine);
    }
    /// The stream is one subflow of several: what cannot be framed is no fault of its sender's.
    void set_subflow() { subflow_ = true; }

    /// In front of the first message; null: none.
    const ProxyHeader* proxy_header() const { return proxy_header_.get(); }
    /// Where something was tried as a start line and is none: the first place after each message
    /// (in front of the first one, too).
    struct Trial {
        StreamOffset at;
        std::uint32_t messages = 0;  // how many came before it
        Foreign looks_like = Foreign::kOther;
    };
    const std::vector<Trial>& failed_trials() const { return failed_; }

    const BlockVector<Message>& messages() const { return messages_; }
    const BlockVector<Chunk>& chunks() const { return chunks_; }

  private:
    enum class State : std::uint8_t { kSearch, kStartLine, kHead, kChunks, kSwallow };

    /// What reads byte by byte just now. Most directions most of the time are between messages, or
    /// are no HTTP at all, and have none.
    struct Reading {
        StartLineParser start_line;
        std::string held;                      // bytes of the start line under trial so far
        std::vector<StreamOffset> boundaries;  // segments that begin inside it
        Foreign looks_like = Foreign::kOther;  // what is under trial
        bool no_start_line = false;            // but may be a PROXY header
        HeadParser head;
        ChunkParser chunk;
    };

    // Each takes bytes that begin at cursor_, as far as one step goes, and moves cursor_.
    void feed_start_line(std::span<const std::uint8_t> bytes, bool begins_segment);
    void feed_head(std::span<const std::uint8_t> bytes);
    void feed_chunks(std::span<const std::uint8_t> bytes);
    void expect_start_line(StreamOffset at);
    void retry_start_line();
    bool feed_proxy_header(std::uint8_t byte);
    void note_failed_trial(StreamOffset at);
    void take_start_line();
    void begin_message();
    void keep_media(Message& message, std::string_view media);
    void end_head();
    void end_message(StreamOffset end);
    void take_size_line();
    void update_chunk();
    void refuse();
    void break_message(Fault fault);
    Fault ending(const StreamEnd& end, StreamOffset needed) const;
    void stop_where_due();
    void reframe(std::uint32_t response, Framing framing, FramingReason reason);
    Reading& reading();
    void search();
    void swallow();

    RequestLog* requests_;
    RequestLog* answered_;
    State state_ = State::kSearch;
    StreamOffset cursor_;
    StreamOffset start_;      // of the stream
    StreamOffset candidate_;  // where the start line under trial begins
    bool intact_ = true;      // nothing was given up and nothing but HTTP/1 was met
    bool subflow_ = false;
    std::unique_ptr<ProxyHeaderParser> proxy_;  // under trial
    std::unique_ptr<ProxyHeader> proxy_header_;
    std::vector<Trial> failed_;
    std::unique_ptr<Reading> reading_;

    std::uint32_t final_responses_ = 0;
    std::optional<std::uint32_t> switched_;
    std::optional<std::uint32_t> blind_;
    bool switched_ever_ = false;
    std::uint32_t epochs_ = 0;
    std::optional<std::uint32_t> stop_after_;

    BlockVector<Message> messages_;
    BlockVector<Chunk> chunks_;
    TextPool texts_;  // size lines, content codings, media types
};

}  // namespace seamark
