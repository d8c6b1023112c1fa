// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/leg_words.hpp"

#include <algorithm>

#include "core/base/number_text.hpp"
#include "core/report/piece_words.hpp"

namespace seamark::words {
namespace {

std::string number(FrameNumber frame) {
    return std::to_string(static_cast<std::uint32_t>(frame));
}

std::string exchange(const LegLanes& leg) {
    return "stream " + std::to_string(leg.lanes.entry->stream) + ", exchange " +
           std::to_string(leg.exchange);
}

}  // namespace

std::string_view describe(BodyMatch match) {
    switch (match) {
        case BodyMatch::kSame:
            return "yes";
        case BodyMatch::kCoding:
            return "no: the content codings differ, so body offsets do not name the same bytes";
        case BodyMatch::kDiffer:
            return "no: the bodies differ";
    }
    return "";
}

std::string_view describe(LegDoubt doubt) {
    switch (doubt) {
        case LegDoubt::kSeveral:
            return "unknown: more than one exchange fits as its other leg";
        case LegDoubt::kStored:
            return "none: the id of this response was captured before its request arrived, so the "
                   "answer was stored";
        case LegDoubt::kAddresses:
            return "unknown: one exchange fits, but the addresses do not show one proxy between "
                   "the two, and no field of the request says that a proxy passed it on";
        case LegDoubt::kNoBytes:
            return "unknown: one exchange fits, but no captured body bytes can be compared";
        case LegDoubt::kCoding:
            return "unknown: one exchange fits, but the content codings differ, so that the bodies "
                   "cannot be compared";
    }
    return "";
}

std::string heading(const StackedLegs& stack) {
    return "through a proxy: " + exchange(stack.upstream) + " → " + exchange(stack.downstream);
}

std::vector<std::string> remarks(const StackedLegs& stack) {
    const LegPair& pair = *stack.pair;
    std::vector<std::string> out;
    out.push_back(pair.confidence == LegConfidence::kKnown
                      ? "known: both responses carry the id that the emitter gave this one"
                      : "consistent: nothing speaks against it, and no other exchange fits");
    if (!stack.matched()) {
        out.push_back("matched byte for byte: " + std::string(describe(pair.match)));
    } else {
        out.push_back("matched byte for byte by body offset: " + count(pair.compared, "byte") +
                      " compared, none differs");
    }
    if (stack.clocks_differ)
        out.emplace_back(
            "times held are not reported: a byte left before it arrived, so the clocks of "
            "the two captures differ");
    return out;
}

std::vector<std::string> leg_doubts(const Lanes& lanes) {
    std::vector<std::string> out;
    constexpr std::size_t kMostNamed = 5;
    for (const auto& [doubt, numbers] : lanes.leg_doubts) {
        std::string line = numbers.size() == 1 ? "exchange " : "exchanges ";
        for (std::size_t i = 0; i < std::min(numbers.size(), kMostNamed); ++i)
            line += (i > 0 ? ", " : "") + std::to_string(numbers[i]);
        if (numbers.size() > kMostNamed)
            line += " … (" + std::to_string(numbers.size()) + " in all)";
        out.push_back(line + ": other leg " + std::string(describe(doubt)));
    }
    return out;
}

std::string leg_ends(const StackedLegs& stack, const LegLanes& leg) {
    return std::string(&leg == &stack.upstream ? "upstream" : "downstream") + ", " +
           end_point(leg.lanes.source()) + " → " + end_point(leg.lanes.destination());
}

std::string held(const StackedLegs& stack, BodyRange range) {
    const auto hold = stack.held_of(range);
    if (!hold) return {};
    const std::string longest = milliseconds(hold->longest);
    if (hold->longest == hold->shortest) return "held " + longest;
    return "held " + milliseconds(hold->shortest) + " to " + longest;
}

std::string title(const MatchedRun& run) {
    const BodyRange body = run.upstream.body;
    return count(body.length(), "byte") + " at body offset " + text(body.begin) +
           ": captured upstream in frame " + number(run.upstream.frame) + ", downstream in frame " +
           number(run.downstream.frame) + ", held " + milliseconds(run.held());
}

}  // namespace seamark::words
