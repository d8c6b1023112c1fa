// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/chunk_rows.hpp"

#include "core/report/ending_words.hpp"

namespace seamark {
namespace {

void append_message_name(Scratch& scratch, const MessageContext& context) {
    scratch.line += "stream ";
    scratch.number(context.entry.stream);
    scratch.line += ' ';
    scratch.line += context.direction();
    scratch.line += " message ";
    scratch.number(context.index + 1);
}

}  // namespace

std::optional<std::int64_t> request_time(const MessageContext& context) {
    if (context.message.is_request()) return std::nullopt;
    const Connection& connection = *context.entry.connection;
    const auto number = connection.request_of(context.side, context.index);
    if (!number) return std::nullopt;
    const Stream& asked = connection.stream(other(context.side));
    const Message& request = asked.messages()[*number];
    if (!request.ended) return std::nullopt;
    const auto last = Overlay(asked).arrival(asked.messages().extent(request).end - 1);
    return last ? std::optional(last->time) : std::nullopt;
}

FaultSet faults_of(const Message& message, const Chunk& chunk) {
    FaultSet faults = message.head_faults;
    faults.add(chunk.faults);
    return faults;
}

bool any_kept(const std::vector<CarriedRun>& runs, const FrameFilter& keep) {
    return !keep || std::any_of(runs.begin(), runs.end(),
                                [&](const CarriedRun& run) { return keep(run.frame); });
}

bool any_kept(const MessageContext& context, const FrameFilter& keep, Scratch& scratch) {
    scratch.runs.clear();
    if (keep)
        context.overlay.carriers(context.stream.messages().extent(context.message), kAllRuns,
                                 scratch.runs);
    return any_kept(scratch.runs, keep);
}

void complain(const MessageContext& context, const FrameFilter& keep, Scratch& scratch,
              const LineSink& sink) {
    const FaultSet faults = context.message.ending_faults();
    if (faults.empty() || !any_kept(context, keep, scratch)) return;
    faults.each([&](Fault fault) {
        scratch.line.clear();
        append_message_name(scratch, context);
        if (context.message.stopped()) {
            scratch.line += ", at offset ";
            scratch.number(context.public_offset(context.message.stopped_at).value);
        }
        scratch.line += ": ";
        scratch.line += to_string(fault);
        scratch.line += ": ";
        scratch.line += words::ending(context.stream, fault);
        sink(scratch.line);
    });
}

}  // namespace seamark
