// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/http1/message_framer.hpp"

namespace seamark {

/// What was read in one direction: its messages and their chunks, by index and by position. The one
/// place that knows how a message finds its chunks. Borrows the framer; cheap to copy.
class MessageIndex {
  public:
    static constexpr std::uint32_t kNoChunk = ~std::uint32_t{0};

    explicit MessageIndex(const MessageFramer& framer) : framer_(&framer) {}

    bool empty() const { return framer_->messages().empty(); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(framer_->messages().size()); }
    /// message: index in the direction, from 0.
    const Message& operator[](std::uint32_t message) const { return framer_->messages()[message]; }
    const Message& front() const { return framer_->messages().front(); }
    auto begin() const { return framer_->messages().begin(); }
    auto end() const { return framer_->messages().end(); }

    /// In front of the first message; null: none.
    const ProxyHeader* proxy_header() const { return framer_->proxy_header(); }
    const std::vector<MessageFramer::Trial>& failed_trials() const {
        return framer_->failed_trials();
    }

    /// Of all messages, in order.
    const BlockVector<Chunk>& chunks() const { return framer_->chunks(); }
    /// chunk: index in the direction, from 0, as Piece has it.
    const Chunk& chunk(std::uint32_t chunk) const { return framer_->chunks()[chunk]; }
    /// The chunk with this place in its message, from 0; place < the message's chunk_count.
    const Chunk& chunk(const Message& message, std::size_t place) const {
        return framer_->chunks()[message.first_chunk + place];
    }
    /// Number of a chunk in its message, from 1.
    std::uint32_t number(const Message& message, std::uint32_t chunk) const {
        return chunk - message.first_chunk + 1;
    }
    /// The chunk before this one in its message; null of the first.
    const Chunk* before(const Message& message, std::uint32_t chunk) const {
        return chunk == message.first_chunk ? nullptr : &framer_->chunks()[chunk - 1];
    }

    /// Calls visit(index) for each message that may have bytes of a range, in order; those dropped
    /// aside.
    template <typename Visit>
    void each_message(ByteRange range, Visit visit) const {
        const auto& messages = framer_->messages();
        auto at = std::partition_point(messages.begin(), messages.end(), [&](const Message& m) {
            return m.head.begin <= range.begin;
        });
        if (at != messages.begin()) --at;
        for (; at != messages.end() && at->head.begin < range.end; ++at)
            if (!at->dropped) visit(static_cast<std::uint32_t>(at - messages.begin()));
    }
    /// Calls visit(index in the direction, Chunk) for each chunk of a message that has bytes of a
    /// range, in order.
    template <typename Visit>
    void each_chunk(const Message& message, ByteRange range, Visit visit) const {
        const auto first = framer_->chunks().begin() + message.first_chunk;
        const auto last = first + message.chunk_count;
        auto at = std::partition_point(
            first, last, [&](const Chunk& c) { return c.range().end <= range.begin; });
        for (; at != last && at->offset < range.end; ++at)
            visit(message.first_chunk + static_cast<std::uint32_t>(at - first), *at);
    }

    /// Where the last chunk of a message ends, as far as it is known; where its head ends if it has
    /// none.
    StreamOffset chunks_end(const Message& message) const {
        if (message.chunk_count == 0) return message.head.end;
        return chunk(message, message.chunk_count - 1).range().end;
    }
    /// How far a message that was not read to its end reaches: what stopped it, or what is read
    /// next; 0 of one that has its end.
    StreamOffset open_end(const Message& message) const {
        if (message.stopped()) return message.stopped_at;
        return message.ended ? StreamOffset{} : framer_->cursor();
    }
    /// From the first byte of the head to the last that is known to belong to the message, with the
    /// one that stopped it.
    ByteRange extent(const Message& message) const {
        StreamOffset last = std::max({message.head.end, message.body.end, chunks_end(message)});
        if (message.stopped()) last = std::max(last, message.stopped_at + 1);
        return {message.head.begin, last};
    }

  private:
    const MessageFramer* framer_;
};

}  // namespace seamark
