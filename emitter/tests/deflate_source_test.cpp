// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/deflate_source.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "plan/memory_needed.hpp"

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

std::string part_of(BodySource& source, std::uint64_t raw) {
    std::string bytes(source.prepare(raw), '\0');
    EXPECT_EQ(source.put(bytes.data(), bytes.size()), bytes.data() + bytes.size());
    return bytes;
}

TEST(DeflateSource, EachWritesPartCanBeTakenApartAtOnce) {
    for (const Coding coding : {Coding::gzip, Coding::deflate}) {
        for (const std::uint64_t size : {1, 2, 32, 1000, 70'000}) {
            PayloadSource plain(5, size);
            PayloadSource inner(5, size);
            DeflateSource coded(inner, coding);
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

TEST(DeflateSource, TheSameBytesComeOfManyTurns) {
    for (const std::uint64_t size : {1, 300, 100'000}) {
        PayloadSource one(4, size);
        PayloadSource other(4, size);
        DeflateSource at_once(one, Coding::gzip);
        DeflateSource bit_by_bit(other, Coding::gzip);
        for (int i = 0; i < 4; ++i) {
            for (std::uint64_t work = 700; !bit_by_bit.advance(size, work); work = 700) {
                ASSERT_LT(work, 256U) << "work was left, and not done";
            }
            EXPECT_EQ(part_of(bit_by_bit, size), part_of(at_once, size)) << size << ' ' << i;
        }
    }
}

TEST(DeflateSource, MadeUpDataBecomesNoMoreThanItsBound) {
    for (const std::uint64_t size : {1, 2, 3, 7, 16, 26, 32, 33, 100, 1000, 30'000, 1'000'000}) {
        const std::uint64_t writes = size > 10'000 ? 20 : 20'000;
        PayloadSource inner(writes, size);
        DeflateSource coded(inner, Coding::gzip);
        std::uint64_t sum = 0;
        for (std::uint64_t i = 0; i < writes; ++i) {
            const std::uint64_t part = coded.prepare(size);
            EXPECT_LE(part, coded_bound(size, 1, true)) << size << ' ' << i;
            sum += part;
        }
        EXPECT_LE(sum, coded_bound(writes * size, writes, true)) << size;
    }
}

TEST(StoredSource, HasTheSamePartsAndKnowsTheirSum) {
    PayloadSource one(3, 500);
    PayloadSource other(3, 500);
    DeflateSource straight(one, Coding::gzip);
    DeflateSource kept(other, Coding::gzip);
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
