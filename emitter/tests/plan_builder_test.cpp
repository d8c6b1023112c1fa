// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_builder.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "chunked_body.hpp"
#include "plan/random_plan.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

struct Written {
    std::vector<std::string> writes;
    std::vector<std::chrono::microseconds> pauses;
    std::string all;
    bool ended = false;  ///< the last one was without MSG_MORE
};

/// Runs a plan with the head as write 1, and no write ever short.
Written run(EmitOptions options) {
    Written out;
    options.more = true;
    PayloadSource source(options.writes, options.size);
    PlanBuilder regular(options, source);
    std::optional<RandomPlan> random;
    if (options.seed) random.emplace(options, source.length());
    WriteSequence& plan = random ? static_cast<WriteSequence&>(*random) : regular;
    PlannedWrite write;
    WriteEncoder encoder(source, {.tag = options.tag});
    while (plan.next(write)) {
        EXPECT_FALSE(out.ended) << "a write behind the final one";
        out.ended = !write.more;
        const auto encoded = encoder.encode(write, out.writes.size() + 2);
        const std::string bytes(encoded.bytes.begin(), encoded.bytes.end());
        out.all += bytes;
        out.writes.push_back(bytes);
        out.pauses.push_back(write.pause);
    }
    EXPECT_FALSE(plan.next(write)) << "goes on behind its end";
    EXPECT_TRUE(out.ended);
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

/// Each tag names just the writes that hold a byte of its chunk.
void expect_true_tags(const testing::ReadBody& body, const Written& out) {
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
            ASSERT_EQ(body.data().size(), options.writes * options.size);

            expect_true_tags(body, out);
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

TEST(RandomPlan, GivesTheSameBodyWithTrueTagsFromEverySeed) {
    std::set<std::string> cuts;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        for (const std::uint64_t size : {1, 2, 32, 700}) {
            SCOPED_TRACE("seed " + std::to_string(seed) + ", size " + std::to_string(size));
            const EmitOptions options{.writes = 20, .size = size, .seed = seed};
            EmitOptions plain = options;
            plain.framing = Framing::content_length;
            plain.seed.reset();
            const auto out = run(options);
            const auto body = testing::read_chunked(out.all, 0);
            ASSERT_TRUE(body.complete) << body.fault;
            ASSERT_EQ(body.data(), run(plain).all);
            expect_true_tags(body, out);
            plain.seed = seed;
            ASSERT_EQ(run(plain).all, body.data());
            if (size == 32) cuts.insert(out.all);
        }
    }
    EXPECT_EQ(cuts.size(), 200U) << "two seeds cut alike";
}

/// The lengths of a seed are part of what the parameter promises. Computed apart from this code, by
///     python3 -c 's, m = 7 + (1 << 63), (1 << 64) - 1
///     for _ in range(5):
///         s = s + 0x9e3779b97f4a7c15 & m; z = s
///         z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & m
///         z = (z ^ z >> 27) * 0x94d049bb133111eb & m
///         print(1 + ((z ^ z >> 31) >> 32) * 63 // 2**32)'
/// (the last one is what is left of the body)
TEST(RandomPlan, ASeedCutsTheSameEverywhere) {
    const auto out =
        run({.writes = 6, .size = 32, .framing = Framing::content_length, .tag = false, .seed = 7});
    std::vector<std::size_t> lengths;
    for (const auto& write : out.writes) lengths.push_back(write.size());
    EXPECT_EQ(lengths, (std::vector<std::size_t>{25, 37, 61, 41, 28}));
}

TEST(PlanBuilder, AMillionWritesNeedNoMoreMemoryThanOne) {
    PayloadSource source(1'000'000, 32);
    PlanBuilder plan({.writes = 1'000'000, .size = 32}, source);
    PlannedWrite write;
    ASSERT_TRUE(plan.next(write));
    const auto capacity = write.pieces.capacity();
    std::uint64_t count = 1;
    while (plan.next(write)) ++count;
    EXPECT_EQ(count, 1'000'001U);
    EXPECT_EQ(write.pieces.capacity(), capacity);
    EXPECT_LE(sizeof(PlanBuilder), 512U);
}

}  // namespace
}  // namespace seamark::plan
