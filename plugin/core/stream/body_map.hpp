// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/offset.hpp"
#include "core/stream/message_index.hpp"

namespace seamark {

/// Where in its stream each byte of a message's body lies, and back: chunk data one behind the
/// other, or the body of another framing as it is. Costs 8 bytes a chunk. Borrows what the index
/// does.
class BodyMap {
  public:
    static constexpr std::uint32_t kNoChunk = ~std::uint32_t{0};

    BodyMap(const MessageIndex& messages, std::uint32_t message)
        : messages_(messages), message_(message) {}

    /// Takes in the chunks that were found since. The queries below know those only.
    void extend();

    /// Calls visit(BodyRange, ByteRange) for each run of body bytes in a range of the stream.
    template <typename Visit>
    void each_in_body(ByteRange range, Visit visit) const {
        const Message& m = message();
        if (m.framing != Framing::kChunked) {
            const ByteRange part = intersect(m.body, range);
            if (m.head_whole && !part.empty())
                visit(BodyRange{BodyOffset{part.begin - m.body.begin},
                                BodyOffset{part.end - m.body.begin}},
                      part);
            return;
        }
        for (std::size_t i = first_ending_after(range.begin); i < begins_.size(); ++i) {
            const ByteRange data = chunk(i).data();
            if (data.begin >= range.end) return;
            const ByteRange part = intersect(data, range);
            if (part.empty()) continue;
            const BodyOffset begin = begins_[i] + (part.begin - data.begin);
            visit(BodyRange{begin, begin + part.length()}, part);
        }
    }

    /// The body bytes that a range of the stream holds: one run, since both are in one order. Empty
    /// where it holds none.
    BodyRange in_body(ByteRange range) const;

    /// Calls visit(BodyRange, ByteRange, std::uint32_t chunk) for each run of the stream that holds
    /// bytes of a range of the body, in order; chunk: index in the message from 0, or kNoChunk.
    template <typename Visit>
    void each_in_stream(BodyRange range, Visit visit) const {
        const Message& m = message();
        if (m.framing != Framing::kChunked) {
            const BodyRange part = intersect({BodyOffset{}, BodyOffset{m.body.length()}}, range);
            if (m.head_whole && !part.empty())
                visit(part,
                      ByteRange{m.body.begin + part.begin.value, m.body.begin + part.end.value},
                      kNoChunk);
            return;
        }
        auto at = std::upper_bound(begins_.begin(), begins_.end(), range.begin);
        if (at != begins_.begin()) --at;
        for (; at != begins_.end() && *at < range.end; ++at) {
            const auto i = static_cast<std::size_t>(at - begins_.begin());
            const ByteRange data = chunk(i).data();
            const BodyRange part = intersect({*at, saturating_add(*at, data.length())}, range);
            if (part.empty()) continue;
            const StreamOffset begin = data.begin + (part.begin - *at);
            visit(part, ByteRange{begin, begin + part.length()}, static_cast<std::uint32_t>(i));
        }
    }

    /// Length of the whole body, where the framing has said it.
    std::optional<std::uint64_t> length() const;
    /// How many chunks with data the message has so far.
    std::size_t chunks() const { return begins_.size(); }
    const Message& message() const { return messages_[message_]; }
    const Chunk& chunk(std::size_t i) const { return messages_.chunk(message(), i); }

  private:
    std::size_t first_ending_after(StreamOffset at) const;

    MessageIndex messages_;
    std::uint32_t message_;
    std::vector<BodyOffset> begins_;  // of each chunk's data
    BodyOffset total_;
};

}  // namespace seamark
