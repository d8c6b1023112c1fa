// SPDX-License-Identifier: GPL-2.0-or-later
//
// TLS in a connection: where records begin, what is said of them, in lanes and in words.
#include <gtest/gtest.h>

#include <string>

#include "core/picture/lanes_svg.hpp"
#include "core/report/explain.hpp"
#include "core/report/lanes_text.hpp"
#include "core/report/record_words.hpp"
#include "core/report/unread_words.hpp"
#include "support/feeder.hpp"
#include "support/recorded_call.hpp"
#include "support/tls.hpp"

namespace seamark::tls_stream_test {
namespace {

using namespace test;

const std::string kHello = client_hello();

/// "22@0+75 23@75+35": type, place and length with the header, of each record of a side.
std::string records(const Feeder& feeder, Side side) {
    std::string out;
    const Stream& stream = feeder.stream(side);
    if (stream.records() == nullptr) return "none";
    for (const TlsRecord& record : stream.records()->records())
        out += (out.empty() ? "" : " ") + std::to_string(static_cast<int>(record.type)) + "@" +
               std::to_string(stream.public_offset(record.offset).value) + "+" +
               std::to_string(record.range().length());
    return out;
}
std::string at(std::size_t position, int type, std::size_t length) {
    return std::to_string(type) + "@" + std::to_string(position) + "+" + std::to_string(length);
}

std::vector<CaptureEntry> entries_of(Feeder& feeder) {
    feeder.finish();
    return {{0, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
}
std::string explained(Feeder& feeder, unsigned frame) {
    std::string page;
    write_explanation(entries_of(feeder), FrameNumber{frame}, {}, [&](std::string_view line) {
        page.append(line.substr(std::min(line.find_first_not_of(' '), line.size()))).append(" ");
    });
    return page;
}
std::string lanes(Feeder& feeder) {
    std::string text;
    write_lanes_text(gather_lanes(entries_of(feeder), {}),
                     [&](std::string_view line) { text.append(line).append("\n"); });
    return text;
}
std::string unread(Feeder& feeder) {
    std::string text;
    write_unread(entries_of(feeder), {},
                 [&](std::string_view line) { text.append(line).append("\n"); });
    return text;
}
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(TlsStream, RecordsFromTheHelloOn) {
    Feeder feeder;
    feeder.client(kHello);
    feeder.server(server_hello() + sealed(40));
    feeder.server(sealed(100));
    const std::size_t hello = server_hello().size();
    EXPECT_EQ(records(feeder, kClient), at(0, 22, kHello.size()));
    EXPECT_EQ(records(feeder, kServer),
              at(0, 22, hello) + " " + at(hello, 23, 45) + " " + at(hello + 45, 23, 105));
    EXPECT_EQ(feeder.connection().tls_version(), kTls13);
    EXPECT_EQ(feeder.connection().sends_requests(kClient), true);
    EXPECT_EQ(feeder.connection().sends_requests(kServer), false);
}

TEST(TlsStream, IsTheSameAtEveryCut) {
    const std::string stream = server_hello() + sealed(40) + sealed(0) + sealed(17);
    Feeder whole;
    whole.server(stream);
    const std::string expected = records(whole, kServer);
    for (std::size_t size = 1; size < stream.size(); ++size) {
        Feeder feeder;
        for (std::size_t from = 0; from < stream.size(); from += size)
            feeder.server(stream.substr(from, size));
        EXPECT_EQ(records(feeder, kServer), expected) << size;
    }
}

TEST(TlsStream, InAnyOrderOfSegments) {
    const std::string stream = server_hello() + sealed(40) + sealed(17);
    Feeder whole;
    whole.server(stream);
    Feeder feeder;
    constexpr std::size_t kSize = 10;
    for (std::size_t from = stream.size() / kSize * kSize; from > 0; from -= kSize)
        feeder.at(kServer, from, stream.substr(from, kSize));
    EXPECT_EQ(records(feeder, kServer), "none");
    feeder.at(kServer, 0, stream.substr(0, kSize));
    feeder.at(kServer, 0, stream.substr(0, kSize));
    EXPECT_EQ(records(feeder, kServer), records(whole, kServer));
}

TEST(TlsStream, MissingBytesOfABodyEndNothing) {
    Feeder feeder;
    feeder.client(kHello);
    feeder.client(sealed(1000).substr(0, 100));
    feeder.lose(kClient, std::string(905, 'x'));
    feeder.client(sealed(20));
    const std::size_t hello = kHello.size();
    EXPECT_EQ(records(feeder, kClient),
              at(0, 22, hello) + " " + at(hello, 23, 1005) + " " + at(hello + 1005, 23, 25));
}

TEST(TlsStream, GoesOnAfterAHoleThatTookAHeader) {
    Feeder feeder;
    feeder.client(kHello);
    feeder.lose(kClient, sealed(30));
    feeder.client(sealed(20) + sealed(21));
    feeder.finish();
    const std::size_t hello = kHello.size();
    EXPECT_EQ(records(feeder, kClient),
              at(0, 22, hello) + " " + at(hello + 35, 23, 25) + " " + at(hello + 60, 23, 26));
}

TEST(TlsStream, InMidStreamWhereASegmentBeginsARecord) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.server("the rest of a record");
    feeder.server(sealed(50) + sealed(20));
    EXPECT_EQ(records(feeder, kServer), at(20, 23, 55) + " " + at(75, 23, 25));
    // Of a direction whose begin is there it needs a hello.
    Feeder other;
    other.server(sealed(50));
    EXPECT_EQ(records(other, kServer), "none");
}

TEST(TlsStream, AnEarlierSegmentThatComesLate) {
    Feeder feeder(Feeder::Options{.syn = false});
    const std::string stream = server_hello() + sealed(40) + sealed(30);
    const std::size_t hello = server_hello().size();
    feeder.at(kServer, hello, stream.substr(hello));
    EXPECT_EQ(records(feeder, kServer), at(0, 23, 45) + " " + at(45, 23, 35));
    feeder.at(kServer, 0, stream.substr(0, hello));
    EXPECT_EQ(records(feeder, kServer),
              at(0, 22, hello) + " " + at(hello, 23, 45) + " " + at(hello + 45, 23, 35));
    ASSERT_NE(feeder.stream(kServer).records()->hello(), nullptr);
}

TEST(TlsStream, InsideATunnelThatConnectOpened) {
    const std::string request = "CONNECT example.test:443 HTTP/1.1\r\n\r\n";
    const std::string answer = "HTTP/1.1 200 OK\r\n\r\n";
    for (const bool joined : {false, true}) {
        Feeder feeder;
        if (joined) {
            feeder.client(request + kHello);
            feeder.server(answer + server_hello());
        } else {
            feeder.client(request);
            feeder.server(answer);
            feeder.client(kHello);
            feeder.server(server_hello());
        }
        EXPECT_EQ(records(feeder, kClient), at(request.size(), 22, kHello.size())) << joined;
        EXPECT_EQ(records(feeder, kServer), at(answer.size(), 22, server_hello().size()));
        EXPECT_EQ(feeder.stream(kServer).messages().size(), 1U);
        EXPECT_TRUE(has(unread(feeder), "TLS 1.3, 1 record"));
    }
}

TEST(TlsStream, AfterAProxyHeader) {
    const std::string header = "PROXY TCP4 192.0.2.1 198.51.100.1 50000 443\r\n";
    for (const bool joined : {false, true}) {
        Feeder feeder;
        if (joined) {
            feeder.client(header + kHello);
        } else {
            feeder.client(header);
            feeder.client(kHello);
        }
        EXPECT_EQ(records(feeder, kClient), at(header.size(), 22, kHello.size())) << joined;
    }
}

TEST(TlsStream, AfterPlaintextThatAgreedOnIt) {
    Feeder feeder;
    feeder.server("220 ready\r\n");
    feeder.client("STARTTLS\r\n");
    feeder.server("220 go ahead\r\n");
    feeder.client(kHello);
    feeder.server(server_hello());
    EXPECT_EQ(records(feeder, kClient), at(10, 22, kHello.size()));
    EXPECT_EQ(records(feeder, kServer), at(25, 22, server_hello().size()));
}

TEST(TlsStream, ABodyIsNoTls) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
    feeder.server(kHello);
    EXPECT_EQ(records(feeder, kServer), "none");
    Feeder open;
    open.client("GET / HTTP/1.1\r\n\r\n");
    open.server("HTTP/1.0 200 OK\r\n\r\n");
    open.server(kHello);
    EXPECT_EQ(records(open, kServer), "none");
}

TEST(TlsStream, AConnectionOnTheSamePortsBeginsAnew) {
    Feeder feeder;
    feeder.client(kHello + sealed(30));
    feeder.fin(kClient);
    feeder.syn(kClient, 5'000'000);
    feeder.at(kClient, 5'000'000, kHello);
    ASSERT_NE(feeder.stream(kClient).records(), nullptr);
    EXPECT_EQ(feeder.stream(kClient).records()->records().size(), 3U);
}

TEST(TlsStream, ARefusedHeaderIsShown) {
    Feeder feeder;
    feeder.client(kHello + "\x17\x03\x03\xff\xff");
    EXPECT_TRUE(has(explained(feeder, 1), "A TLS record is longer than 2^14 + 2048 bytes"));
    EXPECT_TRUE(has(lanes(feeder), "A TLS record is longer than 2^14 + 2048 bytes"));
}

TEST(TlsLanes, RecordsStandBetweenWritesAndSegments) {
    Feeder feeder;
    feeder.client(kHello);
    feeder.server(server_hello() + sealed(40));
    feeder.server(sealed(300).substr(0, 100));
    feeder.server(sealed(300).substr(100));
    feeder.connection().add_event(kServer, recorded_call(EventKind::kWrite, 1, 0, 60),
                                  FrameNumber{90});
    const std::string text = lanes(feeder);
    EXPECT_TRUE(has(text, "stream 0, request, ")) << text;
    EXPECT_TRUE(has(text, "TLS 1.3, 3 records")) << text;
    EXPECT_TRUE(has(text, "inside TLS: h2, http/1.1 offered by the client (ALPN)")) << text;
    EXPECT_TRUE(has(text, "2 data 40")) << text;
    EXPECT_TRUE(has(text, "3 data 300")) << text;
    EXPECT_FALSE(has(text, "no HTTP")) << text;
    EXPECT_LT(text.find("TLS record "), text.find("segment frame:bytes"));
    std::string svg;
    write_lanes_svg(gather_lanes(entries_of(feeder), {}),
                    [&](std::string_view line) { svg += line; });
    EXPECT_TRUE(has(svg, ">TLS records</text>"));
    EXPECT_TRUE(has(svg, "record 3: application-data, 300 bytes after its header"));
    EXPECT_TRUE(has(svg, "readable only when frame 4 was captured"));
}

TEST(TlsLanes, AFilterShowsWholeRecords) {
    Feeder feeder;
    feeder.server(server_hello());
    feeder.server(sealed(300).substr(0, 100));
    const unsigned last = feeder.server(sealed(300).substr(100) + sealed(50));
    const auto entries = entries_of(feeder);
    const auto all =
        gather_lanes(entries, [&](FrameNumber frame) { return frame == FrameNumber{last}; });
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].shown_bytes(), 305U + 55U);
    EXPECT_EQ(all[0].pieces(LaneKind::kRecords).size(), 2U);
}

TEST(TlsPage, ListsTheRecordsOfASegment) {
    Feeder feeder;
    feeder.client(kHello);
    const unsigned first = feeder.server(server_hello() + sealed(40) + sealed(300).substr(0, 100));
    feeder.server(sealed(300).substr(100));
    const std::string page = explained(feeder, first);
    EXPECT_TRUE(has(page, "the response direction")) << page;
    EXPECT_TRUE(has(page, "record 1: handshake")) << page;
    EXPECT_TRUE(has(page, "record 3: application-data, 300 bytes after its header, at offset"))
        << page;
    EXPECT_TRUE(has(page, "100 of its 305 bytes here")) << page;
    EXPECT_TRUE(has(page, "readable only when frame 3 was captured")) << page;
    EXPECT_TRUE(has(page, "2 records lie in this segment whole")) << page;
    EXPECT_TRUE(has(page, "HTTP/2 has no chunks")) << page;
    EXPECT_FALSE(has(page, "seam is known")) << page;
}

TEST(TlsWords, WhatIsSpokenInside) {
    const auto inside = [](const std::string& server) {
        Feeder feeder;
        feeder.client(kHello);
        if (!server.empty()) feeder.server(server);
        return words::protocol_inside(feeder.connection());
    };
    EXPECT_EQ(inside(""), "h2, http/1.1 offered by the client (ALPN)");
    EXPECT_EQ(inside(server_hello()),
              "h2, http/1.1 offered by the client (ALPN); the server's choice is encrypted");
    EXPECT_EQ(inside(server_hello(0x0303)),
              "h2, http/1.1 offered by the client (ALPN); the server chose none");
    EXPECT_EQ(inside(server_hello(0x0303, "h2")), "HTTP/2 (h2), which the server chose (ALPN)");
    EXPECT_EQ(inside(server_hello(0x0303, "a\x1b[31m")), "a.[31m, which the server chose (ALPN)");
}

/// Types what a shell would.
class Typed final : public NextSteps {
  public:
    std::string_view give_secrets() const override { return "SECRETS"; }
    std::string_view ask_for_http1() const override { return "HTTP1"; }
};

TEST(TlsWords, HowToReadItIsSaidOnce) {
    const auto said = [](std::string_view chosen) {
        Feeder feeder;
        feeder.client(kHello);
        feeder.server(server_hello(chosen.empty() ? 0x0304 : 0x0303, chosen));
        const auto one = entries_of(feeder);
        const std::vector<CaptureEntry> twice{one[0], one[0]};
        std::string text;
        words::write_how_to_read(twice, {}, Typed(),
                                 [&](std::string_view line) { text.append(line).append("\n"); });
        std::string none;
        words::write_how_to_read(
            twice, [](FrameNumber) { return false; }, Typed(),
            [&](std::string_view line) { none += line; });
        EXPECT_EQ(none, "");
        return text;
    };
    const std::string secrets =
        "What is inside TLS is read where Wireshark decrypts it, for which it needs the secrets of "
        "the session: SECRETS.\n";
    EXPECT_EQ(said(""), secrets +
                            "HTTP/2 has no chunks. For HTTP/1.1, let the client offer "
                            "nothing else: HTTP1.\n");
    EXPECT_EQ(said("h2"), said(""));
    EXPECT_EQ(said("http/1.1"), secrets);
}

TEST(TlsWords, UnreadPayloadIsNamed) {
    Feeder feeder;
    feeder.client(kHello);
    feeder.server(server_hello() + sealed(9));
    EXPECT_EQ(unread(feeder),
              "stream 0 request: " + std::to_string(kHello.size()) +
                  " bytes at offset 0 are no HTTP/1 message: TLS 1.3, 1 record; inside, h2, "
                  "http/1.1 offered by the client (ALPN); the server's choice is encrypted\n"
                  "stream 0 response: " +
                  std::to_string(server_hello().size() + 14) +
                  " bytes at offset 0 are no HTTP/1 message: TLS 1.3, 2 records; inside, h2, "
                  "http/1.1 offered by the client (ALPN); the server's choice is encrypted\n");
}

}  // namespace
}  // namespace seamark::tls_stream_test
