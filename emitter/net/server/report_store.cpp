// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/report_store.hpp"

#include <algorithm>

namespace seamark::net {
namespace {

constexpr std::size_t most_reports = 16;
constexpr std::size_t most_writes = 20'000;
constexpr std::size_t most_in_an_answer = 2'000;

}  // namespace

void Report::add(std::uint64_t index, std::size_t requested, std::size_t taken,
                 std::uint64_t data) {
    if (forgotten_) return;
    if (writes_.size() == most_writes) {
        ++unreported_;
        return;
    }
    const auto at = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    writes_.push_back({index, requested, taken, data, at});
}

void Report::forget() {
    forgotten_ = true;
    std::vector<Write>().swap(writes_);
}

std::string Report::json(std::size_t from) const {
    std::string text = std::string("{\"done\":") + (done_ ? "true" : "false") +
                       ",\"unreported\":" + std::to_string(unreported_) + ",\"writes\":[";
    const std::size_t begin = std::min(from, writes_.size());
    const std::size_t end = std::min(begin + most_in_an_answer, writes_.size());
    for (std::size_t i = begin; i < end; ++i) {
        const Write& write = writes_[i];
        text += (i == begin ? "{\"index\":" : ",{\"index\":") + std::to_string(write.index) +
                ",\"requested\":" + std::to_string(write.requested) +
                ",\"taken\":" + std::to_string(write.taken) +
                ",\"data\":" + std::to_string(write.data) +
                ",\"at\":" + std::to_string(write.at.count()) + '}';
    }
    return text + "]}\n";
}

std::shared_ptr<Report> ReportStore::begin(const std::string& id) {
    std::erase_if(reports_, [&](const auto& report) {
        const bool same = report->id() == id;
        if (same) report->forget();
        return same;
    });
    if (reports_.size() == most_reports) {
        reports_.front()->forget();
        reports_.pop_front();
    }
    return reports_.emplace_back(std::make_shared<Report>(id));
}

std::shared_ptr<const Report> ReportStore::find(std::string_view id) const {
    const auto it = std::find_if(reports_.begin(), reports_.end(),
                                 [&](const auto& report) { return report->id() == id; });
    return it == reports_.end() ? nullptr : *it;
}

}  // namespace seamark::net
