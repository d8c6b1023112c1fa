// SPDX-License-Identifier: GPL-2.0-or-later
//
// The statistics that print a row for each chunk, for each event of a body, and for where its time
// went.
#include <string>
#include <string_view>

#include "collect/record.hpp"
#include "core/report/chunk_table.hpp"
#include "core/report/delay_table.hpp"
#include "core/report/item_table.hpp"
#include "core/report/record_words.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/next_steps.hpp"
#include "stats/output.hpp"
#include "stats/statistic.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

struct ChunkRows {
    static constexpr std::string_view kName = "seamark,chunks";
    static constexpr std::string_view kUsage = "seamark,chunks[,json][,FILTER]";
    static constexpr std::string_view kWhat = "the chunk table";
    static void write_json(const FrameFilter& keep, const PrintableSink& rows,
                           const LineSink& complaints) {
        const auto entries = recorded().table();
        write_chunk_json(entries, recorded().legs().final(), keep, rows, complaints);
        words::write_how_to_read(entries, keep, shell_steps(), complaints);
    }
    static void write_text(const FrameFilter& keep, const LineSink& rows) {
        const auto entries = recorded().table();
        write_chunk_text(entries, keep, rows);
        words::write_how_to_read(entries, keep, shell_steps(), rows);
    }
};

struct EventRows {
    static constexpr std::string_view kName = "seamark,events";
    static constexpr std::string_view kUsage = "seamark,events[,json][,FILTER]";
    static constexpr std::string_view kWhat = "the table of events";
    static void write_json(const FrameFilter& keep, const PrintableSink& rows,
                           const LineSink& complaints) {
        write_item_json(recorded().table(), keep, rows, complaints);
    }
    static void write_text(const FrameFilter& keep, const LineSink& rows) {
        write_item_text(recorded().table(), keep, rows);
    }
};

struct LatencyRows {
    static constexpr std::string_view kName = "seamark,latency";
    static constexpr std::string_view kUsage = "seamark,latency[,json][,FILTER]";
    static constexpr std::string_view kWhat = "the table of latencies";
    static void write_json(const FrameFilter& keep, const PrintableSink& rows, const LineSink&) {
        write_delay_json(recorded().table(), recorded().legs().final(), keep, rows);
    }
    static void write_text(const FrameFilter& keep, const LineSink& rows) {
        write_delay_text(recorded().table(), recorded().legs().final(), keep, rows);
    }
};

template <typename Rows>
class RowTable final : public Statistic {
  public:
    explicit RowTable(bool json) : json_(json) {}

    void write(const FrameFilter& keep) const override {
        StandardOutput out;
        const LineSink rows = out.sink();
        const LineSink complaints = complain;
        for (const std::string& line : recorded().event_complaints())
            (json_ ? complaints : rows)(line);
        if (json_) {
            Rows::write_json(keep, out.printable_sink(), complaints);
        } else {
            Rows::write_text(keep, rows);
        }
        out.finish(Rows::kWhat);
    }

  private:
    bool json_;
};

template <typename Rows>
ws::StatInitResult start_table(const char* argument, void*) {
    constexpr std::string_view kJson = ",json";
    std::string_view rest = std::string_view(argument).substr(Rows::kName.size());
    const bool json = rest == kJson || rest.starts_with(",json,");
    if (json) rest.remove_prefix(kJson.size());
    listen(std::make_unique<RowTable<Rows>>(json), argument,
           filter_of(rest, argument, Rows::kUsage));
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

void register_row_tables() {
    registration::add_statistic(ChunkRows::kName.data(), shell<start_table<ChunkRows>>);
    registration::add_statistic(EventRows::kName.data(), shell<start_table<EventRows>>);
    registration::add_statistic(LatencyRows::kName.data(), shell<start_table<LatencyRows>>);
}

}  // namespace seamark
