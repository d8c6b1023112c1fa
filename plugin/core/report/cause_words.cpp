// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/cause_words.hpp"

namespace seamark {
namespace {

/// In a sentence.
std::string_view phrase(Cause cause) {
    switch (cause) {
        case Cause::kCork:
            return "TCP_CORK";
        case Cause::kMore:
            return "MSG_MORE";
        case Cause::kCwnd:
            return "the congestion window";
        case Cause::kRwnd:
            return "the peer's receive window";
        case Cause::kAutocork:
            return "packets that waited below TCP (autocork)";
        case Cause::kSmallQueue:
            return "TCP's limit on what waits below it (small queues)";
        case Cause::kNagle:
            return "Nagle's algorithm";
        case Cause::kPacing:
            return "pacing";
        case Cause::kMss:
            return "the size of a packet (MSS)";
        case Cause::kGso:
            return "the making of super-segments (GSO)";
        case Cause::kSendBuffer:
            return "the full send buffer";
        case Cause::kRetransmission:
            return "a retransmission";
        case Cause::kSource:
            return "the end of the file or pipe that it copied from";
        case Cause::kMessage:
            return "the end of one of the call's messages";
        case Cause::kProxy:
            return "buffering in the proxy";
        case Cause::kQueue:
            return "a queue below TCP (scheduler or device)";
        case Cause::kDuplicate:
            return "a copy of a packet that was captured before";
        case Cause::kKeepAlive:
            return "a keep-alive probe";
        case Cause::kWindowProbe:
            return "a window probe";
        case Cause::kWrite:
            return "the end of a write";
        case Cause::kEnd:
            return "the end of the stream";
        case Cause::kWaited:
            return "data already queued before the read";
        case Cause::kSlow:
            return "a program that slept between its reads";
        case Cause::kSize:
            return "the size that the call asked for";
        case Cause::kLowWater:
            return "SO_RCVLOWAT";
        case Cause::kGro:
            return "packets joined on the way up (GRO)";
        case Cause::kSegment:
            return "the one segment that was queued";
        case Cause::kUnknown:
            return "what is not known";
    }
    return "";
}

/// On a picture, whose script separates causes at commas and "or": no name has one.
std::string_view name(Cause cause) {
    switch (cause) {
        case Cause::kNagle:
            return "Nagle";
        case Cause::kCork:
        case Cause::kMore:
        case Cause::kPacing:
            return phrase(cause);
        case Cause::kCwnd:
            return "congestion window";
        case Cause::kRwnd:
            return "receive window";
        case Cause::kAutocork:
            return "autocork";
        case Cause::kSmallQueue:
            return "small queues";
        case Cause::kMss:
            return "MSS";
        case Cause::kGso:
            return "GSO";
        case Cause::kSendBuffer:
            return "send buffer full";
        case Cause::kSource:
            return "end of the source";
        case Cause::kMessage:
            return "end of a message";
        case Cause::kProxy:
            return "proxy";
        case Cause::kQueue:
            return "queue below TCP";
        case Cause::kRetransmission:
            return "retransmission";
        case Cause::kDuplicate:
            return "captured twice";
        case Cause::kKeepAlive:
            return "keep-alive";
        case Cause::kWindowProbe:
            return "window probe";
        case Cause::kWrite:
            return "end of a write";
        case Cause::kEnd:
            return "end of the stream";
        case Cause::kWaited:
            return "data already queued";
        case Cause::kSlow:
            return "slow reader";
        case Cause::kSize:
            return "size of the read";
        case Cause::kLowWater:
            return "SO_RCVLOWAT";
        case Cause::kGro:
            return "GRO";
        case Cause::kSegment:
            return "one segment";
        case Cause::kUnknown:
            return "not known";
    }
    return "";
}

std::string joined(const CauseList& causes, std::string_view (*word_of)(Cause)) {
    std::string out;
    for (const Cause& cause : causes) {
        const std::string_view word = word_of(cause);
        if (word.empty()) continue;
        if (!out.empty()) out += &cause + 1 == causes.end() ? " or " : ", ";
        out += word;
    }
    return out;
}

}  // namespace

std::string_view to_string(Cause cause) {
    switch (cause) {
        case Cause::kCork:
            return "cork";
        case Cause::kMore:
            return "more";
        case Cause::kCwnd:
            return "cwnd";
        case Cause::kRwnd:
            return "rwnd";
        case Cause::kAutocork:
            return "autocork";
        case Cause::kSmallQueue:
            return "small-queue";
        case Cause::kNagle:
            return "nagle";
        case Cause::kPacing:
            return "pacing";
        case Cause::kMss:
            return "mss";
        case Cause::kGso:
            return "gso";
        case Cause::kSendBuffer:
            return "send-buffer";
        case Cause::kRetransmission:
            return "retransmission";
        case Cause::kSource:
            return "source";
        case Cause::kMessage:
            return "message";
        case Cause::kProxy:
            return "proxy";
        case Cause::kQueue:
            return "queue";
        case Cause::kDuplicate:
            return "duplicate";
        case Cause::kKeepAlive:
            return "keep-alive";
        case Cause::kWindowProbe:
            return "window-probe";
        case Cause::kWrite:
            return "write";
        case Cause::kEnd:
            return "end";
        case Cause::kWaited:
            return "waited";
        case Cause::kSlow:
            return "slow-reader";
        case Cause::kSize:
            return "read-size";
        case Cause::kLowWater:
            return "low-water";
        case Cause::kGro:
            return "gro";
        case Cause::kSegment:
            return "segment";
        case Cause::kUnknown:
            return "unknown";
    }
    return "";
}

std::string_view to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::kKnown:
            return "known";
        case Confidence::kConsistent:
            return "consistent";
        case Confidence::kUnknown:
            return "unknown";
    }
    return "";
}

std::string_view to_string(Boundary boundary) {
    switch (boundary) {
        case Boundary::kWhole:
            return "whole";
        case Boundary::kHeld:
            return "held";
        case Boundary::kMerge:
            return "merge";
        case Boundary::kCut:
            return "cut";
        case Boundary::kRest:
            return "rest";
        case Boundary::kRead:
            return "read";
        case Boundary::kNone:
            return "none";
    }
    return "";
}

namespace words {

std::string causes(const CauseList& causes) {
    return joined(causes, [](Cause cause) { return to_string(cause); });
}

std::string cause_phrases(const CauseList& causes) {
    return joined(causes, phrase);
}

std::string cause_names(const CauseList& causes) {
    return joined(causes, name);
}

}  // namespace words
}  // namespace seamark
