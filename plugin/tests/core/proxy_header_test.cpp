// SPDX-License-Identifier: GPL-2.0-or-later
//
// The PROXY protocol's header in front of the first message.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/feeder.hpp"

namespace seamark::proxy_header_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";
const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.1 50000 80\r\n";  // 44

std::string binary(std::string_view behind_signature) {
    std::string text("\r\n\r\n\0\r\nQUIT\n", 12);
    return text += behind_signature;
}
const std::string kBinary = binary(
    std::string_view("\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x01\xc3\x50\x00\x50", 16));

/// "1 0+44 TCP4 …; messages at 44": what was found, however the bytes are cut.
std::string found(const std::string& bytes, const std::vector<std::size_t>& cuts) {
    Feeder feeder;
    std::size_t at = 0;
    for (const std::size_t cut : cuts) {
        feeder.client(std::string_view(bytes).substr(at, cut - at));
        at = cut;
    }
    feeder.client(std::string_view(bytes).substr(at));
    feeder.finish();
    const Stream& stream = feeder.stream(kClient);
    std::string text;
    if (const ProxyHeader* header = stream.messages().proxy_header())
        text = std::to_string(header->version) + " " +
               std::to_string(stream.public_offset(header->range.begin).value) + "+" +
               std::to_string(header->range.length()) + " " + header->says;
    for (const Message& message : stream.messages())
        text += "; at " + std::to_string(stream.public_offset(message.head.begin).value);
    return text;
}

void expect_at_every_cut(const std::string& bytes, const std::string& wanted) {
    EXPECT_EQ(found(bytes, {}), wanted);
    std::vector<std::size_t> all;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        EXPECT_EQ(found(bytes, {cut}), wanted) << "cut at " << cut;
        all.push_back(cut);
    }
    EXPECT_EQ(found(bytes, all), wanted) << "byte by byte";
}

TEST(ProxyHeader, IsSteppedOver) {
    expect_at_every_cut(kLine + kGet, "1 0+44 TCP4 192.0.2.1 198.51.100.1 50000 80; at 44");
    expect_at_every_cut(kBinary + kGet, "2 0+28 TCP4 192.0.2.1 198.51.100.1 50000 80; at 28");
    expect_at_every_cut("PROXY UNKNOWN\r\n" + kGet, "1 0+15 UNKNOWN; at 15");
}

TEST(ProxyHeader, Version2OfOtherKinds) {
    EXPECT_EQ(found(binary(std::string_view("\x20\x00\x00\x00", 4)) + kGet, {}),
              "2 0+16 LOCAL; at 16");
    const std::string six = std::string("\x21\x21\x00\x24", 4) +
                            std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16) +
                            std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16) +
                            std::string("\xc3\x50\x00\x50", 4);
    EXPECT_EQ(found(binary(six) + kGet, {}),
              "2 0+52 TCP6 2001:db8:0:0:0:0:0:1 2001:db8:0:0:0:0:0:2 50000 80; at 52");
    const std::string unix_socket = std::string("\x21\x31\x00\x02", 4) + "ab";
    EXPECT_EQ(found(binary(unix_socket) + kGet, {}), "2 0+18 UNKNOWN; at 18");
}

TEST(ProxyHeader, IsNoneElsewhereAndNoneThatIsMalformed) {
    EXPECT_EQ(found(kGet + kLine + kGet, {}), "; at 0") << "in mid-segment nothing is searched for";
    EXPECT_EQ(found(kGet + kLine + kGet, {18, 62}), "; at 0; at 62");
    for (const char* line : {"PROXY TCP5 1 2 3 4\r\n", "PROXY TCP4 1 2 3 4\n",
                             "PROXY TCP4 1\r2\r\n", "PROXIES\r\n", "POST\r\n"})
        EXPECT_EQ(found(line + kGet, {std::string_view(line).size()}),
                  "; at " + std::to_string(std::string_view(line).size()))
            << line;
    const std::string long_line = "PROXY UNKNOWN " + std::string(100, 'x') + "\r\n";
    EXPECT_EQ(found(long_line + kGet, {long_line.size()}),
              "; at " + std::to_string(long_line.size()));
    EXPECT_EQ(found("PROXY /x HTTP/1.1\r\n\r\n", {}), "; at 0") << "a method may be called so";
}

}  // namespace
}  // namespace seamark::proxy_header_test
