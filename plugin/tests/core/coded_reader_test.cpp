// SPDX-License-Identifier: GPL-2.0-or-later
//
// Events inside content codings: with which coded byte each became decodable, against a decoder
// that is given one byte after the other, at random cuts; what a compressor kept; bombs.
#include "core/body/coded_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/codec.hpp"
#include "support/coding.hpp"
#include "support/text.hpp"

namespace seamark::coded_reader_test {
namespace {

using test::bytes_of;
using test::Coded;
using test::Coding;
using Release = CodedItem::Release;

/// What the decoders of a body hold, and what they found.
struct Reading {
    explicit Reading(std::string_view coding, std::string_view type = "text/event-stream",
                     DecodingLimits limits = {})
        : budget{codec::make_decoder, limits, 0},
          reader(coding, make_item_reader(item_media(type), list), list, budget) {}

    void take(std::string_view bytes) {
        reader.take(at, bytes_of(bytes));
        at += bytes.size();
    }
    void take_cut(std::string_view bytes, std::mt19937& random, std::size_t most) {
        while (!bytes.empty()) {
            const std::size_t size = std::min(bytes.size(), 1 + random() % most);
            take(bytes.substr(0, size));
            bytes.remove_prefix(size);
        }
    }

    DecodingBudget budget;
    ItemList list;
    CodedReader reader;
    BodyOffset at;
};

/// Decoded bytes after each coded byte, by a decoder that is given them one by one.
std::vector<std::uint64_t> given_after_each(std::string_view coding, std::string_view bytes) {
    const auto decoder = codec::make_decoder(coding, std::size_t{1} << 26);
    std::vector<std::uint8_t> out(std::size_t{1} << 18);
    std::vector<std::uint64_t> given;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto in = bytes_of(bytes.substr(i, 1));
        while (true) {
            const Decoder::Step step = decoder->decode(in, out);
            in = in.subspan(step.taken);
            total += step.given;
            if (!step.progress()) break;
        }
        given.push_back(total);
    }
    return given;
}

/// First count of coded bytes after which so many bytes are given out.
std::uint64_t needed(const std::vector<std::uint64_t>& given, std::uint64_t bytes) {
    return static_cast<std::uint64_t>(std::lower_bound(given.begin(), given.end(), bytes) -
                                      given.begin()) +
           1;
}

std::string event(std::mt19937& random, std::size_t number) {
    std::string text = "data: " + std::to_string(number) + " ";
    const std::size_t length = random() % 10 == 0 ? 3000 : random() % 60;
    for (std::size_t i = 0; i < length; ++i)
        text += static_cast<char>('a' + random() % (number % 2 == 0 ? 26 : 3));
    return text + "\n\n";
}

class EveryCoding : public testing::TestWithParam<Coding> {};

TEST_P(EveryCoding, FindsTheByteWithWhichAnEventBecameDecodable) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20))
        GTEST_SKIP() << "no library for " << test::name(coding);
    for (unsigned seed = 0; seed < 12; ++seed) {
        std::mt19937 random(seed);
        // Flushed after each, after every third, never.
        const std::size_t flush_each = std::vector<std::size_t>{1, 3, 0}[seed % 3];
        SCOPED_TRACE("seed " + std::to_string(seed));
        Coded coded(coding, seed % 4 == 3 ? 0 : 6);
        std::vector<std::pair<std::uint64_t, bool>> ends;  // of the data, and whether flushed
        std::uint64_t length = 0;
        for (std::size_t n = 1; n <= 300; ++n) {
            const std::string text = event(random, n);
            length += text.size();
            coded.write(text);
            const bool flush = flush_each != 0 && n % flush_each == 0;
            if (flush) coded.flush();
            ends.emplace_back(length, flush || n == 300);
        }
        const std::string bytes = coded.finish();
        const auto given = given_after_each(test::name(coding), bytes);
        Reading reading(test::name(coding));
        reading.take_cut(bytes, random, std::vector<std::size_t>{1, 40, 1500, 100000}[seed % 4]);
        reading.reader.end(true);
        EXPECT_EQ(reading.list.decoding, Decoding::kDone);
        ASSERT_EQ(reading.list.items.size(), ends.size());
        std::uint64_t begin = 0;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            const Item& item = reading.list.items[i];
            ASSERT_EQ(item.range.begin.value, begin);
            ASSERT_EQ(item.range.end.value, ends[i].first);
            ASSERT_NE(item.coded, nullptr);
            ASSERT_EQ(item.coded->range.end.value, needed(given, ends[i].first)) << i;
            ASSERT_EQ(item.coded->range.begin.value, needed(given, begin + 1) - 1) << i;
            const bool known = coding != Coding::kBrotli;
            // Without a flush a block ends somewhere, which may be after an event.
            const Release release = item.coded->release;
            if (!known) {
                ASSERT_TRUE(release == Release::kUnknown || i + 1 == ends.size()) << i;
            } else if (ends[i].second) {
                ASSERT_EQ(release, Release::kFlushed) << i;
            } else if (flush_each == 3) {
                ASSERT_EQ(release, Release::kInsideBlock) << i;
            } else if (release == Release::kInsideBlock) {
                ++kept;
            }
            begin = ends[i].first;
        }
        if (flush_each == 0 && coding != Coding::kBrotli) {
            EXPECT_GT(kept, 290U);
        }
    }
}

/// Where an event ends is known only when the next one begins, which may be much later.
TEST_P(EveryCoding, FindsItWhereTheEndIsKnownLater) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20)) GTEST_SKIP() << "no library";
    std::mt19937 random(1);
    Coded coded(coding);
    std::string data;
    for (int n = 0; n < 30; ++n) {
        const std::string part = "--cut\r\n\r\n" + event(random, 10) + "\r\n";
        data += part;
        coded.write(part);
        coded.flush();
    }
    coded.write("--cut--\r\n");
    const std::string bytes = coded.finish();
    const auto given = given_after_each(test::name(coding), bytes);
    Reading reading(test::name(coding), "multipart/x-mixed-replace; boundary=cut");
    reading.take_cut(bytes, random, 7);
    reading.reader.end(true);
    ASSERT_EQ(reading.list.items.size(), 30U);
    for (const Item& item : reading.list.items) {
        EXPECT_EQ(item.coded->range.end.value, needed(given, item.range.end.value));
        EXPECT_EQ(item.coded->range.begin.value, needed(given, item.range.begin.value + 1) - 1);
        EXPECT_EQ(item.coded->release,
                  coding == Coding::kBrotli ? Release::kUnknown : Release::kFlushed);
    }
}

/// CR ends the event; an LF that comes later belongs to it.
TEST_P(EveryCoding, TakesTheSecondHalfOfALineEndIn) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20)) GTEST_SKIP() << "no library";
    Coded coded(coding);
    coded.write("data: a\r\n\r");
    coded.flush();
    const std::size_t cut = coded.bytes().size();
    coded.write("\ndata: b\r\n\r\n");
    const std::string bytes = coded.finish();
    const auto given = given_after_each(test::name(coding), bytes);
    Reading reading(test::name(coding));
    reading.take(std::string_view(bytes).substr(0, cut));
    reading.take(std::string_view(bytes).substr(cut));
    reading.reader.end(true);
    ASSERT_EQ(reading.list.items.size(), 2U);
    EXPECT_EQ(reading.list.items[0].range.end.value, 11U);
    EXPECT_EQ(reading.list.items[0].coded->range.end.value, needed(given, 11));
}

TEST_P(EveryCoding, StopsAtMissingAndBrokenBytes) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20)) GTEST_SKIP() << "no library";
    Coded coded(coding);
    coded.write("data: a\n\n");
    coded.flush();
    const std::size_t cut = coded.bytes().size();
    coded.write("data: b\n\n");
    const std::string bytes = coded.finish();
    {
        Reading reading(test::name(coding));
        reading.take(std::string_view(bytes).substr(0, cut));
        reading.reader.miss({BodyOffset{cut}, BodyOffset{cut + 1}});
        reading.take(std::string_view(bytes).substr(cut + 1));
        reading.reader.end(true);
        EXPECT_EQ(reading.list.decoding, Decoding::kMissing);
        EXPECT_EQ(reading.list.decoded.value, cut);
        EXPECT_EQ(reading.list.items.size(), 1U);
        EXPECT_EQ(reading.budget.memory, 0U);
    }
    {
        Reading reading(test::name(coding));
        reading.take(std::string_view(bytes).substr(0, cut));
        reading.take(std::string(200, '\xff'));
        reading.reader.end(true);
        EXPECT_EQ(reading.list.decoding, Decoding::kBroken);
        EXPECT_EQ(reading.list.items.size(), 1U);
    }
    {
        // Cut: what is there is given out, and the coding has not ended.
        Reading reading(test::name(coding));
        reading.take(std::string_view(bytes).substr(0, cut));
        reading.reader.end(true);
        EXPECT_EQ(reading.list.decoding, Decoding::kGoesOn);
        EXPECT_EQ(reading.list.items.size(), 1U);
    }
}

TEST_P(EveryCoding, HoldsABombByItsRatio) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20)) GTEST_SKIP() << "no library";
    Coded coded(coding);
    const std::string piece(std::size_t{1} << 20, ' ');
    for (int i = 0; i < 24; ++i) coded.write(piece);
    const std::string bytes = coded.finish();
    ASSERT_LT(bytes.size() * 500, 24 * piece.size());
    const DecodingLimits limits;
    Reading reading(test::name(coding), "application/x-ndjson", limits);
    reading.take(bytes);
    EXPECT_EQ(reading.list.decoding, Decoding::kRatio);
    const std::uint64_t most = limits.free_bytes + limits.ratio * bytes.size() + 16384;
    for (const Item& item : reading.list.items) EXPECT_LE(item.range.end.value, most);
    EXPECT_EQ(reading.budget.memory, 0U);
}

TEST_P(EveryCoding, HoldsMemory) {
    const Coding coding = GetParam();
    if (!codec::make_decoder(test::name(coding), 1 << 20)) GTEST_SKIP() << "no library";
    std::mt19937 random(5);
    // Data that asks for a window of several MiB, and an event whose coded bytes are as long.
    Coded coded(coding, 1);
    std::string data = "data: ";
    for (int i = 0; i < 3 << 20; ++i) data += static_cast<char>('!' + random() % 90);
    coded.write(data + "\n\n");
    const std::string bytes = coded.finish();
    for (const std::uint64_t all : {std::uint64_t{1} << 40, std::uint64_t{1} << 19}) {
        DecodingLimits limits;
        limits.memory_each =
            all == std::uint64_t{1} << 19 ? std::uint64_t{1} << 30 : std::uint64_t{1} << 19;
        limits.memory_all = all;
        Reading reading(test::name(coding), "text/event-stream", limits);
        std::uint64_t highest = 0;
        for (std::size_t i = 0; i < bytes.size(); i += 1400) {
            reading.take(std::string_view(bytes).substr(i, 1400));
            highest = std::max(highest, reading.budget.memory);
        }
        EXPECT_EQ(reading.list.decoding, Decoding::kMemory);
        EXPECT_LE(highest, std::uint64_t{1} << 19);
        EXPECT_EQ(reading.budget.memory, 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Codings, EveryCoding,
                         testing::Values(Coding::kGzip, Coding::kDeflate, Coding::kRawDeflate,
                                         Coding::kBrotli, Coding::kZstd),
                         [](const auto& of) { return test::title(of.param); });

TEST(CodedReader, ReadsMembersOfGzipOneAfterTheOther) {
    Coded first(Coding::kGzip);
    first.write("data: a\n\nda");
    Coded second(Coding::kGzip);
    second.write("ta: b\n\n");
    const std::string bytes = first.finish() + second.finish();
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        Reading reading("gzip");
        reading.take(std::string_view(bytes).substr(0, cut));
        reading.take(std::string_view(bytes).substr(cut));
        reading.reader.end(true);
        ASSERT_EQ(reading.list.items.size(), 2U) << cut;
        EXPECT_EQ(reading.list.items[1].range.end.value, 18U);
        EXPECT_EQ(reading.list.decoding, Decoding::kDone);
    }
}

TEST(CodedReader, KnowsNoOtherCoding) {
    for (const char* coding : {"compress", "gzip, br", "GZIP"}) {
        Reading reading(coding);
        reading.take("data: a\n\n");
        reading.reader.end(true);
        EXPECT_EQ(reading.list.decoding, Decoding::kUnknown) << coding;
        EXPECT_TRUE(reading.list.items.empty());
    }
}

}  // namespace
}  // namespace seamark::coded_reader_test
