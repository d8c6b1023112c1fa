// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a line of the packet list says of a segment's verdicts.
#include "core/report/headline.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seamark::headline_test {
namespace {

Verdict verdict(Boundary boundary, const CauseList& causes, Confidence confidence,
                std::uint64_t subject, std::uint64_t boundaries = 1) {
    Verdict made;
    made.boundary = boundary;
    made.causes = causes;
    made.confidence = confidence;
    made.subject = subject;
    made.boundaries = boundaries;
    return made;
}

std::string said(const std::vector<Verdict>& verdicts, std::uint64_t writes = 1) {
    return words::headline(verdicts, writes);
}

TEST(Headline, CountsWhatWasMerged) {
    EXPECT_EQ(said({verdict(Boundary::kMerge, {Cause::kNagle}, Confidence::kKnown, 2, 18)}),
              "19 writes merged (Nagle, known)");
    EXPECT_EQ(said({verdict(Boundary::kMerge, {Cause::kNagle, Cause::kPacing},
                            Confidence::kConsistent, 21),
                    verdict(Boundary::kMerge, {Cause::kNagle}, Confidence::kKnown, 22, 18)}),
              "20 writes merged (Nagle, known; Nagle or pacing, consistent)");
}

TEST(Headline, HasRoomForTwoReasonsOfMerging) {
    EXPECT_EQ(said({verdict(Boundary::kMerge, {Cause::kNagle}, Confidence::kKnown, 1),
                    verdict(Boundary::kMerge, {Cause::kCork}, Confidence::kKnown, 2),
                    verdict(Boundary::kMerge, {Cause::kNagle}, Confidence::kKnown, 3),
                    verdict(Boundary::kMerge, {Cause::kCwnd}, Confidence::kKnown, 4)}),
              "5 writes merged (Nagle, known; TCP_CORK, known; …)");
}

TEST(Headline, SaysWhatWasCutAndWhyItsRestWaited) {
    EXPECT_EQ(said({verdict(Boundary::kCut, {Cause::kMss}, Confidence::kKnown, 2),
                    verdict(Boundary::kRest, {Cause::kCwnd}, Confidence::kConsistent, 2)}),
              "write 2 cut (MSS, known), its rest waited (congestion window, consistent)");
    EXPECT_EQ(said({verdict(Boundary::kHeld, {Cause::kNagle}, Confidence::kKnown, 7)}),
              "write 7 held (Nagle, known)");
}

TEST(Headline, DoesNotSayAReasonThatIsNotKnown) {
    EXPECT_EQ(said({verdict(Boundary::kMerge, {Cause::kUnknown}, Confidence::kUnknown, 2)}),
              "2 writes merged (cause not known)");
}

TEST(Headline, NamesThreeOfManyCauses) {
    EXPECT_EQ(said({verdict(Boundary::kHeld,
                            {Cause::kCork, Cause::kMore, Cause::kRwnd, Cause::kPacing},
                            Confidence::kConsistent, 3)}),
              "write 3 held (TCP_CORK, MSG_MORE or receive window or others, consistent)");
}

/// "Held" would be said of each small segment, and "cut" of each full one.
TEST(Headline, SaysNothingThatACaptureAloneDoesNotShow) {
    EXPECT_EQ(said({verdict(Boundary::kHeld, {Cause::kCwnd, Cause::kNagle, Cause::kWrite},
                            Confidence::kConsistent, 0)}),
              "");
    EXPECT_EQ(said({verdict(Boundary::kCut, {Cause::kMss}, Confidence::kConsistent, 0)}), "");
    EXPECT_EQ(said({verdict(Boundary::kCut, {Cause::kGso, Cause::kMss, Cause::kCwnd},
                            Confidence::kConsistent, 0)}),
              "");
    EXPECT_EQ(said({verdict(Boundary::kCut, {Cause::kUnknown}, Confidence::kUnknown, 0)}), "");
    EXPECT_EQ(said({verdict(Boundary::kCut, {Cause::kRwnd}, Confidence::kConsistent, 0)}),
              "cut (receive window, consistent)");
}

TEST(Headline, TakesTheNumberOfTaggedWritesWhereNoneWasRecorded) {
    EXPECT_EQ(said({verdict(Boundary::kWhole, {Cause::kWrite}, Confidence::kConsistent, 0)}, 5),
              "5 writes merged");
    EXPECT_EQ(said({verdict(Boundary::kWhole, {Cause::kWrite}, Confidence::kConsistent, 0)}, 1),
              "");
}

TEST(Headline, IsEmptyWhereEachWriteLeftAlone) {
    EXPECT_EQ(said({verdict(Boundary::kWhole, {Cause::kWrite}, Confidence::kKnown, 4)}), "");
    EXPECT_EQ(said({}), "");
}

}  // namespace
}  // namespace seamark::headline_test
