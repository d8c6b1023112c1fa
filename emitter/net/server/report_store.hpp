// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::net {

/// The writes of one response, kept in memory for whoever asks at /report: what a page needs to set
/// them against the pieces that it received. At most 20,000; further ones are counted.
class Report {
  public:
    using Clock = std::chrono::steady_clock;

    struct Write {
        std::uint64_t index;
        std::size_t requested;
        std::size_t taken;
        std::uint64_t data;            ///< bytes of the body among those taken
        std::chrono::microseconds at;  ///< from the beginning of the response to after the call
    };

    explicit Report(std::string id) : id_(std::move(id)), started_(Clock::now()) {}

    const std::string& id() const { return id_; }

    void add(std::uint64_t index, std::size_t requested, std::size_t taken, std::uint64_t data);
    void end() { done_ = true; }

    /// Its memory is given back, and it takes no more, though its response may go on.
    void forget();

    /// {"done":…,"unreported":…,"writes":[{"index":…,"requested":…,"taken":…,"data":…,"at":…},…]}:
    /// the writes from the one at `from`, counted from 0, on, at most 2,000.
    std::string json(std::size_t from) const;

  private:
    std::string id_;
    Clock::time_point started_;
    std::vector<Write> writes_;
    std::uint64_t unreported_ = 0;
    bool done_ = false;
    bool forgotten_ = false;
};

/// The last 16 reports; an older one is forgotten. One for each server.
class ReportStore {
  public:
    /// A report with this id, in place of an earlier one of the same.
    std::shared_ptr<Report> begin(const std::string& id);

    /// Null if there is none, any more or yet.
    std::shared_ptr<const Report> find(std::string_view id) const;

  private:
    std::deque<std::shared_ptr<Report>> reports_;
};

}  // namespace seamark::net
