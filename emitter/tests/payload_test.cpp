// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/payload.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::plan {
namespace {

std::string slice(std::string_view number, std::uint64_t size, std::uint64_t offset,
                  std::uint64_t length) {
    std::string out(length + 1, '!');
    const char* const end = put_payload(out.data(), number, size, offset, length);
    EXPECT_EQ(end, out.data() + length);
    EXPECT_EQ(out.back(), '!') << "wrote too far";
    out.pop_back();
    return out;
}

std::string payload(std::string_view number, std::uint64_t size) {
    return slice(number, size, 0, size);
}

TEST(Payload, BeginsWithItsNumberAndEndsItsLine) {
    EXPECT_EQ(payload("7", 32), "7 abcdefghijklmnopqrstuvwxyzabc\n");
    EXPECT_EQ(payload("10000000", 12), "10000000 ab\n");
    EXPECT_EQ(payload("12", 4), "12 \n");
    EXPECT_EQ(payload("12", 3), "12\n");
    EXPECT_EQ(payload("12", 2), "1\n");
    EXPECT_EQ(payload("12", 1), "1");
}

TEST(Payload, AnySliceIsThatPartOfTheWhole) {
    for (const std::uint64_t size : {1, 2, 3, 5, 31, 32, 33, 60}) {
        const std::string whole = payload("123", size);
        ASSERT_EQ(whole.size(), size);
        for (std::uint64_t from = 0; from <= size; ++from) {
            for (std::uint64_t to = from; to <= size; ++to) {
                ASSERT_EQ(slice("123", size, from, to - from), whole.substr(from, to - from))
                    << from << " to " << to << " of " << size;
            }
        }
    }
}

TEST(Payload, LargeOnesGoOnThroughTheAlphabet) {
    const std::uint64_t size = 100'000;
    const std::string whole = payload("1", size);
    ASSERT_EQ(whole.size(), size);
    for (std::uint64_t i = 2; i < size - 1; ++i) {
        ASSERT_EQ(whole[i], static_cast<char>('a' + (i - 2) % 26)) << i;
    }
    EXPECT_EQ(slice("1", size, 50'000, 10'000), whole.substr(50'000, 10'000));
}

}  // namespace
}  // namespace seamark::plan
