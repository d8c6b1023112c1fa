// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_check.hpp"

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <string>

namespace seamark::net {
namespace {

using RequestParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

/// The status of the refusal, by the parser (400) or the check; else the request's host in quotes.
std::string check_of(const std::string& head, const HostNames* names) {
    RequestParser parser;
    parser.body_limit(boost::none);
    boost::beast::error_code error;
    parser.put(boost::asio::buffer(head + "\r\n"), error);
    if (error) return "400";
    auto checked = check_request({parser, parser.get()}, names);
    if (const auto* refusal = std::get_if<Refusal>(&checked))
        return std::to_string(refusal->status);
    return '"' + std::get<Request>(checked).host + '"';
}

TEST(RequestCheck, WantsOneValidHostField) {
    const std::string get = "GET / HTTP/1.1\r\n";
    const std::string old = "GET / HTTP/1.0\r\n";
    EXPECT_EQ(check_of(get + "Host: a:1\r\n", nullptr), "\"a:1\"");
    EXPECT_EQ(check_of(get + "hOST:a\r\n", nullptr), "\"a\"");
    EXPECT_EQ(check_of(get + "Host:\r\n", nullptr), "\"\"");
    EXPECT_EQ(check_of(get, nullptr), "400");
    EXPECT_EQ(check_of(get + "Host: a\r\nHost: a\r\n", nullptr), "400");
    EXPECT_EQ(check_of(get + "Host: a b\r\n", nullptr), "400");
    EXPECT_EQ(check_of(get + "Host: u@a\r\n", nullptr), "400");
    EXPECT_EQ(check_of(get + "Host : a\r\n", nullptr), "400");
    EXPECT_EQ(check_of(old, nullptr), "\"\"");
    EXPECT_EQ(check_of(old + "Host: a\r\n", nullptr), "\"a\"");
    EXPECT_EQ(check_of(old + "Host: a\r\nHost: b\r\n", nullptr), "400");
    EXPECT_EQ(check_of(old + "Host: a/b\r\n", nullptr), "400");
}

TEST(RequestCheck, AnAbsoluteTargetStandsInPlaceOfTheHostField) {
    const HostNames names;
    const std::string good = "Host: localhost\r\n";
    const std::string evil = "Host: evil.test\r\n";
    const auto target = [](const std::string& text) { return "GET " + text + " HTTP/1.1\r\n"; };
    EXPECT_EQ(check_of(target("http://localhost:1/a") + evil, &names), "\"localhost:1\"");
    EXPECT_EQ(check_of(target("HTTP://[::1]") + evil, &names), "\"[::1]\"");
    EXPECT_EQ(check_of(target("http://evil.test/a") + good, &names), "421");
    EXPECT_EQ(check_of(target("hTTp://evil.test:80?a") + good, &names), "421");
    EXPECT_EQ(check_of(target("http://localhost/") + "", &names), "400");
    EXPECT_EQ(check_of(target("http:///a") + good, &names), "400");
    EXPECT_EQ(check_of(target("http://localhost@evil.test/") + good, &names), "400");
    EXPECT_EQ(check_of(target("http://evil.test@localhost/") + good, &names), "400");
    EXPECT_EQ(check_of(target("http://localhost:x/") + good, &names), "400");
    EXPECT_EQ(check_of(target("http://localhost\\@evil.test/") + good, &names), "400");
    // No absolute form: route() refuses them, and the Host field counts.
    EXPECT_EQ(check_of(target("x?http://localhost/") + evil, &names), "421");
    EXPECT_EQ(check_of(target("//localhost/") + evil, &names), "421");
    EXPECT_EQ(check_of(target("https://localhost/") + evil, &names), "421");
    EXPECT_EQ(check_of("GET http://evil.test/ HTTP/1.0\r\n", &names), "421");
    EXPECT_EQ(check_of("GET http://localhost/ HTTP/1.0\r\n", &names), "\"localhost\"");
}

TEST(RequestCheck, AnotherHostIsRefusedWhateverIsAskedFor) {
    const HostNames names({"app.test"});
    for (const char* line :
         {"GET / HTTP/1.1", "HEAD /emit HTTP/1.1", "POST /emit HTTP/1.1", "OPTIONS * HTTP/1.1",
          "CONNECT localhost:80 HTTP/1.1", "BREW /nowhere HTTP/1.1", "GET / HTTP/1.0"}) {
        const std::string start = std::string(line) + "\r\n";
        EXPECT_EQ(check_of(start + "Host: evil.test\r\n", &names), "421") << line;
        EXPECT_EQ(check_of(start + "Host: evil.test:8080\r\n", &names), "421") << line;
        EXPECT_EQ(check_of(start + "Host:\r\n", &names), "421") << line;
        EXPECT_EQ(check_of(start + "Host: APP.test.:1\r\n", &names), "\"APP.test.:1\"") << line;
        EXPECT_EQ(check_of(start + "Host: 10.1.2.3:1\r\n", &names), "\"10.1.2.3:1\"") << line;
        EXPECT_EQ(check_of(start + "Host: evil.test\r\n", nullptr), "\"evil.test\"") << line;
    }
    EXPECT_EQ(check_of("GET / HTTP/1.0\r\n", &names), "\"\"");
}

TEST(RequestCheck, ExpectIsContinueOrNothing) {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    const auto waits = [](const std::string& text) {
        RequestParser parser;
        boost::beast::error_code error;
        parser.put(boost::asio::buffer(text + "\r\n"), error);
        return std::get<Request>(check_request({parser, parser.get()}, nullptr)).waits;
    };
    EXPECT_FALSE(waits(head));
    EXPECT_TRUE(waits(head + "Expect: 100-Continue\r\n"));
    EXPECT_FALSE(waits(head + "Expect:\r\n"));
    EXPECT_FALSE(waits("GET / HTTP/1.0\r\nExpect: 100-continue\r\n"));
    EXPECT_FALSE(waits("GET / HTTP/1.0\r\nExpect: else\r\n"));
    EXPECT_EQ(check_of(head + "Expect: 200-ok\r\n", nullptr), "417");
    EXPECT_EQ(check_of(head + "Expect: 100-continue, else\r\n", nullptr), "417");
    EXPECT_EQ(check_of(head + "Expect: 100-continue\r\nExpect: else\r\n", nullptr), "417");
}

TEST(RequestCheck, TheLimitOfABodyIsToldLast) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
    EXPECT_EQ(check_of(head + "Content-Length: 1048576\r\n", nullptr), "\"a\"");
    for (const char* length : {"1048577", "99999999", "18446744073709551615"}) {
        const std::string field = "Content-Length: " + std::string(length) + "\r\n";
        EXPECT_EQ(check_of(head + field, nullptr), "413");
        EXPECT_EQ(check_of(head + field + "Transfer-Encoding: IDENTITY\r\n", nullptr), "400");
        EXPECT_EQ(check_of(head + field + "Host: b\r\n", nullptr), "400");
        EXPECT_EQ(check_of(head + field + "Expect: else\r\n", nullptr), "417");
    }
}

TEST(RequestCheck, TheParserMustFindTheSameEnd) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
    for (const char* lines :
         {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding: chunked;foo\r\n", "Transfer-Encoding: chunked, chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", "Content-Length: 5, 6\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: +5\r\n",
          "Content-Length:\r\n", "Transfer-Encoding:\r\n", "Transfer-Encoding : chunked\r\n"}) {
        EXPECT_EQ(check_of(head + lines, nullptr), "400") << lines;
    }
    for (const char* lines :
         {"Transfer-Encoding: chunked\r\n", "tRANSFER-eNCODING: ,Chunked\r\n",
          "Transfer-Encoding: \r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\n",
          "Content-Length: 5, 5\r\n", "content-length: 5\r\nContent-Length: 5\r\n", ""}) {
        EXPECT_EQ(check_of(head + lines, nullptr), "\"a\"") << lines;
    }
    EXPECT_EQ(check_of(head + "Transfer-Encoding: gzip, chunked\r\n", nullptr), "501");
    EXPECT_EQ(check_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", nullptr), "400");
}

}  // namespace
}  // namespace seamark::net
