// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/delay_band.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/number_text.hpp"
#include "core/delay/delay_reader.hpp"
#include "core/delay/delay_summary.hpp"
#include "core/picture/svg_page.hpp"
#include "core/report/delay_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/stream/plain_places.hpp"

namespace seamark {
namespace {

/// From its first to its last byte among those that the leg's segments carry.
ByteRange drawn_bytes(const PathLeg& leg, BodyRange body) {
    ByteRange whole;
    leg.map->each_in_stream(body, [&](BodyRange, ByteRange part, std::uint32_t) {
        if (whole.empty()) whole.begin = part.begin;
        whole.end = part.end;
    });
    const Stream& stream = leg.leg.stream();
    return stream.carrier() != nullptr && !whole.empty() ? carried_places(stream, whole) : whole;
}

/// Whether the last byte of a range is among those that are shown, which are in order.
template <typename Range>
bool has_end_of(const std::vector<Range>& shown, Range range) {
    const auto at = std::partition_point(shown.begin(), shown.end(),
                                         [&](Range one) { return one.end < range.end; });
    return !range.empty() && at != shown.end() && at->begin < range.end;
}

auto order(const DelayColumn& column) {
    return std::tie(column.leg, column.layer, column.point, column.again);
}

/// The columns that shares have, in the order of the path.
void find_columns(const words::DelayPlaces& places, DelayBand& band) {
    std::vector<std::vector<DelayColumn>> of_rows;
    for (const DelayRow& row : band.rows) {
        std::vector<DelayColumn> mine;
        for (const DelayShare& share : row.delay.shares) {
            DelayColumn column{share.layer, share.leg, share.point};
            column.again = static_cast<std::uint32_t>(
                std::count_if(mine.begin(), mine.end(), [&](const DelayColumn& other) {
                    return other.layer == share.layer && other.leg == share.leg &&
                           other.point == share.point;
                }));
            const auto at = std::lower_bound(
                band.columns.begin(), band.columns.end(), column,
                [](const DelayColumn& a, const DelayColumn& b) { return order(a) < order(b); });
            if (at == band.columns.end() || order(*at) != order(column)) {
                band.columns.insert(at, column)->at =
                    words::layer_at(places, share.layer, share.leg, share.point);
            }
            mine.push_back(std::move(column));
        }
        of_rows.push_back(std::move(mine));
    }
    for (std::size_t i = 0; i < band.rows.size(); ++i)
        for (const DelayColumn& mine : of_rows[i])
            for (std::size_t k = 0; k < band.columns.size(); ++k)
                if (order(band.columns[k]) == order(mine)) band.rows[i].columns.push_back(k);
}

/// "Event 22, frame 81: 338.944 of 372.708 ms in the proxy at … (consistent). All of it: …"
std::string title_of(const words::DelayPlaces& places, const EventDelay& delay, bool events) {
    std::string out = (events ? "event " : "chunk ") + words::text(delay.number) + ", frame " +
                      words::text(static_cast<std::uint32_t>(delay.frame())) + ": ";
    if (const DelayShare* holder = delay.holder())
        out += words::held(places, *holder, delay.total, delay.kept);
    else
        out += words::milliseconds(delay.total) + ", no layer can be named";
    return out + ". All of it: " + words::shares(places, delay);
}

}  // namespace

bool DelayBand::has_time(std::size_t column) const {
    return std::any_of(rows.begin(), rows.end(), [&](const DelayRow& row) {
        for (std::size_t i = 0; i < row.columns.size(); ++i)
            if (row.columns[i] == column && row.delay.shares[i].ns > 0) return true;
        return false;
    });
}

DelayBands::DelayBands(const std::vector<CaptureEntry>& entries, const LegPairs* legs)
    : entries_(&entries) {
    std::vector<const Connection*> connections;
    connections.reserve(entries.size());
    for (const CaptureEntry& entry : entries) connections.push_back(entry.connection);
    paths_ = exchange_paths(connections, legs);
    for (std::size_t path = 0; path < paths_.size(); ++path)
        for (std::size_t leg = 0; leg < paths_[path].legs().size(); ++leg)
            by_leg_.emplace(paths_[path].legs()[leg].leg, Place{path, leg});
    for (const auto& [leg, place] : by_leg_)
        by_direction_[{&leg.connection->carrying(), leg.sender}].push_back(place);
}

template <typename Shown>
std::optional<DelayBand> DelayBands::read(const Place& place, Shown shown) const {
    const ExchangePath& path = paths_[place.path];
    const PathLeg& drawn = path.legs()[place.leg];
    const words::DelayPlaces places(*entries_, path);
    DelayReader reader(path);
    DelaySummary summary;
    DelayBand band;
    band.events = path.of_events();
    band.exchange = drawn.leg.connection->exchange(drawn.leg.sender, drawn.leg.message);
    std::vector<BodyRange> ranges;
    path.each_unit([&](const DelayUnit& unit) {
        const EventDelay* delay = reader.read(unit);
        if (delay == nullptr) return;
        path.ranges(unit, ranges);
        DelayRow row{*delay, {}, drawn_bytes(drawn, ranges[place.leg]), ranges[place.leg]};
        if (!shown(row)) return;
        summary.add(*delay);
        band.titles.push_back(title_of(places, *delay, band.events));
        band.rows.push_back(std::move(row));
    });
    if (band.rows.size() < (band.events ? 1U : 2U)) return std::nullopt;
    find_columns(places, band);
    band.verdict = words::verdict(places, summary.verdict());
    band.clocks = words::clocks(places);
    const bool corrected = std::ranges::any_of(path.legs(), [](const PathLeg& leg) {
        return leg.points != nullptr && leg.points->differ();
    });
    if (corrected) {
        std::string& note = band.clocks.emplace_back("only the lane time of ");
        note += band.events ? "events" : "chunks";
        note +=
            " is drawn with it taken off; all other lanes stand where the clocks of the capture "
            "put them";
    }
    band.not_seen = words::unseen(places, reader);
    return band;
}

std::vector<DelayBand> DelayBands::of(const Lanes& lanes) const {
    std::vector<DelayBand> bands;
    const auto at = by_direction_.find({lanes.entry->connection, lanes.side});
    if (at == by_direction_.end()) return bands;
    for (const Place& place : at->second) {
        auto band =
            read(place, [&](const DelayRow& row) { return has_end_of(lanes.shown, row.bytes); });
        if (band) bands.push_back(std::move(*band));
    }
    return bands;
}

std::vector<DelayBand> DelayBands::of(const StackedLegs& stack) const {
    std::vector<DelayBand> bands;
    const auto at = by_leg_.find(stack.pair->downstream);
    if (at == by_leg_.end()) return bands;
    const std::vector<BodyRange>& shown = stack.downstream.shown;
    auto band = read(at->second, [&](const DelayRow& row) { return has_end_of(shown, row.body); });
    if (band) bands.push_back(std::move(*band));
    return bands;
}

std::string_view look_of(DelayLayer layer) {
    switch (layer) {
        case DelayLayer::kApplication:
            return "write";
        case DelayLayer::kSender:
            return "sender";
        case DelayLayer::kStack:
            return "segment";
        case DelayLayer::kWire:
        case DelayLayer::kHop:
            return "packet";
        case DelayLayer::kRest:
            return "record";
        case DelayLayer::kReceiver:
            return "read";
        case DelayLayer::kProxy:
            return "proxy";
    }
    return "sender";
}

std::string_view name_of(const DelayColumn& column) {
    if (column.layer != DelayLayer::kHop) return to_string(column.layer);
    return std::string_view(column.at).substr(0, column.at.rfind(" from "));
}

std::vector<std::string> verdict_lines(const std::vector<DelayBand>& bands) {
    constexpr std::size_t kMost = 3;
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(bands.size(), kMost); ++i) {
        const std::string of =
            bands.size() > 1 ? "exchange " + words::text(bands[i].exchange) + ": " : "";
        for (const std::string& sentence : bands[i].verdict) lines.push_back(of + sentence);
    }
    if (bands.size() > kMost)
        lines.push_back("+" + words::count(bands.size() - kMost, "more response") +
                        " whose events have times");
    return lines;
}

std::vector<std::string> wrapped_verdict(const std::vector<DelayBand>& bands) {
    std::vector<std::string> lines;
    for (const std::string& sentence : verdict_lines(bands)) {
        std::string text = "Time: " + sentence;
        while (text.size() > SvgPage::kMostCharacters) {
            const auto blank = text.rfind(' ', SvgPage::kMostCharacters);
            if (blank == std::string::npos || blank < 10) break;
            lines.push_back(text.substr(0, blank));
            text.replace(0, blank, "   ");
        }
        lines.push_back(std::move(text));
    }
    return lines;
}

}  // namespace seamark
