// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/chunk_rows.hpp"

namespace seamark {
namespace {

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

void append_message_name(Scratch& scratch, const MessageContext& context) {
    scratch.line += "stream ";
    scratch.number(context.entry.stream);
    scratch.line += ' ';
    scratch.line += context.direction();
    scratch.line += " message ";
    scratch.number(context.index + 1);
}

}  // namespace

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
    if (keep) context.overlay.carriers(extent(context), kAllRuns, scratch.runs);
    return any_kept(scratch.runs, keep);
}

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

}  // namespace seamark
