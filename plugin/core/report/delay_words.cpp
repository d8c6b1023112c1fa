// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/delay_words.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {

std::string_view to_string(DelayLayer layer) {
    switch (layer) {
        case DelayLayer::kApplication:
            return "application";
        case DelayLayer::kSender:
            return "sender";
        case DelayLayer::kStack:
            return "stack";
        case DelayLayer::kWire:
            return "wire";
        case DelayLayer::kHop:
            return "hop";
        case DelayLayer::kRest:
            return "rest";
        case DelayLayer::kReceiver:
            return "receiver";
        case DelayLayer::kProxy:
            return "proxy";
    }
    return "";
}

namespace words {
namespace {

std::string confidence(const DelayShare& share) {
    return " (" + std::string(to_string(share.confidence)) + ")";
}

/// What is written of a share whose time is the pause since the event before.
std::string pause(const DelayShare& share, const std::string& where, bool kept) {
    const std::string after = share.since_request ? " after the request" : " apart";
    if (share.layer == DelayLayer::kApplication)
        return where + ": written " + milliseconds(share.ns) + after +
               (kept ? ", its compressor's time included" : "");
    return where + ": captured there " + milliseconds(share.ns) + after + "; application" +
           (kept ? ", compressor" : "") + " and kernel are one, since no write calls were recorded";
}

std::string clock_of(const HopClock& clock, const std::string& first, const std::string& second) {
    if (clock.one_clock) return second + " and " + first + " have one clock";
    if (!clock.offset)
        return "nothing relates the clock of " + second + " to that of " + first +
               ": packets of both directions have to be captured at both";
    // Both figures are cut to microseconds, and the error that is named must not be too small.
    constexpr std::int64_t kCut = 2 * 1000 - 1;
    const std::string off = ", with an error of at most " + milliseconds(clock.error + kCut);
    if (!clock.differs)
        return "the clocks of " + first + " and " + second +
               " may be one (no packet contradicts it): an estimate of their offset is " +
               milliseconds(*clock.offset) + off + "; times are as captured";
    return "the clock of " + second + " is " + milliseconds(std::abs(*clock.offset)) +
           (*clock.offset < 0 ? " behind" : " ahead of") + " that of " + first + off +
           "; it is taken off";
}

}  // namespace

DelayPlaces::DelayPlaces(const std::vector<CaptureEntry>& entries, const ExchangePath& path)
    : path_(&path) {
    for (const PathLeg& leg : path.legs()) {
        const auto at = std::find_if(entries.begin(), entries.end(), [&](const CaptureEntry& e) {
            return e.connection == leg.leg.connection;
        });
        entries_.push_back(&*at);
    }
}

const SocketAddress& DelayPlaces::end(DelayLayer layer, std::size_t leg) const {
    const Side side = path_->legs()[leg].leg.sender;
    if (layer == DelayLayer::kReceiver) return entries_[leg]->destination(side);
    if (layer == DelayLayer::kProxy)
        return entries_[leg + 1]->source(path_->legs()[leg + 1].leg.sender);
    return entries_[leg]->source(side);
}

std::string DelayPlaces::interface(std::size_t leg, std::size_t point) const {
    const std::uint64_t packed = path_->legs()[leg].points->points()[point].interface;
    const InterfaceNames* names = entries_[leg]->interfaces;
    return printable(names != nullptr ? names->name(packed) : InterfaceNames{}.name(packed));
}

std::string hop(const DelayPlaces& places, std::size_t leg, std::size_t point) {
    return "wire " + places.interface(leg, point) + " to " + places.interface(leg, point + 1);
}

std::string layer_at(const DelayPlaces& places, DelayLayer layer, std::size_t leg,
                     std::size_t point) {
    std::string where = end_point(places.end(layer, leg));
    const Side side = places.path().legs()[leg].leg.sender;
    switch (layer) {
        case DelayLayer::kApplication:
            return "application at " + where;
        case DelayLayer::kSender:
            return "sender at " + where;
        case DelayLayer::kStack:
            return "kernel at " + where;
        case DelayLayer::kWire:
            return "wire from " + where + " to " + end_point(places.entry(leg).destination(side));
        case DelayLayer::kHop:
            return hop(places, leg, point) + " from " + where;
        case DelayLayer::kRest:
            return "rest of a record or block from " + where;
        case DelayLayer::kReceiver:
            return (leg + 1 < places.path().legs().size() ? "reads of the proxy at "
                                                          : "receiver at ") +
                   where;
        case DelayLayer::kProxy:
            return "proxy at " + where;
    }
    return where;
}

std::string held(const DelayPlaces& places, const DelayShare& share, std::int64_t of, bool kept) {
    const std::string where = layer_at(places, share.layer, share.leg, share.point);
    std::string part = milliseconds(share.ns);
    part.resize(part.size() - 3);  // " ms" is written once
    part += " of " + milliseconds(of);
    switch (share.layer) {
        case DelayLayer::kApplication:
        case DelayLayer::kSender:
            return pause(share, where, kept) + confidence(share);
        case DelayLayer::kStack:
            part += " between write and wire, in the " + where + confidence(share);
            if (const std::string why = cause_phrases(share.causes); !why.empty())
                part += ": " + why + " (" + std::string(to_string(share.cause_confidence)) + ")";
            return part;
        case DelayLayer::kWire:
            return part + " on the " + where + ", for bytes that were missing or sent again" +
                   confidence(share);
        case DelayLayer::kHop:
            return part + " on the " + where + confidence(share);
        case DelayLayer::kRest:
            return part + " for the " + where + confidence(share);
        case DelayLayer::kReceiver:
            return part + " in the " + where + ": it read that much later" + confidence(share);
        case DelayLayer::kProxy:
            return part + " in the " + where + confidence(share);
    }
    return part;
}

std::string shares(const DelayPlaces& places, const EventDelay& delay) {
    std::string out;
    for (const DelayShare& share : delay.shares) {
        if (!out.empty()) out += ", ";
        out += share.layer == DelayLayer::kHop ? hop(places, share.leg, share.point)
                                               : std::string(to_string(share.layer));
        out += " " + milliseconds(share.ns);
    }
    if (!delay.comparable) out += "  times run back";
    if (delay.kept) out += "  compressor";
    return out;
}

std::vector<std::string> verdict(const DelayPlaces& places, const DelayVerdict& verdict) {
    std::vector<std::string> lines;
    const bool events = places.path().of_events();
    const std::string unit = events ? "event" : "chunk";
    if (verdict.about == DelayVerdict::About::kNothing) {
        lines.push_back("No layer can be named");
        return lines;
    }
    const std::string held_there = held(places, verdict.share, verdict.of, verdict.kept > 0);
    if (verdict.about == DelayVerdict::About::kTogether) {
        lines.push_back("All " + unit + "s arrived at once: " + held_there);
    } else {
        lines.push_back("Longest, " + unit + " " + text(verdict.event) + " after " +
                        milliseconds(verdict.of) + ": " + held_there);
        if (verdict.long_ones > 1)
            lines.push_back("The same layer has the largest share in " + text(verdict.same) +
                            " of the " + count(verdict.long_ones, unit.c_str()) +
                            " that took at least half as long");
    }
    if (verdict.kept > 0)
        lines.push_back("The compressor was not flushed after " +
                        count(verdict.kept, unit.c_str()) +
                        ": each left it only with what followed, and when it was given to the "
                        "compressor is not seen");
    return lines;
}

std::vector<std::string> clocks(const DelayPlaces& places) {
    std::vector<std::string> lines;
    for (std::size_t leg = 0; leg < places.path().legs().size(); ++leg) {
        const LegPoints* points = places.path().legs()[leg].points.get();
        for (std::size_t i = 0; points != nullptr && i + 1 < points->points().size(); ++i)
            lines.push_back(
                clock_of(points->clock(i), places.interface(leg, i), places.interface(leg, i + 1)));
    }
    return lines;
}

std::vector<std::string> unseen(const DelayPlaces& places, const DelayReader& reader) {
    std::vector<std::string> lines;
    const std::size_t legs = places.path().legs().size();
    if (!reader.has_writes(0))
        lines.push_back("application and kernel of the sender at " +
                        end_point(places.end(DelayLayer::kSender, 0)) +
                        " (no write calls recorded)");
    for (std::size_t leg = 0; leg + 1 < legs; ++leg)
        if (!reader.has_writes(leg + 1))
            lines.push_back("program and kernel of the proxy at " +
                            end_point(places.end(DelayLayer::kProxy, leg)) +
                            " (no calls recorded)");
    for (std::size_t leg = 0; leg < legs; ++leg) {
        const LegPoints* points = places.path().legs()[leg].points.get();
        if (points == nullptr) continue;
        for (std::size_t i = points->comparable().size(); i < points->points().size(); ++i)
            lines.push_back(layer_at(places, DelayLayer::kHop, leg, i - 1) +
                            " (nothing relates their clocks)");
        if (reader.missed(leg) > 0)
            lines.push_back(
                count(reader.missed(leg), places.path().of_events() ? "event" : "chunk") +
                " not captured at each interface");
    }
    if (!reader.has_reads(legs - 1))
        lines.push_back("receiver at " + end_point(places.end(DelayLayer::kReceiver, legs - 1)) +
                        " (no read calls recorded)");
    if (places.path().doubted())
        lines.push_back("what is above " + end_point(places.end(DelayLayer::kSender, 0)) +
                        " (another exchange may be its upstream leg)");
    return lines;
}

}  // namespace words
}  // namespace seamark
