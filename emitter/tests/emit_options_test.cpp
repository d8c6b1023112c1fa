// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/emit_options.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "net/server/request_target.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

std::variant<EmitOptions, OptionError> parse(const std::string& query,
                                             HttpVersion requested = HttpVersion::http_1_1,
                                             bool tls = false) {
    return parse_emit_options(net::split_target("/emit?" + query).value().query, requested,
                              std::nullopt, tls);
}

EmitOptions good(const std::string& query, HttpVersion requested = HttpVersion::http_1_1) {
    const auto result = parse(query, requested);
    if (const auto* error = std::get_if<OptionError>(&result)) {
        ADD_FAILURE() << query << ": " << to_text(*error);
        return {};
    }
    return std::get<EmitOptions>(result);
}

struct BadQuery {
    std::string query;
    std::string parameter;
    std::string value;
    std::string allowed;  ///< a part of what the message says is allowed
    HttpVersion requested = HttpVersion::http_1_1;
};

void PrintTo(const BadQuery& bad, std::ostream* out) {
    *out << bad.query;
}

class BadQueries : public ::testing::TestWithParam<BadQuery> {};

TEST_P(BadQueries, AreRefusedWithTheirName) {
    const BadQuery& bad = GetParam();
    const auto result = parse(bad.query, bad.requested);
    const auto* error = std::get_if<OptionError>(&result);
    ASSERT_NE(error, nullptr) << "was taken";
    EXPECT_EQ(error->parameter, bad.parameter);
    EXPECT_EQ(error->value, bad.value);
    EXPECT_NE(error->allowed.find(bad.allowed), std::string::npos) << error->allowed;
}

const BadQuery bad_queries[] = {
    {"size=0", "size", "0", "from 1 to 16777216"},
    {"size=16777217", "size", "16777217", "from 1 to 16777216"},
    {"size=1000000000000", "size", "1000000000000", "from 1 to 16777216"},
    {"size=99999999999999999999999", "size", "99999999999999999999999", "from 1 to 16777216"},
    {"size=+5", "size", " 5", "whole number"},
    {"size=0x20", "size", "0x20", "whole number"},
    {"size=32b", "size", "32b", "whole number"},
    {"size=", "size", "", "whole number"},
    {"size", "size", "", "whole number"},
    {"writes=abc", "writes", "abc", "from 1 to 10000000"},
    {"writes=0", "writes", "0", "from 1 to 10000000"},
    {"writes=-1", "writes", "-1", "from 1 to 10000000"},
    {"writes=10000001&gap=0", "writes", "10000001", "from 1 to 10000000"},
    {"writes=1.5", "writes", "1.5", "whole number"},
    {"gap=-5ms", "gap", "-5ms", "up to 60s"},
    {"gap=5", "gap", "5", "with a unit (us, ms, s)"},
    {"gap=ms", "gap", "ms", "with a unit"},
    {"gap=5min", "gap", "5min", "with a unit"},
    {"gap=5%20ms", "gap", "5 ms", "with a unit"},
    {"gap=61s", "gap", "61s", "up to 60s"},
    {"gap=60000001us", "gap", "60000001us", "up to 60s"},
    {"gap=9223372036854775807s", "gap", "9223372036854775807s", "up to 60s"},
    {"nodelay=2", "nodelay", "2", "0, 1"},
    {"nodelay=true", "nodelay", "true", "0, 1"},
    {"cork=yes", "cork", "yes", "0, 1"},
    {"more=on", "more", "on", "0, 1"},
    {"gather=", "gather", "", "0, 1"},
    {"head=together", "head", "together", "apart, joined"},
    {"sndbuf=0", "sndbuf", "0", "from 1 to 16777216"},
    {"sndbuf=16777217", "sndbuf", "16777217", "from 1 to 16777216"},
    {"cc=", "cc", "", "the name of a congestion control"},
    {"cc=Cubic", "cc", "Cubic", "the name of a congestion control"},
    {"cc=cubic%0d%0aX:", "cc", "cubic\r\nX:", "the name of a congestion control"},
    {"cc=abcdefghijklmnop", "cc", "abcdefghijklmnop", "the name of a congestion control"},
    {"pacing=0", "pacing", "0", "from 1 to 100000000000"},
    {"pacing=1M", "pacing", "1M", "from 1 to 100000000000"},
    {"framing=Chunked", "framing", "Chunked", "chunked, length, close"},
    {"http=2", "http", "2", "1.0, 1.1"},
    {"tag=x", "tag", "x", "w, none"},
    {"split=all", "split", "all", "none, line, parts"},
    {"chunks-per-write=0", "chunks-per-write", "0", "from 1 to 1000"},
    {"chunks-per-write=1001&size=2000", "chunks-per-write", "1001", "from 1 to 1000"},
    {"writes-per-chunk=1001", "writes-per-chunk", "1001", "from 1 to 1000"},
    {"foo=1", "foo", "1",
     "writes, size, gap, gap-seed, events, framing, http, tag, chunks-per-write"},
    {"Size=1", "Size", "1", "only these parameters"},
    {"=1", "", "1", "only these parameters"},
    {"writes=1&writes=1", "writes", "1", "each parameter once"},
    {"writes=1&size=1&wr%69tes=2", "writes", "2", "each parameter once"},
    {"chunks-per-write=2&writes-per-chunk=3", "writes-per-chunk", "3", "only one of"},
    {"writes-per-chunk=3&chunks-per-write=2", "writes-per-chunk", "3", "only one of"},
    {"chunks-per-write=1&writes-per-chunk=1", "writes-per-chunk", "1", "only one of"},
    {"chunks-per-write=33", "chunks-per-write", "33", "at most size (32)"},
    {"chunks-per-write=2&split=line", "split", "line", "several chunks"},
    {"framing=chunked&http=1.0", "framing", "chunked", "RFC 9112, section 6.1"},
    {"framing=chunked", "framing", "chunked", "request was HTTP/1.0", HttpVersion::http_1_0},
    {"framing=chunked&http=1.1", "framing", "chunked", "request was HTTP/1.0",
     HttpVersion::http_1_0},
    {"tag=w", "tag", "w", "framing=chunked", HttpVersion::http_1_0},
    {"tag=w&framing=length", "tag", "w", "framing=chunked"},
    {"tag=w&framing=close", "tag", "w", "framing=chunked"},
    {"split=line&framing=length", "split", "line", "framing=chunked"},
    {"chunks-per-write=2&framing=close", "chunks-per-write", "2", "framing=chunked"},
    {"writes-per-chunk=2&http=1.0", "writes-per-chunk", "2", "framing=chunked"},
    {"writes=10000000&size=16777216&gap=0", "size", "16777216", "17179869184"},
    {"writes=1025&size=16777216&gap=0", "size", "16777216", "17179869184"},
    {"seed=-1", "seed", "-1", "from 0 to 4294967295"},
    {"seed=4294967296", "seed", "4294967296", "from 0 to 4294967295"},
    {"trailers=on", "trailers", "on", "0, 1"},
    {"trailers=1&framing=length", "trailers", "1", "framing=chunked"},
    {"trailers=1&http=1.0", "trailers", "1", "framing=chunked"},
    {"seed=1&split=none", "split", "none", "not with seed"},
    {"seed=1&chunks-per-write=2", "chunks-per-write", "2", "not with seed"},
    {"writes-per-chunk=2&seed=1", "writes-per-chunk", "2", "not with seed"},
    {"gather=1&framing=length", "gather", "1", "head=joined"},
    {"gather=1&split=parts", "gather", "1", "one piece"},
    {"gather=1&chunks-per-write=342&size=1000", "chunks-per-write", "342", "at most 341"},
    {"writes=61&gap=60s", "gap", "60s", "1 hour"},
    {"writes=10000000", "gap", "10ms", "1 hour"},
    {"gap-seed=-1", "gap-seed", "-1", "from 0 to 4294967295"},
    {"writes=16&gap=60s&gap-seed=1", "gap", "60s", "15 minutes with gap-seed"},
    {"events=html", "events", "html", "none, sse, ndjson, json-seq"},
    {"events=sse&size=28", "size", "28", "at least 29, so that each of 20 events has room"},
    {"events=sse&writes=100000&gap=0", "size", "32", "at least 33"},
    {"events=ndjson&size=1", "size", "1", "at least 24"},
    {"events=json-seq&size=24", "size", "24", "at least 25"},
    {"events=sse&file=f", "events", "sse", "none with file"},
    {"coding=lzma", "coding", "lzma", "none, gzip, deflate, br, zstd"},
    {"coding=gzip&flush=0", "flush", "0", "each, none, or a whole number"},
    {"coding=gzip&flush=10000001", "flush", "10000001", "each, none, or a whole number"},
    {"flush=none", "flush", "none", "only with coding"},
    {"flush=each&coding=none", "flush", "each", "only with coding"},
    {"coding=br&chunks-per-write=2", "chunks-per-write", "2", "not with coding"},
};

INSTANTIATE_TEST_SUITE_P(All, BadQueries, ::testing::ValuesIn(bad_queries));

TEST(EmitOptions, DefaultsAreAChunkedTaggedResponse) {
    const EmitOptions o = good("");
    EXPECT_EQ(o.writes, 20U);
    EXPECT_EQ(o.size, 32U);
    EXPECT_EQ(o.gap, 10ms);
    EXPECT_FALSE(o.nodelay);
    EXPECT_FALSE(o.cork);
    EXPECT_EQ(o.framing, Framing::chunked);
    EXPECT_EQ(o.http, HttpVersion::http_1_1);
    EXPECT_TRUE(o.tag);
    EXPECT_EQ(o.chunks_per_write, 1U);
    EXPECT_EQ(o.writes_per_chunk, 1U);
    EXPECT_EQ(o.split, Split::none);
    EXPECT_FALSE(o.trailers || o.seed.has_value());
}

TEST(EmitOptions, EveryParameterIsRead) {
    const EmitOptions a = good(
        "writes=7&size=100&gap=500us&nodelay=1&cork=1&tag=none&writes-per-chunk=3&split=parts");
    EXPECT_EQ(a.writes, 7U);
    EXPECT_EQ(a.size, 100U);
    EXPECT_EQ(a.gap, 500us);
    EXPECT_TRUE(a.nodelay);
    EXPECT_TRUE(a.cork);
    EXPECT_FALSE(a.tag);
    EXPECT_EQ(a.writes_per_chunk, 3U);
    EXPECT_EQ(a.split, Split::parts);
    EXPECT_EQ(good("chunks-per-write=32").chunks_per_write, 32U);
    const EmitOptions b = good("seed=4294967295&trailers=1");
    EXPECT_EQ(b.seed, 4'294'967'295U);
    EXPECT_TRUE(b.trailers);
    EXPECT_EQ(good("seed=0").seed, 0U);
    EXPECT_TRUE(good("gather=1&framing=close&head=joined").gather);
    EXPECT_EQ(good("split=line").split, Split::line);
    EXPECT_EQ(good("framing=length").framing, Framing::content_length);
    EXPECT_EQ(good("framing=close").framing, Framing::close);
}

TEST(EmitOptions, TakesWhatTheKernelIsAskedFor) {
    const EmitOptions a = good("more=1&gather=1&head=joined&sndbuf=4096&cc=reno&pacing=100000");
    EXPECT_TRUE(a.more);
    EXPECT_TRUE(a.gather);
    EXPECT_TRUE(a.head_joined);
    EXPECT_EQ(a.send_buffer, 4096);
    EXPECT_EQ(a.congestion_control, "reno");
    EXPECT_EQ(a.pacing, 100'000U);
    const EmitOptions b = good("head=apart");
    EXPECT_FALSE(b.more || b.gather || b.head_joined);
    EXPECT_EQ(b.send_buffer, 0);
    EXPECT_EQ(b.congestion_control, "");
    EXPECT_EQ(b.pacing, 0U);
}

TEST(EmitOptions, LimitsThemselvesAreAllowed) {
    EXPECT_EQ(good("writes=10000000&gap=0").writes, 10'000'000U);
    EXPECT_EQ(good("size=16777216").size, 16'777'216U);
    EXPECT_EQ(good("writes=1024&size=16777216&gap=0").writes, 1024U);
    EXPECT_EQ(good("writes=60&gap=60s").gap, 60s);
    EXPECT_EQ(good("chunks-per-write=1000&size=1000").chunks_per_write, 1000U);
    EXPECT_EQ(good("writes-per-chunk=1000").writes_per_chunk, 1000U);
}

TEST(EmitOptions, EventsAndCodingsAreRead) {
    const EmitOptions o = good("events=sse&size=29&gap-seed=3&coding=zstd&flush=7");
    EXPECT_EQ(o.events, EventFormat::sse);
    EXPECT_EQ(o.gap_seed, 3U);
    EXPECT_EQ(o.coding, Coding::zstd);
    EXPECT_EQ(o.flush_every, 7U);
    EXPECT_EQ(good("events=ndjson").events, EventFormat::ndjson);
    EXPECT_EQ(good("events=json-seq&size=25").events, EventFormat::json_seq);
    EXPECT_EQ(good("events=none&size=1").size, 1U);
    EXPECT_EQ(good("coding=gzip&flush=none").flush_every, 0U);
    EXPECT_EQ(good("coding=br&flush=each").flush_every, 1U);
    EXPECT_EQ(good("coding=deflate").flush_every, 1U);
    EXPECT_EQ(good("writes=15&gap=60s&gap-seed=1").gap, 60s);
    EXPECT_EQ(good("events=sse&writes=99999&gap=0").size, 32U);
}

TEST(EmitOptions, WithoutChunksThereIsNoTag) {
    EXPECT_FALSE(good("framing=length").tag);
    EXPECT_FALSE(good("framing=close").tag);
    EXPECT_FALSE(good("framing=length&tag=none").tag);
}

TEST(EmitOptions, Http10EndsAtCloseUnlessALengthIsAskedFor) {
    EXPECT_EQ(good("http=1.0").framing, Framing::close);
    EXPECT_EQ(good("http=1.0&framing=length").framing, Framing::content_length);
    const EmitOptions asked = good("", HttpVersion::http_1_0);
    EXPECT_EQ(asked.http, HttpVersion::http_1_0);
    EXPECT_EQ(asked.framing, Framing::close);
    const EmitOptions newer = good("http=1.1", HttpVersion::http_1_0);
    EXPECT_EQ(newer.http, HttpVersion::http_1_1);
    EXPECT_EQ(newer.framing, Framing::close);
}

TEST(EmitOptions, MessagesEscapeAndCutWhatTheyQuote) {
    const std::string text =
        to_text(OptionError{"a\nb", std::string(100, 'x') + "tail", "something"});
    EXPECT_NE(text.find("\"a\\x0ab\""), std::string::npos) << text;
    EXPECT_NE(text.find("xxx...\""), std::string::npos) << text;
    EXPECT_EQ(text.find("tail"), std::string::npos) << text;
    EXPECT_NE(text.find("Allowed: something."), std::string::npos) << text;
}

TEST(EmitOptions, RecordsAreOfTlsAndGatheringIsNot) {
    const auto says = [](const std::string& query, bool tls, const std::string& words) {
        const auto result = parse(query, HttpVersion::http_1_1, tls);
        const auto* const error = std::get_if<OptionError>(&result);
        ASSERT_TRUE(error) << query;
        EXPECT_NE(to_text(*error).find(words), std::string::npos) << to_text(*error);
    };
    says("record=10", false, "seamark serve --tls");
    says("record=16384", false, "seamark serve --tls");
    says("record=0", true, "from 1 to 16384");
    says("record=16385", true, "from 1 to 16384");
    says("gather=1", true, "0 over TLS");
    const auto options =
        std::get<EmitOptions>(parse("record=10&more=1&cork=1", HttpVersion::http_1_1, true));
    EXPECT_EQ(options.record, 10U);
    EXPECT_FALSE(check_records(options, 163'840));
    EXPECT_TRUE(check_records(options, 163'841));
    EXPECT_FALSE(check_records(good(""), 33'554'432));
}

TEST(EmitOptions, EveryExampleInTheTableWorks) {
    for (const Parameter& parameter : emit_parameters()) {
        const auto result = parse(std::string(parameter.example), HttpVersion::http_1_1,
                                  parameter.channel == Channel::tls);
        EXPECT_TRUE(std::holds_alternative<EmitOptions>(result)) << parameter.example;
        EXPECT_NE(parameter.example.find(parameter.name), std::string_view::npos);
    }
}

}  // namespace
}  // namespace seamark::plan
