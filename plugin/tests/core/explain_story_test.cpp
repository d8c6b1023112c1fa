// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a page says of a segment, layer by layer: numbers worked out by hand from the bytes fed.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/report/explain.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"
#include "core/report/text_table.hpp"
#include "support/four_lanes.hpp"

namespace seamark::explain_story_test {
namespace {

using test::call;
using test::Feeder;
using test::kHead;
using test::kTaggedHead;
using test::recorded_call;

using test::kClient;
using test::kServer;

/// A program that knows what to type next.
struct Steps final : NextSteps {
    std::string_view turn_off_offloads() const override { return "OFFLOADS OFF"; }
    std::string_view larger_capture_buffer() const override { return "LARGER BUFFER"; }
    std::string_view record_writes() const override { return "RECORD WRITES"; }
    std::string_view record_reads() const override { return "RECORD READS"; }
};

std::string page(const Connection& connection, std::uint32_t frame) {
    std::string all;
    write_explanation({{3, &connection, {"192.0.2.1", 40000}, {"192.0.2.2", 80}}},
                      FrameNumber{frame}, Steps(), [&](std::string_view line) {
                          const auto text = std::min(line.size(), line.find_first_not_of(' '));
                          all.append(line.substr(text)).append(" ");
                      });
    return all;
}
std::string page(Feeder& feeder, std::uint32_t frame) {
    feeder.finish();
    return page(feeder.connection(), frame);
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)
#define EXPECT_SAYS_NOT(text, part) EXPECT_EQ((text).find(part), std::string::npos) << (text)

TEST(ExplainStory, OfASegmentThatRepeatsAPart) {
    Feeder feeder;
    feeder.server(kHead);  // 0 to 47, frame 1
    const unsigned frame = feeder.at(kServer, 40, "ed\r\n\r\n\r\n5\r\nhello\r\n");
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "captured before");
    EXPECT_SAYS(text, "frames 1 and 2");
}

TEST(ExplainStory, OfASegmentThatTheSnapLengthCut) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned frame = feeder.at(kServer, 47, "5\r\nhello\r\n", {.cut = 4});
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "The snap length left 6 of its 10 bytes");
}

TEST(ExplainStory, OfASegmentBehindAHole) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "8\r\nso");
    feeder.lose(kServer, "uth");
    const unsigned frame = feeder.server("ern\r\n0\r\n\r\n");
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "in front of it are missing");
    EXPECT_SAYS(text, "LARGER BUFFER");
}

/// A SYN that announces a MSS of 1460; what follows has no TCP options.
void syn_with_mss(Feeder& feeder, Side side) {
    CapturedSegment syn;
    syn.header.syn = true;
    syn.header.sequence = RawSequence{999};
    syn.header.announced_mss = std::uint16_t{1460};
    feeder.connection().add(side, syn);
}

TEST(ExplainStory, TellsAPacketFromASuperSegment) {
    Feeder feeder({.syn = false});
    syn_with_mss(feeder, kClient);
    syn_with_mss(feeder, kServer);
    const unsigned small = feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n");
    const unsigned large = feeder.server(std::string(3000, 'x'));
    EXPECT_SAYS(page(feeder, small), "; one packet, of at most 1460 bytes.");
    EXPECT_SAYS_NOT(page(feeder, small), "OFFLOADS OFF");
    const std::string text = page(feeder, large);
    EXPECT_SAYS(text, "at most 1460 bytes");
    EXPECT_SAYS(text, "it becomes 3 packets");
    EXPECT_SAYS(text, "OFFLOADS OFF");
}

TEST(ExplainStory, OfACallThatGoesOnElsewhere) {
    Feeder feeder;
    const unsigned first = feeder.server(std::string(kHead) + "5\r\nhe");  // 52
    feeder.server("llo\r\n");
    test::write(feeder, 1, 0, 57);
    const std::string text = page(feeder, first);
    EXPECT_SAYS(text, "52 of its bytes here, carried by frames 1 and 2");
    EXPECT_SAYS(text, "From the call to the capture of this segment");
    EXPECT_SAYS(text, "tcp.window_size");
}

TEST(ExplainStory, OfASegmentThatNoRecordedReadHas) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned frame = feeder.server("5\r\nhello\r\n");
    test::write(feeder, 1, 0, 47);
    call(feeder, EventKind::kRead, 1, 0, 47, 4096);
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "no call was recorded, and no chunk here is tagged");
    EXPECT_SAYS(text, "No recorded read has these bytes.");
}

TEST(ExplainStory, OfTheReadsThatTookIt) {
    Feeder feeder;
    const unsigned frame = feeder.server(std::string(kHead) + "5\r\nhello\r\n");  // 57
    call(feeder, EventKind::kRead, 1, 0, 40, 4096);
    call(feeder, EventKind::kRead, 2, 40, 17, 4096);
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "read 1: recv, 40 of 4096 bytes at offset 0");
    EXPECT_SAYS(text, "read 2: recv, 17 of 4096 bytes at offset 40");
    EXPECT_SAYS_NOT(text, "RECORD READS");
}

TEST(ExplainStory, OfWritesThatTagsTell) {
    Feeder feeder;
    const unsigned frame =
        feeder.server(std::string(kTaggedHead) + "3;w=2\r\nabc\r\n3;w=3-4\r\ndef\r\n0;w=4\r\n\r\n");
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "write 2, as the chunk's tag says");
    EXPECT_SAYS(text, "write 3-4, as the chunk's tag says");
    EXPECT_SAYS(text, "at least 2 writes share this segment");
    EXPECT_SAYS(text, "A tag is what the program meant");
}

TEST(ExplainStory, OfATagThatIsNone) {
    Feeder feeder;
    const unsigned frame = feeder.server(std::string(kTaggedHead) + "3;w=0\r\nabc\r\n0\r\n\r\n");
    EXPECT_SAYS(page(feeder, frame),
                "Not known: no call was recorded, and no chunk here is tagged");
}

TEST(ExplainStory, OfARequest) {
    Feeder feeder;
    const unsigned frame = feeder.client("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    feeder.server(kHead);
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "Message 1 has no chunks, framing none");
    EXPECT_SAYS_NOT(text, "For hex lengths");
}

TEST(ExplainStory, OfAHeadThatIsCut) {
    Feeder feeder;
    const unsigned frame = feeder.server(kHead.substr(0, 20));
    feeder.server(kHead.substr(20));
    EXPECT_SAYS(page(feeder, frame), "20 of them here");
}

TEST(ExplainStory, NamesAllOfFour) {
    Feeder feeder;
    const unsigned frame = feeder.server(std::string(kHead) + "1\r\nx\r\n1\r\ny\r\n0\r\n\r\n");
    const std::string text = page(feeder, frame);
    EXPECT_SAYS(text, "chunk 2: size line 1");
    EXPECT_SAYS(text, "last chunk");
    EXPECT_SAYS_NOT(text, "more");
}

TEST(ExplainStory, BeginsWithWhy) {
    Feeder feeder;
    const unsigned frame = feeder.server(std::string(kHead) + "1\r\nx\r\n");
    const std::string text = page(feeder, frame);
    ASSERT_NE(text.find("Why"), std::string::npos) << text;
    EXPECT_LT(text.find("Why"), text.find("Writes: the program's calls")) << text;
}

TEST(ExplainStory, NamesTheFirstOfManyAndCountsTheRest) {
    Feeder feeder;
    std::string bytes(kHead);
    for (int i = 0; i < 20; ++i) bytes += "1\r\nx\r\n";
    const unsigned frame = feeder.server(bytes + "0\r\n\r\n");
    // The head, 20 chunks and the last: 22 items, of which one is named.
    EXPECT_SAYS(page(feeder, frame), "; 21 more");
}

TEST(ExplainStory, OfARecordedReadFromItsOwnFrame) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhello\r\n");
    test::write(feeder, 1, 0, 57);
    feeder.connection().add_event(kClient, recorded_call(EventKind::kRead, 1, 0, 57, 4096),
                                  FrameNumber{91});
    const std::string text = page(feeder, 91);
    EXPECT_SAYS(text, "the record of a read of stream 3");
    EXPECT_SAYS(text, "asked for more than there was");
    EXPECT_SAYS(text, "Its bytes arrived in frame 1.");
    EXPECT_SAYS(text, "1 write of the sender put them in");
    EXPECT_SAYS_NOT(text, "Some of its bytes are missing");
}

TEST(ExplainStory, OfARecordedWriteThatTwoReadsTook) {
    Feeder feeder;
    feeder.server(kHead);
    feeder.lose(kServer, "5\r\n");
    feeder.server("hello\r\n");
    feeder.connection().add_event(kServer, recorded_call(EventKind::kWrite, 1, 0, 57, 57),
                                  FrameNumber{91});
    call(feeder, EventKind::kRead, 1, 0, 47, 47);
    call(feeder, EventKind::kRead, 2, 47, 10, 10);
    const std::string text = page(feeder, 91);
    EXPECT_SAYS(text, "2 reads of the receiver took them out");
    EXPECT_SAYS(text, "Some of its bytes are missing from the capture");
    EXPECT_SAYS_NOT(text, "took less than was asked for");
}

TEST(ExplainStory, OfACallWhoseConnectionHasNoSyn) {
    Feeder feeder({.syn = false});
    feeder.server(kHead);
    feeder.connection().add_event(kServer, recorded_call(EventKind::kWrite, 1, 0, 47, 47),
                                  FrameNumber{91});
    EXPECT_SAYS(page(feeder, 91), "SYN was not captured");
}

TEST(ExplainStory, OfBytesOfNoMessage) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "0\r\n\r\n");
    const unsigned frame = feeder.server("garbage that is no start line\r\n");
    EXPECT_SAYS(page(feeder, frame), "bytes of no message: ");
}

}  // namespace
}  // namespace seamark::explain_story_test
