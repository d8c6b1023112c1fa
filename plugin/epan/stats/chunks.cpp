// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/chunk_table.hpp"
#include "epan/collect/record.hpp"
#include "epan/platform/text.hpp"
#include "epan/stats/stats.hpp"

namespace seamark {
namespace {

/// One -z seamark,chunks… of the command line. Lives until tshark ends.
struct ChunkTable {
    bool json = false;
    bool filtered = false;
    std::vector<bool> matched;  // by frame number, where filtered

    bool keeps(FrameNumber frame) const {
        const auto number = static_cast<std::size_t>(frame);
        return number < matched.size() && matched[number];
    }
};

tap_packet_status note_match(void* data, packet_info* pinfo, epan_dissect_t*, const void*,
                             tap_flags_t) {
    auto& table = *static_cast<ChunkTable*>(data);
    if (pinfo->num >= table.matched.size()) table.matched.resize(pinfo->num + std::size_t{1});
    table.matched[pinfo->num] = true;
    return TAP_PACKET_DONT_REDRAW;
}

void reset(void* data) {
    static_cast<ChunkTable*>(data)->matched.clear();
}

/// When tshark ends. Not called for a listener that could not be registered.
void dispose(void* data) {
    delete static_cast<ChunkTable*>(data);
}

void draw_table(void* data) {
    const auto& table = *static_cast<ChunkTable*>(data);
    recorded().finish();
    const auto entries = recorded().table();
    FrameFilter keep;
    if (table.filtered) keep = [&](FrameNumber frame) { return table.keeps(frame); };
    const LineSink rows = [](std::string_view line) { put_line(stdout, line); };
    const LineSink complaints = complain;
    for (const std::string& line : recorded().event_complaints())
        (table.json ? complaints : rows)(line);
    if (table.json) {
        write_chunk_json(entries, recorded().legs().final(), keep, rows, complaints);
    } else {
        write_chunk_text(entries, keep, rows);
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        complain("seamark: the chunk table could not be written whole: is the disk full?");
}

ws::StatInitResult start_table(const char* argument, void*) {
    constexpr std::string_view kName = "seamark,chunks";
    constexpr std::string_view kJson = ",json";
    std::string_view rest = std::string_view(argument).substr(kName.size());
    auto* table = new ChunkTable;
    if (rest == kJson || rest.starts_with(",json,")) {
        table->json = true;
        rest.remove_prefix(kJson.size());
    }
    if (!rest.empty() && rest.front() != ',') {
        complain(std::string("tshark: -z ") + argument +
                 ": not known; it is -z seamark,chunks[,json][,FILTER]");
        std::exit(1);
    }
    std::string filter;
    if (!rest.empty()) filter = rest.substr(1);
    table->filtered = !filter.empty();
    // Our own tap makes us look at each frame; the whole table is drawn from what is recorded.
    GString* error = register_tap_listener(table->filtered ? "seamark" : "frame", table,
                                           filter.empty() ? nullptr : filter.c_str(), 0, reset,
                                           note_match, draw_table, dispose);
    if (error != nullptr) {
        complain(std::string("tshark: -z ") + argument + ": " + error->str);
        g_string_free(error, TRUE);
        delete table;
        std::exit(1);
    }
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

void register_chunk_table() {
    static stat_tap_ui ui = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, nullptr, "seamark,chunks", start_table, 0, nullptr};
    register_stat_tap_ui(&ui, nullptr);
}

}  // namespace seamark
