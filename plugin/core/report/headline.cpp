// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/headline.hpp"

#include <algorithm>
#include <vector>

#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"

namespace seamark::words {
namespace {

// A line has room for no more:
constexpr std::size_t kMostReasons = 2;  // of merges
constexpr std::size_t kMostCauses = 3;

/// "Nagle, known"
std::string reason(const Verdict& verdict) {
    if (verdict.confidence == Confidence::kUnknown) return "cause not known";
    CauseList named;
    for (const Cause cause : verdict.causes)
        if (named.size() < kMostCauses) named.push_back(cause);
    return cause_names(named) + (named.size() < verdict.causes.size() ? " or others, " : ", ") +
           std::string(to_string(verdict.confidence));
}

/// "write 2 cut"; "cut" where no write is recorded.
std::string deed(const Verdict& verdict, const char* participle) {
    return (verdict.subject != 0 ? "write " + text(verdict.subject) + " " : std::string()) +
           participle;
}

/// Whether the verdict is worth a place in the line. With no write recorded a full packet is no news,
/// and what may be no more than the end of a write was perhaps not held at all.
bool is_news(const Verdict& verdict) {
    if (verdict.subject != 0) return true;
    bool ordinary = verdict.boundary == Boundary::kCut;
    for (const Cause cause : verdict.causes) {
        if (cause == Cause::kWrite || cause == Cause::kUnknown) return false;
        ordinary = ordinary && (cause == Cause::kMss || cause == Cause::kGso ||
                                cause == Cause::kCwnd || cause == Cause::kRetransmission ||
                                cause == Cause::kDuplicate);
    }
    return !ordinary;
}

/// All merges of the segment as one, the reason of most boundaries first, since a narrow column shows
/// no more: "20 writes merged (Nagle, known; Nagle or pacing, consistent)".
class Merges {
  public:
    void add(const Verdict& verdict) {
        boundaries_ += verdict.boundaries;
        std::string why = reason(verdict);
        const auto same = std::find_if(reasons_.begin(), reasons_.end(),
                                       [&](const Reason& known) { return known.words == why; });
        if (same != reasons_.end())
            same->boundaries += verdict.boundaries;
        else
            reasons_.push_back({std::move(why), verdict.boundaries});
    }
    std::string text() const {
        std::vector<Reason> sorted = reasons_;
        std::stable_sort(sorted.begin(), sorted.end(), [](const Reason& one, const Reason& other) {
            return one.boundaries > other.boundaries;
        });
        std::string out = words::text(boundaries_ + 1) + " writes merged (";
        for (std::size_t i = 0; i < sorted.size() && i < kMostReasons; ++i) {
            if (i > 0) out += "; ";
            out += sorted[i].words;
        }
        return out + (sorted.size() > kMostReasons ? "; …)" : ")");
    }
    bool empty() const { return boundaries_ == 0; }

  private:
    struct Reason {
        std::string words;
        std::uint64_t boundaries;
    };
    std::uint64_t boundaries_ = 0;
    std::vector<Reason> reasons_;
};

}  // namespace

std::string headline(std::span<const Verdict> verdicts, std::uint64_t writes) {
    Merges merges;
    for (const Verdict& verdict : verdicts)
        if (verdict.boundary == Boundary::kMerge) merges.add(verdict);
    std::string out;
    if (!merges.empty())
        out = merges.text();
    else if (writes > 1)
        out = text(writes) + " writes merged";
    const auto say = [&out](const std::string& what, const Verdict& verdict) {
        if (!out.empty()) out += ", ";
        out += what + " (" + reason(verdict) + ")";
    };
    for (const Verdict& verdict : verdicts) {
        if (!is_news(verdict)) continue;
        if (verdict.boundary == Boundary::kHeld) say(deed(verdict, "held"), verdict);
        if (verdict.boundary == Boundary::kCut) say(deed(verdict, "cut"), verdict);
        if (verdict.boundary == Boundary::kRest) say("its rest waited", verdict);
    }
    return out;
}

}  // namespace seamark::words
