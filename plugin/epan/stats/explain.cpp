// SPDX-License-Identifier: GPL-2.0-or-later
#include <charconv>
#include <string_view>

#include "collect/record.hpp"
#include "core/report/explain.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "stats/next_steps.hpp"
#include "stats/output.hpp"
#include "stats/statistic.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

constexpr std::string_view kName = "seamark,explain";

class Explanation final : public Statistic {
  public:
    explicit Explanation(FrameNumber frame) : frame_(frame) {}

    void write(const FrameFilter&) const override {
        StandardOutput out;
        write_explanation(recorded().table(), frame_, shell_steps(), out.sink(),
                          recorded().legs().final());
        out.finish("the page");
    }

  private:
    FrameNumber frame_;
};

ws::StatInitResult start_page(const char* argument, void*) {
    const std::string_view rest = std::string_view(argument).substr(kName.size());
    const auto frame = rest.starts_with(',') ? parse_frame(rest.substr(1)) : std::nullopt;
    if (!frame)
        refuse(argument, "name a frame by its number, counted from 1, as in -z seamark,explain,31");
    listen(std::make_unique<Explanation>(*frame), argument, {});
    return static_cast<ws::StatInitResult>(true);
}

}  // namespace

std::optional<FrameNumber> parse_frame(std::string_view digits) {
    std::uint32_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stop != end || number == 0) return std::nullopt;
    return FrameNumber{number};
}

void register_explanation() {
    registration::add_statistic(kName.data(), shell<start_page>);
}

}  // namespace seamark
