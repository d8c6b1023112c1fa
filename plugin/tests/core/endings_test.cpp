// SPDX-License-Identifier: GPL-2.0-or-later
//
// What cut a message short: the sender's FIN, a reset, the capture's end or missing bytes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/report/chunk_table.hpp"
#include "core/report/explain.hpp"
#include "support/feeder.hpp"

namespace seamark::endings_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";                         // 18
const std::string kTen = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";  // 39
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kToClose = "HTTP/1.1 200 OK\r\n\r\n";  // 19
const std::string kFive = "5\r\nhello\r\n";

std::string faults(const Message& message) {
    std::string text;
    message.faults.each([&](Fault fault) { text.append(" ").append(to_string(fault)); });
    return text.empty() ? "none" : text.substr(1);
}

/// The faults of the last response to a GET.
template <typename Act>
std::string ended_by(const std::string& response, Act act) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(response);
    act(feeder);
    feeder.finish();
    const MessageIndex messages = feeder.stream(kServer).messages();
    return faults(messages[messages.size() - 1]);
}

const auto kNothing = [](Feeder&) {};
const auto kFin = [](Feeder& f) { f.fin(kServer); };
const auto kServerReset = [](Feeder& f) { f.reset(kServer); };
const auto kClientReset = [](Feeder& f) { f.reset(kClient); };
const auto kClientFin = [](Feeder& f) { f.fin(kClient); };
const auto kLostThenFin = [](Feeder& f) {
    f.lose(kServer, "12345");
    f.fin(kServer);
};

TEST(Endings, FourFactsOfABodyOfKnownLength) {
    const std::string half = kTen + "hello";
    EXPECT_EQ(ended_by(half, kNothing), "unfinished");
    EXPECT_EQ(ended_by(half, kFin), "cut-by-fin");
    EXPECT_EQ(ended_by(half, kServerReset), "cut-by-reset");
    EXPECT_EQ(ended_by(half, kClientReset), "cut-by-reset");
    EXPECT_EQ(ended_by(half, kClientFin), "unfinished") << "a client may close its half first";
    EXPECT_EQ(ended_by(half, kLostThenFin), "missing-bytes") << "the FIN is where the length ends";
    EXPECT_EQ(ended_by(kTen + "hell", kLostThenFin), "cut-by-fin") << "one byte was never sent";
    EXPECT_EQ(ended_by(kTen + "helloworld", kServerReset), "none");
}

TEST(Endings, FourFactsOfChunks) {
    for (const std::string& chunks :
         {std::string("5\r\nhel"), kFive, kFive + "0\r\n", std::string("5")}) {
        EXPECT_EQ(ended_by(kChunked + chunks, kNothing), "unfinished") << chunks;
        EXPECT_EQ(ended_by(kChunked + chunks, kFin), "cut-by-fin") << chunks;
        EXPECT_EQ(ended_by(kChunked + chunks, kClientReset), "cut-by-reset") << chunks;
    }
    EXPECT_EQ(ended_by(kChunked + kFive, kLostThenFin), "missing-bytes") << "a last chunk, perhaps";
    EXPECT_EQ(ended_by(kChunked + "a\r\nhello", kLostThenFin), "cut-by-fin")
        << "the data's length is known: nothing that was sent can have ended it";
    EXPECT_EQ(ended_by(kChunked + "5\r\nhel", kLostThenFin), "missing-bytes");
    EXPECT_EQ(ended_by(kChunked + kFive + "0\r\n\r\n", kFin), "none");
}

TEST(Endings, FourFactsOfAHead) {
    const std::string head = kChunked.substr(0, 30);
    EXPECT_EQ(ended_by(head, kNothing), "unfinished");
    EXPECT_EQ(ended_by(head, kFin), "cut-by-fin");
    EXPECT_EQ(ended_by(head, kServerReset), "cut-by-reset");
    EXPECT_EQ(ended_by(head, kLostThenFin), "missing-bytes");
}

TEST(Endings, OfABodyThatLastsToTheClose) {
    EXPECT_EQ(ended_by(kToClose + "hello", kFin), "none");
    EXPECT_EQ(ended_by(kToClose + "hello", kNothing), "unfinished");
    EXPECT_EQ(ended_by(kToClose + "hello", kServerReset), "cut-by-reset");
    EXPECT_EQ(ended_by(kToClose + "hello", kLostThenFin), "missing-bytes");
}

TEST(Endings, AcknowledgementsTellWhatWasSent) {
    const std::uint64_t sent = kTen.size() + 5;
    EXPECT_EQ(ended_by(kTen + "hello", [&](Feeder& f) { f.acknowledge(kClient, sent); }),
              "unfinished");
    EXPECT_EQ(ended_by(kTen + "hello", [&](Feeder& f) { f.acknowledge(kClient, sent + 5); }),
              "missing-bytes");
    EXPECT_EQ(ended_by(kTen + "hello", [&](Feeder& f) { f.acknowledge(kClient, sent + 1); }),
              "unfinished")
        << "that may be a FIN that was not captured";
}

TEST(Endings, ASnapLengthTakesBytesThatWereSent) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.at(kServer, 0, kTen + "helloworld", {.cut = 5});
    feeder.finish();
    EXPECT_EQ(faults(feeder.stream(kServer).messages()[0]), "missing-bytes");
}

TEST(Endings, AFrameThatIsNoneOfTheCaptureClosesNothing) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kTen + "hello");
    feeder.connection().forget(FrameNumber{feeder.fin(kServer)});
    feeder.finish();
    EXPECT_EQ(faults(feeder.stream(kServer).messages()[0]), "unfinished");
}

struct Reports {
    std::string table;
    std::string json;
    std::string complaints;
    std::string page;  // of frame 3
};
Reports reports_of(Feeder& feeder, unsigned frame) {
    feeder.finish();
    Reports out;
    const auto into = [](std::string& text) {
        return [&text](std::string_view line) { text.append(line).append("\n"); };
    };
    const std::vector<CaptureEntry> entries{
        {0, &feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
    write_chunk_text(entries, {}, into(out.table));
    write_chunk_json(entries, nullptr, {}, into(out.json), into(out.complaints));
    write_explanation(entries, FrameNumber{frame}, {}, into(out.page));
    return out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Endings, AreToldInTableJsonAndPages) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kChunked + kFive + "5\r\nhel");
    const unsigned fin = feeder.fin(kServer);
    const Reports data = reports_of(feeder, fin - 1);
    EXPECT_TRUE(has(data.table, "incomplete  cut-by-fin\n")) << data.table;
    EXPECT_TRUE(has(data.table, "response message 1: cut-by-fin: The sender closed")) << data.table;
    EXPECT_TRUE(has(data.table, "; FIN in frame 3\n")) << data.table;
    EXPECT_TRUE(has(data.json, R"("cut":"cut-by-fin")")) << data.json;
    EXPECT_TRUE(has(data.complaints, "cut-by-fin")) << data.complaints;
    EXPECT_TRUE(has(data.page, "Message 1 is not whole. The sender closed")) << data.page;
    const Reports close = reports_of(feeder, fin);
    EXPECT_TRUE(has(close.page, "Frame 3: stream 0, FIN")) << close.page;
    EXPECT_TRUE(has(close.page, "Message 1 is not whole")) << close.page;
}

TEST(Endings, AWholeMessageHasNone) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kChunked + kFive + "0\r\n\r\n");
    const Reports out = reports_of(feeder, feeder.fin(kServer));
    EXPECT_FALSE(has(out.json, "\"cut\"")) << out.json;
    EXPECT_EQ(out.complaints, "");
    EXPECT_TRUE(has(out.page, "It cuts no HTTP/1.x message")) << out.page;
}

TEST(Endings, WhoResetIsSaid) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kTen + "hello");
    const Reports out = reports_of(feeder, feeder.reset(kClient));
    EXPECT_TRUE(has(out.table, "captured 5  cut-by-reset")) << out.table;
    EXPECT_TRUE(has(out.table, "; RST of the receiver in frame 3")) << out.table;
}

}  // namespace
}  // namespace seamark::endings_test
