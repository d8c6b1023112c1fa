// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of segments whose bytes were there before: retransmissions, copies, probes.
#include <gtest/gtest.h>

#include <string>

#include "support/scripted_connection.hpp"

namespace seamark::repeat_verdicts_test {
namespace {

using test::ScriptedConnection;

TEST(Verdicts, OfARetransmission) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 50'000);
    scripted.data(0, 100, 250'000);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission known");
    scripted.data(50, 100, 260'000);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission consistent");
}

TEST(Verdicts, OfACopyOfAPacket) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 50'000);
    scripted.data_again(50'003, scripted.last_identification());
    EXPECT_EQ(scripted.verdicts(), "none duplicate known");
    scripted.data_again(50'050, std::uint16_t{9999});
    EXPECT_EQ(scripted.verdicts(), "cut retransmission known");
    scripted.data_again(50'060, std::nullopt);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission or duplicate consistent");
    scripted.data_again(250'060, std::nullopt);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission consistent");
}

/// Many senders set no identification: then another interface, or a hop less, and at once.

TEST(Verdicts, OfACopyWithoutIdentification) {
    const auto verdicts = [](PacketOrigin origin, std::int64_t later) {
        ScriptedConnection scripted;
        scripted.data(0, 100, 49'000);
        scripted.data_again(50'000, std::uint16_t{0});
        origin.identification = std::uint16_t{0};
        scripted.data_again(50'000 + later, origin);
        return scripted.verdicts();
    };
    const auto at_interface = [](std::uint64_t number) {
        return PacketOrigin{std::nullopt, 0, number};
    };
    EXPECT_EQ(verdicts(at_interface(2), 3), "none duplicate known");
    EXPECT_EQ(verdicts({std::nullopt, 63, 0}, 3), "none duplicate known");
    EXPECT_EQ(verdicts(at_interface(2), 1'001), "cut retransmission or duplicate consistent");
    EXPECT_EQ(verdicts({}, 3), "cut retransmission or duplicate consistent");
}

TEST(Verdicts, OfProbesWithAnOldByte) {
    ScriptedConnection keep_alive;
    keep_alive.data(0, 100, 50'000);
    keep_alive.client_ack(100, 70'000);
    keep_alive.data(99, 1, 5'000'000);
    EXPECT_EQ(keep_alive.verdicts(), "none keep-alive consistent");

    ScriptedConnection window;
    window.client_ack(0, 45'000, 100);
    window.data(0, 100, 50'000);
    window.client_ack(100, 70'000, 0);
    window.data(100, 1, 270'000);
    EXPECT_EQ(window.verdicts(), "held window-probe consistent");
    window.data(100, 1, 670'000);
    EXPECT_EQ(window.verdicts(), "none window-probe or retransmission consistent");
}

/// At the receiver, an acknowledgement may have released what comes a little later; not what comes
/// first, nor what comes long after.

}  // namespace
}  // namespace seamark::repeat_verdicts_test
