// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/cause_story.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "core/report/cause_words.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {
namespace {

std::string_view how_sure(Confidence confidence) {
    switch (confidence) {
        case Confidence::kKnown:
            return "known: the evidence leaves this alone.";
        case Confidence::kConsistent:
            return "consistent: nothing speaks against it, and nothing proves it.";
        case Confidence::kUnknown:
            return "unknown.";
    }
    return {};
}

/// Empty where nothing is to be taken away.
std::string_view remedy(Cause cause) {
    switch (cause) {
        case Cause::kCork:
            return "TCP_CORK: take it off where bytes must leave (that sends what waits). Seen "
                   "to be gone in: seamark lab cork --emit cork=0";
        case Cause::kMore:
            return "MSG_MORE: leave it out of the send behind which nothing follows at once. "
                   "Seen to be gone in: seamark lab more --emit more=0";
        case Cause::kCwnd:
            return "The congestion window grows with what was acknowledged: keep the "
                   "connection, shorten the way, or write less often. Seen to be gone in: "
                   "seamark lab cwnd --delay 2ms --emit gap=10ms";
        case Cause::kRwnd:
            return "The peer's receive window (tcp.window_size): a receiver that reads sooner, "
                   "or has a larger buffer (SO_RCVBUF). Seen to be gone in: seamark lab rwnd "
                   "--rcvbuf 0 --read-size 65536 --pace 0";
        case Cause::kAutocork:
            return "Packets that wait below TCP: a faster device, smaller queues, or "
                   "net.ipv4.tcp_autocorking=0. Seen to be gone in: seamark lab autocork "
                   "--card-rate 0";
        case Cause::kNagle:
            return "Nagle's algorithm: TCP_NODELAY turns it off (seamark serve: "
                   "/emit?nodelay=1&gap=20ms). Seen to be gone in: seamark lab nagle --emit "
                   "'nodelay=1&gap=6ms'";
        case Cause::kPacing:
            return "Pacing: another congestion control (cubic does not pace by itself), or no "
                   "SO_MAX_PACING_RATE. Seen to be gone in: seamark lab pacing --emit "
                   "'pacing=&gap=5ms'";
        case Cause::kMss:
            return "The size of a packet: a larger MTU on the whole way. Seen to be gone in: "
                   "seamark lab mss --mtu 9000";
        case Cause::kGso:
            return "Super-segments: ethtool -K DEVICE tso off gso off at the sender. Seen to be "
                   "gone in: seamark lab gso --server-offloads none";
        case Cause::kSendBuffer:
            return "The send buffer: a larger one (SO_SNDBUF), or a program that waits until "
                   "there is room.";
        case Cause::kWindowProbe:
            return "A closed window: why does the receiver not read?";
        case Cause::kSlow:
        case Cause::kWaited:
            return "A program that asks sooner and does less between its reads. Compare: "
                   "seamark lab slow-reader --pace 0";
        case Cause::kSize:
            return "A larger buffer in the read call.";
        case Cause::kLowWater:
            return "SO_RCVLOWAT at 1, its default.";
        case Cause::kGro:
            return "Joined on the way up: ethtool -K DEVICE gro off at the receiver, or a "
                   "capture at the sender.";
        case Cause::kRetransmission:
        case Cause::kWrite:
        case Cause::kEnd:
        case Cause::kSegment:
        case Cause::kUnknown:
            break;
    }
    return {};
}

}  // namespace

std::string cause_summary(const std::vector<Verdict>& verdicts) {
    std::string out;
    std::string previous;
    for (const Verdict& verdict : verdicts) {
        std::string one = words::causes(verdict.causes);
        if (verdict.confidence != Confidence::kUnknown)  // the word says it itself
            one.append(" (").append(to_string(verdict.confidence)).append(")");
        if (one == previous) continue;
        if (!out.empty()) out += ", ";
        out += one;
        previous = std::move(one);
    }
    return out;
}

std::string cause_sentences(const std::vector<Verdict>& verdicts) {
    std::string out;
    for (const Verdict& verdict : verdicts) {
        if (!out.empty()) out += ". ";
        out.append(words::sentence(verdict)).append(" (").append(to_string(verdict.confidence)).append(")");
    }
    return out;
}

void tell_causes(const std::vector<Verdict>& verdicts, const CallLane& writes, Prose& page) {
    if (verdicts.empty()) return;
    page.heading("Why");
    for (const Verdict& verdict : verdicts) {
        page.say(words::sentence(verdict) + ".");
        page.say("How sure: " + std::string(how_sure(verdict.confidence)));
        for (const Evidence& evidence : verdict.evidence)
            page.item(words::sentence(evidence, writes));
    }
}

void tell_remedies(const std::vector<Verdict>& verdicts, Prose& page) {
    std::set<Cause> told;
    for (const Verdict& verdict : verdicts)
        for (const Cause cause : verdict.causes)
            if (const auto text = remedy(cause); !text.empty() && told.insert(cause).second)
                page.item(text);
}

}  // namespace seamark
