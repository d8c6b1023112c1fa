// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <optional>

#include "core/report/cause_words.hpp"
#include "core/report/chunk_rows.hpp"
#include "core/proxy/leg_match.hpp"

namespace seamark {
namespace {

void append_json_text(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_frames(Scratch& scratch) {
    auto lowest = scratch.runs.front().frame;
    auto highest = lowest;
    scratch.line += ",\"frames\":[";
    for (const CarriedRun& run : scratch.runs) {
        if (&run != &scratch.runs.front()) scratch.line += ',';
        scratch.line += '[';
        scratch.number(static_cast<std::uint32_t>(run.frame));
        scratch.line += ',';
        scratch.number(run.bytes);
        scratch.line += ']';
        lowest = std::min(lowest, run.frame);
        highest = std::max(highest, run.frame);
    }
    scratch.line += "],\"first_frame\":";
    scratch.number(static_cast<std::uint32_t>(lowest));
    scratch.line += ",\"last_frame\":";
    scratch.number(static_cast<std::uint32_t>(highest));
}

void append_writes(Scratch& scratch, const Row& row) {
    bool first = true;
    const auto add = [&](std::uint64_t write) {
        if (!first) scratch.line += ',';
        first = false;
        scratch.number(write);
    };
    scratch.line += ",\"writes\":[";
    const Overlay& overlay = row.context.overlay;
    if (overlay.knows_writes(row.chunk.range())) {
        overlay.each_write(row.chunk.range(), add);
        scratch.line += "],\"write_source\":\"event\"";
        return;
    }
    const WriteTag tag = overlay.writes(row.context.message, row.chunk);
    if (tag.range) tag.range->each(add);
    scratch.line += ']';
}

/// What only recorded calls tell, under keys of its own.
void append_calls(Scratch& scratch, const Row& row) {
    const Stream& stream = row.context.stream;
    if (!stream.reads().empty()) {
        scratch.line += ",\"reads\":[";
        bool first = true;
        stream.each_call(stream.reads(), row.chunk.range(), [&](ByteRange, const CallRecord& call) {
            if (!first) scratch.line += ',';
            first = false;
            scratch.number(call.index);
        });
        scratch.line += ']';
    }
    std::optional<std::int64_t> entered;
    stream.each_call(stream.writes(), row.chunk.range(), [&](ByteRange, const CallRecord& call) {
        if (!entered) entered = call.entered;
    });
    const auto sent = row.context.overlay.time_of(scratch.runs.front().frame);
    if (!entered || !sent) return;
    scratch.line += ",\"delay_ns\":";
    scratch.line += std::to_string(*sent - *entered);
}

template <typename T>
void append_list(Scratch& scratch, const char* key, const std::vector<T>& values) {
    scratch.line += ",\"";
    scratch.line += key;
    scratch.line += "\":[";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) scratch.line += ',';
        scratch.number(static_cast<std::uint64_t>(values[i]));
    }
    scratch.line += ']';
}

/// What the other leg of a pair has of the chunk's data.
void append_other_leg(Scratch& scratch, const LegPair& pair, bool downstream, const Chunk& chunk) {
    const Leg& ours = downstream ? pair.downstream : pair.upstream;
    const Leg& theirs = downstream ? pair.upstream : pair.downstream;
    scratch.line += downstream ? ",\"upstream\":{\"stream\":" : ",\"downstream\":{\"stream\":";
    scratch.number(theirs.connection->ends().stream);
    scratch.line += ",\"exchange\":";
    scratch.number(theirs.connection->exchange(theirs.sender, theirs.message));
    scratch.line += ",\"confidence\":";
    append_json_text(scratch.line, to_string(pair.confidence));
    const BodyRange body = ours.body()->map.in_body(chunk.data());
    Counterpart other;
    std::optional<Hold> held;
    if (pair.match == BodyMatch::kSame) {
        other = counterpart(theirs, body);
        held = hold(match(pair, body));
    }
    scratch.line += ",\"matched\":";
    scratch.number(held ? held->bytes : 0);
    append_list(scratch, "chunks", other.chunks);
    append_list(scratch, "writes", other.writes);
    append_list(scratch, "frames", other.frames);
    if (held) {
        scratch.line += ",\"held_ns\":";
        scratch.line += std::to_string(held->longest);
        scratch.line += ",\"held_shortest_ns\":";
        scratch.line += std::to_string(held->shortest);
    }
    scratch.line += '}';
}

void append_legs(Scratch& scratch, const Row& row, const LegPairs& legs) {
    const MessageContext& context = row.context;
    const Leg leg{context.entry.connection, context.side, context.index};
    if (const LegPair* pair = legs.by_downstream(leg))
        append_other_leg(scratch, *pair, true, row.chunk);
    if (const LegPair* pair = legs.by_upstream(leg))
        append_other_leg(scratch, *pair, false, row.chunk);
}

/// Why its segments are cut or merged so, as far as anything is known of that.
void append_causes(Scratch& scratch, const Row& row) {
    const auto& groups = row.causes(scratch);
    if (groups.empty()) return;
    scratch.line += ",\"causes\":[";
    for (const CauseGroup& group : groups) {
        if (&group != &groups.front()) scratch.line += ',';
        scratch.line += "{\"kind\":";
        append_json_text(scratch.line, to_string(group.boundary));
        scratch.line += ",\"cause\":[";
        for (const Cause& cause : group.causes) {
            if (&cause != &group.causes.front()) scratch.line += ',';
            append_json_text(scratch.line, to_string(cause));
        }
        scratch.line += "],\"confidence\":";
        append_json_text(scratch.line, to_string(group.confidence));
        append_list(scratch, "frames", group.frames);
        scratch.line += '}';
    }
    scratch.line += ']';
}

void append_json_row(Scratch& scratch, const Row& row, const LegPairs* legs) {
    const MessageContext& context = row.context;
    std::string& line = scratch.line;
    const auto field = [&](std::string_view key, std::uint64_t value) {
        line += ",\"";
        line += key;
        line += "\":";
        scratch.number(value);
    };
    line += "{\"stream\":";
    scratch.number(context.entry.stream);
    line += ",\"src\":";
    append_json_text(line, context.source().address);
    field("sport", context.source().port);
    line += ",\"dst\":";
    append_json_text(line, context.destination().address);
    field("dport", context.destination().port);
    line += ",\"dir\":\"";
    line += context.direction();
    line += '"';
    field("message", context.index + 1);
    field("exchange", context.exchange());
    field("chunk", row.number);
    line += ",\"hex\":";
    append_json_text(line, row.chunk.hex());
    field("size", row.chunk.size);
    line += ",\"ext\":";
    append_json_text(line, row.chunk.extension());
    field("offset", context.public_offset(row.chunk.offset).value);
    field("header_len", row.chunk.header_length());
    field("data_len", context.stream.lane().runs().covered(row.chunk.data()));
    append_frames(scratch);
    line += ",\"complete\":";
    line += context.overlay.complete(row.chunk) ? "true" : "false";
    append_writes(scratch, row);
    line += ",\"faults\":[";
    bool first = true;
    faults_of(context.message, row.chunk).each([&](Fault fault) {
        if (!first) line += ',';
        first = false;
        append_json_text(line, to_string(fault));
    });
    line += ']';
    append_calls(scratch, row);
    append_causes(scratch, row);
    if (legs != nullptr) append_legs(scratch, row, *legs);
    line += '}';
}

}  // namespace

void write_chunk_json(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const LineSink& sink, const LineSink& complaints) {
    Scratch scratch;
    each_message(entries, [&](const MessageContext& context) {
        each_row(context, keep, scratch, [&](const Row& row) {
            scratch.line.clear();
            append_json_row(scratch, row, legs);
            sink(scratch.line);
        });
        complain(context, keep, scratch, complaints);
    });
}

}  // namespace seamark
