// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the parameters that set something in the kernel do to the calls, as an observer of each call
// sees it.
#include <gtest/gtest.h>

#include "http_client.hpp"
#include "net/tests/running_server.hpp"

namespace seamark::testing {
namespace {

/// One response to `query`, and the calls that it took.
struct Exchange {
    Response response;
    std::vector<net::SendCall> calls;
};

Exchange emission(RunningServer& server, const std::string& query) {
    HttpClient client(server.port());
    client.get("/emit?" + query);
    Exchange got{.response = client.response(), .calls = {}};
    got.calls = server.calls(client.port(), got.response.end);
    return got;
}

TEST(Knobs, MoreIsOnEachWriteOfTheBodyButTheLast) {
    RunningServer server;
    for (const std::string framing : {"chunked", "length", "close"}) {
        const auto [response, calls] = emission(server, "writes=3&gap=0&more=1&framing=" + framing);
        const std::size_t writes = framing == "chunked" ? 5 : 4;
        ASSERT_EQ(calls.size(), writes) << framing;
        EXPECT_FALSE(calls.front().more) << "the head";
        for (std::size_t i = 1; i + 1 < writes; ++i) EXPECT_TRUE(calls[i].more) << framing << i;
        EXPECT_FALSE(calls.back().more) << framing;
    }
    for (const auto& call : emission(server, "writes=3&gap=0").calls) EXPECT_FALSE(call.more);
}

TEST(Knobs, GatherIsOneCallOfSendmsgForEachWriteWithTheSameBytes) {
    RunningServer server;
    const Exchange plain = emission(server, "writes=4&gap=0&chunks-per-write=3");
    const Exchange gathered = emission(server, "writes=4&gap=0&chunks-per-write=3&gather=1");
    EXPECT_EQ(gathered.response.raw, plain.response.raw);
    ASSERT_EQ(gathered.calls.size(), plain.calls.size());
    for (std::size_t i = 0; i < plain.calls.size(); ++i) {
        EXPECT_EQ(plain.calls[i].call, Call::kSend);
        EXPECT_EQ(gathered.calls[i].call, i == 0 ? Call::kSend : Call::kSendmsg) << i;
        EXPECT_EQ(gathered.calls[i].requested, plain.calls[i].requested);
    }
}

TEST(Knobs, AShortGatheredWriteGoesOnWhereItEnded) {
    RunningServer server;
    HttpClient client(server.port(), 4096);
    client.get("/emit?writes=3&gap=0&size=3000000&gather=1&chunks-per-write=100");
    const Response response = client.response();
    EXPECT_TRUE(response.chunked.complete) << response.chunked.fault;
    EXPECT_EQ(response.data.size(), 9'000'000U);
    HttpClient plain(server.port());
    plain.get("/emit?writes=3&gap=0&size=3000000&framing=length");
    EXPECT_TRUE(plain.response().data == response.data);
    EXPECT_NE(server.log_line({"was short", "gather=1"}), "") << "not what this is to test";
}

TEST(Knobs, AJoinedHeadIsInTheFirstWriteOfTheBody) {
    RunningServer server;
    const auto [response, calls] = emission(server, "writes=3&gap=0&head=joined");
    ASSERT_EQ(calls.size(), 4U);
    EXPECT_EQ(calls[0].requested, response.head.size() + response.chunked.chunks[0].end -
                                      response.chunked.chunks[0].begin);
    EXPECT_EQ(response.chunked.chunks[0].extension, ";w=1");
}

TEST(Knobs, TrailersAreAnnouncedAndTrue) {
    RunningServer server;
    const auto [response, calls] = emission(server, "writes=3&gap=0&trailers=1");
    EXPECT_EQ(response.field("Trailer"), "Seamark-Last-Write, Seamark-Body-Bytes");
    EXPECT_TRUE(
        response.raw.ends_with("0;w=5\r\nSeamark-Last-Write: 5\r\nSeamark-Body-Bytes: 96\r\n\r\n"))
        << response.raw;
    EXPECT_EQ(calls.back().index, 5U);
}

}  // namespace
}  // namespace seamark::testing
