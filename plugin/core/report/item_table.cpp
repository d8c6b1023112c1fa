// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/item_table.hpp"

#include <array>
#include <string>

#include "core/base/json_writer.hpp"
#include "core/base/number_text.hpp"
#include "core/report/item_rows.hpp"
#include "core/report/item_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"

namespace seamark {
namespace {

using words::text;

void put_row(JsonWriter& json, const MessageContext& context, const BodyItems& items,
             const ItemRow& row) {
    const Item& item = *row.item;
    json.begin_object();
    json.field<"stream">(context.entry.stream);
    json.field<"src">(context.source().address);
    json.field<"sport">(context.source().port);
    json.field<"dst">(context.destination().address);
    json.field<"dport">(context.destination().port);
    json.field<"dir">(context.direction());
    json.field<"message">(context.index + 1);
    json.field<"exchange">(context.exchange());
    json.field<"format">(to_string(items.format));
    json.field<"kind">(words::kind(item));
    json.field<"item">(item.number);
    if (!item.name().empty()) json.field<"name">(item.name());
    if (!item.id().empty()) json.field<"id">(item.id());
    json.field<"offset">(item.range.begin.value);
    json.field<"bytes">(item.range.length());
    json.key<"frames">();
    json.begin_array();
    for (const CarriedRun& run : row.runs) {
        json.begin_array();
        json.number(static_cast<std::uint32_t>(run.frame));
        json.number(run.bytes);
        json.end_array();
    }
    json.end_array();
    json.field<"first_frame">(static_cast<std::uint32_t>(row.first_frame()));
    json.field<"last_frame">(static_cast<std::uint32_t>(row.last_frame()));
    json.field<"complete">(row.complete);
    json.numbers<"chunks">(row.chunks);
    json.numbers<"writes">(row.writes);
    if (!context.stream.reads().empty()) json.numbers<"reads">(row.reads);
    if (row.first) json.field<"time_ns">(*row.first);
    if (row.ready) json.field<"ready_ns">(*row.ready);
    if (row.gap) json.field<"gap_ns">(*row.gap);
    if (const auto requested = request_time(context); requested && row.ready)
        json.field<"after_request_ns">(*row.ready - *requested);
    json.end_object();
}

/// "4", "4-7": of numbers in order.
template <typename T>
std::string span_of(const std::vector<T>& numbers) {
    if (numbers.empty()) return "-";
    const std::string first = text(numbers.front());
    return numbers.size() == 1 ? first : first + "-" + text(numbers.back());
}

std::string frames_of(const ItemRow& row) {
    constexpr std::size_t kMost = 12;
    std::string out;
    for (std::size_t i = 0; i < std::min(kMost, row.runs.size()); ++i)
        out += (i > 0 ? " " : "") + text(static_cast<std::uint32_t>(row.runs[i].frame)) + ":" +
               text(row.runs[i].bytes);
    if (row.runs.size() > kMost) out += " and " + text(row.runs.size() - kMost) + " more";
    if (!row.complete) out += "  incomplete";
    return out;
}

constexpr std::array<std::size_t, 11> kWidths{6, 9, 4, 4, 7, 16, 7, 11, 7, 7, 300};
using ItemCells = std::array<std::string, kWidths.size()>;

/// Why the events of a body are not read, which its media type says are there.
std::string why_hidden(const MessageContext& context) {
    const Message& m = context.message;
    if (m.coding.empty() || item_media(m.media).format == ItemFormat::kNone) return {};
    return "stream " + text(context.entry.stream) + " " + std::string(context.direction()) +
           " message " + text(context.index + 1) + ": its events (" +
           std::string(to_string(item_media(m.media).format)) + ") are inside the content coding " +
           words::printable(m.coding) + ", which is not undone";
}

}  // namespace

void write_item_json(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                     const PrintableSink& sink, const LineSink& complaints) {
    ItemRows rows(keep);
    Scratch scratch;
    std::string line;
    JsonWriter json(line);
    each_message(entries, [&](const MessageContext& context) {
        rows.each(context, [&](const BodyItems& items, const ItemRow& row) {
            json.clear();
            put_row(json, context, items, row);
            sink(json.written());
        });
        const std::string hidden = why_hidden(context);
        if (!hidden.empty() && any_kept(context, keep, scratch)) complaints(hidden);
    });
}

void write_item_text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                     const LineSink& sink) {
    const ItemCells names{"stream", "direction", "exch",  "msg",   "event",      "name",
                          "bytes",  "gap",       "chunk", "write", "frame:bytes"};
    sink(line_of(names, kWidths));
    ItemRows rows(keep);
    Scratch scratch;
    std::vector<std::string> hidden;
    each_message(entries, [&](const MessageContext& context) {
        rows.each(context, [&](const BodyItems&, const ItemRow& row) {
            const Item& item = *row.item;
            const bool event = item.kind == ItemKind::kEvent;
            const ItemCells cells{text(context.entry.stream),
                                  std::string(context.direction()),
                                  text(context.exchange()),
                                  text(context.index + 1),
                                  event ? text(item.number) : std::string(words::kind(item)),
                                  item.name().empty() ? "-" : words::printable(item.name()),
                                  text(item.range.length()),
                                  row.gap ? words::milliseconds(*row.gap) : "-",
                                  span_of(row.chunks),
                                  span_of(row.writes),
                                  frames_of(row)};
            sink(line_of(cells, kWidths));
        });
        const std::string why = why_hidden(context);
        if (!why.empty() && any_kept(context, keep, scratch)) hidden.push_back(why);
    });
    for (const std::string& line : hidden) sink(line);
}

}  // namespace seamark
