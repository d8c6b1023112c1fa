// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <map>
#include <optional>

#include "core/lanes/leg_lanes.hpp"
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
            "times held are not told: a byte left before it came, so the clocks of "
            "the two captures differ");
    return out;
}

std::vector<std::string> leg_doubts(const Lanes& lanes) {
    std::vector<std::string> out;
    const LegPairs* legs = lanes.entry->legs;
    if (legs == nullptr || legs->doubts().empty()) return out;
    std::map<LegDoubt, std::vector<std::uint32_t>> exchanges;
    std::optional<std::uint32_t> last;
    for (const ChunkPiece& piece : lanes.chunks) {
        if (piece.message == last) continue;
        last = piece.message;
        const auto doubt =
            legs->doubts().find({lanes.entry->connection, lanes.side, piece.message});
        if (doubt == legs->doubts().end()) continue;
        exchanges[doubt->second].push_back(lanes.exchange(piece));
    }
    constexpr std::size_t kMostNamed = 5;
    for (const auto& [doubt, numbers] : exchanges) {
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
    return count(body.length(), "byte") + " at body offset " + std::to_string(body.begin) +
           ": captured upstream in frame " + number(run.upstream.frame) + ", downstream in frame " +
           number(run.downstream.frame) + ", held " + milliseconds(run.held());
}

}  // namespace seamark::words
