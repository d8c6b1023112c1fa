// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said of verdicts, and what is advised against each cause.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/report/cause_story.hpp"
#include "core/report/next_steps.hpp"
#include "support/scripted_connection.hpp"

namespace seamark::verdict_words_test {
namespace {

/// Each cause that can be taken away has advice of its own; what is no cause has none.
TEST(Remedies, AreOneForEachCause) {
    const std::set<Cause> none{Cause::kRetransmission, Cause::kKeepAlive,
                               Cause::kWrite,          Cause::kEnd,
                               Cause::kSegment,        Cause::kUnknown};
    std::set<std::string> advice;
    for (unsigned i = 0; i <= static_cast<unsigned>(Cause::kUnknown); ++i) {
        const Cause cause{static_cast<std::uint8_t>(i)};
        SCOPED_TRACE(to_string(cause));
        std::string text;
        const LineSink sink = [&](std::string_view line) { text.append(line); };
        Prose page(sink);
        Verdict verdict;
        verdict.causes = {cause, cause};
        tell_remedies({verdict, verdict}, NextSteps(), page);
        EXPECT_EQ(text.empty(), none.contains(cause)) << text;
        if (!text.empty() && cause != Cause::kSlow) {
            EXPECT_TRUE(advice.insert(text).second);
        }
    }
}

TEST(CauseStory, SaysHowSureItIs) {
    const auto words_of = [](Confidence confidence) {
        std::string text;
        const LineSink sink = [&](std::string_view line) { text.append(line).append(" "); };
        Prose page(sink);
        Verdict verdict;
        verdict.causes = {Cause::kNagle};
        verdict.confidence = confidence;
        verdict.evidence = {{EvidenceKind::kStillInFlight, {4711}}};
        tell_causes({verdict}, CallLane(), page);
        return text;
    };
    EXPECT_NE(words_of(Confidence::kKnown).find("(known: only this cause fits)."),
              std::string::npos);
    EXPECT_NE(words_of(Confidence::kConsistent).find("(consistent:"), std::string::npos);
    EXPECT_NE(words_of(Confidence::kUnknown).find("(unknown)."), std::string::npos);
    EXPECT_NE(words_of(Confidence::kKnown).find("4711"), std::string::npos) << "the evidence";
}

TEST(CauseStory, NamesEachVerdictOnceInASummary) {
    Verdict nagle;
    nagle.causes = {Cause::kNagle};
    nagle.confidence = Confidence::kKnown;
    Verdict mss;
    mss.causes = {Cause::kMss, Cause::kGso};
    mss.confidence = Confidence::kConsistent;
    const Verdict unknown;
    EXPECT_EQ(cause_summary({}), "");
    EXPECT_EQ(cause_summary({nagle, nagle, mss, unknown}),
              "nagle (known), mss or gso (consistent), unknown");
    EXPECT_EQ(cause_sentences({nagle, mss}),
              words::sentence(nagle) + " (known). " + words::sentence(mss) + " (consistent)");
}

/// Each finding has a sentence of its own, which names the call that it is about.
TEST(VerdictWords, HaveASentenceForEachFinding) {
    std::set<std::string> sentences;
    for (unsigned i = 0; i <= static_cast<unsigned>(Finding::kReadTook); ++i) {
        Verdict verdict;
        verdict.finding = Finding{static_cast<std::uint8_t>(i)};
        verdict.subject = 4711;
        verdict.bytes = 32;
        verdict.causes = {Cause::kWrite};
        verdict.confidence = Confidence::kKnown;
        const std::string text = words::sentence(verdict);
        EXPECT_FALSE(text.empty()) << i;
        EXPECT_TRUE(sentences.insert(text).second) << i << ": " << text;
        const bool of_a_call = i <= static_cast<unsigned>(Finding::kGoesOnAfterWrite) ||
                               i == static_cast<unsigned>(Finding::kReadTook);
        EXPECT_EQ(text.find("4711") != std::string::npos, of_a_call) << text;
    }
}

/// What is missing is said where the causes are none or several, each in words of its own.
TEST(VerdictWords, SayWhatIsMissing) {
    std::set<std::string> unknown;
    std::set<std::string> several;
    for (unsigned i = 1; i <= static_cast<unsigned>(Missing::kBytes); ++i) {
        Verdict verdict;
        verdict.missing = Missing{static_cast<std::uint8_t>(i)};
        EXPECT_TRUE(unknown.insert(words::sentence(verdict)).second) << i;
        verdict.causes = {Cause::kCork, Cause::kNagle};
        verdict.confidence = Confidence::kConsistent;
        EXPECT_TRUE(several.insert(words::sentence(verdict)).second) << i;
        EXPECT_NE(words::sentence(verdict).find("TCP_CORK or Nagle's algorithm"), std::string::npos)
            << words::sentence(verdict);
    }
}

TEST(VerdictWords, HaveASentenceForEachEvidence) {
    std::set<std::string> sentences;
    const CallLane no_calls;
    for (unsigned i = 0; i <= static_cast<unsigned>(EvidenceKind::kFirstOf); ++i) {
        const Evidence evidence{EvidenceKind{static_cast<std::uint8_t>(i)}, {5, 6, 7}};
        const std::string text = words::sentence(evidence, no_calls);
        EXPECT_FALSE(text.empty()) << i;
        EXPECT_TRUE(sentences.insert(text).second) << i << ": " << text;
    }
    // One packet is no plural.
    const auto packets = [&](std::uint64_t number) {
        return words::sentence({EvidenceKind::kPackets, {1460 * number, number, 1460}}, no_calls);
    };
    EXPECT_NE(packets(1).find("1 packet of"), std::string::npos) << packets(1);
    EXPECT_NE(packets(3).find("3 packets of"), std::string::npos) << packets(3);
}

TEST(CauseWords, HaveAWordForEachValue) {
    std::set<std::string_view> words;
    for (unsigned i = 0; i <= static_cast<unsigned>(Cause::kUnknown); ++i)
        EXPECT_TRUE(words.insert(to_string(Cause{static_cast<std::uint8_t>(i)})).second);
    EXPECT_EQ(to_string(Confidence::kUnknown), "unknown");
    const std::pair<Boundary, std::string_view> boundaries[] = {
        {Boundary::kWhole, "whole"}, {Boundary::kHeld, "held"}, {Boundary::kMerge, "merge"},
        {Boundary::kCut, "cut"},     {Boundary::kRest, "rest"}, {Boundary::kNone, "none"},
        {Boundary::kRead, "read"}};
    for (const auto& [boundary, word] : boundaries) EXPECT_EQ(to_string(boundary), word);
}

}  // namespace
}  // namespace seamark::verdict_words_test
