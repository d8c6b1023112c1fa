// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/explain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/report/prose.hpp"
#include "support/corked.hpp"
#include "support/feeder.hpp"
#include "support/recorded_call.hpp"

namespace seamark::explain_test {
namespace {

using namespace test;

std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

/// The page with its paragraphs unwrapped, so that a sentence can be looked for.
std::string page(Feeder& feeder, unsigned frame, const NextSteps& steps = {}) {
    feeder.finish();
    std::string all;
    write_explanation({{3, &feeder.connection(), {"192.0.2.1", 40000}, {"192.0.2.2", 80}}},
                      FrameNumber{frame}, steps, [&](std::string_view line) {
                          EXPECT_LE(columns(line), 100U) << line;
                          const auto text = std::min(line.size(), line.find_first_not_of(' '));
                          all.append(line.substr(text)).append(" ");
                      });
    return all;
}

void recorded_write(Feeder& feeder, std::uint64_t index, std::uint64_t offset, std::uint64_t taken,
                    std::uint64_t asked = 0) {
    feeder.connection().add_event(kServer,
                                  recorded_call(EventKind::kWrite, index, offset, taken, asked),
                                  FrameNumber{static_cast<unsigned>(80 + index)});
}

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47

TEST(Explain, TellsMergedWritesAndWhatToTry) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned frame = feeder.server("5\r\nhello\r\n5\r\nworld\r\n");
    recorded_write(feeder, 1, 0, 47);
    recorded_write(feeder, 2, 47, 10);
    recorded_write(feeder, 3, 57, 10);
    const std::string text = page(feeder, frame);
    EXPECT_NE(text.find("2 writes share this segment"), std::string::npos) << text;
    EXPECT_NE(text.find("chunk 2: size line 5, 5 bytes of data"), std::string::npos) << text;
    EXPECT_NE(text.find("TCP_NODELAY"), std::string::npos) << text;
}

TEST(Explain, NamesTheCauseItsEvidenceAndWhatTakesItAway) {
    Feeder feeder;
    const std::string text = page(feeder, feed_corked(feeder));
    EXPECT_NE(text.find("Bytes of write 2 waited for those of the next: TCP_CORK (known: only"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("10 bytes were not sent when write 2 had returned"), std::string::npos)
        << text;
    EXPECT_NE(text.find("TCP_CORK: take it off where bytes must leave"), std::string::npos) << text;
    EXPECT_EQ(text.find("TCP_NODELAY turns it off"), std::string::npos) << text;
}

TEST(Explain, NamesWhatToTypeAsTheProgramThatShowsItSays) {
    class Steps final : public NextSteps {
        std::string_view trial(Cause cause) const override {
            return cause == Cause::kCork ? "run the uncorked one" : "another";
        }
        std::string show_lanes(std::uint32_t stream) const override {
            return "lanes of " + std::to_string(stream);
        }
    };
    Feeder told;
    const std::string text = page(told, feed_corked(told), Steps{});
    EXPECT_NE(text.find("Seen to be gone in: run the uncorked one"), std::string::npos) << text;
    EXPECT_NE(text.find("The neighbourhood: lanes of 3"), std::string::npos) << text;
    EXPECT_EQ(text.find("another"), std::string::npos) << text;
    Feeder alone;
    const std::string general = page(alone, feed_corked(alone));
    EXPECT_EQ(general.find("Seen to be gone"), std::string::npos) << general;
    EXPECT_EQ(general.find("tshark"), std::string::npos) << general;
    EXPECT_EQ(general.find("seamark "), std::string::npos) << general;
}

TEST(Explain, DoesNotBlameTheKernelForWhatTheProgramMerged) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned frame = feeder.server("5\r\nhello\r\n5\r\nworld\r\n");
    recorded_write(feeder, 1, 0, 47);
    recorded_write(feeder, 2, 47, 20);
    const std::string text = page(feeder, frame);
    EXPECT_EQ(text.find("writes share this segment"), std::string::npos) << text;
    EXPECT_NE(text.find("only the program can flush them one by one"), std::string::npos) << text;
}

TEST(Explain, NamesTheOtherFramesOfWhatWasCut) {
    Feeder feeder;
    const unsigned first = feeder.server(std::string(kHead) + "5\r\nhe");
    feeder.server("llo\r\n");
    const std::string text = page(feeder, first);
    EXPECT_NE(text.find("5 of these bytes here, carried by frames 1 and 2"), std::string::npos)
        << text;
    EXPECT_NE(text.find("Not known: no call was recorded"), std::string::npos) << text;
}

TEST(Explain, SaysWhyThereIsNoHexLength) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.0\r\n\r\n");
    const unsigned frame = feeder.server("HTTP/1.0 200 OK\r\n\r\nhello");
    const std::string text = page(feeder, frame);
    EXPECT_NE(text.find("has no chunks, framing close: ends at connection close"),
              std::string::npos)
        << text;
}

TEST(Explain, LeavesARetransmissionToTheFrameThatWasFirst) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned again = feeder.at(kServer, 0, kHead);
    EXPECT_NE(page(feeder, again).find("all of which frame 1 carried before"), std::string::npos);
}

TEST(Explain, TellsARecordedCallFromItsOwnFrame) {
    Feeder feeder;
    feeder.server(kHead);
    recorded_write(feeder, 1, 0, 47, 100);
    const std::string text = page(feeder, 81);
    EXPECT_NE(text.find("the record of a write of stream 3"), std::string::npos) << text;
    EXPECT_NE(text.find("took less than was asked for"), std::string::npos) << text;
    EXPECT_NE(text.find("carried by frame 1."), std::string::npos) << text;
}

TEST(Explain, HasAPageForAFrameThatBringsNothing) {
    Feeder feeder;
    feeder.server(kHead);
    EXPECT_NE(page(feeder, 4000000000).find("nothing that Seamark reads"), std::string::npos);
    Feeder other;
    const unsigned frame = other.server("SSH-2.0-x\r\n");
    EXPECT_NE(page(other, frame).find("No HTTP/1.x message was recognised"), std::string::npos);
}

TEST(Prose, BreaksAtBlanksAndNeverInsideAWord) {
    std::vector<std::string> lines;
    const LineSink sink = [&](std::string_view line) { lines.emplace_back(line); };
    Prose page(sink);
    page.item(std::string(60, 'a') + " " + std::string(60, 'b') + " " + std::string(120, 'c'));
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], "  - " + std::string(60, 'a'));
    EXPECT_EQ(lines[1], "    " + std::string(60, 'b'));
    EXPECT_EQ(lines[2], "    " + std::string(120, 'c'));
}

}  // namespace
}  // namespace seamark::explain_test
