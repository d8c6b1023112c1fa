// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/tcp_header.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace seamark::tcp_header_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes header(std::uint8_t flags, const Bytes& options, std::uint8_t words = 0) {
    Bytes bytes{0x1f, 0x90, 0xd4, 0x31,  0xde, 0xad, 0xbe, 0xef, 0, 0,
                0,    0,    0,    flags, 0,    0,    0,    0,    0, 0};
    for (const std::uint8_t byte : options) bytes.push_back(byte);
    bytes[12] = static_cast<std::uint8_t>((words != 0 ? words : bytes.size() / 4) << 4);
    return bytes;
}

TEST(TcpHeader, ReadsTheFixedPart) {
    const auto h = parse_tcp_header(header(0x11, {}));
    ASSERT_TRUE(h);
    EXPECT_EQ(h->sequence, RawSequence{0xdeadbeef});
    EXPECT_EQ(h->length, 20);
    EXPECT_EQ(h->options_length, 0);
    EXPECT_TRUE(h->fin);
    EXPECT_FALSE(h->syn);
    EXPECT_FALSE(h->rst);
    EXPECT_TRUE(parse_tcp_header(header(0x04, {}))->rst);
    EXPECT_TRUE(parse_tcp_header(header(0x12, {}))->syn);
}

TEST(TcpHeader, RefusesWhatIsNoHeader) {
    EXPECT_FALSE(parse_tcp_header({}));
    const Bytes whole = header(0x10, {});
    EXPECT_FALSE(parse_tcp_header(std::span(whole).first(19)));
    EXPECT_FALSE(parse_tcp_header(header(0x10, {}, 4))) << "a data offset below 5";
}

TEST(TcpHeader, FindsTheMssOption) {
    struct Case {
        const char* what;
        Bytes options;
        std::optional<std::uint16_t> mss;
    };
    const Case cases[] = {
        {"alone", {2, 4, 0x05, 0xb4}, 1460},
        {"behind no-operations", {1, 1, 1, 1, 2, 4, 0xff, 0xd7}, 65495},
        {"behind another option", {8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 2, 0x18, 0, 0}, 536},
        {"behind the end of the list", {0, 0, 0, 0, 2, 4, 0x05, 0xb4}, std::nullopt},
        {"of a wrong length", {2, 3, 0x05, 0xb4}, std::nullopt},
        {"an option of length 0", {8, 0, 2, 4}, std::nullopt},
        {"an option that reaches too far", {8, 40, 2, 4}, std::nullopt},
        {"a kind at the very end", {1, 1, 1, 2}, std::nullopt},
        {"none", {}, std::nullopt},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        const auto h = parse_tcp_header(header(0x02, c.options));
        ASSERT_TRUE(h);
        EXPECT_EQ(h->announced_mss, c.mss);
        EXPECT_EQ(h->options_length, c.options.size());
    }
    EXPECT_FALSE(parse_tcp_header(header(0x10, {2, 4, 0x05, 0xb4}))->announced_mss)
        << "only a SYN announces";
}

TEST(TcpHeader, SeesMultipathOptions) {
    EXPECT_TRUE(parse_tcp_header(header(0x02, {30, 4, 0x01, 0x81}))->multipath) << "MP_CAPABLE";
    EXPECT_TRUE(parse_tcp_header(header(0x02, {30, 4, 0x10, 1}))->multipath) << "MP_JOIN";
    EXPECT_TRUE(parse_tcp_header(header(0x10, {1, 1, 30, 6, 0x20, 1, 0, 0}))->multipath) << "DSS";
    EXPECT_FALSE(parse_tcp_header(header(0x10, {30, 4, 0x60, 1}))->multipath) << "MP_FAIL";
    EXPECT_FALSE(parse_tcp_header(header(0x02, {30, 2, 1, 1}))->multipath);
}

TEST(TcpHeader, TreatsOptionsThatTheSnapLengthCutAsAbsent) {
    const Bytes whole = header(0x02, {1, 1, 1, 1, 2, 4, 0x05, 0xb4});
    for (std::size_t captured = 20; captured < whole.size(); ++captured) {
        const auto h = parse_tcp_header(std::span(whole).first(captured));
        ASSERT_TRUE(h);
        EXPECT_FALSE(h->announced_mss) << captured;
        EXPECT_EQ(h->options_length, 8) << "the header says so, captured or not";
    }
}

}  // namespace
}  // namespace seamark::tcp_header_test
