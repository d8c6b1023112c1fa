// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/coded_source.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "plan/memory_needed.hpp"
#include "plan/plan_builder.hpp"

namespace seamark::plan {
namespace {

/// What a client makes of the bytes, part by part, as they come.
class Client {
  public:
    explicit Client(Coding coding) {
        inflateInit2(&stream_, MAX_WBITS + (coding == Coding::gzip ? 16 : 0));
    }
    ~Client() { inflateEnd(&stream_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    std::string feed(std::string part) {
        std::string out(100'000, '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(part.data());
        stream_.avail_in = static_cast<uInt>(part.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int result = inflate(&stream_, Z_NO_FLUSH);
        EXPECT_TRUE(result == Z_OK || result == Z_STREAM_END) << result;
        EXPECT_EQ(stream_.avail_in, 0U);
        ended = result == Z_STREAM_END;
        out.resize(out.size() - stream_.avail_out);
        return out;
    }
    bool ended = false;

  private:
    z_stream stream_{};
};

/// Those that this program was built with.
std::vector<Coding> codings() {
    std::vector<Coding> all;
    for (const Coding coding : {Coding::gzip, Coding::deflate, Coding::br, Coding::zstd}) {
        if (is_built_in(coding)) all.push_back(coding);
    }
    return all;
}

std::string part_of(BodySource& source, std::uint64_t raw) {
    std::string bytes(source.prepare(raw), '\0');
    EXPECT_EQ(source.put(bytes.data(), bytes.size()), bytes.data() + bytes.size());
    return bytes;
}

TEST(CodedSource, EachWritesPartCanBeTakenApartAtOnce) {
    for (const Coding coding : {Coding::gzip, Coding::deflate}) {
        for (const std::uint64_t size : {1, 2, 32, 1000, 70'000}) {
            PayloadSource plain(5, size);
            PayloadSource inner(5, size);
            CodedSource coded(inner, coding);
            EXPECT_EQ(coded.length(), 5 * size);
            Client client(coding);
            for (int i = 0; i < 5; ++i) {
                EXPECT_FALSE(client.ended);
                const std::string part = part_of(coded, size);
                EXPECT_FALSE(part.empty());
                EXPECT_EQ(client.feed(part), part_of(plain, size)) << size << ' ' << i;
            }
            EXPECT_TRUE(client.ended);
        }
    }
}

TEST(CodedSource, TheSameBytesComeOfManyTurns) {
    for (const Coding coding : codings()) {
        const CompressorCost cost = cost_of(coding);
        for (const std::uint64_t size : {1, 300, 100'000}) {
            PayloadSource one(4, size);
            PayloadSource other(4, size);
            CodedSource at_once(one, coding);
            CodedSource bit_by_bit(other, coding);
            const std::uint64_t turn = cost.part_work + 444;
            for (int i = 0; i < 4; ++i) {
                for (std::uint64_t work = turn; !bit_by_bit.advance(size, work); work = turn) {
                    ASSERT_LT(work, cost.part_work) << "work was left, and not done";
                }
                EXPECT_EQ(part_of(bit_by_bit, size), part_of(at_once, size)) << size << ' ' << i;
            }
        }
    }
}

TEST(CodedSource, WithoutAFlushAllComesWithTheEnd) {
    for (const Coding coding : codings()) {
        PayloadSource each_one(9, 40, EventFormat::sse);
        PayloadSource none_one(9, 40, EventFormat::sse);
        PayloadSource third_one(9, 40, EventFormat::sse);
        CodedSource each(each_one, coding);
        CodedSource none(none_one, coding, 0);
        CodedSource third(third_one, coding, 3);
        std::string each_sizes;
        std::string none_sizes;
        std::string third_sizes;
        for (int i = 0; i < 9; ++i) {
            const auto some = [](std::uint64_t size) { return size > 0 ? 'x' : '.'; };
            each_sizes += some(each.prepare(40));
            none_sizes += some(none.prepare(40));
            third_sizes += some(third.prepare(40));
        }
        SCOPED_TRACE(coding_name(coding));
        EXPECT_EQ(each_sizes, "xxxxxxxxx");
        // What stands in front of the data may leave at once: gzip's and zlib's header do.
        EXPECT_EQ(none_sizes.substr(1), ".......x");
        EXPECT_EQ(third_sizes.substr(1), ".x..x..x");
    }
}

TEST(CodedSource, AWriteThatIsKeptBackEntirelyIsNotMade) {
    for (const Coding coding : codings()) {
        const EmitOptions options{.writes = 9,
                                  .size = 40,
                                  .framing = Framing::content_length,
                                  .coding = coding,
                                  .flush_every = 0,
                                  .events = EventFormat::sse};
        PayloadSource inner(options.writes, options.size, options.events);
        CodedSource coded(inner, coding, options.flush_every);
        PlanBuilder plan(options, coded);
        PlannedWrite write;
        std::chrono::microseconds waited{0};
        int writes = 0;
        while (plan.next(write)) {
            ASSERT_GT(write.size, 0U);
            std::string bytes(write.size, '\0');
            coded.put(bytes.data(), bytes.size());
            waited += write.pause;
            ++writes;
        }
        EXPECT_LE(writes, 2);
        EXPECT_EQ(waited, 9 * options.gap);
        EXPECT_EQ(write.number, 9U);
    }
}

TEST(CodedSource, WhatIsKeptBackIsBounded) {
    for (const Coding coding : codings()) {
        PayloadSource inner(400, 20'000);
        CodedSource coded(inner, coding, 0);
        for (int i = 0; i < 400; ++i) {
            EXPECT_LE(coded.prepare(20'000),
                      coded_bound(20'000, 1, true) + cost_of(coding).kept_back);
        }
    }
}

TEST(CodedSource, MadeUpDataBecomesNoMoreThanItsBound) {
    for (const Coding coding : codings()) {
        for (const std::uint64_t size :
             {1, 2, 3, 7, 16, 26, 32, 33, 100, 1000, 30'000, 1'000'000}) {
            const std::uint64_t writes = size > 10'000 ? 20 : 4'000;
            PayloadSource inner(writes, size);
            CodedSource coded(inner, coding);
            std::uint64_t sum = 0;
            for (std::uint64_t i = 0; i < writes; ++i) {
                const std::uint64_t part = coded.prepare(size);
                EXPECT_LE(part, coded_bound(size, 1, true)) << size << ' ' << i;
                sum += part;
            }
            EXPECT_LE(sum, coded_bound(writes * size, writes, true)) << size;
        }
    }
}

TEST(StoredSource, HasTheSamePartsAndKnowsTheirSum) {
    PayloadSource one(3, 500);
    PayloadSource other(3, 500);
    CodedSource straight(one, Coding::gzip);
    CodedSource kept(other, Coding::gzip);
    StoredSource stored(kept, 500, coded_bound(1500, 3, true));
    int turns = 1;
    for (std::uint64_t work = 1000; !stored.store(work); work = 1000) ++turns;
    EXPECT_EQ(turns, 7) << "256 and four for each byte of three parts: 6,768";
    EXPECT_EQ(stored.length(), 1500U);
    std::uint64_t sum = 0;
    for (int i = 0; i < 3; ++i) {
        const std::string part = part_of(stored, 500);
        EXPECT_EQ(part, part_of(straight, 500));
        sum += part.size();
    }
    EXPECT_EQ(stored.stored(), sum);
}

}  // namespace
}  // namespace seamark::plan
