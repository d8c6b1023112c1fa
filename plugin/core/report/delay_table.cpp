// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/delay_table.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/json_writer.hpp"
#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/delay_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"

namespace seamark {
namespace {

using words::text;

/// Calls visit(DelayPlaces, DelayReader) for each response, in the order of the entries.
template <typename Visit>
void each_path(const std::vector<CaptureEntry>& entries, const LegPairs* legs, Visit visit) {
    std::vector<const Connection*> connections;
    connections.reserve(entries.size());
    for (const CaptureEntry& entry : entries) connections.push_back(entry.connection);
    for (const ExchangePath& path : exchange_paths(connections, legs)) {
        DelayReader reader(path);
        visit(words::DelayPlaces(entries, path), reader);
    }
}

/// Calls visit(EventDelay) for each row that the filter keeps.
template <typename Visit>
void each_delay(const ExchangePath& path, DelayReader& reader, const FrameFilter& keep,
                Visit visit) {
    path.each_unit([&](const DelayUnit& unit) {
        const EventDelay* delay = reader.read(unit);
        if (delay == nullptr) return;
        if (keep && std::none_of(delay->frames.begin(), delay->frames.end(), keep)) return;
        visit(*delay);
    });
}

void put_ends(JsonWriter& json, const words::DelayPlaces& places) {
    const Leg& client = places.path().client().leg;
    const CaptureEntry& entry = places.entry(places.path().legs().size() - 1);
    json.field<"stream">(entry.stream);
    json.field<"src">(entry.source(client.sender).address);
    json.field<"sport">(entry.source(client.sender).port);
    json.field<"dst">(entry.destination(client.sender).address);
    json.field<"dport">(entry.destination(client.sender).port);
    json.field<"message">(client.message + 1);
    json.field<"exchange">(client.connection->exchange(client.sender, client.message));
    json.field<"unit">(places.path().of_events() ? "event" : "chunk");
}

void put_hop(JsonWriter& json, const words::DelayPlaces& places, std::size_t leg,
             std::size_t point) {
    json.field<"from_interface">(places.interface(leg, point));
    json.field<"to_interface">(places.interface(leg, point + 1));
}

void put_layer(JsonWriter& json, const words::DelayPlaces& places, DelayLayer layer,
               std::size_t leg, std::size_t point) {
    const SocketAddress& end = places.end(layer, leg);
    json.field<"layer">(to_string(layer));
    json.field<"stream">(places.entry(leg).stream);
    json.field<"address">(end.address);
    json.field<"port">(end.port);
    if (layer == DelayLayer::kHop) put_hop(json, places, leg, point);
}

void put_clocks(JsonWriter& json, const words::DelayPlaces& places) {
    const auto legs = places.path().legs();
    if (std::none_of(legs.begin(), legs.end(), [](const PathLeg& leg) { return leg.points; }))
        return;
    json.key<"hops">();
    json.begin_array();
    for (std::size_t leg = 0; leg < legs.size(); ++leg) {
        const LegPoints* points = legs[leg].points.get();
        for (std::size_t i = 0; points != nullptr && i + 1 < points->points().size(); ++i) {
            const HopClock& clock = points->clock(i);
            json.begin_object();
            json.field<"stream">(places.entry(leg).stream);
            put_hop(json, places, leg, i);
            json.field<"clocks">(clock.one_clock ? "one"
                                 : clock.offset  ? (clock.differs ? "two" : "maybe-one")
                                                 : "unrelated");
            if (clock.offset) {
                json.field<"offset_ns">(*clock.offset);
                json.field<"error_ns">(clock.error);
            }
            json.end_object();
        }
    }
    json.end_array();
}

void put_share(JsonWriter& json, const words::DelayPlaces& places, const DelayShare& share) {
    put_layer(json, places, share.layer, share.leg, share.point);
    json.field<"ns">(share.ns);
    json.field<"confidence">(to_string(share.confidence));
    if (share.since_request) json.field<"since_request">(true);
    if (share.causes.empty()) return;
    json.key<"causes">();
    json.begin_array();
    for (const Cause cause : share.causes) json.text(to_string(cause));
    json.end_array();
    json.field<"cause_confidence">(to_string(share.cause_confidence));
}

void put_row(JsonWriter& json, const words::DelayPlaces& places, const EventDelay& delay) {
    json.begin_object();
    json.field<"row">("event");
    put_ends(json, places);
    json.field<"number">(delay.number);
    json.numbers<"frames">(delay.frames);
    json.field<"ready_ns">(delay.ready);
    if (delay.gap) json.field<"gap_ns">(*delay.gap);
    json.field<"time_ns">(delay.total);
    if (const DelayShare* holder = delay.holder()) {
        json.key<"holder">();
        json.begin_object();
        put_share(json, places, *holder);
        json.end_object();
    }
    json.key<"layers">();
    json.begin_array();
    for (const DelayShare& share : delay.shares) {
        json.begin_object();
        put_share(json, places, share);
        json.end_object();
    }
    json.end_array();
    if (!delay.comparable) json.field<"comparable">(false);
    if (delay.kept) json.field<"kept_by_compressor">(true);
    json.end_object();
}

void put_percentiles(JsonWriter& json, const Percentiles& of) {
    json.field<"count">(of.count);
    json.field<"p50_ns">(of.p50);
    json.field<"p90_ns">(of.p90);
    json.field<"p99_ns">(of.p99);
    json.field<"max_ns">(of.max);
}

void put_verdict(JsonWriter& json, const words::DelayPlaces& places, const DelayVerdict& verdict) {
    constexpr std::array<std::string_view, 3> kAbout{"nothing", "longest", "together"};
    json.begin_object();
    json.field<"about">(kAbout[static_cast<std::size_t>(verdict.about)]);
    if (verdict.about != DelayVerdict::About::kNothing) {
        put_share(json, places, verdict.share);
        json.field<"of_ns">(verdict.of);
        json.field<"event">(verdict.event);
        json.field<"frame">(static_cast<std::uint32_t>(verdict.frame));
        json.field<"long_events">(verdict.long_ones);
        json.field<"same_layer">(verdict.same);
    }
    if (verdict.kept > 0) json.field<"kept_by_compressor">(verdict.kept);
    json.field<"text">(words::verdict(places, verdict).front());
    json.end_object();
}

void put_summary(JsonWriter& json, const words::DelayPlaces& places, const DelayReader& reader,
                 DelaySummary& summary) {
    json.begin_object();
    json.field<"row">("summary");
    put_ends(json, places);
    json.numbers<"streams">([&] {
        std::vector<std::uint32_t> streams;
        for (std::size_t leg = 0; leg < places.path().legs().size(); ++leg)
            streams.push_back(places.entry(leg).stream);
        return streams;
    }());
    json.field<"events">(summary.events());
    json.field<"segments">(reader.segments());
    if (summary.first()) json.field<"first_ns">(*summary.first());
    json.key<"gap">();
    json.begin_object();
    put_percentiles(json, percentiles(summary.gaps()));
    json.end_object();
    json.key<"time">();
    json.begin_object();
    put_percentiles(json, percentiles(summary.totals()));
    json.end_object();
    json.key<"layers">();
    json.begin_array();
    for (auto& times : summary.layers()) {
        json.begin_object();
        put_layer(json, places, times.layer, times.leg, times.point);
        put_percentiles(json, percentiles(times.ns));
        json.end_object();
    }
    json.end_array();
    put_clocks(json, places);
    json.key<"verdict">();
    put_verdict(json, places, summary.verdict());
    json.texts<"not_seen">(words::unseen(places, reader));
    json.end_object();
}

constexpr std::array<std::size_t, 9> kDelayWidths{6, 4, 7, 7, 11, 11, 11, 11, 300};
using DelayCells = std::array<std::string, kDelayWidths.size()>;

constexpr std::array<std::size_t, 6> kPercentileWidths{2, 44, 12, 12, 12, 12};

using PercentileWidths = std::array<std::size_t, kPercentileWidths.size()>;

/// With room for the names of interfaces.
PercentileWidths percentile_widths(const words::DelayPlaces& places, DelaySummary& summary) {
    constexpr std::size_t kMost = 80;
    PercentileWidths widths = kPercentileWidths;
    for (const auto& times : summary.layers())
        if (times.layer == DelayLayer::kHop)
            widths[1] = std::max(widths[1], words::hop(places, times.leg, times.point).size());
    widths[1] = std::min(widths[1], kMost);
    return widths;
}

void write_percentiles(const std::string& name, const Percentiles& of,
                       const PercentileWidths& widths, const LineSink& sink) {
    const std::array<std::string, kPercentileWidths.size()> cells{"",
                                                                  name,
                                                                  words::milliseconds(of.p50),
                                                                  words::milliseconds(of.p90),
                                                                  words::milliseconds(of.p99),
                                                                  words::milliseconds(of.max)};
    sink(line_of(cells, widths));
}

void write_summary(const words::DelayPlaces& places, const DelayReader& reader,
                   DelaySummary& summary, const LineSink& sink) {
    const ExchangePath& path = places.path();
    const Leg& client = path.client().leg;
    std::string line = "stream " + text(places.entry(path.legs().size() - 1).stream) +
                       ", exchange " +
                       text(client.connection->exchange(client.sender, client.message)) + ": " +
                       words::count(summary.events(), path.of_events() ? "event" : "chunk") +
                       " in " + words::count(reader.segments(), "segment");
    for (std::size_t leg = 0; leg + 1 < path.legs().size(); ++leg)
        line += (leg == 0 ? ", through the proxy at " : " and that at ") +
                words::end_point(places.end(DelayLayer::kProxy, leg));
    sink(line);
    if (summary.first())
        sink("  the first could be read " + words::milliseconds(*summary.first()) +
             " after the request");
    const PercentileWidths widths = percentile_widths(places, summary);
    sink(line_of(std::array<std::string, 6>{"", "", "p50", "p90", "p99", "max"}, widths));
    write_percentiles("gap at the client", percentiles(summary.gaps()), widths, sink);
    for (auto& times : summary.layers())
        write_percentiles(times.layer == DelayLayer::kHop
                              ? words::hop(places, times.leg, times.point)
                              : words::layer_at(places, times.layer, times.leg),
                          percentiles(times.ns), widths, sink);
    for (const std::string& said : words::verdict(places, summary.verdict())) sink("  " + said);
    for (const std::string& said : words::clocks(places)) sink("  Clocks: " + said);
    for (const std::string& said : words::unseen(places, reader)) sink("  Not seen: " + said);
}

}  // namespace

void write_delay_json(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const PrintableSink& sink) {
    std::string line;
    JsonWriter json(line);
    each_path(entries, legs, [&](const words::DelayPlaces& places, DelayReader& reader) {
        DelaySummary summary;
        each_delay(places.path(), reader, keep, [&](const EventDelay& delay) {
            summary.add(delay);
            json.clear();
            put_row(json, places, delay);
            sink(json.written());
        });
        if (summary.events() == 0) return;
        json.clear();
        put_summary(json, places, reader, summary);
        sink(json.written());
    });
}

void write_delay_text(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const LineSink& sink) {
    const DelayCells names{"stream", "exch",    "event", "frame", "gap",
                           "time",   "held by", "for",   "layers"};
    sink(line_of(names, kDelayWidths));
    each_path(entries, legs, [&](const words::DelayPlaces& places, DelayReader& reader) {
        DelaySummary summary;
        const Leg& client = places.path().client().leg;
        const std::string stream = text(places.entry(places.path().legs().size() - 1).stream);
        const std::string exchange =
            text(client.connection->exchange(client.sender, client.message));
        each_delay(places.path(), reader, keep, [&](const EventDelay& delay) {
            summary.add(delay);
            const DelayShare* holder = delay.holder();
            const DelayCells cells{stream,
                                   exchange,
                                   text(delay.number),
                                   text(static_cast<std::uint32_t>(delay.frame())),
                                   delay.gap ? words::milliseconds(*delay.gap) : "-",
                                   words::milliseconds(delay.total),
                                   holder ? std::string(to_string(holder->layer)) : "-",
                                   holder ? words::milliseconds(holder->ns) : "-",
                                   words::shares(places, delay)};
            sink(line_of(cells, kDelayWidths));
        });
        if (summary.events() > 0) write_summary(places, reader, summary, sink);
    });
}

}  // namespace seamark
