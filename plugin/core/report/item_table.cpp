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
    if (item.coded != nullptr) {
        json.field<"coding">(context.message.coding);
        json.field<"coded_offset">(item.coded->range.begin.value);
        json.field<"coded_bytes">(item.coded->range.length());
        if (item.coded->release != CodedItem::Release::kUnknown)
            json.field<"flushed">(item.coded->release == CodedItem::Release::kFlushed);
        if (words::kept_by_compressor(item)) json.field<"cause">("compressor");
    }
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
    if (context.stream.carrier() != nullptr) json.numbers<"records">(row.records);
    json.field<"complete">(row.complete);
    json.numbers<"chunks">(row.chunks);
    json.numbers<"writes">(row.writes);
    if (context.stream.carrier() != nullptr && !context.stream.writes().empty())
        json.numbers<"app_writes">(row.upper_writes);
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
    if (words::kept_by_compressor(*row.item)) out += "  compressor";
    return out;
}

constexpr std::array<std::size_t, 12> kItemWidths{6, 9, 4, 4, 7, 16, 7, 9, 11, 7, 7, 300};
using ItemCells = std::array<std::string, kItemWidths.size()>;

/// How many of a coded body's events its compressor kept, and how many there are.
struct KeptEvents {
    std::uint32_t events = 0;
    std::uint32_t all = 0;

    void count(const Item& item) {
        if (item.coded == nullptr || item.kind != ItemKind::kEvent) return;
        ++all;
        if (words::kept_by_compressor(item)) ++events;
    }
};

std::string event_message_of(const MessageContext& context) {
    return "stream " + text(context.entry.stream) + " " + std::string(context.direction()) +
           " message " + text(context.index + 1) + ": ";
}

/// Of a body of events in a coding that was not undone, or not to its end; "" of any other.
std::string why_not_decoded(const MessageContext& context) {
    const Message& m = context.message;
    if (m.coding.empty() || item_media(m.media).format == ItemFormat::kNone) return {};
    const BodyItems* items = context.stream.items(context.index);
    const std::string why = words::undecoded(m, items != nullptr ? items->list.get() : nullptr);
    return why.empty() ? why : event_message_of(context) + why;
}

/// What is to be said of a body of events as a whole.
void each_remark(const MessageContext& context, const KeptEvents& kept, const LineSink& sink) {
    const Message& m = context.message;
    if (kept.events > 0)
        sink(event_message_of(context) + "the compressor (" + words::printable(m.coding) +
             ") was not flushed after " + text(kept.events) + " of " +
             words::count(kept.all, "event") +
             ": each left it only with what followed. If they were written one by one, a flush "
             "after each (zlib: Z_SYNC_FLUSH) releases it at once");
    if (const std::string why = why_not_decoded(context); !why.empty()) sink(why);
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
        if (!any_kept(context, keep, scratch)) return;
        if (const std::string why = why_not_decoded(context); !why.empty()) complaints(why);
    });
}

void write_item_text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                     const LineSink& sink) {
    const ItemCells names{"stream", "direction", "exch", "msg",   "event", "name",
                          "bytes",  "decodable", "gap",  "chunk", "write", "frame:bytes"};
    sink(line_of(names, kItemWidths));
    ItemRows rows(keep);
    Scratch scratch;
    std::vector<std::string> remarks;
    each_message(entries, [&](const MessageContext& context) {
        KeptEvents kept;
        rows.each(context, [&](const BodyItems&, const ItemRow& row) {
            const Item& item = *row.item;
            kept.count(item);
            const bool event = item.kind == ItemKind::kEvent;
            const ItemCells cells{text(context.entry.stream),
                                  std::string(context.direction()),
                                  text(context.exchange()),
                                  text(context.index + 1),
                                  event ? text(item.number) : std::string(words::kind(item)),
                                  item.name().empty() ? "-" : words::printable(item.name()),
                                  text(item.range.length()),
                                  item.coded ? text(item.coded->range.end.value - 1) : "-",
                                  row.gap ? words::milliseconds(*row.gap) : "-",
                                  span_of(row.chunks),
                                  span_of(row.writes),
                                  frames_of(row)};
            sink(line_of(cells, kItemWidths));
        });
        if (!any_kept(context, keep, scratch)) return;
        each_remark(context, kept, [&](std::string_view line) { remarks.emplace_back(line); });
    });
    for (const std::string& line : remarks) sink(line);
}

}  // namespace seamark
