// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include "core/cause/cause.hpp"
#include "core/cause/cause_sentence.hpp"

namespace seamark {
namespace {

struct Words {
    std::string_view word;
    std::string_view phrase;
};

constexpr std::array<Words, static_cast<std::size_t>(Cause::kCount)> kWords{{
    {"cork", "TCP_CORK"},
    {"more", "MSG_MORE"},
    {"cwnd", "the congestion window"},
    {"rwnd", "the peer's receive window"},
    {"autocork", "packets that waited below TCP (autocork)"},
    {"nagle", "Nagle's algorithm"},
    {"pacing", "pacing"},
    {"mss", "the size of a packet (MSS)"},
    {"gso", "the making of super-segments (GSO)"},
    {"send-buffer", "the full send buffer"},
    {"retransmission", "a retransmission"},
    {"window-probe", "a window probe"},
    {"write", ""},
    {"end", "the end of the stream"},
    {"waited", "segments that had come before the program asked"},
    {"slow-reader", "a program that slept between its reads"},
    {"read-size", "the size that the call asked for"},
    {"low-water", "SO_RCVLOWAT"},
    {"gro", "packets joined on the way up (GRO)"},
    {"segment", "the one segment that had come"},
    {"unknown", "what is not known"},
}};

const Words& words_of(Cause cause) {
    return kWords[static_cast<std::size_t>(cause)];
}

std::string joined(const std::vector<Cause>& causes, std::string_view Words::*text) {
    std::string out;
    for (std::size_t i = 0; i < causes.size(); ++i) {
        const std::string_view words = words_of(causes[i]).*text;
        if (words.empty()) continue;
        if (!out.empty()) out += i + 1 == causes.size() ? " or " : ", ";
        out += words;
    }
    return out;
}

}  // namespace

std::string_view to_string(Cause cause) {
    return words_of(cause).word;
}

std::string_view to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::kKnown:
            return "known";
        case Confidence::kConsistent:
            return "consistent";
        case Confidence::kUnknown:
            break;
    }
    return "unknown";
}

std::string_view to_string(Seam seam) {
    switch (seam) {
        case Seam::kHeld:
            return "held";
        case Seam::kMerge:
            return "merge";
        case Seam::kCut:
            return "cut";
        case Seam::kRead:
            return "read";
        case Seam::kWhole:
            break;
    }
    return "whole";
}

std::string cause_words(const Verdict& verdict) {
    return joined(verdict.causes, &Words::word);
}

Verdict conclude(Seam seam, std::vector<Cause> causes, bool sure, const Sentence& sentence,
                 std::vector<std::string> evidence) {
    Verdict verdict;
    verdict.seam = seam;
    verdict.evidence = std::move(evidence);
    if (causes.empty()) {
        verdict.causes = {Cause::kUnknown};
        verdict.text = sentence.what + "; why is not known: " + sentence.missing;
        return verdict;
    }
    verdict.causes = std::move(causes);
    verdict.confidence = sure ? Confidence::kKnown : Confidence::kConsistent;
    const std::string phrases = joined(verdict.causes, &Words::phrase);
    verdict.text = sentence.what;
    // That a write ended says it all.
    if (!phrases.empty()) verdict.text += (sure ? ": " : ", consistent with ") + phrases;
    if (verdict.causes.size() > 1) verdict.text += "; not to be told apart: " + sentence.missing;
    return verdict;
}

}  // namespace seamark
