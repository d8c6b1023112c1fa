// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/answers.hpp"

#include <algorithm>
#include <utility>

#include "check/chunk_row.hpp"

namespace seamark::check {
namespace {

constexpr const char* kAllPackets = "frame";
constexpr const char* kMessages = "seamark.message";

std::vector<RowField> fields_of(const std::vector<Assertion>& contract) {
    std::vector<RowField> fields;
    for (const Assertion& assertion : contract)
        if (assertion.kind == Kind::rows) fields.push_back(assertion.test.field);
    return fields;
}

bool picks_rows(const std::vector<Assertion>& contract) {
    return std::any_of(contract.begin(), contract.end(), [](const Assertion& assertion) {
        return assertion.kind == Kind::rows && !assertion.where.empty();
    });
}

}  // namespace

Answers::Answers(const std::vector<Assertion>& contract)
    : unread_(contract), rows_(fields_of(contract), picks_rows(contract)) {
    for (const Assertion& assertion : contract) {
        if (assertion.kind == Kind::rows)
            (is_of_latency(assertion.test.field)  ? wants_latency_
             : is_of_events(assertion.test.field) ? wants_events_
                                                  : wants_rows_) = true;
        for (const std::string& filter : filters_of(assertion)) {
            frames_[filter];
            wants_frames_ = true;
        }
    }
}

void Answers::read(const Tshark& tshark, const std::string& capture) {
    Tshark::Question question{unread_.filter(), unread_.fields(), {}, true};
    // Rows are right in one pass, and two cost twice the time and a record a packet.
    question.two_passes = wants_frames_;
    if (wants_rows_) question.statistics.emplace_back("seamark,chunks,json");
    if (wants_events_) question.statistics.emplace_back("seamark,events,json");
    if (wants_latency_) question.statistics.emplace_back("seamark,latency,json");
    std::vector<std::string> filters{kAllPackets, kMessages};
    for (const auto& [filter, runs] : frames_)
        if (filter != kAllPackets && filter != kMessages) filters.push_back(filter);
    for (const std::string& filter : filters)
        question.statistics.push_back("seamark,frames," + filter);
    unanswered_ = filters.size();
    const std::string said =
        tshark.ask(capture, question, [&](std::string_view line) { take(line); });
    if (!said.empty()) complaint_ = said;
    if (unanswered_ > 0) complain("tshark ended without an answer to all that it was asked");
    rows_.finish();
    for (auto& [filter, runs] : frames_) {
        if (filter == kAllPackets) runs = packets_;
        if (filter == kMessages) runs = messages_;
    }
}

void Answers::take(std::string_view line) {
    if (line.starts_with("{\"stream\"") && is_event_row(line)) {
        if (const auto row = read_event_row(line)) {
            rows_.add(*row);
        } else {
            complain(
                "a row of -z seamark,events,json cannot be read: are plugin and seamark of one "
                "version?");
        }
    } else if (line.starts_with("{\"stream\"")) {
        if (auto row = read_chunk_row(line)) {
            rows_.add(std::move(*row));
        } else {
            complain(
                "a row of -z seamark,chunks,json cannot be read: are plugin and seamark of one "
                "version?");
        }
    } else if (is_latency_line(line)) {
        if (!is_latency_row(line)) return;
        if (const auto row = read_latency_row(line)) {
            rows_.add(*row);
        } else {
            complain(
                "a row of -z seamark,latency,json cannot be read: are plugin and seamark of one "
                "version?");
        }
    } else if (line.starts_with("{\"filter\"")) {
        auto matched = read_matched_frames(line);
        if (!matched)
            return complain(
                "a line of -z seamark,frames cannot be read: are plugin and seamark of "
                "one version?");
        if (unanswered_ > 0) --unanswered_;
        if (matched->filter == kAllPackets) packets_ = matched->runs;
        if (matched->filter == kMessages) messages_ = matched->runs;
        if (const auto at = frames_.find(matched->filter); at != frames_.end())
            at->second = std::move(matched->runs);
    } else {
        lossy_.push_back(cells_of(line));
    }
}

void Answers::complain(const std::string& what) {
    if (complaint_.empty()) complaint_ = what;
}

std::vector<std::string> Answers::losses() const {
    std::vector<std::string> all = unread_.complaints(lossy_);
    if (packets_.empty()) {
        all.emplace_back("there is no packet in it");
    } else if (messages_.empty()) {
        all.emplace_back(
            "no HTTP/1.x message was recognised in it (streams in TLS need their keys: "
            "-o tls.keylog_file:FILE)");
    }
    return all;
}

}  // namespace seamark::check
