// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/remedy.hpp"

namespace seamark::words {
namespace {

/// What a cause needs, without what is typed for it.
std::string general(Cause cause, const NextSteps& steps) {
    const std::string off(steps.turn_off(cause));
    switch (cause) {
        case Cause::kCork:
            return "TCP_CORK: take it off where bytes must leave (that sends what waits).";
        case Cause::kMore:
            return "MSG_MORE: leave it out of the send after which nothing follows at once.";
        case Cause::kCwnd:
            return "The congestion window grows with what was acknowledged: keep the "
                   "connection, shorten the way, or write less often.";
        case Cause::kRwnd:
            return "The peer's receive window (tcp.window_size): a receiver that reads sooner, "
                   "or has a larger buffer (SO_RCVBUF).";
        case Cause::kAutocork:
            return "Packets that wait below TCP: a faster device, smaller queues, or "
                   "net.ipv4.tcp_autocorking=0.";
        case Cause::kSmallQueue:
            return "TCP's limit on what waits below it: a faster device, or a larger "
                   "net.ipv4.tcp_limit_output_bytes.";
        case Cause::kProxy:
            return "The proxy: let it pass on what it has (no response buffering; HAProxy: option "
                   "http-no-delay; nginx: proxy_buffering off).";
        case Cause::kQueue:
            return "A queue below TCP: see tc -s qdisc; less in the queues of the device, or a "
                   "faster one.";
        case Cause::kSource:
            return "The file or pipe had no more: a call that copies again when it has.";
        case Cause::kMessage:
            return "Messages of one call: one message with all of them (sendmsg) leaves as one.";
        case Cause::kDuplicate:
            return "A packet captured twice: capture at one interface, or remove copies "
                   "(editcap -d).";
        case Cause::kNagle:
            return "Nagle's algorithm: TCP_NODELAY turns it off" +
                   (off.empty() ? "" : " (" + off + ")") + ".";
        case Cause::kPacing:
            return "Pacing: another congestion control (cubic does not pace by itself), or no "
                   "SO_MAX_PACING_RATE.";
        case Cause::kMss:
            return "The size of a packet: a larger MTU on the whole way.";
        case Cause::kGso:
            return "Super-segments: " + (off.empty() ? "segmentation offload off" : off) +
                   " at the sender.";
        case Cause::kSendBuffer:
            return "The send buffer: a larger one (SO_SNDBUF), or a program that waits until "
                   "there is room.";
        case Cause::kWindowProbe:
            return "A closed window: why does the receiver not read?";
        case Cause::kSlow:
        case Cause::kWaited:
            return "A program that asks sooner and does less between its reads.";
        case Cause::kSize:
            return "A larger buffer in the read call.";
        case Cause::kLowWater:
            return "SO_RCVLOWAT at 1, its default.";
        case Cause::kGro:
            return "Joined on the way up: " + (off.empty() ? "receive offload off" : off) +
                   " at the receiver, or a capture at the sender.";
        case Cause::kRetransmission:
        case Cause::kKeepAlive:
        case Cause::kWrite:
        case Cause::kEnd:
        case Cause::kSegment:
        case Cause::kUnknown:
            return {};
    }
    return {};
}

}  // namespace

std::string remedy(Cause cause, const NextSteps& steps) {
    std::string out = general(cause, steps);
    const std::string_view trial = steps.trial(cause);
    if (out.empty() || trial.empty()) return out;
    const bool read = cause == Cause::kSlow || cause == Cause::kWaited;
    return out.append(read ? " Compare: " : " Seen to be gone in: ").append(trial);
}

}  // namespace seamark::words
