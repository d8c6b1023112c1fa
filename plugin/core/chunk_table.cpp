// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/chunk_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/overlay.hpp"

namespace seamark {
namespace {

struct MessageContext {
    const TableEntry& entry;
    Side side;
    std::uint32_t index;  // in the direction, from 0
    const Message& message;
    const Stream& stream;
    Overlay overlay;

    std::string_view direction() const { return message.is_request() ? "request" : "response"; }
    std::uint32_t exchange() const { return entry.connection->exchange(side, index); }
    const Endpoint& source() const { return side == Side::kFirst ? entry.first : entry.second; }
    const Endpoint& destination() const {
        return side == Side::kFirst ? entry.second : entry.first;
    }
    std::uint64_t public_offset(StreamOffset at) const { return stream.public_offset(at); }
};

/// Calls visit(MessageContext) in the order of the tables.
template <typename Visit>
void each_message(const std::vector<TableEntry>& entries, Visit visit) {
    for (const TableEntry& entry : entries) {
        for (const bool request : {true, false}) {
            for (const Side side : {Side::kFirst, Side::kSecond}) {
                const Stream& stream = entry.connection->stream(side);
                const auto& messages = stream.framer().messages();
                for (std::uint32_t i = 0; i < messages.size(); ++i)
                    if (messages[i].is_request() == request && !messages[i].dropped)
                        visit(MessageContext{entry, side, i, messages[i], stream, Overlay(stream)});
            }
        }
    }
}

bool any_kept(const std::vector<CarriedRun>& runs, const FrameFilter& keep) {
    return !keep || std::any_of(runs.begin(), runs.end(),
                                [&](const CarriedRun& run) { return keep(run.frame); });
}

/// Where a row's text and frames are gathered; one for a whole table, so that no row allocates.
struct Scratch {
    std::string line;
    std::vector<CarriedRun> runs;

    void number(std::uint64_t value) { line += std::to_string(value); }
};

constexpr std::size_t kAllRuns = ~std::size_t{0};

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

FaultSet faults_of(const Message& message, const Chunk& chunk) {
    FaultSet faults = message.head_faults;
    faults.add(chunk.faults);
    return faults;
}

struct Row {
    const MessageContext& context;
    const Chunk& chunk;
    std::uint32_t number;  // in the message, from 1
};

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
    if (overlay.knows_writes()) {
        overlay.each_write(row.chunk.range(), add);
        scratch.line += "],\"write_source\":\"event\"";
        return;
    }
    const WriteTag tag = overlay.writes(row.context.message, row.chunk);
    if (tag.range)
        for (std::uint64_t write = tag.range->first; write <= tag.range->last; ++write) add(write);
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
    const auto segments = row.context.overlay.segments_of(scratch.runs.front().frame);
    if (!entered || segments.empty()) return;
    scratch.line += ",\"delay_ns\":";
    scratch.line += std::to_string(segments[0].time - *entered);
}

void append_json_row(Scratch& scratch, const Row& row) {
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
    field("offset", context.public_offset(row.chunk.offset));
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
    line += '}';
}

/// Calls visit(Row) for each chunk of the message that the filter keeps; its frames are in scratch.
template <typename Visit>
void each_row(const MessageContext& context, const FrameFilter& keep, Scratch& scratch,
              Visit visit) {
    const auto& chunks = context.stream.framer().chunks();
    for (std::uint32_t i = 0; i < context.message.chunk_count; ++i) {
        const Chunk& chunk = chunks[context.message.first_chunk + i];
        scratch.runs.clear();
        context.overlay.carriers(chunk.range(), kAllRuns, scratch.runs);
        // Those of no frame were all in frames that a read filter has dropped.
        if (!scratch.runs.empty() && any_kept(scratch.runs, keep))
            visit(Row{context, chunk, i + 1});
    }
}

/// From the first byte of the head to the last that is known to belong to the message, with the one
/// that ended it.
ByteRange extent(const MessageContext& context) {
    const Message& message = context.message;
    StreamOffset end = std::max(message.head.end, message.body.end);
    if (message.chunk_count > 0) {
        const auto last = message.first_chunk + message.chunk_count - 1;
        end = std::max(end, context.stream.framer().chunks()[last].range().end);
    }
    if (message.stopped_at != 0) end = std::max(end, message.stopped_at + 1);
    return {message.head.begin, end};
}

bool any_kept(const MessageContext& context, const FrameFilter& keep, Scratch& scratch) {
    scratch.runs.clear();
    if (keep) context.overlay.carriers(extent(context), kAllRuns, scratch.runs);
    return any_kept(scratch.runs, keep);
}

void append_message_name(Scratch& scratch, const MessageContext& context) {
    scratch.line += "stream ";
    scratch.number(context.entry.stream);
    scratch.line += ' ';
    scratch.line += context.direction();
    scratch.line += " message ";
    scratch.number(context.index + 1);
}

/// "stream 0 response message 1, at offset 161: bad-size: …", a line for each fault.
void complain(const MessageContext& context, const FrameFilter& keep, Scratch& scratch,
              const LineSink& sink) {
    const FaultSet faults = context.message.ending_faults();
    if (faults.empty() || !any_kept(context, keep, scratch)) return;
    faults.each([&](Fault fault) {
        scratch.line.clear();
        append_message_name(scratch, context);
        if (context.message.stopped_at != 0) {
            scratch.line += ", at offset ";
            scratch.number(context.public_offset(context.message.stopped_at));
        }
        scratch.line += ": ";
        scratch.line += to_string(fault);
        scratch.line += ": ";
        scratch.line += describe(fault);
        sink(scratch.line);
    });
}

void pad(std::string& line, std::size_t column) {
    line.append(line.size() < column ? column - line.size() : 1, ' ');
}

constexpr std::array<std::size_t, 9> kColumns{0, 8, 18, 24, 30, 37, 48, 58, 68};

void append_text_begin(Scratch& scratch, const MessageContext& context) {
    std::string& line = scratch.line;
    scratch.number(context.entry.stream);
    pad(line, kColumns[1]);
    line += context.direction();
    pad(line, kColumns[2]);
    scratch.number(context.exchange());
    pad(line, kColumns[3]);
    scratch.number(context.index + 1);
    pad(line, kColumns[4]);
}

/// Bytes that could break a line or a terminal are shown as dots.
void append_printable(std::string& line, std::string_view text) {
    for (const char c : text) line += c >= 0x20 && c < 0x7f ? c : '.';
}

void append_text_row(Scratch& scratch, const Row& row) {
    std::string& line = scratch.line;
    const MessageContext& context = row.context;
    append_text_begin(scratch, context);
    scratch.number(row.number);
    pad(line, kColumns[5]);
    append_printable(line, row.chunk.hex());
    pad(line, kColumns[6]);
    scratch.number(row.chunk.size);
    pad(line, kColumns[7]);
    const auto writes = context.overlay.knows_writes()
                            ? context.overlay.recorded_writes(row.chunk.range())
                            : context.overlay.writes(context.message, row.chunk).range;
    if (writes) {
        scratch.number(writes->first);
        if (writes->last != writes->first) {
            line += '-';
            scratch.number(writes->last);
        }
    } else {
        line += '-';
    }
    pad(line, kColumns[8]);
    constexpr std::size_t kShownRuns = 12;
    for (std::size_t i = 0; i < std::min(kShownRuns, scratch.runs.size()); ++i) {
        if (i > 0) line += ' ';
        scratch.number(static_cast<std::uint32_t>(scratch.runs[i].frame));
        line += ':';
        scratch.number(scratch.runs[i].bytes);
    }
    if (scratch.runs.size() > kShownRuns) {
        line += " and ";
        scratch.number(scratch.runs.size() - kShownRuns);
        line += " more";
    }
    if (!context.overlay.complete(row.chunk)) line += "  incomplete";
    faults_of(context.message, row.chunk).each([&](Fault fault) {
        line += "  ";
        line += to_string(fault);
    });
}

void append_unchunked(Scratch& scratch, const MessageContext& context) {
    append_text_begin(scratch, context);
    const Message& message = context.message;
    scratch.line += "-      ";
    scratch.line += to_string(message.framing);
    if (message.framing == Framing::kContentLength) {
        scratch.line += ' ';
        scratch.number(message.body.length());
    }
    scratch.line += ": ";
    scratch.line += describe(message.reason);
    message.faults.each([&](Fault fault) {
        scratch.line += "  ";
        scratch.line += to_string(fault);
    });
}

std::string header() {
    std::string line;
    constexpr std::array<std::string_view, 9> kNames{
        "stream", "direction", "exch", "msg", "chunk", "hex", "size", "write", "frame:bytes"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (i > 0) pad(line, kColumns[i]);
        line += kNames[i];
    }
    return line;
}

}  // namespace

void write_chunk_json(const std::vector<TableEntry>& entries, const FrameFilter& keep,
                      const LineSink& sink, const LineSink& complaints) {
    Scratch scratch;
    each_message(entries, [&](const MessageContext& context) {
        each_row(context, keep, scratch, [&](const Row& row) {
            scratch.line.clear();
            append_json_row(scratch, row);
            sink(scratch.line);
        });
        complain(context, keep, scratch, complaints);
    });
}

void write_chunk_text(const std::vector<TableEntry>& entries, const FrameFilter& keep,
                      const LineSink& sink) {
    Scratch scratch;
    sink(header());
    each_message(entries, [&](const MessageContext& context) {
        if (context.message.framing == Framing::kChunked) {
            each_row(context, keep, scratch, [&](const Row& row) {
                scratch.line.clear();
                append_text_row(scratch, row);
                sink(scratch.line);
            });
            complain(context, keep, scratch, sink);
            return;
        }
        if (!any_kept(context, keep, scratch)) return;
        scratch.line.clear();
        append_unchunked(scratch, context);
        sink(scratch.line);
    });
}

}  // namespace seamark
