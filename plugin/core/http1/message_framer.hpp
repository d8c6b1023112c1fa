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
#include "core/http1/chunk_parser.hpp"
#include "core/http1/message.hpp"
#include "core/http1/request_log.hpp"
#include "core/base/text_pool.hpp"

namespace seamark {

/// Finds messages and chunks in one direction of a connection (RFC 9112 sections 2.2, 6 and 7),
/// online. It asks for bytes by position: cursor() is the next one it needs. Chunk data and bodies
/// are stepped over, captured or not.
class MessageFramer {
  public:
    /// Position behind every byte: nothing more is needed.
    static constexpr StreamOffset kNever = StreamOffset::max();

    /// requests: filled with this direction's requests. answered: the other direction's, told of
    /// each final response. Both must outlive the framer.
    MessageFramer(RequestLog& requests, RequestLog& answered)
        : requests_(&requests), answered_(&answered) {}

    /// First byte of the stream. Call it before any other; once more when an earlier byte turns out
    /// to be the first, as long as there is no message.
    void start(StreamOffset at);
    StreamOffset cursor() const { return cursor_; }

    /// Takes bytes that begin at begin <= cursor(). begins_segment: a captured segment begins
    /// there. Afterwards cursor() is at or behind their end.
    void feed(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment);
    /// The bytes from cursor() to end are missing and no longer waited for.
    void skip_hole(StreamOffset end);
    /// No more bytes will come: what is open ends where the capture does.
    void finish(StreamOffset end);
    /// What stands behind the first keep_requests requests is not HTTP/1: drops what was recognised
    /// there, and recognises no more. The last of them may still be on its way (RFC 9110
    /// section 7.8: a client sends the whole request before it switches).
    void stop_after(std::uint32_t keep_requests);

    /// Once after a 101 response: how many requests were answered up to and with the upgraded one.
    std::optional<std::uint32_t> take_switch();

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
        HeadParser head;
        ChunkParser chunk;
    };

    // Each takes bytes that begin at cursor_, as far as one step goes, and moves cursor_.
    void feed_start_line(std::span<const std::uint8_t> bytes, bool begins_segment);
    void feed_head(std::span<const std::uint8_t> bytes);
    void feed_chunks(std::span<const std::uint8_t> bytes);
    void expect_start_line(StreamOffset at);
    void retry_start_line();
    void begin_message();
    void end_head();
    void end_message(StreamOffset end);
    void take_size_line();
    void update_chunk();
    void refuse();
    void break_message(Fault fault);
    void stop_where_due();
    Reading& reading();
    void search();
    void swallow();

    RequestLog* requests_;
    RequestLog* answered_;
    State state_ = State::kSearch;
    StreamOffset cursor_;
    StreamOffset candidate_;  // where the start line under trial begins
    std::unique_ptr<Reading> reading_;

    std::uint32_t final_responses_ = 0;
    std::optional<std::uint32_t> switched_;
    std::optional<std::uint32_t> stop_after_;

    BlockVector<Message> messages_;
    BlockVector<Chunk> chunks_;
    TextPool texts_;  // size lines, content codings
};

}  // namespace seamark
