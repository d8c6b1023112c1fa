// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/cause_story.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "core/report/cause_words.hpp"
#include "core/report/remedy.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {
namespace {

std::string_view how_sure(Confidence confidence) {
    switch (confidence) {
        case Confidence::kKnown:
            return "known: only this cause fits";
        case Confidence::kConsistent:
            return "consistent: nothing speaks against it, and nothing proves it";
        case Confidence::kUnknown:
            return "unknown";
    }
    return {};
}

}  // namespace

std::string cause_summary(const std::vector<Verdict>& verdicts) {
    std::string out;
    std::string previous;
    for (const Verdict& verdict : verdicts) {
        std::string one = words::causes(verdict.causes);
        if (verdict.confidence != Confidence::kUnknown)  // the word says it itself
            one.append(" (").append(to_string(verdict.confidence)).append(")");
        if (one == previous) continue;
        if (!out.empty()) out += ", ";
        out += one;
        previous = std::move(one);
    }
    return out;
}

std::string cause_sentences(const std::vector<Verdict>& verdicts) {
    std::string out;
    for (const Verdict& verdict : verdicts) {
        if (!out.empty()) out += ". ";
        out.append(words::sentence(verdict))
            .append(" (")
            .append(to_string(verdict.confidence))
            .append(")");
    }
    return out;
}

void tell_causes(const std::vector<Verdict>& verdicts, const CallLane& writes, Prose& page) {
    if (verdicts.empty()) return;
    page.heading("Why");
    for (const Verdict& verdict : verdicts) {
        page.say(words::sentence(verdict) + " (" + std::string(how_sure(verdict.confidence)) +
                 ").");
        for (const Evidence& evidence : verdict.evidence)
            page.item(words::sentence(evidence, writes));
    }
}

bool tell_remedies(const std::vector<Verdict>& verdicts, const NextSteps& steps, Prose& page) {
    std::set<Cause> told;
    for (const Verdict& verdict : verdicts)
        for (const Cause cause : verdict.causes)
            if (const auto text = words::remedy(cause, steps);
                !text.empty() && told.insert(cause).second)
                page.item(text);
    return !told.empty();
}

}  // namespace seamark
