// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the upstream leg of a proxy shows about segments downstream: when their bytes had reached
// it, and what follows for their causes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/delay/leg_arrival.hpp"
#include "core/report/chunk_table.hpp"
#include "core/report/explain.hpp"
#include "support/legs_world.hpp"
#include "support/scripted_connection.hpp"

namespace seamark::leg_arrival_test {
namespace {

using namespace test;

constexpr std::int64_t kSlack = 1'000'000;  // ns on the network

/// As ScriptedConnection::verdicts() of the last segment, with an arrival.
std::vector<Verdict> judged(const ScriptedConnection& script, const SenderArrival& arrival) {
    const Stream& stream = script.connection.stream(kServer);
    return judge_segment(script.connection, kServer, stream.lane().segments().back(), &arrival);
}

std::string said(const std::vector<Verdict>& verdicts) {
    std::string out;
    for (const Verdict& verdict : verdicts)
        out += (out.empty() ? "" : "; ") + std::string(to_string(verdict.boundary)) + " " +
               words::causes(verdict.causes) + " " + std::string(to_string(verdict.confidence));
    return out;
}

SenderArrival arrived(std::int64_t first, std::int64_t last) {
    return {first * kMicro, last * kMicro, FrameNumber{77}, {}, kSlack};
}

/// A segment that left 10 µs after an acknowledgement, at 270,010 µs.
struct Released : ScriptedConnection {
    Released() {
        data(0, 1460, 50'000);
        client_ack(1460, 270'000);
        data(1460, 100, 270'010);
    }
};

TEST(SenderArrival, OfBytesThatCameAfterTheAcknowledgementLeavesNoCauseButTheWrite) {
    const Released script;
    EXPECT_EQ(script.verdicts(), "held nagle, cwnd or write consistent");
    EXPECT_EQ(said(judged(script, arrived(270'004, 270'006))), "whole write consistent");
    EXPECT_EQ(judged(script, arrived(270'004, 270'006)).front().finding, Finding::kLeftOnArrival);
    // Those that were there when it came may have waited for it.
    EXPECT_EQ(said(judged(script, arrived(269'990, 270'006))),
              "held nagle, cwnd or write consistent");
}

TEST(SenderArrival, LongBeforeIsAHoldByTheProxy) {
    const Released script;
    const auto verdicts = judged(script, arrived(67'010, 67'010));
    EXPECT_EQ(said(verdicts), "held proxy, nagle, cwnd, more or cork consistent");
    EXPECT_TRUE(words::sentence(verdicts.front())
                    .starts_with("Its bytes were held 203 ms by the "
                                 "proxy, consistent with "))
        << words::sentence(verdicts.front());
    // Neither option keeps bytes that long.
    EXPECT_EQ(said(judged(script, arrived(10, 10))), "held proxy, nagle or cwnd consistent");
}

TEST(SenderArrival, WithinTheTimeOfTheNetworkProvesNoHold) {
    ScriptedConnection script;
    script.data(0, 100, 90'000);
    EXPECT_EQ(said(judged(script, arrived(89'000, 89'000))), "whole write consistent");
    EXPECT_EQ(said(judged(script, arrived(88'999, 89'990))), "held proxy, more or cork consistent");
}

TEST(SenderArrival, OfTheNextByteContradictsThatTheSenderHadNoMore) {
    ScriptedConnection script;
    script.data(0, 100, 90'000);
    SenderArrival arrival = arrived(89'900, 89'900);
    arrival.next = 89'950 * kMicro;
    EXPECT_EQ(judged(script, arrival).front().finding, Finding::kNoMoreToSend);
    arrival.next = 88'000 * kMicro;
    EXPECT_EQ(said(judged(script, arrival)), "whole proxy or write consistent");
    EXPECT_EQ(judged(script, arrival).front().finding, Finding::kMoreHadArrived);
}

TEST(SenderArrival, BeforeTheCallWasHeldByTheProgramAndNotTheKernel) {
    ScriptedConnection script;
    script.write(0, 100, 90'000, {.state = open_state(0)});
    script.data(0, 100, 90'002);
    const std::string alone = script.verdicts();
    EXPECT_EQ(said(judged(script, arrived(89'500, 89'500))), alone);
    EXPECT_EQ(said(judged(script, arrived(50'000, 50'000))), alone + "; held proxy consistent");
}

TEST(SenderArrival, CutAndHoldAreTwoThings) {
    ScriptedConnection script;
    script.data(0, 1460, 90'000);
    EXPECT_EQ(said(judged(script, arrived(50'000, 60'000))),
              "cut mss or write consistent; held proxy consistent");
    EXPECT_EQ(said(judged(script, arrived(89'900, 89'900))), "cut mss or write consistent");
}

/// Two chunks upstream in frames 5 and 6, which the proxy sends as one in frame 7, 203 ms later.
struct HeldByAProxy {
    explicit HeldByAProxy(bool handshakes = true) : legs(world) {
        if (handshakes) {
            world.shakes_hands(legs.down);
            world.shakes_hands(legs.up);
        }
        world.asks({&legs.down, &legs.up}, get());
        world.answers(legs.up, head() + kAbc);
        world.answers(legs.up, kDef + kEnd);
        world.wait(202);
        world.answers(legs.down, head() + kAbcdef + kEnd);
        world.told();
    }
    std::optional<SenderArrival> arrival() {
        const Connection& down = legs.down.connection;
        return arrival_at_sender(*world.legs(), down, Side::kSecond,
                                 down.stream(Side::kSecond).lane().segments().back());
    }
    World world;
    Proxied legs;
};

TEST(LegArrival, IsThatOfTheUpstreamLeg) {
    HeldByAProxy held;
    const auto arrival = held.arrival();
    ASSERT_TRUE(arrival);
    EXPECT_EQ(arrival->first, 3 * kMs);
    EXPECT_EQ(arrival->last, 4 * kMs);
    EXPECT_EQ(arrival->frame, FrameNumber{6});
    EXPECT_FALSE(arrival->next);
    EXPECT_EQ(arrival->transit, kSlack);
    const Connection& up = held.legs.up.connection;
    EXPECT_FALSE(arrival_at_sender(*held.world.legs(), up, Side::kSecond,
                                   up.stream(Side::kSecond).lane().segments().back()))
        << "the server of the upstream leg is no proxy";
}

/// They end with the requests here, one and two milliseconds after the SYNs.
TEST(LegArrival, AllowsForTheTimesOfBothHandshakes) {
    const auto arrival = HeldByAProxy(false).arrival();
    ASSERT_TRUE(arrival);
    EXPECT_EQ(arrival->transit, kSlack + 3 * kMs);
}

/// The proxy is named on the page of a frame alone, as below; what it held is `held_ns` in a row.
TEST(LegArrival, IsNoCauseInARow) {
    HeldByAProxy held;
    std::vector<std::string> rows;
    write_chunk_json(
        held.world.table(), held.world.legs(), {},
        [&](std::string_view line) { rows.emplace_back(line); }, [](std::string_view) {});
    std::size_t paired = 0;
    for (const std::string& row : rows) {
        paired += row.find("\"held_ns\":") != std::string::npos ? 1 : 0;
        EXPECT_EQ(row.find("\"proxy\""), std::string::npos) << row;
    }
    EXPECT_GT(paired, 0U);
}

TEST(LegArrival, IsToldOnBothLegs) {
    HeldByAProxy held;
    const auto page = [&](std::uint32_t frame) {
        std::string text;
        write_explanation(
            held.world.table(), FrameNumber{frame}, {},
            [&](std::string_view line) { text.append(line).append("\n"); }, held.world.legs());
        return text;
    };
    EXPECT_NE(page(7).find("Its bytes were held 203 to 204 ms by the proxy"), std::string::npos)
        << page(7);
    EXPECT_NE(page(6).find("there, frame 7: unknown, proxy"), std::string::npos) << page(6);
}

}  // namespace
}  // namespace seamark::leg_arrival_test
