// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/http_url.hpp"

#include <gtest/gtest.h>

namespace seamark::net {
namespace {

TEST(HttpUrl, IsTakenApart) {
    struct Case {
        const char *text, *host, *port, *target, *authority;
        bool tls = false;
    };
    for (const Case& c : {
             Case{"http://a", "a", "80", "/", "a"},
             Case{"HTTP://a", "a", "80", "/", "a"},
             Case{"hTtP://A:81/B", "A", "81", "/B", "A:81"},
             Case{"http://127.0.0.1:8080/emit?writes=3", "127.0.0.1", "8080", "/emit?writes=3",
                  "127.0.0.1:8080"},
             Case{"http://a?b=/c", "a", "80", "/?b=/c", "a"},
             Case{"http://a:/b#c", "a", "80", "/b", "a:"},
             Case{"http://[::1]/x", "::1", "80", "/x", "[::1]"},
             Case{"http://[::1]:81", "::1", "81", "/", "[::1]:81"},
             Case{"https://a", "a", "443", "/", "a", true},
             Case{"HTTPS://a:80/b", "a", "80", "/b", "a:80", true},
         }) {
        const auto url = parse_url(c.text);
        ASSERT_TRUE(url) << c.text;
        EXPECT_EQ(url->host, c.host) << c.text;
        EXPECT_EQ(url->port, c.port) << c.text;
        EXPECT_EQ(url->target, c.target) << c.text;
        EXPECT_EQ(url->authority, c.authority) << c.text;
        EXPECT_EQ(url->tls, c.tls) << c.text;
    }
}

TEST(HttpUrl, AnythingElseIsNone) {
    for (const char* text : {"",
                             "a",
                             "http:",
                             "http://",
                             "http:///x",
                             "https:///x",
                             "ftp://a",
                             "http://a:0",
                             "http://a:65536",
                             "http://a:x",
                             "http://a:80x",
                             "http://[::1",
                             "http://[]",
                             "http://[::1]8",
                             "http://user@a",
                             "http://a/b c",
                             "httpx://a",
                             "HTTPSS://a",
                             "http:/a",
                             "http://a/\r\nX: y",
                             "http://a/\xc3\xa4"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

}  // namespace
}  // namespace seamark::net
