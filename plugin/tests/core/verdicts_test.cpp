// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of single segments and reads that the stories of cause_test.cpp do not tell, and what is
// advised against each cause. The server is captured where it runs unless a test says otherwise.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/cause/segment_facts.hpp"
#include "core/report/cause_story.hpp"
#include "core/report/next_steps.hpp"
#include "support/told.hpp"

namespace seamark {
namespace {

using test::kClient;
using test::kMicro;
using test::kServer;
using test::open_state;
using test::Told;

const Segment& last_segment(const Told& told) {
    return std::as_const(told.connection).stream(kServer).lane().segments().back();
}

TEST(SegmentFacts, KnowTheWritesAndTheSizeOfAPacket) {
    Told told;
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.write(32, 32, 50'010, {});
    told.data(0, 64, 50'020);
    const SegmentFacts facts(told.connection, kServer, last_segment(told));
    ASSERT_EQ(facts.writes.size(), 2U);
    EXPECT_EQ(facts.writes[0].range.length(), 32U);
    EXPECT_NE(facts.writes[0].state, nullptr);
    EXPECT_EQ(facts.writes[1].state, nullptr) << "no state was recorded with it";
    EXPECT_EQ(facts.packet, 1460U);
    EXPECT_EQ(facts.length(), 64U);
    EXPECT_TRUE(facts.at_sender());
    ASSERT_NE(facts.before, nullptr);
    EXPECT_EQ(facts.before->wire_length, 43U) << "the head";
}

/// tcpi_snd_mss is what the kernel cuts by: smaller than the handshake's MSS, it counts.
TEST(SegmentFacts, TakeTheKernelsWordForTheSizeOfAPacket) {
    Told told;
    KernelState state = open_state(0);
    state.mss = 724;
    told.write(0, 32, 50'000, {.state = state});
    told.data(0, 32, 50'020);
    EXPECT_EQ(SegmentFacts(told.connection, kServer, last_segment(told)).packet, 724U);
}

TEST(SegmentFacts, KnowWhetherAnAcknowledgementReleasedIt) {
    Told told;
    told.data(0, 1460, 50'000);
    told.client_ack(1460, 70'000);
    told.data(1460, 100, 70'010);  // 10 µs later
    EXPECT_EQ(SegmentFacts(told.connection, kServer, last_segment(told)).released_by_ack(), true);
    told.data(1560, 100, 90'000);  // 20 ms later
    EXPECT_EQ(SegmentFacts(told.connection, kServer, last_segment(told)).released_by_ack(), false);

    Told far(false);  // captured at the client: nothing is known of when the server had it
    far.data(0, 100, 50'000);
    EXPECT_EQ(SegmentFacts(far.connection, kServer, last_segment(far)).released_by_ack(),
              std::nullopt);
}

TEST(SegmentFacts, KnowWhetherASmallSegmentWasInFlight) {
    Told told;
    told.data(0, 100, 50'000);
    told.data(100, 100, 60'000);
    const auto small_at = [&](std::int64_t time) {
        return SegmentFacts(told.connection, kServer, last_segment(told))
            .small_in_flight_at(time * kMicro);
    };
    EXPECT_EQ(small_at(55'000), true);
    EXPECT_EQ(small_at(45'000), std::nullopt) << "before the small one was captured";
    told.client_ack(200, 65'000);
    told.data(200, 100, 70'000);
    EXPECT_EQ(small_at(68'000), false) << "acknowledged by then";
}

TEST(Verdicts, FromTheCaptureAlone) {
    Told push;
    push.data(0, 100, 90'000);
    EXPECT_EQ(push.verdicts(), "whole write consistent");

    Told not_pushed;
    not_pushed.data(0, 100, 90'000, false);
    EXPECT_EQ(not_pushed.verdicts(), "held cork, more or rwnd consistent");

    Told full;
    full.data(0, 1460, 90'000);
    EXPECT_EQ(full.verdicts(), "cut mss consistent");

    Told several;
    several.data(0, 4380, 90'000);
    EXPECT_EQ(several.verdicts(), "cut gso or cwnd consistent");

    Told more_than_full;
    more_than_full.data(0, 4000, 90'000);
    EXPECT_EQ(more_than_full.verdicts(), "whole write consistent");

    Told released;
    released.data(0, 1460, 50'000);
    released.client_ack(1460, 70'000);
    released.data(1460, 100, 70'010);
    EXPECT_EQ(released.verdicts(), "held nagle, cwnd or write consistent");

    Told still_in_flight;
    still_in_flight.data(0, 1460, 50'000);
    still_in_flight.data(1460, 1460, 50'010);
    still_in_flight.client_ack(1460, 70'000);
    still_in_flight.data(2920, 100, 70'010);
    EXPECT_EQ(still_in_flight.verdicts(), "held cwnd or nagle consistent");
}

TEST(Verdicts, OfAWindowThatIsFull) {
    Told full;
    full.client_ack(0, 45'000, 2000);
    full.data(0, 1460, 50'000);
    full.data(1460, 540, 50'010);
    EXPECT_EQ(full.verdicts(), "cut rwnd consistent");

    Told probe;
    probe.client_ack(0, 45'000, 1000);
    probe.data(0, 1000, 50'000);
    probe.client_ack(1000, 70'000, 0);
    probe.data(1000, 1, 270'000);
    EXPECT_EQ(probe.verdicts(), "held window-probe consistent");
}

TEST(Verdicts, OfARetransmission) {
    Told told;
    told.data(0, 100, 50'000);
    told.data(0, 100, 250'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission known");
    told.data(50, 100, 260'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission consistent");
}

TEST(Verdicts, OfAWriteThatGoesOnInALaterSegment) {
    Told one_packet;
    one_packet.write(0, 3000, 50'000, {});
    one_packet.data(0, 1460, 50'002);
    EXPECT_EQ(one_packet.verdicts(), "cut mss consistent");

    Told several;
    several.write(0, 9000, 50'000, {});
    several.data(0, 4380, 50'002);
    EXPECT_EQ(several.verdicts(), "cut gso, cwnd or pacing consistent");

    Told at_the_window;
    at_the_window.client_ack(0, 45'000, 500);
    at_the_window.write(0, 3000, 50'000, {});
    at_the_window.data(0, 500, 50'002);
    EXPECT_EQ(at_the_window.verdicts(), "cut rwnd consistent");

    Told anywhere;
    anywhere.write(0, 3000, 50'000, {});
    anywhere.data(0, 100, 50'002);
    EXPECT_EQ(anywhere.verdicts(), "cut unknown unknown");
}

TEST(Verdicts, OfASegmentThatGoesOnBehindTheLastRecordedWrite) {
    Told told;
    told.write(0, 32, 50'000, {});
    told.data(0, 64, 50'002);
    EXPECT_EQ(told.verdicts(), "whole unknown unknown");
}

TEST(Verdicts, OfAShortWrite) {
    Told told;
    told.write(0, 32, 50'000, {.requested = 64});
    told.data(0, 32, 50'002);
    EXPECT_EQ(told.verdicts(), "whole send-buffer known");
}

TEST(Verdicts, OfBytesThatTheKernelSaysItSentApart) {
    Told at_the_client(false);
    at_the_client.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_client.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_client.data(0, 64, 70'000);
    EXPECT_EQ(at_the_client.verdicts(), "merge gro consistent");

    Told at_the_server;
    at_the_server.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_server.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_server.data(0, 64, 51'010);
    EXPECT_EQ(at_the_server.verdicts(), "merge unknown unknown");
}

TEST(Verdicts, OfMergedWritesWithNodelayAndNoState) {
    Told released;
    released.data(0, 1460, 49'000);
    released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    released.client_ack(1460, 69'000);
    released.data(1460, 64, 69'010);
    EXPECT_EQ(released.verdicts(), "merge cwnd or rwnd consistent");

    Told not_released;
    not_released.data(0, 1460, 49'000);
    not_released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    not_released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    not_released.data(1460, 64, 51'010);
    EXPECT_EQ(not_released.verdicts(), "merge autocork, pacing or cwnd consistent");
}

/// Reads are judged by times where the capture was taken at the reader.
TEST(ReadVerdicts, ByWhatHadCome) {
    Told told(false);
    told.data(0, 100, 60'000);
    told.data(100, 100, 61'000);
    told.data(200, 100, 62'000);
    told.read(0, 100, 4096, 60'100);
    EXPECT_EQ(told.read_verdict(0), "segment consistent");
    // Both had come before the call, and before the read that preceded it had returned.
    told.read(100, 200, 4096, 80'000);
    EXPECT_EQ(told.read_verdict(100), "slow-reader consistent");
}

TEST(ReadVerdicts, ByWhatWasAskedFor) {
    Told told(false);
    told.data(0, 300, 60'000);
    told.read(0, 100, 100, 60'100);
    EXPECT_EQ(told.read_verdict(0), "read-size consistent");
    ReceiveState state;
    state.unread = 100;
    state.low_water = 100;
    told.read(100, 100, 4096, 60'200, state);
    EXPECT_EQ(told.read_verdict(100), "low-water or segment consistent");
    state.unread = 0;
    state.low_water = 1;
    told.read(200, 100, 4096, 60'300, state);
    EXPECT_EQ(told.read_verdict(200), "segment known");
}

TEST(ReadVerdicts, OfASegmentThatNoPacketHolds) {
    Told told(false);
    told.data(0, 4000, 60'000);
    told.read(0, 4000, 65'536, 60'100);
    EXPECT_EQ(told.read_verdict(0), "gro consistent");
}

TEST(ReadVerdicts, OfSeveralSegmentsWhereTimesDoNotCompare) {
    Told told;  // captured at the server
    told.data(0, 100, 60'000);
    told.data(100, 100, 61'000);
    told.read(0, 200, 4096, 80'000);
    EXPECT_EQ(told.read_verdict(0), "waited consistent");
}

TEST(ReadVerdicts, OfBytesThatTheCaptureDoesNotHave) {
    Told told(false);
    told.data(100, 100, 60'000);
    told.read(0, 100, 4096, 60'100);
    EXPECT_EQ(told.read_verdict(0), "unknown unknown");
}

/// Each cause that can be taken away has advice of its own; what is no cause has none.
TEST(Remedies, AreOneForEachCause) {
    const std::set<Cause> none{Cause::kRetransmission, Cause::kWrite, Cause::kEnd, Cause::kSegment,
                               Cause::kUnknown};
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
    const auto told = [](Confidence confidence) {
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
    EXPECT_NE(told(Confidence::kKnown).find("How sure: known"), std::string::npos);
    EXPECT_NE(told(Confidence::kConsistent).find("How sure: consistent"), std::string::npos);
    EXPECT_NE(told(Confidence::kUnknown).find("How sure: unknown"), std::string::npos);
    EXPECT_NE(told(Confidence::kKnown).find("4711"), std::string::npos) << "the evidence";
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
    const std::pair<Boundary, std::string_view> boundaries[] = {{Boundary::kWhole, "whole"},
                                                                {Boundary::kHeld, "held"},
                                                                {Boundary::kMerge, "merge"},
                                                                {Boundary::kCut, "cut"},
                                                                {Boundary::kRead, "read"}};
    for (const auto& [boundary, word] : boundaries) EXPECT_EQ(to_string(boundary), word);
}

}  // namespace
}  // namespace seamark
