// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/leg_story.hpp"

#include <string>
#include <vector>

#include "core/base/number_text.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/delay/leg_arrival.hpp"
#include "core/proxy/leg_match.hpp"
#include "core/report/cause_story.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

using words::text;

constexpr std::size_t kMostFrames = 8;
constexpr std::size_t kMostCauses = 3;

std::string name(const Leg& leg) {
    return "stream " + text(leg.connection->ends().stream) + ", exchange " +
           text(leg.connection->exchange(leg.sender, leg.message));
}

/// What the pieces have of the leg's body.
BodyRange body_of(const Leg& leg, std::span<const Piece> pieces) {
    BodyRange whole;
    for (const Piece& piece : pieces) {
        if (piece.message != leg.message) continue;
        const BodyRange part = leg.body()->map.in_body(piece.range);
        if (part.empty()) continue;
        if (whole.empty()) whole = part;
        whole.end = part.end;
    }
    return whole;
}

std::string listed(const std::vector<FrameNumber>& frames) {
    std::string out = frames.size() == 1 ? "frame " : "frames ";
    for (std::size_t i = 0; i < std::min(frames.size(), kMostFrames); ++i)
        out += (i > 0 ? ", " : "") + text(frames[i]);
    if (frames.size() > kMostFrames) out += " … (" + text(frames.size()) + " in all)";
    return out;
}

/// Why the other leg's segments are cut or merged so: what one leg alone cannot show.
void tell_their_causes(const Leg& theirs, const std::vector<FrameNumber>& frames,
                       const LegPairs& legs, Prose& page) {
    std::size_t told = 0;
    for (const FrameNumber frame : frames) {
        const Connection& carrying = theirs.connection->carrying();
        for (const Segment& segment : Overlay(carrying.stream(theirs.sender)).segments_of(frame)) {
            const auto arrival = arrival_at_sender(legs, carrying, theirs.sender, segment);
            const std::string why = cause_summary(
                judge_segment(carrying, theirs.sender, segment, arrival ? &*arrival : nullptr));
            if (why.empty() || told++ == kMostCauses) return;
            page.item("there, frame " + text(frame) + ": " + why);
        }
    }
}

void tell_pair(const LegPair& pair, bool downstream, std::span<const Piece> pieces,
               const LegPairs& legs, Prose& page) {
    const Leg& ours = downstream ? pair.downstream : pair.upstream;
    const Leg& theirs = downstream ? pair.upstream : pair.downstream;
    page.say(std::string("This is the ") + (downstream ? "downstream" : "upstream") +
             " leg of an exchange through a proxy; the " +
             (downstream ? "upstream" : "downstream") + " leg is " + name(theirs) + " (" +
             std::string(to_string(pair.confidence)) + ").");
    if (pair.match != BodyMatch::kSame) {
        page.say("Matched byte for byte: " + std::string(words::describe(pair.match)) + ".");
        return;
    }
    const BodyRange body = body_of(ours, pieces);
    if (body.empty()) return;
    const Counterpart other = counterpart(theirs, body);
    if (other.frames.empty()) return;
    std::string line = words::count(body.length(), "body byte") + " of this frame ";
    line += downstream ? "reached the proxy in " : "left the proxy in ";
    line += listed(other.frames);
    if (const auto held = hold(match(pair, body))) {
        line += held->shortest == held->longest
                    ? ": the proxy held them " + words::milliseconds(held->longest)
                    : ": the proxy held them " + words::milliseconds(held->shortest) + " to " +
                          words::milliseconds(held->longest);
    }
    page.say(line + ".");
    tell_their_causes(theirs, other.frames, legs, page);
}

}  // namespace

void tell_legs(const Connection& connection, Side side, std::span<const Piece> pieces,
               const LegPairs& legs, Prose& page) {
    bool headed = false;
    std::uint32_t told = ~std::uint32_t{0};
    for (const Piece& piece : pieces) {
        if (piece.message == told) continue;
        told = piece.message;
        const Leg leg{&connection, side, told};
        if (leg.response().is_request() || leg.body() == nullptr) continue;
        const LegPair* above = legs.by_downstream(leg);
        const LegPair* below = legs.by_upstream(leg);
        const Leg* candidate = legs.candidate(leg);
        const auto doubt = legs.doubts().find(leg);
        const bool doubted = doubt != legs.doubts().end();
        if (above == nullptr && below == nullptr && candidate == nullptr && !doubted) continue;
        if (!headed) page.heading("Proxy: the other leg");
        headed = true;
        if (above != nullptr) tell_pair(*above, true, pieces, legs, page);
        if (below != nullptr) tell_pair(*below, false, pieces, legs, page);
        if (doubted)
            page.say(
                "Other leg " + std::string(words::describe(doubt->second)) +
                (candidate != nullptr ? ". The one that fits is " + name(*candidate) + "." : "."));
        else if (candidate != nullptr)
            page.say("It may be the upstream leg of " + name(*candidate) + ": its other leg is " +
                     std::string(words::describe(legs.doubts().at(*candidate))) + ".");
    }
}

}  // namespace seamark
