// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/script_plan.hpp"

#include <limits>
#include <utility>

#include "plan/event_text.hpp"
#include "plan/payload.hpp"

namespace seamark::plan {

using ItemKind = ScriptItem::Kind;
using StepKind = ScriptStep::Kind;

namespace {
constexpr std::uint32_t widest_tag = 1024;
constexpr std::uint32_t farthest_end = 65'536;
constexpr std::uint64_t step_work = 16;
}  // namespace

char* ScriptSource::put(char* at, std::uint64_t length) {
    const std::string_view number = number_.of(++line_);
    return events_ == EventFormat::none ? put_payload(at, number, length, 0, length)
                                        : put_event(at, events_, number, length, 0, length);
}

const ScriptStep* ScriptPlan::Cursor::next() {
    while (step_ < script_->steps.size()) {
        const ScriptStep& step = script_->steps[step_++];
        if (step.kind == StepKind::repeat) {
            rounds_left_[depth_++] = step.count;
        } else if (step.kind == StepKind::end) {
            if (--rounds_left_[depth_ - 1] > 0) {
                step_ = step.begin + 1;
            } else {
                --depth_;
            }
        } else {
            return &step;
        }
    }
    return nullptr;
}

/// How many writes carry the chunk whose size line is in the write that was just read: up to the
/// one with its CRLF. 0, for no tag, where no CRLF closes it, where it is more than a tag may name,
/// and where more than 65,536 statements lie in between.
std::uint32_t ScriptPlan::carriers() const {
    Cursor ahead = at_;
    std::uint32_t writes = 1;
    for (std::uint32_t steps = 0; steps < farthest_end && writes <= widest_tag; ++steps) {
        const ScriptStep* const step = ahead.next();
        if (!step) break;
        if (step->kind != StepKind::write) continue;
        ++writes;
        for (const ScriptItem& item : step->items) {
            if (item.kind == ItemKind::line_end) return writes <= widest_tag ? writes : 0;
        }
    }
    return 0;
}

void ScriptPlan::put_items(const ScriptStep& step, PlannedWrite& write) {
    const bool chunked = script_.framing == Framing::chunked;
    const auto put_data = [&](const ScriptItem& item) {
        write.pieces.push_back(
            {PieceKind::data, 0, item.length, item.literal ? item.text.data() : nullptr});
        write.size += item.length;
    };
    for (std::size_t i = 0; i < step.items.size(); ++i) {
        const ScriptItem& item = step.items[i];
        switch (item.kind) {
            case ItemKind::chunk:
                if (chunked) write.pieces.push_back({PieceKind::size_line, 1, item.length});
                put_data(item);
                if (chunked) write.pieces.push_back({PieceKind::line_end, 0, 0});
                break;
            case ItemKind::size_line: {
                bool closed_here = false;
                for (std::size_t j = i + 1; j < step.items.size() && !closed_here; ++j) {
                    closed_here = step.items[j].kind == ItemKind::line_end;
                }
                write.pieces.push_back(
                    {PieceKind::size_line, closed_here ? 1 : carriers(), item.length});
                break;
            }
            case ItemKind::data:
                put_data(item);
                break;
            case ItemKind::line_end:
                write.pieces.push_back({PieceKind::line_end, 0, 0});
                break;
            case ItemKind::last:
                write.pieces.push_back({PieceKind::last_chunk, 1, 0});
                break;
        }
    }
    if (write.size > 0) write.number = ++done_;
}

/// Passes over statements that nothing leaves by: a plan may have millions of them in a row.
bool ScriptPlan::ready(std::uint64_t& work) {
    while (!ahead_ && !at_end_) {
        if (work < step_work) return false;
        work -= step_work;
        const ScriptStep* const step = at_.next();
        if (!step) {
            at_end_ = true;
        } else if (step->kind == StepKind::wait) {
            pause_ += step->pause;
        } else if (step->kind == StepKind::more) {
            more_ = step->on;
        } else {
            ahead_ = step;
        }
    }
    return true;
}

bool ScriptPlan::next(PlannedWrite& write) {
    if (ended_) return false;
    std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
    ready(unlimited);
    write.pause = std::exchange(pause_, std::chrono::microseconds{0});
    write.number = 0;
    write.size = 0;
    write.action = Action::write;
    write.pieces.clear();
    if (const ScriptStep* const step = std::exchange(ahead_, nullptr)) {
        switch (step->kind) {
            case StepKind::nodelay:
            case StepKind::cork:
                write.action = step->kind == StepKind::cork ? Action::cork : Action::nodelay;
                write.on = step->on;
                return true;
            case StepKind::close:
            case StepKind::reset:
                write.action = step->kind == StepKind::close ? Action::close : Action::reset;
                ended_ = true;
                return true;
            default:
                write.more = more_;
                put_items(*step, write);
                return true;
        }
    }
    ended_ = true;
    if (script_.ended) return false;
    write.more = false;
    write.pieces.push_back({PieceKind::last_chunk, 1, 0});
    return true;
}

}  // namespace seamark::plan
