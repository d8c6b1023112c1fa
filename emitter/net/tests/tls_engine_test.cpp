// SPDX-License-Identifier: GPL-2.0-or-later
//
// Two engines that talk through memory: what each says is given to the other, in pieces of any
// size.
#include "net/tls/tls_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "net/tls/identity.hpp"

namespace seamark::testing {
namespace {

using net::Identity;
using net::TlsContext;
using net::TlsEngine;
using net::TlsVersion;
using State = net::TlsEngine::State;

const Identity& identity() {
    static const Identity made =
        Identity::self_made(std::array<std::string, 3>{"localhost", "127.0.0.1", "app.test"});
    return made;
}

/// One record as it is on the wire.
struct Record {
    unsigned type;
    std::size_t length;
};

struct Pair {
    explicit Pair(TlsVersion most = TlsVersion::v1_3, const std::string& host = "localhost",
                  const net::Trust& trust = {.authorities = identity().certificate()})
        : server_context(TlsContext::server(identity(), most)),
          client_context(TlsContext::client(trust)),
          server(server_context),
          client(client_context, host) {}

    /// Gives what `from` has to say to `to`, in pieces.
    static std::string carry(TlsEngine& from, TlsEngine& to, std::size_t piece = SIZE_MAX) {
        std::string all;
        while (!from.pending().empty()) {
            const auto bytes = from.pending().first(std::min(piece, from.pending().size()));
            const std::string copy(bytes.begin(), bytes.end());
            all += copy;
            to.feed(copy);
            from.sent(copy.size());
        }
        return all;
    }

    void shake_hands(std::size_t piece = SIZE_MAX) {
        client.start();
        while (!client.pending().empty() || !server.pending().empty()) {
            carry(client, server, piece);
            carry(server, client, piece);
        }
    }

    TlsContext server_context;
    TlsContext client_context;
    TlsEngine server;
    TlsEngine client;
};

std::string read_all(TlsEngine& engine, std::size_t piece = 4096) {
    std::string all;
    std::string buffer(piece, '\0');
    while (const std::size_t taken = engine.read(buffer)) all.append(buffer, 0, taken);
    return all;
}

std::vector<Record> records_in(const std::string& bytes) {
    std::vector<Record> records;
    for (std::size_t at = 0; at + 5 <= bytes.size();) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
        const std::size_t length = byte(3) << 8 | byte(4);
        records.push_back({byte(0), length});
        at += 5 + length;
    }
    return records;
}

TEST(TlsEngine, TwoOfThemShakeHandsAndReadWhatTheOtherWrote) {
    for (const auto& [most, name] :
         {std::pair{TlsVersion::v1_2, "TLSv1.2"}, std::pair{TlsVersion::v1_3, "TLSv1.3"}}) {
        Pair pair(most);
        EXPECT_FALSE(pair.server.write(std::string("too early")));
        pair.shake_hands();
        ASSERT_TRUE(pair.client.established()) << pair.client.problem();
        ASSERT_TRUE(pair.server.established()) << pair.server.problem();
        EXPECT_EQ(pair.server.version(), name);
        EXPECT_EQ(pair.server.protocol(), "http/1.1");
        EXPECT_TRUE(pair.client.write(std::string("question")));
        Pair::carry(pair.client, pair.server);
        EXPECT_EQ(read_all(pair.server), "question");
        EXPECT_TRUE(pair.server.write(std::string("answer")));
        Pair::carry(pair.server, pair.client);
        EXPECT_EQ(read_all(pair.client), "answer");
    }
}

TEST(TlsEngine, AnySplitOfTheBytesMakesNoDifference) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
        for (const TlsVersion most : {TlsVersion::v1_2, TlsVersion::v1_3}) {
            Pair pair(most);
            pair.shake_hands(piece);
            ASSERT_TRUE(pair.server.established());
            const std::string text(20'000, 'x');
            ASSERT_TRUE(pair.server.write(text));
            std::string got;
            while (!pair.server.pending().empty()) {
                const auto some =
                    pair.server.pending().first(std::min(piece, pair.server.pending().size()));
                pair.client.feed(some);
                pair.server.sent(some.size());
                got += read_all(pair.client, 3);
            }
            EXPECT_EQ(got, text);
        }
    }
}

TEST(TlsEngine, NothingIsSentBesideTheHandshakeAndTheWrites) {
    Pair pair;  // no ticket, above all
    pair.shake_hands();
    EXPECT_TRUE(pair.server.pending().empty());
    ASSERT_TRUE(pair.server.write(std::string(32, 'x')));
    EXPECT_EQ(records_in(Pair::carry(pair.server, pair.client)).size(), 1U);
}

TEST(TlsEngine, RecordsHoldAtMostWhatIsAskedFor) {
    for (const TlsVersion most : {TlsVersion::v1_2, TlsVersion::v1_3}) {
        const std::size_t beside =
            most == TlsVersion::v1_3 ? 17 : 24;  // type and tag; nonce and tag
        for (const auto& [size, record] : {std::pair<std::size_t, std::size_t>{100, 1},
                                           {100, 30},
                                           {100, 100},
                                           {100, 16'384},
                                           {40'000, 16'384},
                                           {3'000'000, 5'000}}) {
            Pair pair(most);
            pair.shake_hands();
            ASSERT_TRUE(pair.server.write(std::string(size, 'x'), record));
            const std::string wire = Pair::carry(pair.server, pair.client);
            const auto records = records_in(wire);
            ASSERT_EQ(records.size(), (size + record - 1) / record);
            std::size_t left = size;
            for (const Record& one : records) {
                EXPECT_EQ(one.type, 23U);
                EXPECT_EQ(one.length, std::min(record, left) + beside);
                left -= std::min(record, left);
            }
            EXPECT_LE(wire.size(), size + records.size() * net::record_overhead);
            EXPECT_EQ(read_all(pair.client), std::string(size, 'x'));
        }
    }
}

TEST(TlsEngine, WhatIsPendingGoesOnBehindWhatWasSent) {
    Pair pair;
    pair.shake_hands();
    ASSERT_TRUE(pair.server.write(std::string("first ")));
    const std::string some(pair.server.pending().begin(), pair.server.pending().begin() + 10);
    pair.client.feed(some);
    pair.server.sent(10);
    ASSERT_TRUE(pair.server.write(std::string("second")));
    Pair::carry(pair.server, pair.client, 3);
    EXPECT_EQ(read_all(pair.client), "first second");
}

TEST(TlsEngine, AnEndIsSaidOnceAndNothingComesBehindIt) {
    Pair pair;
    pair.shake_hands();
    ASSERT_TRUE(pair.server.write(std::string("last")));
    pair.server.close();
    pair.server.close();
    EXPECT_FALSE(pair.server.write(std::string("more")));
    EXPECT_EQ(records_in(Pair::carry(pair.server, pair.client)).size(), 2U);
    EXPECT_EQ(read_all(pair.client), "last");
    EXPECT_EQ(pair.client.state(), State::kClosed);
    EXPECT_TRUE(pair.client.write(std::string("the other way is open")));
}

TEST(TlsEngine, AStreamThatEndsWithoutAWordIsCut) {
    Pair pair;
    pair.client.start();
    pair.server.end();
    EXPECT_EQ(pair.server.state(), State::kCut);
    Pair other;
    other.shake_hands();
    ASSERT_TRUE(other.server.write(std::string("whole?")));
    Pair::carry(other.server, other.client);
    other.client.end();
    EXPECT_EQ(read_all(other.client), "whole?");
    EXPECT_EQ(other.client.state(), State::kCut);
}

TEST(TlsEngine, PlainHttpIsNamed) {
    Pair pair;
    pair.server.feed(std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    EXPECT_EQ(pair.server.state(), State::kFailed);
    EXPECT_NE(pair.server.problem().find("plain HTTP"), std::string::npos) << pair.server.problem();
}

TEST(TlsEngine, GarbageIsNamedOnEitherSide) {
    Pair pair;
    pair.server.feed(std::string(100, '\xfe'));
    EXPECT_EQ(pair.server.state(), State::kFailed);
    EXPECT_NE(pair.server.problem(), "");
    pair.client.start();
    pair.client.feed(std::string("HTTP/1.1 400 Bad Request\r\n\r\n"));
    EXPECT_EQ(pair.client.state(), State::kFailed);
    EXPECT_NE(pair.client.problem().find("is no TLS"), std::string::npos) << pair.client.problem();
    EXPECT_FALSE(pair.client.untrusted());
}

TEST(TlsEngine, AChangedByteOfARecordIsNamedAndTold) {
    Pair pair;
    pair.shake_hands();
    ASSERT_TRUE(pair.client.write(std::string("question")));
    std::string bytes(pair.client.pending().begin(), pair.client.pending().end());
    bytes.back() ^= 1;
    pair.server.feed(bytes);
    std::array<char, 10> into{};
    EXPECT_EQ(pair.server.read(into), 0U);
    EXPECT_EQ(pair.server.state(), State::kFailed);
    EXPECT_FALSE(pair.server.pending().empty()) << "no alert";
    EXPECT_FALSE(pair.server.write(std::string("answer")));
    Pair::carry(pair.server, pair.client);
    EXPECT_EQ(read_all(pair.client), "");
    EXPECT_EQ(pair.client.state(), State::kFailed);
    EXPECT_NE(pair.client.problem().find("alert \"bad record mac\""), std::string::npos)
        << pair.client.problem();
}

TEST(TlsEngine, ACertificateIsCheckedUnlessToldOtherwise) {
    Pair stranger(TlsVersion::v1_3, "localhost", {});
    stranger.shake_hands();
    EXPECT_TRUE(stranger.client.untrusted());
    EXPECT_NE(stranger.client.problem().find("self-signed certificate"), std::string::npos)
        << stranger.client.problem();
    EXPECT_EQ(stranger.server.state(), State::kFailed);
    EXPECT_NE(stranger.server.problem().find("alert \"unknown CA\""), std::string::npos)
        << stranger.server.problem();

    Pair careless(TlsVersion::v1_3, "elsewhere.example", {.anyone = true});
    careless.shake_hands();
    EXPECT_TRUE(careless.client.established()) << careless.client.problem();
}

TEST(TlsEngine, ACertificateIsForItsNames) {
    for (const auto& [host, good] :
         {std::pair{"localhost", true}, std::pair{"127.0.0.1", true}, std::pair{"app.test", true},
          std::pair{"127.0.0.2", false}, std::pair{"other.example", false}}) {
        Pair pair(TlsVersion::v1_3, host);
        pair.shake_hands();
        EXPECT_EQ(pair.client.established(), good) << host << ' ' << pair.client.problem();
        EXPECT_EQ(pair.client.untrusted(), !good) << host;
    }
}

TEST(TlsEngine, SecretsAreTheSameOnBothSides) {
    for (const TlsVersion most : {TlsVersion::v1_2, TlsVersion::v1_3}) {
        Pair pair(most);
        std::vector<std::string> server_lines;
        std::vector<std::string> client_lines;
        pair.server_context.log_secrets(
            [&](std::string_view line) { server_lines.emplace_back(line); });
        pair.client_context.log_secrets(
            [&](std::string_view line) { client_lines.emplace_back(line); });
        pair.shake_hands();
        std::sort(server_lines.begin(), server_lines.end());
        std::sort(client_lines.begin(), client_lines.end());
        EXPECT_EQ(server_lines, client_lines);
        ASSERT_FALSE(server_lines.empty());
        const std::string wanted =
            most == TlsVersion::v1_2 ? "CLIENT_RANDOM " : "SERVER_TRAFFIC_SECRET_0 ";
        EXPECT_TRUE(std::any_of(server_lines.begin(), server_lines.end(),
                                [&](const auto& line) { return line.starts_with(wanted); }));
    }
}

TEST(TlsEngine, AnotherProtocolThanHttp11IsRefused) {
    // A ClientHello of ours with "http/1.1" made into what is as long.
    Pair pair;
    pair.client.start();
    std::string hello(pair.client.pending().begin(), pair.client.pending().end());
    const auto at = hello.find("http/1.1");
    ASSERT_NE(at, std::string::npos);
    hello.replace(at, 8, "http/9.9");
    pair.server.feed(hello);
    EXPECT_EQ(pair.server.state(), State::kFailed);
    EXPECT_FALSE(pair.server.pending().empty());
    EXPECT_NE(pair.server.problem().find("application protocol"), std::string::npos)
        << pair.server.problem();
}

TEST(TlsEngine, ALargeWriteLeavesNoLargeMemoryBehind) {
    Pair pair;
    pair.shake_hands();
    for (int i = 0; i < 3; ++i) {
        const std::string text(2'000'000, static_cast<char>('a' + i));
        ASSERT_TRUE(pair.server.write(text));
        Pair::carry(pair.server, pair.client, 500'000);
        EXPECT_EQ(read_all(pair.client, 100'000), text);
    }
}

}  // namespace
}  // namespace seamark::testing
