// SPDX-License-Identifier: GPL-2.0-or-later
//
// A server and a client over loopback. What the tags say is held against what each call of send()
// was seen to take, by stream offset.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "http_client.hpp"
#include "net/tests/running_server.hpp"

namespace seamark::testing {
namespace {

/// The indices of the writes that took a byte of [begin, end) of the stream.
std::set<std::uint64_t> carriers(const std::vector<net::SendCall>& calls, std::size_t begin,
                                 std::size_t end) {
    std::set<std::uint64_t> found;
    std::size_t at = 0;
    for (const auto& call : calls) {
        if (call.returned <= 0) continue;
        const std::size_t next = at + static_cast<std::size_t>(call.returned);
        if (at < end && begin < next) found.insert(call.index);
        at = next;
    }
    return found;
}

void expect_true_tags(const Response& response, const std::vector<net::SendCall>& calls) {
    const std::string announced = response.field("Seamark");
    const std::string form = "tag=w; id=";
    ASSERT_TRUE(announced.starts_with(form)) << announced;
    ASSERT_EQ(announced.size(), form.size() + 16) << announced;
    ASSERT_EQ(announced.find_first_not_of("0123456789abcdef", form.size()), std::string::npos);
    const std::size_t body = response.begin;  // read_chunked() counts from the head's first byte
    for (const auto& chunk : response.chunked.chunks) {
        const auto real = carriers(calls, body + chunk.begin, body + chunk.end);
        const auto tag = read_tag(chunk.extension);
        ASSERT_TRUE(tag) << chunk.extension;
        ASSERT_FALSE(real.empty());
        EXPECT_EQ(tag->first, *real.begin()) << chunk.extension;
        EXPECT_EQ(tag->last, *real.rbegin()) << chunk.extension;
        EXPECT_EQ(tag->last - tag->first + 1, real.size()) << chunk.extension;
    }
}

std::string expected_data(int writes, const std::string& behind_number) {
    std::string all;
    for (int i = 1; i <= writes; ++i) all += std::to_string(i) + behind_number;
    return all;
}

TEST(EndToEnd, TagsNameTheWritesThatTheKernelTook) {
    RunningServer server;
    for (const char* query :
         {"", "&split=line", "&split=parts", "&writes-per-chunk=3", "&chunks-per-write=5",
          "&writes-per-chunk=4&split=parts", "&nodelay=1", "&cork=1", "&http=1.1", "&more=1",
          "&gather=1", "&gather=1&head=joined&chunks-per-write=3", "&head=joined&split=parts",
          "&seed=11", "&seed=12&head=joined&gather=1", "&trailers=1", "&sndbuf=1", "&cc=reno",
          "&pacing=100000"}) {
        HttpClient client(server.port());
        client.get("/emit?writes=10&size=8&gap=200us" + std::string(query));
        const Response response = client.response();
        EXPECT_EQ(response.status, 200) << query;
        SCOPED_TRACE(query);
        expect_true_tags(response, server.calls(client.port(), response.end));
        std::string data = expected_data(9, " abcde\n");
        data += "10 abcd\n";
        EXPECT_EQ(response.data, data);
        EXPECT_EQ(response.chunked.chunks.back().data, "");
    }
}

TEST(EndToEnd, TheHeadIsWriteOneAndNumbersGoOnOverKeepAlive) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=3&gap=0");
    const Response first = client.response();
    EXPECT_EQ(first.chunked.chunks.front().extension, ";w=2");
    EXPECT_EQ(first.chunked.chunks.back().extension, ";w=5");

    client.get("/");
    EXPECT_EQ(client.response().field("Content-Type"), "text/html; charset=utf-8");

    client.get("/emit?writes=1&gap=0");
    const Response second = client.response();
    EXPECT_EQ(second.chunked.chunks.front().extension, ";w=8");
    EXPECT_EQ(second.chunked.chunks.back().extension, ";w=9");

    const auto calls = server.calls(client.port(), second.end);
    ASSERT_EQ(calls.size(), 9U);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        EXPECT_EQ(calls[i].index, i + 1);
        EXPECT_EQ(static_cast<std::size_t>(calls[i].returned), calls[i].requested);
        EXPECT_LE(calls[i].times.entered, calls[i].times.returned_at);
    }
    EXPECT_NE(server.log_line({"GET /emit?writes=3&gap=0 200 chunked: 5 writes (1-5), "}), "");
    EXPECT_NE(server.log_line({"GET /emit?writes=1&gap=0 200 chunked: 3 writes (7-9), "}), "");
}

TEST(EndToEnd, GatheredCorkedByMoreAndWithTheHeadInIt) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=3&size=5&gap=0&gather=1&more=1&head=joined");
    const Response response = client.response();
    EXPECT_EQ(response.data, "1 ab\n2 ab\n3 ab\n");
    const auto calls = server.calls(client.port(), response.end);
    expect_true_tags(response, calls);
    ASSERT_EQ(calls.size(), 4U);  // the head is in the first, the last chunk is the fourth
    for (std::size_t i = 0; i < calls.size(); ++i) {
        EXPECT_EQ(calls[i].call, Call::kSendmsg);
        EXPECT_EQ(calls[i].more, i + 1 < calls.size());
    }
}

TEST(EndToEnd, AResponseTakesOffWhatTheOneBeforeItSet) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=2&gap=0&cc=reno&pacing=50000000&more=1&gather=1");
    EXPECT_EQ(client.response().status, 200);
    EXPECT_NE(server.log_line({"cc=reno", ", reno"}), "");
    client.get("/emit?writes=2&gap=0");
    const Response second = client.response();
    const auto calls = server.calls(client.port(), second.end);
    EXPECT_EQ(calls.back().call, Call::kSend);
    EXPECT_FALSE(calls.back().more);
    client.get("/emit?cc=nonesuch");
    const Response refused = client.response();
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.data.find("Parameter \"cc\" has the value \"nonesuch\""), std::string::npos);
    EXPECT_NE(refused.data.find("reno"), std::string::npos);
}

TEST(EndToEnd, PipelinedRequestsAreAnsweredInOrder) {
    RunningServer server;
    HttpClient client(server.port());
    const std::string head = " HTTP/1.1\r\nHost: test\r\n\r\n";
    client.send("GET /emit?writes=2&gap=1ms" + head + "HEAD /emit" + head + "GET /nowhere" + head +
                "GET /emit?writes=1&gap=0&framing=length" + head);
    EXPECT_EQ(client.response().data.size(), 64U);
    EXPECT_EQ(client.response(true).field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.response().status, 404);
    EXPECT_EQ(client.response().data.size(), 32U);
}

TEST(EndToEnd, AllFramingsHaveTheSameDataInTheSameWrites) {
    RunningServer server;
    std::set<std::string> bodies;
    for (const char* query : {"", "&framing=length", "&framing=close", "&http=1.0",
                              "&http=1.0&framing=length", "&tag=none"}) {
        HttpClient client(server.port());
        client.get("/emit?writes=4&size=20&gap=0" + std::string(query));
        const Response response = client.response();
        bodies.insert(response.data);
        const auto calls = server.calls(client.port(), response.end);
        std::vector<std::size_t> sizes;
        for (const auto& call : calls) sizes.push_back(call.requested);
        const bool chunked = response.field("Transfer-Encoding") == "chunked";
        ASSERT_EQ(sizes.size(), chunked ? 6U : 5U) << query;
        EXPECT_EQ(sizes[0], response.head.size()) << query;
        if (!chunked) {
            EXPECT_EQ(std::vector(sizes.begin() + 1, sizes.end()),
                      (std::vector<std::size_t>{20, 20, 20, 20}))
                << query;
        }
        EXPECT_EQ(response.field("Content-Length"),
                  response.head.find("Content-Length") == std::string::npos ? "" : "80")
            << query;
    }
    EXPECT_EQ(bodies, std::set<std::string>{"1 abcdefghijklmnopq\n2 abcdefghijklmnopq\n"
                                            "3 abcdefghijklmnopq\n4 abcdefghijklmnopq\n"});
}

/// Each response has an id of its own.
std::string without_id(std::string head) {
    constexpr std::string_view kId = "; id=";
    const auto at = head.find(kId);
    if (at != std::string::npos) head.erase(at, kId.size() + 16);
    return head;
}

TEST(EndToEnd, HeadHasTheHeadOfGetAndNoBody) {
    RunningServer server;
    HttpClient client(server.port());
    for (const char* target : {"/emit?writes=3", "/emit?framing=length", "/", "/nowhere"}) {
        client.get(target);
        const Response get = client.response();
        client.send("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n");
        const Response head = client.response(true);
        EXPECT_EQ(without_id(head.head), without_id(get.head));
    }
    client.send("HEAD /emit?framing=close HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.response(true).field("Connection"), "close");
    EXPECT_TRUE(client.closed());
}

TEST(EndToEnd, AnHttp10ClientGetsAResponseThatEndsAtClose) {
    RunningServer server;
    HttpClient plain(server.port());
    plain.send("GET /emit?writes=2&gap=0 HTTP/1.0\r\n\r\n");
    const Response response = plain.response();
    EXPECT_TRUE(response.head.starts_with("HTTP/1.0 200 OK\r\n")) << response.head;
    EXPECT_EQ(response.field("Transfer-Encoding"), "");
    EXPECT_EQ(response.field("Content-Length"), "");
    EXPECT_EQ(response.data.size(), 64U);

    HttpClient keeping(server.port());
    const std::string keep = " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    keeping.send("GET /emit?writes=2&gap=0&framing=length" + keep);
    EXPECT_EQ(keeping.response().field("Connection"), "keep-alive");
    keeping.send("GET /emit?framing=chunked" + keep);
    const Response refused = keeping.response();
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.data.find("RFC 9112, section 6.1"), std::string::npos) << refused.data;
}

TEST(EndToEnd, TheConnectionClosesWhereItMust) {
    RunningServer server;
    HttpClient asked(server.port());
    asked.get("/emit?writes=1", "Connection: close\r\n");
    EXPECT_EQ(asked.response().field("Connection"), "close");
    EXPECT_TRUE(asked.closed());

    HttpClient framed(server.port());
    framed.get("/emit?writes=1&framing=close");
    EXPECT_EQ(framed.response().field("Connection"), "close");

    HttpClient old(server.port());
    old.get("/emit?writes=1&framing=length&http=1.0");
    EXPECT_EQ(old.response().data.size(), 32U);
    EXPECT_TRUE(old.closed());
}

TEST(EndToEnd, BadRequestsAreToldWhatIsWrong) {
    RunningServer server;
    struct Case {
        std::string request;
        int status;
        std::string text;
    };
    const std::string tail = " HTTP/1.1\r\nHost: test\r\n\r\n";
    const Case cases[] = {
        {"GET /emit?size=0" + tail, 400, "Parameter \"size\" has the value \"0\""},
        {"GET /emit?size=1000000000000" + tail, 400, "from 1 to 16777216"},
        {"GET /emit?gap=-5ms" + tail, 400, "\"-5ms\""},
        {"GET /emit?f%0ao=%00" + tail, 400, "Parameter \"f\\x0ao\" has the value \"\\x00\""},
        {"GET /emit?a=%zz" + tail, 400, "hexadecimal"},
        {"GET /emit/" + tail, 404, "only /, /emit and /report"},
        {"POST /" + tail, 405, "only GET and HEAD"},
        {"BREW /" + tail, 405, "\"BREW\""},
        {"CONNECT a.test:443" + tail, 405, "\"CONNECT\""},
        {"GET /emit HTTP/1.1\r\n\r\n", 400, "Host"},
        {"GET /emit HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "Host"},
        {"GET /emit HTTP/2.0\r\n\r\n", 505, "HTTP/1.1"},
        {"nonsense\r\n\r\n", 400, "not an HTTP/1.1 request"},
        {"GET / HTTP/1.1\r\nHost: test\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431,
         "16 KiB"},
        {"GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n", 413, "1 MiB"},
    };
    for (const Case& c : cases) {
        HttpClient client(server.port());
        client.send(c.request);
        const Response response = client.response();
        EXPECT_EQ(response.status, c.status) << c.request;
        EXPECT_NE(response.data.find(c.text), std::string::npos) << c.request << response.data;
        EXPECT_TRUE(response.field("Content-Type").starts_with("text/plain"));
        EXPECT_EQ(response.field("Allow"), c.status == 405 ? "GET, HEAD" : "");
    }
}

TEST(EndToEnd, AnErrorInAQueryDoesNotCostTheConnection) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=abc");
    EXPECT_EQ(client.response().status, 400);
    client.get("/emit?writes=1");
    EXPECT_EQ(client.response().status, 200);
}

TEST(EndToEnd, RequestBodiesAreReadAndDropped) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=1&gap=0", "Content-Length: 5\r\n");
    client.send("hello");
    EXPECT_EQ(client.response().status, 200);
    client.get("/emit?writes=1&gap=0", "Transfer-Encoding: chunked\r\n");
    client.send("3;x=y\r\nabc\r\n0\r\n\r\n");
    EXPECT_EQ(client.response().status, 200);

    client.get("/emit?writes=1&gap=0", "Content-Length: 3\r\nExpect: 100-continue\r\n");
    EXPECT_EQ(client.response().status, 100);
    client.send("abc");
    const Response last = client.response();
    EXPECT_EQ(last.status, 200);
    expect_true_tags(last, server.calls(client.port(), last.end));
}

TEST(EndToEnd, TheLogLineHasTheFigures) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=3&gap=10ms&framing=length");
    const Response response = client.response();
    const std::string line = server.log_line({"GET /emit?writes=3"});
    const std::regex form(
        "127\\.0\\.0\\.1:([0-9]+) GET /emit\\?writes=3&gap=10ms&framing=length "
        "200 content-length: 4 writes \\(1-4\\), ([0-9]+) bytes, "
        "([0-9.]+) ms, [a-z0-9_-]+");
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, form)) << line;
    EXPECT_EQ(parts[1], std::to_string(client.port()));
    EXPECT_EQ(parts[2], std::to_string(response.end));
    EXPECT_GE(std::stod(parts[3]), 30.0) << "gaps were not kept";
}

TEST(EndToEnd, ConnectionsAboveTheLimitAreTurnedAwayWithAWord) {
    RunningServer server({.max_connections = 2});
    HttpClient first(server.port());
    HttpClient second(server.port());
    first.get("/emit?writes=1");
    first.response();
    second.get("/emit?writes=1");
    second.response();
    {
        HttpClient third(server.port());
        const Response response = third.response();
        EXPECT_EQ(response.status, 503);
        EXPECT_NE(response.data.find("--max-connections"), std::string::npos);
        EXPECT_TRUE(third.closed());
    }
    EXPECT_NE(server.log_line({"turned away"}), "");
    first.get("/emit?writes=1");
    EXPECT_EQ(first.response().status, 200);
}

}  // namespace
}  // namespace seamark::testing
