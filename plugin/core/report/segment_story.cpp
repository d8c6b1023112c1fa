// SPDX-License-Identifier: GPL-2.0-or-later
//
// Long, for it is one page from its first line to its last: each part is a method, and all share
// the segment, its overlay and the page.
#include "core/report/segment_story.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/number_text.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/delay/leg_arrival.hpp"
#include "core/report/cause_story.hpp"
#include "core/report/ending_words.hpp"
#include "core/report/leg_story.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/record_words.hpp"
#include "core/report/segment_advice.hpp"
#include "core/report/unread_words.hpp"
#include "core/stream/plain_places.hpp"

namespace seamark {
namespace {

using words::text;

/// What one segment of one direction carried, lane by lane.
class SegmentStory {
  public:
    SegmentStory(const Lanes& lanes, const Segment& segment, const NextSteps& steps,
                 const LegPairs* legs, Prose& page, LaneTable styles)
        : lanes_(lanes),
          overlay_(*lanes.stream),
          segment_(segment),
          steps_(steps),
          legs_(legs),
          page_(page),
          styles_(styles),
          own_(lanes.shown) {
        text_.connection = lanes.entry->connection;
        for (const ByteRange range : own_) overlay_.pieces(range, text_.pieces);
        inside_.connection = lanes.entry->connection->plain();
        for (const ByteRange range : own_)
            if (const ByteRange plain = plaintext_of(*text_.connection, lanes.side, range);
                !plain.empty())
                Overlay(inside_.connection->stream(lanes.side)).pieces(plain, inside_.pieces);
    }

    void tell();

  private:
    void tell_segment();
    void tell_clock();
    void tell_unread();
    void tell_repeats();
    void tell_lane(const Lane& lane);
    void tell_pieces(const Lane& lane);
    void tell_records(const Lane& lane);
    void tell_writes();
    void tell_tags();
    /// What HTTP says here: in clear, or inside the TLS records of which the segment has bytes.
    struct Text {
        const Connection* connection = nullptr;
        std::vector<Piece> pieces;
    };
    void tell_tags(const Text& text, Listing& list);
    void tell_message(const Text& text, const Piece& piece, Listing& list);
    void tell_http();
    void tell_messages(const Text& text);
    const Stream& stream_of(const Text& text) const { return text.connection->stream(lanes_.side); }
    bool is_inside(const Text& text) const { return &text == &inside_; }
    void tell_reads();
    std::uint64_t here(ByteRange range) const;
    std::string call_here(ByteRange range, const CallRecord& call, const char* noun) const;

    const Lanes& lanes_;
    Overlay overlay_;
    const Segment& segment_;
    const NextSteps& steps_;
    const LegPairs* legs_;  // null: not judged
    Prose& page_;
    LaneTable styles_;
    const std::vector<ByteRange>& own_;  // bytes that this segment carried first
    Text text_;                          // of them, in clear
    Text inside_;                        // no connection: nothing was decrypted

    Advice advice_;
};

std::uint64_t SegmentStory::here(ByteRange range) const {
    std::uint64_t bytes = 0;
    for (const ByteRange own : own_) bytes += intersect(own, range).length();
    return bytes;
}

void SegmentStory::tell() {
    const auto requests = lanes_.entry->connection->sends_requests(lanes_.side);
    const bool known =
        requests && (!lanes_.stream->messages().empty() || lanes_.stream->records() != nullptr);
    const char* direction = !known ? "a" : *requests ? "the request" : "the response";
    page_.heading("Frame " + text(segment_.frame) + ": stream " + text(lanes_.entry->stream) +
                  ", " + direction + " direction, " + words::end_point(lanes_.source()) + " → " +
                  words::end_point(lanes_.destination()));
    if (lanes_.stream->messages().empty() && lanes_.stream->records() == nullptr) {
        page_.say(words::count(segment_.wire_length, "payload byte") +
                  ". No HTTP/1.x message was recognised in this direction, so that no boundary is "
                  "known but the segment's own.");
        tell_unread();
        return;
    }
    tell_segment();
    if (own_.empty()) return;
    const Connection& connection = *lanes_.entry->connection;
    const auto arrival = legs_ != nullptr
                             ? arrival_at_sender(*legs_, connection, lanes_.side, segment_)
                             : std::nullopt;
    advice_.causes =
        judge_segment(connection, lanes_.side, segment_, arrival ? &*arrival : nullptr);
    advice_.writes_recorded = overlay_.knows_writes(segment_.wire_range());
    tell_causes(advice_.causes, lanes_.stream->writes(), page_);
    for (const Lane& lane : lanes_.lanes) tell_lane(lane);
    if (legs_ != nullptr)
        for (const Text* of : {&text_, &inside_})
            if (!of->pieces.empty())
                tell_legs(*of->connection, lanes_.side, of->pieces, *legs_, page_);
    tell_advice(advice_, lanes_.entry->stream, steps_, page_);
}

/// Those from which advice follows have a story of their own; of any other its pieces are listed.
void SegmentStory::tell_lane(const Lane& lane) {
    switch (lane.kind) {
        case LaneKind::kWrites:
            if (advice_.writes_recorded) {
                tell_writes();
            } else {
                tell_tags();
            }
            return;
        case LaneKind::kRecords:
            tell_records(lane);
            return;
        case LaneKind::kChunks:
            tell_http();
            return;
        case LaneKind::kSegments:
        case LaneKind::kWire:
            return;  // at the top of the page
        case LaneKind::kReads:
            tell_reads();
            return;
        default:
            tell_pieces(lane);
    }
}

void SegmentStory::tell_pieces(const Lane& lane) {
    const LaneStyle* style = style_of(styles_, lane.kind);
    if (style == nullptr || lane.pieces.empty()) return;
    const LaneNames& names = style->named(lanes_);
    page_.heading(names.heading.empty() ? names.picture : names.heading);
    Listing list(page_);
    for (const LanePiece& piece : lane.pieces) list.add(style->title(lanes_, piece));
    list.end();
}

void SegmentStory::tell_segment() {
    if (segment_.retransmission()) {
        tell_repeats();
        return;
    }
    const auto payload =
        lanes_.entry->connection->max_payload(lanes_.side, segment_.options_length());
    const bool one = payload && segment_.wire_length <= *payload;
    const bool timed = !lanes_.entry->connection->clock().missing();
    page_.say(words::title(lanes_, SegmentPiece{segment_.range(), &segment_, 0}) +
              (timed ? "" : words::time_note(lanes_)) +
              (one ? "; one packet, of at most " + text(*payload) + " bytes." : "."));
    tell_clock();
    if (segment_.repeats)
        page_.say("Some of its bytes were captured before; they belong to " +
                  words::frames(overlay_, segment_.range()) + ", where each was first.");
    if (segment_.captured < segment_.wire_length)
        page_.say("The snap length left " + text(segment_.captured) + " of its " +
                  words::count(segment_.wire_length, "byte") + ".");
    if (!payload) {
        page_.say(
            "How large a packet may be is not known: no SYN of the peer's with an MSS was "
            "captured.");
    } else if (!one) {
        advice_.super_segment = true;
        const std::uint64_t packets =
            (std::uint64_t{segment_.wire_length} + *payload - 1) / *payload;
        page_.say("A packet of this direction carries at most " + text(*payload) +
                  " bytes, so this is no packet: the kernel handed it over in one piece, and below "
                  "the point of capture it becomes " +
                  words::count(packets, "packet") + ".");
    }
    const RangeIndex& runs = lanes_.stream->lane().runs();
    const StreamOffset begin = segment_.begin;
    advice_.missing = lanes_.offset(begin) > PublicOffset{} && begin > StreamOffset{} &&
                      !runs.covers({begin - 1, begin});
    if (advice_.missing) page_.say("The bytes right in front of it are missing from the capture.");
}

void SegmentStory::tell_clock() {
    const std::int64_t back = lanes_.entry->connection->clock().stepped_back(segment_.frame);
    if (back > 0)
        page_.say("The clock stepped back: this frame is stamped " + words::milliseconds(back) +
                  " before the frame that was captured before it, so that times on both sides of "
                  "it are not comparable.");
}

/// Bytes that belong to no message: why.
void SegmentStory::tell_unread() {
    if (const ProxyHeader* header = lanes_.stream->messages().proxy_header();
        header != nullptr && here(header->range) > 0)
        page_.say(words::proxy_header(*header) +
                  ": it stands in front of the first message, and "
                  "is not part of it.");
    for (const Unread& part : find_unread(*lanes_.entry->connection, lanes_.side))
        if (const std::uint64_t bytes = here(part.range))
            page_.say(words::count(bytes, "byte") + " of no message: " +
                      words::why_unread(*lanes_.entry->connection, lanes_.side, part) + ".");
}

void SegmentStory::tell_repeats() {
    const Verdict verdict = judge_segment(*lanes_.entry->connection, lanes_.side, segment_).front();
    if (verdict.boundary == Boundary::kNone) {
        page_.say(words::count(segment_.wire_length, "byte") + " at offset " +
                  text(lanes_.offset(segment_.begin)) + ", which " +
                  words::frames(overlay_, segment_.range()) + " carried first.");
        tell_causes({verdict}, lanes_.stream->writes(), page_);
        page_.heading("What to try next");
        tell_remedies({verdict}, steps_, page_);
        return;
    }
    page_.say("A retransmission: " + words::count(segment_.wire_length, "byte") + " at offset " +
              text(lanes_.offset(segment_.begin)) + ", all of which " +
              words::frames(overlay_, segment_.range()) +
              " carried before. A byte belongs to the frame that carried it first, so that what "
              "these bytes are is reported there.");
    page_.heading("What to try next");
    page_.item(
        "Was the first copy lost after the point of capture, or was it only late? Look for "
        "acknowledgements between the two: tcp.analysis.");
}

void SegmentStory::tell_records(const Lane& lane) {
    if (lane.pieces.empty()) return;
    page_.heading("TLS records: what is encrypted together");
    Listing list(page_);
    std::size_t whole = 0;
    for (const LanePiece& lane_piece : lane.pieces) {
        const auto& piece = lane_piece.as<RecordPiece>();
        const ByteRange range = piece.record->range();
        std::string out = words::title(lanes_, piece);
        if (here(range) == range.length()) {
            ++whole;
        } else {
            out += "; " + text(here(range)) + " of its " + text(range.length()) +
                   " bytes here, carried by " + words::frames(overlay_, range) +
                   words::readable(*lanes_.stream, *piece.record);
        }
        list.add(out);
    }
    list.end();
    if (whole > 1)
        page_.say(text(whole) +
                  " records lie in this segment whole: something below TLS merged them, or one "
                  "write carried them all.");
    if (const std::string why = words::refused(*lanes_.stream); !why.empty()) page_.say(why + ".");
    for (const std::string& how : words::how_to_read(*lanes_.entry->connection, steps_))
        advice_.inside_tls.push_back(how);
}

std::string SegmentStory::call_here(ByteRange range, const CallRecord& call,
                                    const char* noun) const {
    std::string out = words::title(lanes_, CallPiece{range, &call, {}}, noun);
    const std::uint64_t bytes = here(range);
    if (bytes == range.length()) return out;
    return out + "; " + text(bytes) + " of its bytes here, carried by " +
           words::frames(overlay_, range);
}

void SegmentStory::tell_writes() {
    page_.heading("Writes: the program's calls");
    Listing list(page_);
    std::int64_t longest = 0;
    std::int64_t shortest = 0;
    advice_.options = advice_.nodelay = true;
    // Bytes that the snap length cut were written, too.
    const bool snapped = segment_.captured < segment_.wire_length && !segment_.repeats;
    for (const ByteRange own : snapped ? std::vector{segment_.wire_range()} : own_) {
        lanes_.stream->each_call(
            lanes_.stream->writes(), own, [&](ByteRange range, const CallRecord& call) {
                const std::int64_t waited = segment_.time - call.entered;
                longest = list.count() == 0 ? waited : std::max(longest, waited);
                shortest = list.count() == 0 ? waited : std::min(shortest, waited);
                if (intersect(range, segment_.wire_range()).length() < range.length())
                    ++advice_.cut_writes;
                const auto has = [&](std::uint32_t flag) { return (call.flags & flag) != 0; };
                advice_.options = advice_.options && has(EventFlags::kOptionsKnown);
                advice_.nodelay = advice_.nodelay && has(EventFlags::kNodelay);
                advice_.corked = advice_.corked || has(EventFlags::kCork);
                advice_.more = advice_.more || has(EventFlags::kMore);
                list.add(call_here(range, call, "write"));
            });
    }
    list.end();
    advice_.writes = list.count();
    if (advice_.writes == 0) {
        page_.say("No recorded call has these bytes.");
    } else if (advice_.writes == 1) {
        page_.say("From the call to the capture of this segment: " + words::milliseconds(longest) +
                  ".");
    } else {
        page_.say(text(advice_.writes) + " writes share this segment; from call to capture: " +
                  words::milliseconds(longest) + " (the first) to " +
                  words::milliseconds(shortest) + " (the last).");
    }
}

void SegmentStory::tell_tags() {
    page_.heading("Writes: the program's calls");
    Listing list(page_);
    tell_tags(text_, list);
    tell_tags(inside_, list);
    list.end();
    advice_.tags = list.count() > 0;
    if (!advice_.tags) page_.say("Not known: no call was recorded, and no chunk here is tagged.");
    if (advice_.writes > 1)
        page_.say("By the tags, at least " + text(advice_.writes) +
                  " writes share this segment: something below the program merged them.");
}

void SegmentStory::tell_tags(const Text& of, Listing& list) {
    std::uint32_t previous = Piece::kNoChunk;
    std::uint64_t highest = 0;
    for (const Piece& piece : of.pieces) {
        if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
        previous = piece.chunk;
        const MessageIndex messages = stream_of(of).messages();
        const Chunk& chunk = messages.chunk(piece.chunk);
        const auto tag = Overlay(stream_of(of)).writes(messages[piece.message], chunk).range;
        if (!tag) continue;
        list.add(words::title(lanes_, CallPiece{chunk.range(), nullptr, *tag}, "write"));
        if (tag->first > highest) ++advice_.writes;
        highest = std::max(highest, tag->last);
    }
}

void SegmentStory::tell_message(const Text& of, const Piece& piece, Listing& list) {
    const Stream& stream = stream_of(of);
    const MessageIndex messages = stream.messages();
    const Message& message = messages[piece.message];
    if (piece.chunk == Piece::kNoChunk) {
        ChunkPiece whole{piece.kind == PieceKind::kHead ? message.head : piece.range, piece.kind,
                         piece.message, 0, nullptr};
        if (is_inside(of)) whole.plaintext = whole.range;
        std::string out = words::title(lanes_, whole);
        if (is_inside(of))
            out += words::in_records(stream, whole.range);
        else if (piece.range != whole.range)
            out += "; " + text(piece.range.length()) + " of them here";
        list.add(out);
        return;
    }
    const Chunk& chunk = messages.chunk(piece.chunk);
    ChunkPiece whole{chunk.range(), PieceKind::kSizeLine, piece.message,
                     messages.number(message, piece.chunk), &chunk};
    if (is_inside(of)) whole.plaintext = whole.range;
    std::string out = words::title(lanes_, whole);
    const std::uint64_t bytes = here(chunk.range());
    if (is_inside(of))
        out += words::in_records(stream, chunk.range());
    else if (bytes < chunk.range().length())
        out += "; " + text(bytes) + " of these bytes here, carried by " +
               words::frames(overlay_, chunk.range());
    list.add(out);
    ++advice_.chunks;
}

void SegmentStory::tell_http() {
    page_.heading("Chunks: what HTTP says");
    Listing list(page_);
    for (const Text* of : {&text_, &inside_}) {
        const Piece* previous = nullptr;
        for (const Piece& piece : of->pieces) {
            const bool same = previous != nullptr && piece.chunk != Piece::kNoChunk &&
                              previous->chunk == piece.chunk;
            previous = &piece;
            if (!same) tell_message(*of, piece, list);
        }
    }
    list.end();
    tell_unread();
    tell_messages(text_);
    tell_messages(inside_);
}

void SegmentStory::tell_messages(const Text& of) {
    std::uint32_t told = ~std::uint32_t{0};
    for (const Piece& piece : of.pieces) {
        if (piece.message == told) continue;
        told = piece.message;
        const Message& message = stream_of(of).messages()[told];
        if (message.unsolicited)
            page_.say("Message " + text(told + std::uint64_t{1}) +
                      " answers no request: none was outstanding when it was sent.");
        if (const auto cut = message.cut())
            page_.say("Message " + text(told + std::uint64_t{1}) + " is not whole. " +
                      words::ending(stream_of(of), *cut) + ".");
        if (message.framing == Framing::kChunked) continue;
        page_.say("Message " + text(told + std::uint64_t{1}) + " has no chunks, framing " +
                  std::string(to_string(message.framing)) + ": " +
                  std::string(describe(message.reason)) + ".");
        advice_.unframed = advice_.unframed || message.framing == Framing::kClose;
    }
}

void SegmentStory::tell_reads() {
    if (lanes_.stream->reads().empty()) return;
    advice_.reads_known = true;
    page_.heading("Reads: what the receiver took at once");
    Listing list(page_);
    for (const ByteRange own : own_) {
        lanes_.stream->each_call(lanes_.stream->reads(), own,
                                 [&](ByteRange range, const CallRecord& call) {
                                     list.add(call_here(range, call, "read"));
                                 });
    }
    list.end();
    if (list.count() == 0) page_.say("No recorded read has these bytes.");
}

}  // namespace

void tell_segment(const Lanes& lanes, const Segment& segment, const NextSteps& steps,
                  const LegPairs* legs, Prose& page, LaneTable styles) {
    SegmentStory(lanes, segment, steps, legs, page, styles).tell();
}

}  // namespace seamark
