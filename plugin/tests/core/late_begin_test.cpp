// SPDX-License-Identifier: GPL-2.0-or-later
//
// Captures that begin late, or have first what was sent second.
#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"
#include "support/place.hpp"
#include "support/recorded_call.hpp"
#include "support/text.hpp"

namespace seamark::late_begin_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";        // 18
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";  // 18

/// The capture has the response first. It acknowledges the request, so it is the answer to it.
TEST(LateBegin, AResponseThatAcknowledgesARequestAnswersIt) {
    for (const bool acknowledges : {true, false}) {
        SCOPED_TRACE(acknowledges);
        Feeder feeder;
        CapturedSegment response;
        response.frame = FrameNumber{1};
        response.header.ack = true;
        response.header.sequence = RawSequence{1000};
        response.header.acknowledged = RawSequence{acknowledges ? 1018U : 1000U};
        response.wire_length = 18;
        response.payload = bytes_of(kNoContent);
        feeder.connection().add(kServer, response);
        feeder.client(kGet);
        const auto answer = feeder.connection().answer_to(kClient, 0);
        if (acknowledges) {
            EXPECT_EQ(answer, 0U);
        } else {
            EXPECT_EQ(answer, std::nullopt) << "it answers a request before the capture";
        }
    }
}

/// Frames may be out of order: the SYN follows the first bytes.
TEST(LateBegin, ASynBehindTheFirstBytesStillSaysWhereTheyBegin) {
    Feeder feeder({.syn = false});
    feeder.server(kNoContent);
    EXPECT_FALSE(feeder.stream(kServer).position({})) << "how far into the connection is not known";
    feeder.syn(kServer);
    EXPECT_EQ(feeder.stream(kServer).position({})->begin,
              feeder.stream(kServer).lane().runs().begin());
}

TEST(LateBegin, ASynBehindBytesThatItDoesNotPrecedeIsAnother) {
    Feeder feeder({.syn = false});
    feeder.server(kNoContent);
    feeder.syn(kServer, 500);
    EXPECT_FALSE(feeder.stream(kServer).position({}));
}

/// Calls are joined with bytes only where both count from the same byte.
TEST(LateBegin, CallsAreJoinedBehindTheSynAlone) {
    Feeder feeder;
    feeder.server(kNoContent);
    const Stream& stream = feeder.stream(kServer);
    feeder.connection().add_event(kServer, recorded_call(EventKind::kWrite, 1, 0, 18),
                                  FrameNumber{9});
    const ByteRange whole = place(stream, 0, 18);
    EXPECT_TRUE(stream.has_call(stream.writes(), whole));
    EXPECT_EQ(stream.call_range(whole), (CallRange{CallOffset{0}, CallOffset{18}}));
    const ByteRange from_the_syn{whole.begin - 1, whole.end};
    EXPECT_FALSE(stream.call_range(from_the_syn)) << "the SYN has a number, and is no byte";
    EXPECT_FALSE(stream.has_call(stream.writes(), from_the_syn));
    std::size_t visited = 0;
    stream.each_call(stream.writes(), from_the_syn,
                     [&](ByteRange, const CallRecord&) { ++visited; });
    EXPECT_EQ(visited, 0U);
}

/// Of a direction of which nothing was captured, each position is where it will be.
TEST(LateBegin, AnEmptyDirectionCountsFromItsFirstByte) {
    Feeder feeder({.syn = false});
    const Stream& stream = feeder.stream(kClient);
    feeder.client(kGet);
    const StreamOffset begin = stream.lane().runs().begin();
    EXPECT_EQ(stream.public_offset(begin), PublicOffset{0});
    EXPECT_EQ(feeder.stream(kServer).public_offset(begin), PublicOffset{0})
        << "nothing is in front of it";
}

/// Where the capture begins in the middle, an earlier segment may come for a while; then no more.
TEST(LateBegin, AnEarlierSegmentIsWaitedForOnlySoLong) {
    const auto found = [](unsigned between) {
        Feeder feeder({.syn = false});
        feeder.at(kServer, 1000, "no HTTP");
        for (unsigned i = 0; i < between; ++i) feeder.at(kServer, 1010 + 10 * i, "none");
        feeder.at(kServer, 0, kNoContent);
        feeder.finish();
        return feeder.stream(kServer).messages().size();
    };
    EXPECT_EQ(found(6), 1U) << "the eighth segment";
    EXPECT_EQ(found(7), 0U) << "the ninth";
}

TEST(LateBegin, NorBehindMoreThan64KiB) {
    const auto found = [](std::size_t bytes) {
        Feeder feeder({.syn = false});
        feeder.at(kServer, 100'000, std::string(bytes, 'x'));
        feeder.at(kServer, 0, kNoContent);
        feeder.finish();
        return feeder.stream(kServer).messages().size();
    };
    EXPECT_EQ(found(65'536), 1U);
    EXPECT_EQ(found(65'537), 0U);
}

}  // namespace
}  // namespace seamark::late_begin_test
