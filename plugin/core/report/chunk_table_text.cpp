// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/chunk_rows.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/unread_words.hpp"

namespace seamark {
namespace {

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

/// "  merge: nagle (known)", "  cut: mss (consistent) ×68": one for each kind of verdict.
void append_causes(Scratch& scratch, const Row& row) {
    for (const CauseGroup& group : row.causes(scratch)) {
        scratch.line.append("  ").append(to_string(group.boundary)).append(": ");
        scratch.line.append(words::causes(group.causes)).append(" (");
        scratch.line.append(to_string(group.confidence)).append(")");
        if (group.frames.size() == 1) continue;
        scratch.line += " ×";
        scratch.number(group.frames.size());
    }
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
    if (const auto writes = context.overlay.known_writes(context.message, row.chunk)) {
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
    append_causes(scratch, row);
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
        scratch.line += ' ' + words::length(message.body);
    }
    scratch.line += ": ";
    scratch.line += describe(message.reason);
    if (message.unsolicited) scratch.line += "; unsolicited: no request was outstanding";
    if (message.framing == Framing::kContentLength && message.cut()) {
        scratch.line += "; captured ";
        scratch.number(context.stream.lane().runs().covered(message.body));
    }
    message.faults.each([&](Fault fault) {
        scratch.line += "  ";
        scratch.line += to_string(fault);
    });
}

void write_proxy_headers(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                         const LineSink& sink) {
    std::vector<CarriedRun> runs;
    for (const CaptureEntry& entry : entries) {
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            const Stream& stream = entry.connection->stream(side);
            const ProxyHeader* header = stream.messages().proxy_header();
            if (header == nullptr) continue;
            runs.clear();
            Overlay(stream).carriers(header->range, kAllRuns, runs);
            if (any_kept(runs, keep))
                sink("stream " + words::text(entry.stream) + ": " + words::proxy_header(*header));
        }
    }
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

void write_chunk_text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
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
        complain(context, keep, scratch, sink);
    });
    write_proxy_headers(entries, keep, sink);
    write_unread(entries, keep, sink);
}

}  // namespace seamark
