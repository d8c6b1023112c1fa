// SPDX-License-Identifier: GPL-2.0-or-later
//
// Payload of no message: why.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/report/chunk_table.hpp"
#include "core/report/explain.hpp"
#include "core/report/unread_words.hpp"
#include "support/feeder.hpp"

namespace seamark::unread_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kTls("\x16\x03\x01\x00\x05hello", 10);

std::string into(std::string& text, Feeder& feeder) {
    feeder.finish();
    write_unread({{0, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}}, {},
                 [&](std::string_view line) { text.append(line).append("\n"); });
    return text;
}
std::string said(Feeder& feeder) {
    std::string text;
    return into(text, feeder);
}

TEST(Unread, OfWhatIsNoHttp) {
    {
        Feeder feeder;
        feeder.client(kTls);
        feeder.server(kTls + kTls);
        EXPECT_EQ(
            said(feeder),
            "stream 0 from 10.0.0.1:1: 10 bytes at offset 0 are no HTTP/1 message: TLS, by its "
            "first bytes\n"
            "stream 0 from 10.0.0.2:2: 20 bytes at offset 0 are no HTTP/1 message: TLS, by its "
            "first bytes\n");
    }
    {
        Feeder feeder;
        feeder.client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        feeder.server(std::string_view("\0\0\0\4\0\0\0\0\0", 9));
        EXPECT_EQ(
            said(feeder),
            "stream 0 from 10.0.0.1:1: 24 bytes at offset 0 are no HTTP/1 message: HTTP/2, by "
            "the client's preface\n"
            "stream 0 from 10.0.0.2:2: 9 bytes at offset 0 are no HTTP/1 message: HTTP/2, by "
            "the client's preface\n");
    }
    {
        Feeder feeder;
        feeder.client("SSH-2.0-x\r\n");
        EXPECT_EQ(said(feeder),
                  "stream 0 from 10.0.0.1:1: 11 bytes at offset 0 are no HTTP/1 "
                  "message: they begin no HTTP/1 start line\n");
    }
    {
        Feeder feeder;
        feeder.client("GET /slow");
        EXPECT_EQ(said(feeder),
                  "stream 0 from 10.0.0.1:1: 9 bytes at offset 0 are no HTTP/1 "
                  "message: a start line that is not whole\n");
    }
}

TEST(Unread, InMidStream) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.server("5\r\nhello\r\n");
    feeder.server("5\r\nhello\r\n");
    EXPECT_EQ(said(feeder),
              "stream 0 from 10.0.0.2:2: 20 bytes at offset 0 are no HTTP/1 message: "
              "the capture begins inside the connection (no SYN), and no start line "
              "of HTTP/1 was captured\n");
}

TEST(Unread, BehindASwitchOfProtocols) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server("HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n");
    feeder.server("frame");
    feeder.client("frames");
    EXPECT_EQ(said(feeder),
              "stream 0 request: 6 bytes at offset 18 are no HTTP/1 message: after 101 (Switching "
              "Protocols) to websocket: no longer HTTP/1\n"
              "stream 0 response: 5 bytes at offset 38 are no HTTP/1 message: after 101 (Switching "
              "Protocols) to websocket: no longer HTTP/1\n");
}

TEST(Unread, BehindMessages) {
    Feeder feeder;
    feeder.client(kGet + "\r\n" + kGet);  // an empty line is nothing
    feeder.server(kChunked + "0\r\n\r\n");
    feeder.server("5\r\nhello\r\n");
    feeder.server(kChunked + "x");
    feeder.server("more");
    EXPECT_EQ(
        said(feeder),
        "stream 0 response: 10 bytes at offset 52 are no HTTP/1 message: after the end of "
        "message 1, and no HTTP/1 start line\n"
        "stream 0 response: 4 bytes at offset 110 are no HTTP/1 message: after what cannot be "
        "framed (missing-size)\n");
}

TEST(Unread, BehindAHole) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kChunked + "5");
    feeder.lose(kServer, "\r\nhello\r");
    feeder.server("\n0\r\n\r\n");
    EXPECT_EQ(said(feeder),
              "stream 0 response: 6 bytes at offset 56 are no HTTP/1 message: after "
              "missing bytes, which took the framing with them\n");
}

TEST(Unread, IsSaidInTablesAndPages) {
    Feeder feeder;
    feeder.client(kTls);
    feeder.finish();
    const std::vector<CaptureEntry> entries{
        {0, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
    std::string table;
    std::string json;
    std::string complaints;
    std::string page;
    const auto text = [](std::string& out) {
        return [&out](std::string_view line) { out.append(line).append(" "); };
    };
    write_chunk_text(entries, {}, text(table));
    write_chunk_json(entries, nullptr, {}, text(json), text(complaints));
    write_explanation(entries, FrameNumber{1}, {}, text(page));
    EXPECT_NE(table.find("TLS, by its first bytes"), std::string::npos) << table;
    EXPECT_EQ(json, "");
    EXPECT_NE(complaints.find("TLS, by its first bytes"), std::string::npos) << complaints;
    EXPECT_NE(page.find("TLS, by its first bytes"), std::string::npos) << page;
}

TEST(Unread, ManyPartsAreCounted) {
    Feeder feeder;
    feeder.client(kTls);
    feeder.finish();
    std::vector<CaptureEntry> entries;
    for (std::uint32_t i = 0; i < 30; ++i)
        entries.push_back({i, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}});
    std::vector<std::string> lines;
    write_unread(entries, {}, [&](std::string_view line) { lines.emplace_back(line); });
    ASSERT_EQ(lines.size(), 21U);
    EXPECT_EQ(lines.back(), "and 10 more such parts of streams");
}

}  // namespace
}  // namespace seamark::unread_test
