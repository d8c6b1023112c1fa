// SPDX-License-Identifier: GPL-2.0-or-later
//
// A connection that is one subflow of Multipath TCP: what breaks is no fault of its sender's.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/feeder.hpp"

namespace seamark::subflow_test {
namespace {

using namespace test;

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string faults(const Feeder& feeder) {
    std::string text;
    feeder.stream(kServer).messages()[0].faults.each(
        [&](Fault fault) { text.append(" ").append(to_string(fault)); });
    return text;
}

/// Both SYNs have an MPTCP option where multipath is set, or one of them.
void open(Feeder& feeder, bool client, bool server) {
    feeder.at(kClient, 0, "", {.syn = true, .multipath = client});
    feeder.at(kServer, 0, "", {.syn = true, .multipath = server});
    feeder.client("GET / HTTP/1.1\r\n\r\n");
}

TEST(Subflow, WhatCannotBeFramedMayGoOnInAnother) {
    Feeder feeder(Feeder::Options{.syn = false});
    open(feeder, true, true);
    EXPECT_TRUE(feeder.connection().multipath());
    feeder.server(kChunked + "5\r\nhelXXXXX");
    feeder.finish();
    EXPECT_EQ(faults(feeder), " subflow");
}

TEST(Subflow, AFinCutsNothingShort) {
    Feeder feeder(Feeder::Options{.syn = false});
    open(feeder, true, true);
    feeder.server(kChunked + "5\r\nhel");
    feeder.fin(kServer);
    feeder.finish();
    EXPECT_EQ(faults(feeder), " subflow");
}

TEST(Subflow, IsPlainTcpWhereOneEndDeclined) {
    Feeder feeder(Feeder::Options{.syn = false});
    open(feeder, true, false);
    feeder.server(kChunked + "5\r\nhelXXXXX");
    feeder.finish();
    EXPECT_EQ(faults(feeder), " bad-chunk-end");
}

}  // namespace
}  // namespace seamark::subflow_test
