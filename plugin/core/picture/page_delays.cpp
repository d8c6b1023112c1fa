// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_delays.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/report/delay_words.hpp"

namespace seamark {
namespace {

/// Of a row; docs/page.md has their meaning.
enum RowFlag : int { kKnown = 1, kRunsBack = 2, kKept = 4, kSinceRequest = 8 };

int flags_of(const EventDelay& delay) {
    const DelayShare* holder = delay.holder();
    int flags = 0;
    if (holder != nullptr && holder->confidence == Confidence::kKnown) flags |= kKnown;
    if (!delay.comparable) flags |= kRunsBack;
    if (delay.kept) flags |= kKept;
    if (!delay.shares.empty() && delay.shares.front().since_request) flags |= kSinceRequest;
    return flags;
}

/// The share of a row in a column; null where it has none.
const DelayShare* share_of(const DelayRow& row, std::size_t column) {
    const auto at = std::find(row.columns.begin(), row.columns.end(), column);
    return at != row.columns.end()
               ? &row.delay.shares[static_cast<std::size_t>(at - row.columns.begin())]
               : nullptr;
}

/// A column of numbers; one number where all have the same.
template <JsonKey kKey, typename Value>
void put_numbers(const DelayBand& band, JsonWriter& json, Value value) {
    const auto first = value(band.rows.front());
    if (first && std::all_of(band.rows.begin(), band.rows.end(),
                             [&](const DelayRow& row) { return value(row) == first; })) {
        json.field<kKey>(*first);
        return;
    }
    PageColumn column;
    for (const DelayRow& row : band.rows) {
        if (const auto one = value(row)) {
            column.number(*one);
        } else {
            column.none();
        }
    }
    put_column<kKey>(json, column);
}

using Number = std::optional<std::int64_t>;

void write_layer(const DelayBand& band, std::size_t column, PageTables& tables, JsonWriter& json) {
    const DelayColumn& layer = band.columns[column];
    json.begin_object();
    json.field<"layer">(to_string(layer.layer));
    json.field<"name">(name_of(layer));
    json.field<"at">(layer.at);
    put_numbers<"ns">(band, json, [&](const DelayRow& row) {
        const DelayShare* share = share_of(row, column);
        return share != nullptr ? Number(share->ns) : Number();
    });
    const auto has_cause = [&](const DelayRow& row) {
        const DelayShare* share = share_of(row, column);
        return share != nullptr && !share->causes.empty();
    };
    if (std::any_of(band.rows.begin(), band.rows.end(), has_cause)) {
        put_numbers<"cause">(band, json, [&](const DelayRow& row) {
            if (!has_cause(row)) return Number();
            return Number(tables.place_of_causes(share_of(row, column)->causes));
        });
        put_numbers<"sure">(band, json, [&](const DelayRow& row) {
            if (!has_cause(row)) return Number();
            return Number(static_cast<int>(share_of(row, column)->cause_confidence));
        });
    }
    json.end_object();
}

void write_band(const DelayBand& band, const DelayAxis& axis, PageTables& tables,
                JsonWriter& json) {
    PageColumn number, gap, size, start;
    std::uint64_t end = 0;
    std::int64_t expected = 0;
    for (const DelayRow& row : band.rows) {
        number.step(row.delay.number);
        // Two events that became decodable with one byte of a coding share it.
        const OnAxis bytes = axis(row);
        gap.number(static_cast<std::int64_t>(bytes.begin - end));
        size.number(static_cast<std::int64_t>(bytes.end - bytes.begin));
        end = bytes.end;
        // As a rule the next event's time begins where this one's first share ends.
        const std::int64_t begin = row.delay.begin - tables.epoch;
        start.number(begin - expected);
        expected = begin + (row.delay.shares.empty() ? 0 : row.delay.shares.front().ns);
    }
    json.begin_object();
    json.field<"unit">(std::string_view(band.events ? "event" : "chunk"));
    json.field<"exchange">(band.exchange);
    json.texts<"verdict">(band.verdict);
    json.texts<"clocks">(band.clocks);
    json.texts<"not_seen">(band.not_seen);
    json.field<"count">(band.rows.size());
    put_column<"number">(json, number);
    put_column<"gap">(json, gap);
    put_column<"size">(json, size);
    put_column<"start">(json, start);
    json.key<"frames">();
    json.begin_array();
    for (std::size_t leg = 0; leg < band.rows.front().delay.frames.size(); ++leg) {
        PageColumn frame;
        for (const DelayRow& row : band.rows)
            frame.step(static_cast<std::uint32_t>(row.delay.frames[leg]));
        json.verbatim(frame.finish());
    }
    json.end_array();
    put_numbers<"flags">(band, json,
                         [](const DelayRow& row) { return Number(flags_of(row.delay)); });
    json.key<"layers">();
    json.begin_array();
    for (std::size_t i = 0; i < band.columns.size(); ++i) write_layer(band, i, tables, json);
    json.end_array();
    json.end_object();
}

}  // namespace

void write_page_delays(const std::vector<DelayBand>& bands, const DelayAxis& axis,
                       PageTables& tables, JsonWriter& json) {
    if (bands.empty()) return;
    json.key<"delays">();
    json.begin_array();
    for (const DelayBand& band : bands) write_band(band, axis, tables, json);
    json.end_array();
}

}  // namespace seamark
