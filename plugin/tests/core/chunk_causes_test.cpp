// SPDX-License-Identifier: GPL-2.0-or-later
//
// How often segments are judged: once for a row of a table, whichever way its bytes came, and once
// for a page or tree.
#include "core/cause/chunk_causes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/cause/segment_judge.hpp"
#include "support/four_lanes.hpp"

namespace seamark::chunk_causes_test {
namespace {

using namespace test;
using Frames = std::vector<FrameNumber>;

constexpr FrameNumber frame(unsigned number) {
    return FrameNumber{number};
}

class ChunkCausesTest : public testing::Test {
  protected:
    const Stream& stream() const { return feeder.stream(kServer); }
    const Chunk& chunk(std::uint32_t index) const { return stream().messages().chunk(index); }
    const std::vector<CauseGroup>& gather(std::uint32_t index) {
        runs.clear();
        Overlay(stream()).carriers(chunk(index).range(), 100, runs);
        return causes.gather(feeder.connection(), kServer, chunk(index).range(), runs);
    }

    Feeder feeder;
    std::vector<CarriedRun> runs;
    ChunkCauses causes;
};

TEST_F(ChunkCausesTest, JudgeASegmentOfSeveralChunksOnce) {
    feeder.server(std::string(kHead) + "1\r\na\r\n1\r\nb\r\n");
    gather(0);
    gather(1);
    EXPECT_EQ(causes.judgements(), 1U);
}

TEST_F(ChunkCausesTest, JudgeASegmentOnceThatAnotherPartsInThree) {
    feeder.server(kHead);
    // The segments at 52 and 56 come before the one that has all of the bytes.
    feeder.at(kServer, 52, "cd");
    feeder.at(kServer, 56, "gh");
    feeder.at(kServer, 47, "a\r\nabcdefghij\r\n");
    ASSERT_EQ(chunk(0).size, 10U);
    const auto& groups = gather(0);
    ASSERT_EQ(runs.size(), 5U);
    EXPECT_EQ(causes.judgements(), 3U);
    // What repeats bytes is listed at each of its runs.
    Frames repeats;
    for (const CauseGroup& group : groups)
        if (group.causes == CauseList{Cause::kRetransmission}) repeats = group.frames;
    EXPECT_EQ(repeats, (Frames{frame(4), frame(4), frame(4)}));
}

TEST_F(ChunkCausesTest, JudgeTheTwoSidesOfAHoleOnce) {
    feeder.server(kHead);
    feeder.server("a\r\nabc");
    feeder.lose(kServer, "def");
    feeder.server("ghij\r\n");
    feeder.finish();
    gather(0);
    EXPECT_EQ(causes.judgements(), 2U);
}

TEST(SegmentJudge, JudgesEachSegmentOnceUntilTheNextPage) {
    Feeder feeder;
    feeder.server(kHead);
    feeder.server("5\r\nhello\r\n");
    const auto& segments = feeder.stream(kServer).lane().segments();
    SegmentJudge judge;
    const auto ask = [&](std::size_t index) -> const std::vector<Verdict>& {
        return judge.judge(feeder.connection(), kServer, segments[index]);
    };
    const std::vector<Verdict>* first = &ask(0);
    EXPECT_EQ(first->size(), judge_segment(feeder.connection(), kServer, segments[0]).size());
    ask(1);
    EXPECT_EQ(&ask(0), first);
    ask(1);
    EXPECT_EQ(judge.judgements(), 2U);
    judge.forget();
    ask(1);
    EXPECT_EQ(judge.judgements(), 3U);
}

}  // namespace
}  // namespace seamark::chunk_causes_test
