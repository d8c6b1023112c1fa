// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_checker.hpp"

#include <string>

namespace seamark::plan {
namespace {

constexpr std::uint64_t max_steps = 10'000'000;
constexpr std::uint64_t max_data = 17'179'869'184;
constexpr std::uint64_t max_waits = 3'600'000'000;

}  // namespace

PlanChecker::Complaint PlanChecker::within_limits() const {
    if (work_.steps > max_steps) return "at most 10000000 statements to carry out in all";
    if (work_.data > max_data) return "at most 17179869184 bytes of data in all";
    if (work_.waits > max_waits) return "waits of at most one hour in all";
    return std::nullopt;
}

PlanChecker::Complaint PlanChecker::statement() {
    if (stopped_) return "the end of the plan, after close or reset";
    ++work_.steps;
    return within_limits();
}

PlanChecker::Complaint PlanChecker::wait(std::chrono::microseconds pause) {
    work_.waits += static_cast<std::uint64_t>(pause.count());
    return within_limits();
}

PlanChecker::Complaint PlanChecker::item(const ScriptItem& item) {
    if (framing_ != Framing::chunked) {
        if (item.kind != ScriptItem::Kind::chunk) {
            return "a number or \"text\": parts of chunks need framing chunked";
        }
        work_.data += item.length;
        return within_limits();
    }
    if (last_) return "no more to write after the last chunk";
    return part(item);
}

PlanChecker::Complaint PlanChecker::part(const ScriptItem& item) {
    using Kind = ScriptItem::Kind;
    if (open_ && item.kind != Kind::data && item.kind != Kind::line_end) {
        return owed_ > 0 ? "data: the open chunk still needs " + std::to_string(owed_) + " bytes"
                         : std::string("crlf: a chunk is open");
    }
    if (!open_ && (item.kind == Kind::data || item.kind == Kind::line_end)) {
        return "a chunk to be open: \"line N\" goes first";
    }
    switch (item.kind) {
        case Kind::chunk:
            work_.data += item.length;
            break;
        case Kind::size_line:
            open_ = opened_here_ = true;
            owed_ = item.length;
            break;
        case Kind::data:
            if (item.length > owed_) {
                return "at most " + std::to_string(owed_) + " bytes, what its chunk still needs";
            }
            owed_ -= item.length;
            work_.data += item.length;
            break;
        case Kind::line_end:
            if (owed_ > 0) {
                return "data: the open chunk still needs " + std::to_string(owed_) + " bytes";
            }
            if (!opened_here_) return "a chunk to be closed in the repeat that opened it";
            open_ = false;
            break;
        case Kind::last:
            if (!repeats_.empty()) return "last to stand outside of repeat";
            last_ = true;
            break;
    }
    return within_limits();
}

PlanChecker::Complaint PlanChecker::end_here() {
    if (!repeats_.empty()) return "close and reset to stand outside of repeat";
    stopped_ = true;
    return std::nullopt;
}

PlanChecker::Complaint PlanChecker::begin_repeat(std::uint32_t count) {
    if (auto complaint = statement()) return complaint;
    if (repeats_.size() == Script::max_depth) return "repeats at most 8 deep";
    repeats_.push_back({count, work_, open_, opened_here_, owed_});
    work_ = {};
    opened_here_ = false;
    return std::nullopt;
}

PlanChecker::Complaint PlanChecker::end_repeat() {
    const Repeat repeat = repeats_.back();
    repeats_.pop_back();
    // Each factor is within its limit, so no product overflows.
    work_ = {repeat.before.steps + repeat.count * (work_.steps + 1),
             repeat.before.data + repeat.count * work_.data,
             repeat.before.waits + repeat.count * work_.waits};
    if (open_ != repeat.open) return "crlf: a chunk that is opened in a repeat is closed in it";
    if (open_) {
        const std::uint64_t each = repeat.owed - owed_;
        if (each * repeat.count > repeat.owed) {
            return "at most " + std::to_string(repeat.owed) +
                   " bytes in all rounds, what the open chunk still needs";
        }
        owed_ = repeat.owed - each * repeat.count;
    }
    opened_here_ = repeat.opened_here;
    return within_limits();
}

PlanChecker::Complaint PlanChecker::end_of_plan() const {
    if (!repeats_.empty()) return "} to end the repeat";
    if (!open_ || stopped_) return std::nullopt;
    if (owed_ > 0) return "data: the open chunk still needs " + std::to_string(owed_) + " bytes";
    return "crlf: a chunk is open";
}

}  // namespace seamark::plan
