// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <map>
#include <string>
#include <tuple>

#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

enum Column {
    kStream,
    kDirection,
    kExchange,
    kMessage,
    kChunk,
    kHex,
    kSize,
    kWrites,
    kFrames,
    kFirst,
    kLast,
    kComplete,
    kColumns
};

stat_tap_table_item column(stat_tap_table_item_enum type, const char* name) {
    const bool number = type == TABLE_ITEM_UINT;
    return {type, number ? TAP_ALIGN_RIGHT : TAP_ALIGN_LEFT, name, number ? "%u" : "%s"};
}

// Qt makes a column as wide as its title, and then draws the arrow of the sorted column over it:
// each title has blanks for the arrow, on the side where it goes.
std::array<stat_tap_table_item, kColumns> columns{
    column(TABLE_ITEM_UINT, "    Stream"),     column(TABLE_ITEM_STRING, "Direction    "),
    column(TABLE_ITEM_UINT, "    Exchange"),   column(TABLE_ITEM_UINT, "    Message"),
    column(TABLE_ITEM_UINT, "    Chunk"),      column(TABLE_ITEM_STRING, "Hex    "),
    column(TABLE_ITEM_STRING, "Size    "),     column(TABLE_ITEM_STRING, "Writes    "),
    column(TABLE_ITEM_UINT, "    Frames"),     column(TABLE_ITEM_UINT, "    First frame"),
    column(TABLE_ITEM_UINT, "    Last frame"), column(TABLE_ITEM_STRING, "Complete    ")};

/// Qt's table takes a second for as many; the table of tshark has no limit.
constexpr unsigned kMostRows = 50000;

/// Connection, whether inside its TLS, side, chunk: where its row is. Of the table that is being
/// filled; libwireshark fills one at a time.
using Key = std::tuple<std::uint64_t, bool, Side, std::uint32_t>;
std::map<Key, unsigned> rows;

stat_tap_table_item_type number(std::uint32_t value) {
    stat_tap_table_item_type item{};
    item.type = TABLE_ITEM_UINT;
    item.value.uint_value = value;
    return item;
}

/// The table owns the copy and frees it (free_item).
stat_tap_table_item_type text(const std::string& value) {
    stat_tap_table_item_type item{};
    item.type = TABLE_ITEM_STRING;
    item.value.string_value = g_strdup(shown_text(value).c_str());
    return item;
}

std::string writes_of(const SegmentView& view, const Piece& piece) {
    const Overlay overlay = view.overlay();
    const Chunk& chunk = view.chunk(piece);
    const auto range = overlay.known_writes(view.message(piece), chunk);
    if (!range) return {};
    const std::string first = std::to_string(range->first);
    return range->first == range->last ? first : first + "-" + std::to_string(range->last);
}

using Items = std::array<stat_tap_table_item_type, kColumns>;

Items items_of(const SegmentView& view, const Piece& piece) {
    const Message& message = view.message(piece);
    const Chunk& chunk = view.chunk(piece);
    std::vector<FrameNumber> frames;
    constexpr std::size_t kMostFrames = 4096;
    const Carriage carriage = view.overlay().carriage(chunk.range(), kMostFrames, frames);
    return {number(view.tracked->stream),
            text(message.is_request() ? "request" : "response"),
            number(view.connection().exchange(view.side, piece.message)),
            number(piece.message + 1),
            number(view.chunk_number(piece)),
            text(std::string(chunk.hex())),
            text(std::to_string(chunk.size)),
            text(writes_of(view, piece)),
            number(static_cast<std::uint32_t>(carriage.frames)),
            number(static_cast<std::uint32_t>(carriage.first)),
            number(static_cast<std::uint32_t>(carriage.last)),
            text(view.overlay().complete(chunk) ? "yes" : "no")};
}

void free_item(stat_tap_table*, unsigned, unsigned, stat_tap_table_item_type* item) {
    if (item->type != TABLE_ITEM_STRING) return;
    g_free(const_cast<char*>(item->value.string_value));
    item->value.string_value = nullptr;
}

/// Later frames know more of a chunk, so its row is written anew.
void replace(stat_tap_table* table, unsigned row, Items& items) {
    for (unsigned i = 0; i < kColumns; ++i) {
        free_item(table, row, i, stat_tap_get_field_data(table, row, i));
        stat_tap_set_field_data(table, row, i, &items[i]);
    }
}

void take(stat_tap_table* table, const SegmentView& view) {
    std::uint32_t previous = Piece::kNoChunk;
    for (const Piece& piece : view.pieces) {
        if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
        previous = piece.chunk;
        const Key key{view.tracked->serial, !view.plain.empty(), view.side, piece.chunk};
        const auto there = rows.find(key);
        if (there == rows.end() && rows.size() >= kMostRows) continue;
        Items items = items_of(view, piece);
        if (there != rows.end()) {
            replace(table, there->second, items);
            continue;
        }
        const auto row = static_cast<unsigned>(rows.size());
        rows.emplace(key, row);
        stat_tap_init_table_row(table, row, kColumns, items.data());
    }
}

tap_packet_status see(void* data, packet_info*, epan_dissect_t*, const void* tapped, tap_flags_t) {
    auto* stat = static_cast<stat_data_t*>(data);
    stat_tap_table* table = g_array_index(stat->stat_tap_data->tables, stat_tap_table*, 0);
    for (const SegmentView& view : static_cast<const TapRecord*>(tapped)->view->segments()) {
        take(table, view);
        if (view.inside != nullptr) take(table, *view.inside);
    }
    return TAP_PACKET_REDRAW;
}

void empty(stat_tap_table* table) {
    for (unsigned row = 0; row < table->num_elements; ++row) {
        for (unsigned i = 0; i < table->num_fields; ++i)
            free_item(table, row, i, stat_tap_get_field_data(table, row, i));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
    rows.clear();
}

void start(stat_tap_table_ui* ui) {
    static constexpr char kTitle[] = "Chunks (at most 50000; tshark -z seamark,chunks has all)";
    if (stat_tap_table* table = stat_tap_find_table(ui, kTitle)) {
        empty(table);
        return;
    }
    rows.clear();
    stat_tap_add_table(ui, stat_tap_init_table(kTitle, kColumns, 0, nullptr));
}

}  // namespace

void register_chunk_list() {
    // These have no submenus.
    registration::add_table("Seamark Chunks", "seamark,table", "seamark", columns,
                            {shell<start>, shell<see>, shell<empty>, shell<free_item>});
}

}  // namespace seamark
