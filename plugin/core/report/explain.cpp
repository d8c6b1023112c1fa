// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/explain.hpp"

#include <string>

#include "core/base/number_text.hpp"
#include "core/cause/read_cause.hpp"
#include "core/lanes/lanes.hpp"
#include "core/report/cause_story.hpp"
#include "core/report/delay_story.hpp"
#include "core/report/ending_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/prose.hpp"
#include "core/report/segment_story.hpp"

namespace seamark {
namespace {

using words::text;

/// A recorded call, from the frame of its event.
void tell_call(const CaptureEntry& entry, Side side, const CallRecord& call, CallRange counted,
               bool write, const NextSteps& steps, Prose& page) {
    const Lanes lanes(entry, side);
    const Overlay overlay(*lanes.stream);
    page.heading("Frame " + text(call.event) + ": no packet of the network, but the record of a " +
                 (write ? "write" : "read") + " of stream " + text(entry.stream));
    const auto range = lanes.stream->position(counted);
    if (!range) {
        page.say(std::string(to_string(call.call)) + ", " + text(call.taken) + " of " +
                 words::count(call.requested, "byte") + " at offset " + text(counted.begin) +
                 ". The connection's SYN was not captured, from which offsets count, so that the "
                 "call cannot be joined with frames.");
        return;
    }
    page.say(words::title(lanes, CallPiece{*range, &call, {}}, write ? "write" : "read") +
             words::time_note(lanes) + ". The call took " +
             words::milliseconds(call.left - call.entered) + ".");
    if (call.taken < call.requested)
        page.say(write ? "The kernel took less than was asked for: its send buffer was full."
                       : "The program asked for more than there was, as readers mostly do.");
    page.say(std::string(write ? "Its bytes were carried by " : "Its bytes arrived in ") +
             words::frames(overlay, *range) + ".");
    const auto& runs = lanes.stream->lane().runs();
    if (!runs.covers(*range)) page.say("Some of its bytes are missing from the capture.");
    std::uint64_t others = 0;
    const auto& lane = write ? lanes.stream->reads() : lanes.stream->writes();
    lanes.stream->each_call(lane, *range, [&](ByteRange, const CallRecord&) { ++others; });
    if (others > 0)
        page.say(write ? words::count(others, "read") + " of the receiver took them out."
                       : words::count(others, "write") + " of the sender put them in.");
    std::vector<Verdict> why;
    if (!write) why.push_back(judge_read(*entry.connection, side, *range, call));
    tell_causes(why, lanes.stream->writes(), page);
    page.heading("What to try next");
    tell_remedies(why, steps, page);
    const std::string show_lanes = steps.show_lanes(entry.stream);
    page.item("The same page for a frame that carries it" +
              (show_lanes.empty() ? std::string(".") : ", or the lanes: " + show_lanes));
}

bool tell_calls(const CaptureEntry& entry, Side side, FrameNumber frame, const NextSteps& steps,
                Prose& page) {
    const Stream& stream = entry.connection->stream(side);
    bool found = false;
    for (const bool write : {true, false}) {
        const CallLane& lane = write ? stream.writes() : stream.reads();
        lane.each(kAllCalls, [&](CallRange range, const CallRecord& call) {
            if (call.event != frame) return;
            found = true;
            tell_call(entry, side, call, range, write, steps, page);
        });
    }
    return found;
}

/// A frame that closes a direction or resets the connection.
bool tell_closing(const CaptureEntry& entry, Side side, FrameNumber frame, Prose& page) {
    const Stream& stream = entry.connection->stream(side);
    const Closing& closing = stream.closing();
    const bool fin = closing.fin_frame() == frame;
    const bool reset = closing.reset_frame() == frame;
    if (!fin && !reset) return false;
    page.heading("Frame " + text(frame) + ": stream " + text(entry.stream) + ", " +
                 (fin ? "FIN: no byte follows from " : "RST: the connection of ") +
                 words::end_point(entry.source(side)) + (fin ? " on" : " ends here"));
    const auto cut = stream.cut();
    if (cut == Fault::kCutByFin || (reset && cut == Fault::kCutByReset)) {
        page.say("Message " + text(stream.messages().size()) + " is not whole. " +
                 words::ending(stream, *cut) + ".");
    } else {
        page.say("It cuts no HTTP/1.x message of this direction short, as far as was captured.");
    }
    return true;
}

}  // namespace

void write_explanation(const std::vector<CaptureEntry>& entries, FrameNumber frame,
                       const NextSteps& steps, const LineSink& sink, const LegPairs* legs,
                       std::size_t columns) {
    Prose page(sink, columns);
    bool found = false;
    for (const CaptureEntry& entry : entries) {
        if (&entry.connection->carrying() != entry.connection) continue;
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            const Overlay overlay(entry.connection->stream(side));
            for (const Segment& segment : overlay.segments_of(frame)) {
                tell_segment(lanes_of_segment(entry, side, segment), segment, steps, legs, page);
                found = true;
            }
            found = tell_calls(entry, side, frame, steps, page) || found;
            found = tell_closing(entry, side, frame, page) || found;
        }
    }
    if (found) return tell_delays(entries, frame, legs, page);
    page.heading("Frame " + text(frame) + ": nothing that Seamark reads");
    page.say(
        "Nothing of it is in a lane: a bare acknowledgement or handshake, bytes on a RST or in "
        "front of the SYN, another protocol, a recorded call that moved no bytes, or the capture "
        "has no such frame.");
    page.heading("What to try next");
    page.item("A frame that the display filter seamark shows.");
}

}  // namespace seamark
