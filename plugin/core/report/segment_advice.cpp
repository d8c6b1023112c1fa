// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/segment_advice.hpp"

#include <string>

#include "core/report/cause_story.hpp"

namespace seamark {
namespace {

/// What is typed, with what stands around it; nothing where nothing is known.
std::string with(std::string_view before, std::string_view typed, std::string_view after = {}) {
    if (typed.empty()) return {};
    return std::string(before).append(typed).append(after);
}

/// What is not done already.
std::string what_lets_writes_leave(const Advice& facts) {
    std::string out;
    if (!facts.options || !facts.nodelay) out += "TCP_NODELAY, ";
    if (!facts.options || facts.corked) out += "no TCP_CORK, ";
    if (!facts.options || facts.more) out += "no MSG_MORE, ";
    return out += out.empty() ? "time between the writes" : "and time between the writes";
}

}  // namespace

void tell_advice(const Advice& facts, std::uint32_t stream, const NextSteps& steps, Prose& page) {
    page.heading("What to try next");
    const bool told = tell_remedies(facts.causes, steps, page);
    if (facts.writes > 1 && !told)
        page.item("To let each write leave alone: " + what_lets_writes_leave(facts) +
                  ". No option promises it: TCP carries a stream of bytes and keeps no "
                  "borders of calls (RFC 9293 section 3.7).");
    if (facts.writes == 1 && facts.chunks > 1)
        page.item(
            "These chunks were written in one call, so nothing below the program merged them: only "
            "the program can flush them one by one.");
    if (facts.cut_writes > 0)
        page.item(
            "A write that was cut: compare its size with what one segment holds, and with "
            "the peer's receive window at that moment (tcp.window_size).");
    if (facts.super_segment)
        page.item(
            "To see the packets themselves, capture on the wire (a switch, the receiver "
            "without GRO), or turn offloads off" +
            with(": ", steps.turn_off_offloads()) + ".");
    if (facts.missing)
        page.item("Fewer losses at the point of capture: a capture filter, a larger buffer" +
                  with(" (", steps.larger_capture_buffer(), ")") +
                  ", or a capture on the other side.");
    if (facts.unframed)
        page.item(
            "For hex lengths, the response must be HTTP/1.1 and chunked; most servers do so "
            "when the length is not known and the request was HTTP/1.1.");
    for (const std::string& line : facts.inside_tls) page.item(line);
    if (!facts.writes_recorded && !steps.record_writes().empty())
        page.item(std::string(facts.tags
                                  ? "A tag is what the program meant. To record what the kernel "
                                    "took, and when: "
                                  : "To record the writes: ") +
                  std::string(steps.record_writes()));
    if (!facts.reads_known && !steps.record_reads().empty())
        page.item("To see what the receiver took at once, record its reads: " +
                  std::string(steps.record_reads()));
    if (const std::string lanes = steps.show_lanes(stream); !lanes.empty())
        page.item("The neighbourhood: " + lanes);
}

}  // namespace seamark
