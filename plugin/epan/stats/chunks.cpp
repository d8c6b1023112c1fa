// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>
#include <string_view>

#include "collect/record.hpp"
#include "core/report/chunk_table.hpp"
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

constexpr std::string_view kName = "seamark,chunks";

class ChunkTable final : public Statistic {
  public:
    explicit ChunkTable(bool json) : json_(json) {}

    void write(const FrameFilter& keep) const override {
        const auto entries = recorded().table();
        StandardOutput out;
        const LineSink rows = out.sink();
        const LineSink complaints = complain;
        for (const std::string& line : recorded().event_complaints())
            (json_ ? complaints : rows)(line);
        if (json_) {
            write_chunk_json(entries, recorded().legs().final(), keep, out.printable_sink(),
                             complaints);
        } else {
            write_chunk_text(entries, keep, rows);
        }
        words::write_how_to_read(entries, keep, shell_steps(), json_ ? complaints : rows);
        out.finish("the chunk table");
    }

  private:
    bool json_;
};

ws::StatInitResult start_table(const char* argument, void*) {
    constexpr std::string_view kJson = ",json";
    std::string_view rest = std::string_view(argument).substr(kName.size());
    const bool json = rest == kJson || rest.starts_with(",json,");
    if (json) rest.remove_prefix(kJson.size());
    listen(std::make_unique<ChunkTable>(json), argument,
           filter_of(rest, argument, "seamark,chunks[,json][,FILTER]"));
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

void register_chunk_table() {
    registration::add_statistic(kName.data(), shell<start_table>);
}

}  // namespace seamark
