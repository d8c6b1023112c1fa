// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/http1/write_tag.hpp"
#include "core/stream/connection.hpp"

namespace seamark {

/// What a run of bytes is, in the eyes of HTTP.
enum class PieceKind : std::uint8_t {
    kHead,
    kBody,      // of a message that is not chunked
    kSizeLine,  // of a chunk, with its line end
    kData,
    kLineEnd,       // after chunk data
    kTrailer,       // section, without its final empty line
    kFinalLineEnd,  // the empty line that ends a chunked message
    kFragment,      // of a chunked message: a size line that is not whole, or was refused
    kProxyHeader,   // in front of the first message; of a lane alone
};

/// Bytes of one message (and chunk) that lie in one run.
struct Piece {
    static constexpr std::uint32_t kNoChunk = MessageIndex::kNoChunk;
    PieceKind kind;
    ByteRange range;
    std::uint32_t message;           // index in the direction, from 0
    std::uint32_t chunk = kNoChunk;  // index in the direction, from 0
};

/// Part of a chunk that one frame carries.
struct CarriedRun {
    FrameNumber frame;
    std::uint64_t bytes;
};

/// When and by which frame a byte was captured first.
struct Arrival {
    FrameNumber frame = FrameNumber::kNone;
    std::int64_t time = 0;  // ns since 1970
};

/// Neighbouring segments of a lane. (Clang 14 compiles no std::ranges::subrange of libstdc++ 12.)
struct SegmentRange {
    using Iterator = BlockVector<Segment>::const_iterator;
    Iterator first;
    Iterator last;

    Iterator begin() const { return first; }
    Iterator end() const { return last; }
    bool empty() const { return first == last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
    const Segment& operator[](std::size_t i) const { return first[static_cast<std::ptrdiff_t>(i)]; }
};

/// How a chunk was carried.
struct Carriage {
    std::size_t frames = 0;  // how many carry a piece; above the limit: how many runs
    bool all_listed = true;
    // The first and the last to be captured; above the limit: among those listed and the last in
    // the stream.
    FrameNumber first = FrameNumber::kNone;
    FrameNumber last = FrameNumber::kNone;
};

/// Which frame completed a chunk, if any did.
struct Completion {
    bool complete = false;
    FrameNumber frame = FrameNumber::kNone;  // the highest that carries a piece
};

/// The join of the lanes of one direction. Reads only; makes nothing that outlives the call.
class Overlay {
  public:
    explicit Overlay(const Stream& stream) : stream_(&stream) {}

    /// Appends the pieces that lie in range, in order of offset.
    void pieces(ByteRange range, std::vector<Piece>& out) const;

    /// Segments that this frame carried, in order of capture. A binary search; SegmentFinder is for
    /// those who ask for one frame after the other.
    SegmentRange segments_of(FrameNumber frame) const;
    /// The first segment of this frame that has the byte at a position; null: none has.
    const Segment* segment_with(FrameNumber frame, StreamOffset at) const;
    /// The segment that carried the byte at a position first; null: no frame of the capture has it.
    const Segment* first_segment_with(StreamOffset at) const;
    std::optional<Arrival> arrival(StreamOffset at) const {
        const Segment* segment = first_segment_with(at);
        if (segment == nullptr) return std::nullopt;
        return Arrival{segment->frame, segment->time};
    }
    /// When a frame that carried segments was captured, ns since 1970.
    std::optional<std::int64_t> time_of(FrameNumber frame) const {
        const SegmentRange brought = Overlay(stream_->carrying()).segments_of(frame);
        if (brought.empty()) return std::nullopt;
        return brought[0].time;
    }

    /// The frames that carry range, in stream order; adjoining runs of one frame are one. At most
    /// limit of them.
    void carriers(ByteRange range, std::size_t limit, std::vector<CarriedRun>& out) const;

    /// How range is carried; its frames, each once, in stream order, are put into listed, at most
    /// limit of them. Costs limit steps, however many frames there are.
    Carriage carriage(ByteRange range, std::size_t limit, std::vector<FrameNumber>& listed) const;
    /// Costs a step for each run of a chunk that is properly ended.
    Completion completion(const Chunk& chunk) const;

    /// Calls visit(index from 1) for each TLS record that holds bytes of a range of the plaintext;
    /// of a stream in clear for none.
    template <typename Visit>
    void each_record(ByteRange range, Visit visit) const {
        if (stream_->carrier() == nullptr) return;
        stream_->each_record_until(range, [&](const PlainMap::Part& part, const TlsRecord&) {
            visit(part.record + 1);
            return true;
        });
    }

    /// Calls visit(index) for each call above TLS that wrote bytes of a range of the plaintext, or
    /// read them, in order of offset; of a stream in clear for none.
    template <typename Visit>
    void each_upper_write(ByteRange range, Visit visit) const {
        if (stream_->carrier() == nullptr) return;
        stream_->each_call(stream_->writes(), range,
                           [&](ByteRange, const CallRecord& call) { visit(call.index); });
    }
    template <typename Visit>
    void each_upper_read(ByteRange range, Visit visit) const {
        if (stream_->carrier() == nullptr) return;
        stream_->each_call(stream_->reads(), range,
                           [&](ByteRange, const CallRecord& call) { visit(call.index); });
    }
    /// The first and the last of those writes.
    std::optional<WriteRange> upper_writes(ByteRange range) const {
        std::optional<WriteRange> writes;
        each_upper_write(range, [&](std::uint64_t index) {
            if (!writes) writes = WriteRange{index, index};
            writes->last = index;
        });
        return writes;
    }

    /// Every byte captured, and properly ended.
    bool complete(const Chunk& chunk) const {
        return chunk.ended && stream_->lane().runs().covers(chunk.range());
    }

    /// True where a recorded write call carried bytes of range: then tags are only compared with
    /// what was recorded. A record may begin late and end early.
    bool knows_writes(ByteRange range) const {
        bool known = false;
        stream_->each_carried_until(range, [&](ByteRange carried) {
            known = stream_->carrying().has_call(stream_->carrying().writes(), carried);
            return !known;
        });
        return known;
    }
    /// Calls visit(index) for each write call that carried bytes of range, in order of offset.
    template <typename Visit>
    void each_write(ByteRange range, Visit visit) const {
        const Stream& carrying = stream_->carrying();
        std::uint64_t last = 0;  // a write may hold several records
        stream_->each_carried_until(range, [&](ByteRange carried) {
            carrying.each_call(carrying.writes(), carried, [&](ByteRange, const CallRecord& call) {
                if (call.index != last) visit(call.index);
                last = call.index;
            });
            return true;
        });
    }
    /// The lowest and the highest of the writes that carried bytes of range, from events.
    std::optional<WriteRange> recorded_writes(ByteRange range) const {
        std::optional<WriteRange> writes;
        each_write(range, [&](std::uint64_t index) {
            if (!writes) writes = WriteRange{index, index};
            writes->first = std::min(writes->first, index);
            writes->last = std::max(writes->last, index);
        });
        return writes;
    }

    /// The writes that the chunk's tag names; nothing where its message is not tagged.
    WriteTag writes(const Message& message, const Chunk& chunk) const {
        return message.tagged ? parse_write_tag(chunk.extension()) : WriteTag{};
    }
    /// From events where there are some, else from its tag.
    std::optional<WriteRange> known_writes(const Message& message, const Chunk& chunk) const {
        if (const auto recorded = recorded_writes(chunk.range())) return recorded;
        return writes(message, chunk).range;
    }

  private:
    void message_pieces(std::uint32_t message, ByteRange range, std::vector<Piece>& out) const;
    void chunk_pieces(std::uint32_t message, ByteRange range, std::vector<Piece>& out) const;

    const Stream* stream_;
};

}  // namespace seamark
