// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_builder.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "chunked_body.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

struct Written {
    std::vector<std::string> writes;
    std::vector<std::chrono::microseconds> pauses;
    std::string all;
};

/// Runs a plan with the head as write 1, and no write ever short.
Written run(const EmitOptions& options) {
    Written out;
    PlanBuilder plan(options);
    PlannedWrite write;
    WriteEncoder encoder(options.tag);
    while (plan.next(write)) {
        const auto encoded = encoder.encode(write, out.writes.size() + 2);
        const std::string bytes(encoded.begin(), encoded.end());
        out.all += bytes;
        out.writes.push_back(bytes);
        out.pauses.push_back(write.pause);
    }
    EXPECT_FALSE(plan.next(write)) << "goes on behind its end";
    return out;
}

TEST(PlanBuilder, OneWriteAChunk) {
    const auto out = run({.writes = 2, .size = 5});
    EXPECT_EQ(out.writes, (std::vector<std::string>{"5;w=2\r\n1 ab\n\r\n", "5;w=3\r\n2 ab\n\r\n",
                                                    "0;w=4\r\n\r\n"}));
    EXPECT_EQ(out.pauses, (std::vector<std::chrono::microseconds>{10ms, 10ms, 10ms}));
}

TEST(PlanBuilder, SeveralWritesAChunk) {
    const auto out = run({.writes = 5, .size = 3, .writes_per_chunk = 3});
    EXPECT_EQ(out.writes,
              (std::vector<std::string>{"9;w=2-4\r\n1 \n", "2 \n", "3 \n\r\n", "6;w=5-6\r\n4 \n",
                                        "5 \n\r\n", "0;w=7\r\n\r\n"}));
}

TEST(PlanBuilder, SeveralChunksAWrite) {
    const auto out = run({.writes = 2, .size = 5, .chunks_per_write = 3});
    EXPECT_EQ(out.writes, (std::vector<std::string>{"2;w=2\r\n1 \r\n2;w=2\r\nab\r\n1;w=2\r\n\n\r\n",
                                                    "2;w=3\r\n2 \r\n2;w=3\r\nab\r\n1;w=3\r\n\n\r\n",
                                                    "0;w=4\r\n\r\n"}));
}

TEST(PlanBuilder, SizeLineApart) {
    const auto out = run({.writes = 2, .size = 3, .split = Split::line});
    EXPECT_EQ(out.writes, (std::vector<std::string>{"3;w=2-3\r\n", "1 \n\r\n", "3;w=4-5\r\n",
                                                    "2 \n\r\n", "0;w=6\r\n\r\n"}));
    EXPECT_EQ(out.pauses, (std::vector<std::chrono::microseconds>{10ms, 0ms, 10ms, 0ms, 10ms}));
}

TEST(PlanBuilder, AllPartsApart) {
    const auto out = run({.writes = 1, .size = 3, .split = Split::parts});
    EXPECT_EQ(out.writes,
              (std::vector<std::string>{"3;w=2-4\r\n", "1 \n", "\r\n", "0;w=5\r\n\r\n"}));
    EXPECT_EQ(out.pauses, (std::vector<std::chrono::microseconds>{10ms, 0ms, 0ms, 10ms}));
}

TEST(PlanBuilder, AllPartsOfALongChunkApart) {
    const auto out = run({.writes = 3, .size = 3, .writes_per_chunk = 2, .split = Split::parts});
    EXPECT_EQ(out.writes,
              (std::vector<std::string>{"6;w=2-5\r\n", "1 \n", "2 \n", "\r\n", "3;w=6-8\r\n",
                                        "3 \n", "\r\n", "0;w=9\r\n\r\n"}));
    EXPECT_EQ(out.pauses,
              (std::vector<std::chrono::microseconds>{10ms, 0ms, 10ms, 0ms, 10ms, 0ms, 0ms, 10ms}));
}

TEST(PlanBuilder, WithoutChunksTheWritesAreTheDataAlone) {
    for (const Framing framing : {Framing::content_length, Framing::close}) {
        const auto out = run({.writes = 2, .size = 5, .framing = framing, .tag = false});
        EXPECT_EQ(out.writes, (std::vector<std::string>{"1 ab\n", "2 ab\n"}));
    }
}

/// Every relation at every small size: a strict reader gets the same body from all of them, and
/// each tag names just the writes that hold a byte of its chunk.
struct Shape {
    std::uint32_t chunks_per_write;
    std::uint32_t writes_per_chunk;
    Split split;
};

void PrintTo(const Shape& shape, std::ostream* out) {
    *out << "chunks-per-write " << shape.chunks_per_write << ", writes-per-chunk "
         << shape.writes_per_chunk << ", split " << static_cast<int>(shape.split);
}

class Shapes : public ::testing::TestWithParam<Shape> {};

TEST_P(Shapes, GiveTheSameBodyWithTrueTags) {
    for (std::uint64_t writes = 1; writes <= 9; ++writes) {
        for (const std::uint64_t size : {4, 5, 32, 1000}) {
            const EmitOptions options{.writes = writes,
                                      .size = size,
                                      .chunks_per_write = GetParam().chunks_per_write,
                                      .writes_per_chunk = GetParam().writes_per_chunk,
                                      .split = GetParam().split};
            EmitOptions plain = options;
            plain.framing = Framing::content_length;
            plain.split = Split::none;
            const auto out = run(options);
            const auto body = testing::read_chunked(out.all, 0);
            ASSERT_TRUE(body.complete) << body.fault;
            ASSERT_EQ(body.end, out.all.size());
            ASSERT_EQ(body.data(), run(plain).all);
            ASSERT_EQ(body.data().size(), body_length(options));

            for (const auto& chunk : body.chunks) {
                std::set<std::uint64_t> carriers;
                std::size_t begin = 0;
                for (std::size_t i = 0; i < out.writes.size(); ++i) {
                    const std::size_t end = begin + out.writes[i].size();
                    if (begin < chunk.end && chunk.begin < end) carriers.insert(i + 2);
                    begin = end;
                }
                const auto tag = testing::read_tag(chunk.extension);
                ASSERT_TRUE(tag) << chunk.extension;
                ASSERT_EQ(tag->first, *carriers.begin()) << chunk.extension;
                ASSERT_EQ(tag->last, *carriers.rbegin()) << chunk.extension;
                ASSERT_EQ(carriers.size(), tag->last - tag->first + 1);
            }
            ASSERT_EQ(body.chunks.back().begin, out.all.size() - out.writes.back().size())
                << "the last chunk is not a write of its own";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Shapes,
                         ::testing::Values(Shape{1, 1, Split::none}, Shape{2, 1, Split::none},
                                           Shape{3, 1, Split::none}, Shape{4, 1, Split::none},
                                           Shape{1, 2, Split::none}, Shape{1, 3, Split::none},
                                           Shape{1, 1000, Split::none}, Shape{1, 1, Split::line},
                                           Shape{1, 2, Split::line}, Shape{1, 3, Split::line},
                                           Shape{1, 1, Split::parts}, Shape{1, 2, Split::parts},
                                           Shape{1, 3, Split::parts}));

TEST(WriteEncoder, PutsTheHeadInFrontOfTheFirstWriteAndTellsTheParts) {
    PlanBuilder plan({.writes = 1, .size = 5});
    WriteEncoder encoder(true, "HEAD\r\n");
    PlannedWrite write;
    ASSERT_TRUE(plan.next(write));
    EXPECT_FALSE(plan.done());
    const auto first = encoder.encode(write, 1);
    EXPECT_EQ(std::string(first.begin(), first.end()), "HEAD\r\n5;w=1\r\n1 ab\n\r\n");
    const auto ends = encoder.part_ends();
    EXPECT_EQ(std::vector<std::size_t>(ends.begin(), ends.end()),
              (std::vector<std::size_t>{6, 13, 18, 20}));
    ASSERT_TRUE(plan.next(write));
    EXPECT_TRUE(plan.done());
    const auto last = encoder.encode(write, 2);
    EXPECT_EQ(std::string(last.begin(), last.end()), "0;w=2\r\n\r\n");
    EXPECT_EQ(encoder.part_ends().size(), 1U);
}

TEST(PlanBuilder, AMillionWritesNeedNoMoreMemoryThanOne) {
    PlanBuilder plan({.writes = 1'000'000, .size = 32});
    PlannedWrite write;
    ASSERT_TRUE(plan.next(write));
    const auto capacity = write.pieces.capacity();
    std::uint64_t count = 1;
    while (plan.next(write)) ++count;
    EXPECT_EQ(count, 1'000'001U);
    EXPECT_EQ(write.pieces.capacity(), capacity);
    EXPECT_LE(sizeof(PlanBuilder), 256U);
}

}  // namespace
}  // namespace seamark::plan
