// SPDX-License-Identifier: GPL-2.0-or-later
//
// From a request to its answer and back, and what is notified of calls and heads on the way.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/feeder.hpp"
#include "support/recorded_call.hpp"
#include "support/text.hpp"

namespace seamark::exchange_lookup_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";
const std::string kContinue = "HTTP/1.1 100 x\r\n\r\n";
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";

TEST(ExchangeLookup, TheAnswerIsTheFinalResponse) {
    Feeder feeder;
    feeder.client(kGet + kGet);
    feeder.server(kContinue + kNoContent + kContinue);
    const Connection& connection = feeder.connection();
    EXPECT_EQ(connection.answer_to(kClient, 0), 1U);
    EXPECT_EQ(connection.answer_to(kClient, 1), std::nullopt) << "only a 100 of it has come";
    EXPECT_EQ(connection.request_of(kServer, 0), 0U);
    EXPECT_EQ(connection.request_of(kServer, 1), 0U);
    EXPECT_EQ(connection.request_of(kServer, 2), 1U);
    feeder.server(kNoContent);
    EXPECT_EQ(connection.answer_to(kClient, 1), 3U);
    EXPECT_EQ(connection.answer_to(kClient, 0), 1U);
}

TEST(ExchangeLookup, ARequestThatIsReadNoMoreHasNoAnswer) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n" + kGet);
    feeder.server("HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n");
    EXPECT_EQ(feeder.connection().answer_to(kClient, 1), std::nullopt);
}

/// Both sides ask: what the other side asks answers nothing.
TEST(ExchangeLookup, ARequestInTheOtherDirectionIsNoAnswer) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kGet);
    EXPECT_EQ(feeder.connection().answer_to(kClient, 0), std::nullopt);
    EXPECT_EQ(feeder.connection().answer_to(kServer, 0), std::nullopt);
}

TEST(ExchangeLookup, AResponseThatCameFirstHasNoRequest) {
    Feeder feeder;
    feeder.server(kNoContent);
    EXPECT_EQ(feeder.connection().request_of(kServer, 0), std::nullopt);
    EXPECT_EQ(feeder.connection().exchange(kServer, 0), 1U) << "its place among the responses";
}

class Heads final : public ExchangeListener {
  public:
    void request(Connection&, Side, std::uint32_t message) override {
        told += "request " + std::to_string(message) + " ";
    }
    void response(Connection&, Side, std::uint32_t message) override {
        told += "response " + std::to_string(message) + " ";
    }
    void forget(Connection&, Side, std::uint32_t) override {}
    std::string told;
};

struct Heard {
    void send(Side side, const std::string& bytes) {
        CapturedSegment segment;
        segment.frame = FrameNumber{++frames};
        segment.header.sequence = RawSequence{1000 + here[static_cast<std::size_t>(side)]};
        segment.wire_length = static_cast<std::uint32_t>(bytes.size());
        segment.payload = bytes_of(bytes);
        connection.add(side, segment);
        here[static_cast<std::size_t>(side)] += segment.wire_length;
    }
    Heads heads;
    WaitingBudget budget;
    Connection connection{budget, {}, &heads};
    std::uint32_t here[2] = {0, 0};
    std::uint32_t frames = 0;
};

TEST(ExchangeLookup, ListenersAreToldOfFinalResponsesAlone) {
    Heard heard;
    heard.send(kClient, kGet + "GET / HTT");
    heard.send(kServer, kContinue + kNoContent);
    EXPECT_EQ(heard.heads.told, "request 0 response 1 ")
        << "of the second request half a line came";
    heard.send(kClient, "P/1.1\r\n\r\n");
    EXPECT_EQ(heard.heads.told, "request 0 response 1 request 1 ");
}

/// What a side reads, the other has sent: it lies in that one's lane.
TEST(ExchangeLookup, CallsGoToTheLaneOfTheBytesThatTheyMoved) {
    Feeder feeder;
    Connection& connection = feeder.connection();
    feeder.server(kNoContent);
    const IoEvent write = recorded_call(EventKind::kWrite, 1, 0, 18);
    const IoEvent read = recorded_call(EventKind::kRead, 1, 0, 18);
    EXPECT_TRUE(connection.add_event(kServer, write, FrameNumber{7}));
    EXPECT_FALSE(connection.add_event(kServer, write, FrameNumber{8})) << "its bytes are claimed";
    EXPECT_TRUE(connection.add_event(kClient, read, FrameNumber{9}));
    EXPECT_EQ(feeder.stream(kServer).writes().size(), 1U);
    EXPECT_EQ(feeder.stream(kServer).reads().size(), 1U);
    EXPECT_TRUE(feeder.stream(kClient).writes().empty());
    EXPECT_TRUE(feeder.stream(kClient).reads().empty());
    connection.remove_event(kServer, write, FrameNumber{8});
    EXPECT_EQ(feeder.stream(kServer).writes().size(), 1U) << "that frame's was never in it";
    connection.remove_event(kServer, write, FrameNumber{7});
    connection.remove_event(kClient, read, FrameNumber{9});
    EXPECT_TRUE(feeder.stream(kServer).writes().empty());
    EXPECT_TRUE(feeder.stream(kServer).reads().empty());
}

TEST(ExchangeLookup, AnEventThatMovesNoBytesHasNoLane) {
    Feeder feeder;
    IoEvent event = recorded_call(EventKind::kOption, 0, 0, 5);
    EXPECT_FALSE(feeder.connection().add_event(kServer, event, FrameNumber{7}));
    feeder.connection().remove_event(kServer, event, FrameNumber{7});
    EXPECT_FALSE(feeder.connection().add_event(kServer, recorded_call(EventKind::kWrite, 0, 0, 0),
                                               FrameNumber{8}))
        << "it took nothing";
    event = recorded_call(EventKind::kWrite, 1, 0, 5);
    event.flags = 0;
    EXPECT_FALSE(feeder.connection().add_event(kServer, event, FrameNumber{9}))
        << "where its bytes lie is not known";
    EXPECT_TRUE(feeder.stream(kServer).writes().empty());
}

}  // namespace
}  // namespace seamark::exchange_lookup_test
