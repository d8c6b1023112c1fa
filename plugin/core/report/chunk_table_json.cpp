// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <optional>

#include "core/base/json_writer.hpp"
#include "core/proxy/leg_match.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/chunk_rows.hpp"
#include "core/report/unread_words.hpp"

namespace seamark {
namespace {

void put_frames(JsonWriter& json, const std::vector<CarriedRun>& runs) {
    auto lowest = runs.front().frame;
    auto highest = lowest;
    json.key<"frames">();
    json.begin_array();
    for (const CarriedRun& run : runs) {
        json.begin_array();
        json.number(static_cast<std::uint32_t>(run.frame));
        json.number(run.bytes);
        json.end_array();
        lowest = std::min(lowest, run.frame);
        highest = std::max(highest, run.frame);
    }
    json.end_array();
    json.field<"first_frame">(static_cast<std::uint32_t>(lowest));
    json.field<"last_frame">(static_cast<std::uint32_t>(highest));
}

void put_writes(JsonWriter& json, const Row& row) {
    const auto put = [&](std::uint64_t write) { json.number(write); };
    const Overlay& overlay = row.context.overlay;
    json.key<"writes">();
    json.begin_array();
    if (overlay.knows_writes(row.chunk.range())) {
        overlay.each_write(row.chunk.range(), put);
        json.end_array();
        json.field<"write_source">("event");
        return;
    }
    const WriteTag tag = overlay.writes(row.context.message, row.chunk);
    if (tag.range) tag.range->each(put);
    json.end_array();
}

/// When the chunk was captured. first: when its first byte was.
void put_times(JsonWriter& json, Scratch& scratch, const Row& row, std::int64_t first,
               bool complete, std::optional<std::int64_t> requested) {
    const std::vector<CarriedRun>& runs = scratch.runs;
    json.field<"time_ns">(first);
    if (complete) {
        FrameNumber last = runs.front().frame;
        for (const CarriedRun& run : runs) last = std::max(last, run.frame);
        const auto whole =
            last == runs.front().frame ? first : scratch.finder.time_of(row.context.stream, last);
        if (whole) json.field<"spread_ns">(*whole - first);
    }
    if (requested) json.field<"after_request_ns">(first - *requested);
}

/// Calls above TLS, where any were recorded. sent: when the first byte was captured.
void put_upper_calls(JsonWriter& json, const Row& row, std::optional<std::int64_t> sent) {
    const Stream& plain = row.context.stream;
    if (plain.carrier() == nullptr) return;
    const auto put = [&](std::uint64_t index) { json.number(index); };
    if (!plain.reads().empty()) {
        json.key<"app_reads">();
        json.begin_array();
        row.context.overlay.each_upper_read(row.chunk.range(), put);
        json.end_array();
    }
    if (plain.writes().empty()) return;
    json.key<"app_writes">();
    json.begin_array();
    row.context.overlay.each_upper_write(row.chunk.range(), put);
    json.end_array();
    std::optional<std::int64_t> entered;
    plain.each_call(plain.writes(), row.chunk.range(), [&](ByteRange, const CallRecord& call) {
        if (!entered) entered = call.entered;
    });
    if (entered && sent) json.field<"app_delay_ns">(*sent - *entered);
}

/// What only recorded calls show, under keys of its own. sent: when the first byte was captured.
void put_calls(JsonWriter& json, const Row& row, std::optional<std::int64_t> sent) {
    put_upper_calls(json, row, sent);
    const Stream& stream = row.context.stream.carrying();
    const ByteRange range = row.context.stream.carried_extent(row.chunk.range());
    if (!stream.reads().empty()) {
        json.key<"reads">();
        json.begin_array();
        stream.each_call(stream.reads(), range,
                         [&](ByteRange, const CallRecord& call) { json.number(call.index); });
        json.end_array();
    }
    if (stream.writes().empty()) return;
    std::optional<std::int64_t> entered;
    stream.each_call(stream.writes(), range, [&](ByteRange, const CallRecord& call) {
        if (!entered) entered = call.entered;
    });
    if (entered && sent) json.field<"delay_ns">(*sent - *entered);
}

/// What the other leg of a pair has of the chunk's data.
void put_other_leg(JsonWriter& json, const LegPair& pair, bool downstream, const Chunk& chunk) {
    const Leg& ours = downstream ? pair.downstream : pair.upstream;
    const Leg& theirs = downstream ? pair.upstream : pair.downstream;
    downstream ? json.key<"upstream">() : json.key<"downstream">();
    json.begin_object();
    json.field<"stream">(theirs.connection->ends().stream);
    json.field<"exchange">(theirs.connection->exchange(theirs.sender, theirs.message));
    json.field<"confidence">(to_string(pair.confidence));
    const BodyRange body = ours.body()->map.in_body(chunk.data());
    Counterpart other;
    std::optional<Hold> held;
    if (pair.match == BodyMatch::kSame) {
        other = counterpart(theirs, body);
        held = hold(match(pair, body));
    }
    json.field<"matched">(held ? held->bytes : 0);
    json.numbers<"chunks">(other.chunks);
    json.numbers<"writes">(other.writes);
    json.numbers<"frames">(other.frames);
    if (held) {
        json.field<"held_ns">(held->longest);
        json.field<"held_shortest_ns">(held->shortest);
    }
    json.end_object();
}

/// Why its segments are cut or merged so, as far as anything is known of that.
void put_causes(JsonWriter& json, const std::vector<CauseGroup>& groups) {
    if (groups.empty()) return;
    json.key<"causes">();
    json.begin_array();
    for (const CauseGroup& group : groups) {
        json.begin_object();
        json.field<"kind">(to_string(group.boundary));
        json.key<"cause">();
        json.begin_array();
        for (const Cause& cause : group.causes) json.text(to_string(cause));
        json.end_array();
        json.field<"confidence">(to_string(group.confidence));
        json.numbers<"frames">(group.frames);
        json.end_object();
    }
    json.end_array();
}

/// What the rows of a message have in common.
struct MessageRows {
    MessageRows(const MessageContext& context, const LegPairs* legs) {
        json.field<"stream">(context.entry.stream);
        json.field<"src">(context.source().address);
        json.field<"sport">(context.source().port);
        json.field<"dst">(context.destination().address);
        json.field<"dport">(context.destination().port);
        json.field<"dir">(context.direction());
        json.field<"message">(context.index + 1);
        json.field<"exchange">(context.exchange());
        requested = request_time(context);
        if (const auto cut = context.message.cut()) json.field<"cut">(to_string(*cut));
        if (legs == nullptr) return;
        const Leg leg{context.entry.connection, context.side, context.index};
        by_downstream = legs->by_downstream(leg);
        by_upstream = legs->by_upstream(leg);
    }

    std::string text;
    JsonWriter json{text};  // of the members of an object
    std::optional<std::int64_t> requested;
    const LegPair* by_downstream = nullptr;
    const LegPair* by_upstream = nullptr;
};

void put_row(JsonWriter& json, Scratch& scratch, const Row& row, const MessageRows& message) {
    const MessageContext& context = row.context;
    const Chunk& chunk = row.chunk;
    const RangeIndex& captured = context.stream.lane().runs();
    std::uint64_t carried = 0;
    for (const CarriedRun& run : scratch.runs) carried += run.bytes;
    const bool sealed = context.stream.carrier() != nullptr;  // then records are what is carried
    // Nearly always: nothing to look up.
    const bool whole = !sealed && carried == chunk.range().length();

    json.begin_object();
    json.verbatim(message.json.written());
    json.field<"chunk">(row.number);
    json.field<"hex">(chunk.hex());
    json.field<"size">(chunk.size);
    json.field<"ext">(chunk.extension());
    json.field<"offset">(context.public_offset(chunk.offset).value);
    json.field<"header_len">(chunk.header_length());
    json.field<"data_len">(whole ? chunk.data().length() : captured.covered(chunk.data()));
    put_frames(json, scratch.runs);
    if (sealed) {
        json.key<"records">();
        json.begin_array();
        context.overlay.each_record(chunk.range(),
                                    [&](std::uint32_t index) { json.number(index); });
        json.end_array();
    }
    const bool complete = whole ? chunk.ended : context.overlay.complete(chunk);
    json.field<"complete">(complete);
    put_writes(json, row);
    json.key<"faults">();
    json.begin_array();
    faults_of(context.message, chunk).each([&](Fault fault) { json.text(to_string(fault)); });
    json.end_array();
    // Of a capture without times nothing is reported of any.
    const auto first = context.entry.connection->clock().missing()
                           ? std::nullopt
                           : scratch.finder.time_of(context.stream, scratch.runs.front().frame);
    if (first) put_times(json, scratch, row, *first, complete, message.requested);
    put_calls(json, row, first);
    put_causes(json, row.causes(scratch));
    if (message.by_downstream != nullptr) put_other_leg(json, *message.by_downstream, true, chunk);
    if (message.by_upstream != nullptr) put_other_leg(json, *message.by_upstream, false, chunk);
    json.end_object();
}

}  // namespace

void write_chunk_json(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const PrintableSink& sink,
                      const LineSink& complaints) {
    Scratch scratch;
    std::string text;
    JsonWriter json(text);
    each_message(entries, [&](const MessageContext& context) {
        std::optional<MessageRows> message;
        each_row(context, keep, scratch, [&](const Row& row) {
            if (!message) message.emplace(context, legs);
            json.clear();
            put_row(json, scratch, row, *message);
            sink(json.written());
        });
        complain(context, keep, scratch, complaints);
    });
    write_unread(entries, keep, complaints);
}

}  // namespace seamark
