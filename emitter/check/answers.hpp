// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "check/contract.hpp"
#include "check/row_values.hpp"
#include "check/tshark.hpp"
#include "check/unread.hpp"

namespace seamark::check {

/// All that a contract asks of one capture, by one run of tshark, however many its assertions are.
class Answers {
  public:
    explicit Answers(const std::vector<Assertion>& contract);

    /// Reads the capture. Throws as Tshark does.
    void read(const Tshark& tshark, const std::string& capture);

    /// Of a filter that the contract asks for.
    const FrameRuns& frames(const std::string& filter) const { return frames_.at(filter); }
    const RowValues& rows() const { return rows_; }
    /// Whether tshark could not read the capture at all.
    bool nothing_read() const { return packets_.empty() && !complaint_.empty(); }
    /// In tshark's words, or about what it printed; empty: nothing is wrong.
    const std::string& complaint() const { return complaint_; }
    /// What no filter and no row can see, in words.
    std::vector<std::string> losses() const;

  private:
    void take(std::string_view line);
    void complain(const std::string& what);

    Unread unread_;
    bool wants_rows_ = false;
    bool wants_events_ = false;
    bool wants_latency_ = false;
    bool wants_frames_ = false;
    std::map<std::string, FrameRuns> frames_;
    FrameRuns packets_;   // of all
    FrameRuns messages_;  // those with bytes of HTTP messages
    std::size_t unanswered_ = 0;
    RowValues rows_;
    std::vector<std::vector<std::string>> lossy_;
    std::string complaint_;
};

}  // namespace seamark::check
