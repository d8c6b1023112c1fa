// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/host_names.hpp"

#include <gtest/gtest.h>

namespace seamark::net {
namespace {

/// "yes", "no", or "invalid" where the text is no authority.
std::string answer(std::string_view text, const HostNames& names = HostNames{}) {
    const auto authority = parse_authority(text);
    if (!authority) return "invalid";
    return names.include(*authority) ? "yes" : "no";
}

TEST(HostNames, AreLocalhostAndAddresses) {
    for (const char* text : {"localhost",
                             "localhost:8080",
                             "localhost:",
                             "LOCALHOST",
                             "LocalHost:80",
                             "localhost.",
                             "localhost.:8080",
                             "a.localhost",
                             "a.b.localhost:1",
                             "A.Localhost.",
                             "a_b-1.localhost",
                             "127.0.0.1",
                             "127.0.0.1:8080",
                             "127.0.0.1:65535",
                             "127.0.0.1:0",
                             "127.1.2.3",
                             "10.0.0.1",
                             "0.0.0.0:8080",
                             "255.255.255.255",
                             "[::1]",
                             "[::1]:8080",
                             "[::]",
                             "[::ffff:127.0.0.1]:1",
                             "[2001:DB8::1]",
                             "[fe80::1%25eth0]",
                             "[fe80::1%eth0]:80",
                             "[fe80::1%25en-1.2_~]"}) {
        EXPECT_EQ(answer(text), "yes") << text;
    }
}

TEST(HostNames, AreNoOthers) {
    for (const char* text : {"",
                             ":8080",
                             "evil.test",
                             "localhost.evil.test",
                             "127.0.0.1.evil.test",
                             "evillocalhost",
                             "evil-localhost",
                             "localhost..",
                             ".localhost",
                             "a..localhost",
                             ".",
                             "localhos",
                             "localhost1",
                             "localhost.localdomain",
                             "127.0.0.1.",
                             "127.0.0",
                             "127.1",
                             "2130706433",
                             "0x7f000001",
                             "0177.0.0.1",
                             "127.0.0.01",
                             "127.0.0.1.localhos",
                             "%6cocalhost",
                             "local%68ost",
                             "localhost%00",
                             "localhost%2eevil.test",
                             "a+b.localhost",
                             "a*.localhost",
                             "1.2.3.4.5",
                             "256.0.0.1"}) {
        EXPECT_EQ(answer(text), "no") << text;
    }
}

TEST(HostNames, IsNoAuthorityAtAll) {
    for (const char* text : {"localhost:abc",
                             "localhost:80:80",
                             "localhost:-1",
                             "localhost:+80",
                             "localhost: 80",
                             "localhost:65536",
                             "localhost:99999999999",
                             "localhost:80/",
                             "user@localhost",
                             "localhost@evil.test",
                             "localhost:80@evil.test",
                             "localhost evil",
                             "localhost,evil.test ",
                             "localhost/",
                             "localhost\\",
                             "localhost#",
                             "localhost?",
                             "localhost%",
                             "localhost%4",
                             "localhost%zz",
                             "::1",
                             "[::1",
                             "::1]",
                             "[::1]8080",
                             "[::1]:x",
                             "[]",
                             "[localhost]",
                             "[127.0.0.1]",
                             "[::1%]",
                             "[::1%25]",
                             "[::1%25a/b]",
                             "[v1.a]",
                             "[::1]]",
                             "http://localhost",
                             "\"localhost\"",
                             "<localhost>",
                             "loc\xc3\xa4lhost",
                             "local\thost",
                             "[::1%25a%25b]"}) {
        EXPECT_EQ(answer(text), "invalid") << text;
    }
}

TEST(HostNames, AreTheGivenOnesToo) {
    const HostNames names({"App.test", "x.example."});
    for (const char* text : {"app.test", "APP.TEST:80", "app.test.", "x.example", "x.example.:1",
                             "localhost", "127.0.0.1"}) {
        EXPECT_EQ(answer(text, names), "yes") << text;
    }
    for (const char* text :
         {"a.app.test", "app.test.evil", "app", "test", "y.example", "app.test.."}) {
        EXPECT_EQ(answer(text, names), "no") << text;
    }
}

TEST(HostNames, HaveAForm) {
    for (const char* text : {"a", "a.b", "a.b.", "xn--bcher-kva.example", "a_b", "127.0.0.1"}) {
        EXPECT_TRUE(is_host_name(text)) << text;
    }
    for (const char* text : {"", ".", "..", "a..b", ".a", "a:80", "http://a", "a/b", "a b", "*",
                             "*.a", "[::1]", "\xc3\xa4", "a@b", "a\n"}) {
        EXPECT_FALSE(is_host_name(text)) << text;
    }
}

TEST(HostNames, AnAbsoluteTargetHasAnAuthority) {
    EXPECT_EQ(authority_of("http://a:1/b"), "a:1");
    EXPECT_EQ(authority_of("HTTP://a"), "a");
    EXPECT_EQ(authority_of("http://a?b=/"), "a");
    EXPECT_EQ(authority_of("http:///b"), "");
    EXPECT_EQ(authority_of("http://u@a/b"), "u@a");
    for (const char* text :
         {"", "/", "*", "a:1", "/http://a/", "https://a/", "x?http://a/", "http:/a", "//a/b"}) {
        EXPECT_EQ(authority_of(text), std::nullopt) << text;
    }
}

TEST(HostNames, LoopbackIsMoreThanOneAddress) {
    using boost::asio::ip::make_address;
    for (const char* text :
         {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:127.9.9.9"}) {
        EXPECT_TRUE(is_loopback(make_address(text))) << text;
    }
    for (const char* text : {"0.0.0.0", "126.255.255.255", "128.0.0.1", "10.0.0.1", "::", "::2",
                             "fe80::1", "::ffff:10.0.0.1", "::127.0.0.1"}) {
        EXPECT_FALSE(is_loopback(make_address(text))) << text;
    }
}

}  // namespace
}  // namespace seamark::net
