// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kernel's tests, one after the other, with states made by hand: each cause alone, two at once,
// and what excludes one.
#include "core/cause/send_delay.hpp"

#include <gtest/gtest.h>

namespace seamark::send_delay_test {
namespace {

constexpr std::uint32_t kOptions = EventFlags::kOptionsKnown;

/// 32 bytes held, nothing in flight, all windows open: no test of the kernel applies.
KernelState open_state() {
    KernelState state;
    state.cwnd = 10;
    state.mss = 1448;
    state.peer_window = 65536;
    state.queued = 32;
    state.not_sent = 32;
    state.send_buffer = 87040;
    state.pacing_rate = KernelState::kUnlimited;
    return state;
}

/// The same with one packet of 32 bytes in flight.
KernelState one_in_flight() {
    KernelState state = open_state();
    state.unacked = state.in_flight = 1;
    state.queued = 64;
    return state;
}

struct Found {
    CauseList causes;
    bool sure;
    friend bool operator==(const Found&, const Found&) = default;
};

struct Moment {
    std::uint32_t flags = kOptions;
    std::string congestion = "cubic";
    std::optional<bool> small_in_flight = {};
    std::optional<bool> released_by_ack = {};
    std::optional<std::int64_t> rested_ns = {};
    std::uint32_t last_length = 32;
    bool paced = false;
    std::optional<Paced> how = {};  // instead of what paced and congestion say
    bool cork_changed = false;
    bool nodelay_changed = false;
    std::optional<bool> autocorks = {};
};

Found test(const KernelState* state, const Moment& moment) {
    CallRecord call;
    call.index = 2;
    call.flags = moment.flags;
    DelayedWrite held;
    held.call = &call;
    held.state = state;
    held.options.congestion = moment.congestion.empty() ? 0 : 1;
    held.options.paced = moment.paced                 ? Paced::kByLimit
                         : moment.congestion == "bbr" ? Paced::kByControl
                         : moment.congestion.empty()  ? Paced::kUnknown
                                                      : Paced::kNo;
    if (moment.how) held.options.paced = *moment.how;
    held.options.autocorks = moment.autocorks;
    held.cork_changed = moment.cork_changed;
    held.nodelay_changed = moment.nodelay_changed;
    held.small_in_flight = moment.small_in_flight;
    held.released_by_ack = moment.released_by_ack;
    held.rested_ns = moment.rested_ns;
    held.last_length = moment.last_length;
    const SendDelay found = find_send_delay(held);
    return {found.causes, found.sure};
}
Found test(const KernelState& state, const Moment& moment = {}) {
    return test(&state, moment);
}

TEST(SendDelay, NagleNeedsBytesInFlightAndLessThanAPacket) {
    EXPECT_EQ(test(one_in_flight()), (Found{{Cause::kNagle}, true}));
    KernelState full = one_in_flight();
    full.not_sent = full.mss;
    EXPECT_NE(test(full).causes, CauseList{Cause::kNagle}) << "a full packet does not wait";
    EXPECT_NE(test(open_state()).causes, CauseList{Cause::kNagle}) << "nothing is in flight";
}

TEST(SendDelay, NodelayExcludesNagle) {
    EXPECT_NE(test(one_in_flight(), {.flags = kOptions | EventFlags::kNodelay}).causes,
              CauseList{Cause::kNagle});
}

TEST(SendDelay, NagleWaitsOnlyForASegmentBelowTheMss) {
    EXPECT_EQ(test(one_in_flight(), {.small_in_flight = true}), (Found{{Cause::kNagle}, true}));
    EXPECT_NE(test(one_in_flight(), {.small_in_flight = false}).causes, CauseList{Cause::kNagle})
        << "Minshall's condition";
}

TEST(SendDelay, OptionsThatAreNotKnownLeaveNothingSure) {
    EXPECT_FALSE(test(one_in_flight(), {.flags = 0}).sure);
}

TEST(SendDelay, CorkAndMoreTakeTheTailAndExcludeNagle) {
    EXPECT_EQ(test(one_in_flight(), {.flags = kOptions | EventFlags::kCork}),
              (Found{{Cause::kCork}, true}));
    EXPECT_EQ(test(open_state(), {.flags = kOptions | EventFlags::kMore}),
              (Found{{Cause::kMore}, true}));
    KernelState full = open_state();
    full.not_sent = full.mss;
    EXPECT_NE(test(full, {.flags = kOptions | EventFlags::kCork}).causes, CauseList{Cause::kCork})
        << "a full packet leaves a corked socket";
}

TEST(SendDelay, TheCongestionWindowIsFull) {
    KernelState state = one_in_flight();
    state.unacked = state.in_flight = state.cwnd;
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kNodelay}),
              (Found{{Cause::kCwnd}, true}));
    EXPECT_EQ(test(state), (Found{{Cause::kCwnd, Cause::kNagle}, false}))
        << "with Nagle on, either would have held it";
    state.in_flight = 4;  // the rest was SACKed
    EXPECT_EQ(test(state), (Found{{Cause::kNagle}, true}));
}

TEST(SendDelay, ThePeersWindowIsFull) {
    KernelState state = one_in_flight();
    state.peer_window = 40;  // 32 in flight and 32 to come
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kNodelay}),
              (Found{{Cause::kRwnd}, true}));
    state.peer_window = 64;  // just enough
    EXPECT_NE(test(state, {.flags = kOptions | EventFlags::kNodelay}).causes,
              CauseList{Cause::kRwnd});
}

TEST(SendDelay, PacketsWaitBelowTcp) {
    KernelState state = one_in_flight();
    state.device_memory = 2304;
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kNodelay}),
              (Found{{Cause::kAutocork}, true}));
    EXPECT_EQ(test(state), (Found{{Cause::kAutocork, Cause::kNagle}, false}));
}

TEST(SendDelay, PacingIsWhatIsLeftWhereTheCongestionControlPaces) {
    KernelState state = one_in_flight();
    state.pacing_rate = 1;  // KiB a second: 32 bytes take 31.25 ms
    const Moment bbr{.flags = kOptions | EventFlags::kNodelay, .congestion = "bbr"};
    EXPECT_EQ(test(state, bbr), (Found{{Cause::kPacing}, true}));
    Moment nagle = bbr;
    nagle.flags = kOptions;
    EXPECT_EQ(test(state, nagle), (Found{{Cause::kNagle, Cause::kPacing}, false}));
    nagle.rested_ns = 31'000'000;
    EXPECT_EQ(test(state, nagle), (Found{{Cause::kNagle, Cause::kPacing}, false}));
    nagle.rested_ns = 31'500'000;
    EXPECT_EQ(test(state, nagle), (Found{{Cause::kNagle}, true})) << "the pause was over";
}

TEST(SendDelay, APacingRateThatWasSetPacesUnderAnyCongestionControl) {
    KernelState state = one_in_flight();
    state.not_sent = 4000;  // more than a packet: Nagle would let them go
    state.queued = 4032;
    state.pacing_rate = 1;
    const std::uint32_t nodelay = kOptions | EventFlags::kNodelay;
    EXPECT_EQ(test(state, {.flags = nodelay, .paced = true}), (Found{{Cause::kPacing}, true}));
    EXPECT_EQ(test(state, {.flags = nodelay, .congestion = "", .paced = true}),
              (Found{{Cause::kPacing}, true}));
    EXPECT_EQ(test(state, {.flags = nodelay, .rested_ns = 32'000'000, .paced = true}),
              (Found{{Cause::kGso}, false}))
        << "the pause was over";
    EXPECT_EQ(test(state, {.flags = nodelay}), (Found{{Cause::kGso}, false}));
}

TEST(SendDelay, AnUnknownCongestionControlMayPace) {
    KernelState state = one_in_flight();
    state.pacing_rate = 1;
    EXPECT_EQ(test(state, {.congestion = ""}), (Found{{Cause::kNagle, Cause::kPacing}, false}));
}

TEST(SendDelay, WhereNothingFitsNothingIsSure) {
    EXPECT_FALSE(test(open_state()).sure);
    EXPECT_FALSE(test(open_state(), {.congestion = ""}).sure);
}

TEST(SendDelay, AStateOfEightNumbersIsNeverSure) {
    KernelState state = one_in_flight();
    state.send_buffer = 0;
    EXPECT_EQ(test(state), (Found{{Cause::kNagle}, false})) << "autocork cannot be excluded";
}

TEST(SendDelay, WithoutStateOptionsAndCaptureAreConsistentAtMost) {
    EXPECT_EQ(test(nullptr, {.flags = kOptions | EventFlags::kCork}),
              (Found{{Cause::kCork}, false}));
    EXPECT_EQ(test(nullptr, {.flags = kOptions | EventFlags::kMore}),
              (Found{{Cause::kMore}, false}));
    EXPECT_EQ(test(nullptr, {.released_by_ack = true}), (Found{{Cause::kNagle}, false}));
    EXPECT_EQ(test(nullptr, {.small_in_flight = true}), (Found{{Cause::kNagle}, false}));
    EXPECT_EQ(test(nullptr, {.small_in_flight = false, .released_by_ack = true}),
              (Found{{}, false}));
    EXPECT_EQ(test(nullptr, {}), (Found{{}, false})) << "the capture tells nothing";
    EXPECT_EQ(test(nullptr, {.flags = kOptions | EventFlags::kNodelay, .released_by_ack = true}),
              (Found{{}, false}));
    EXPECT_EQ(test(nullptr, {.flags = 0, .released_by_ack = true}), (Found{{}, false}));
}

/// Where the segment before left long ago, its pause at the pacing rate is over; an unlimited rate
/// makes no pause.
TEST(SendDelay, AnUnlimitedRateMakesNoPause) {
    KernelState state = open_state();
    state.pacing_rate = KernelState::kUnlimited;
    EXPECT_EQ(test(state, {.rested_ns = 1, .paced = true}), (Found{{}, false}));
    EXPECT_EQ(test(state, {.paced = true}), (Found{{}, false}))
        << "nor where its rest is not known";
    state.pacing_rate = 0;
    EXPECT_EQ(test(state, {.rested_ns = 1, .paced = true}), (Found{{Cause::kPacing}, true}))
        << "below 1 KiB a second, the rate is 0";
    state.pacing_rate = 1;  // KiB a second: 32 bytes take 31 ms
    EXPECT_EQ(test(state, {.rested_ns = 30'000'000, .paced = true}),
              (Found{{Cause::kPacing}, true}));
    EXPECT_EQ(test(state, {.rested_ns = 32'000'000, .paced = true}), (Found{{}, false}));
}

TEST(SendDelay, WhatWaitsAnywayAndIsPacedHasTwoCauses) {
    KernelState state = open_state();
    state.cwnd = 0;
    state.pacing_rate = 1;
    EXPECT_EQ(test(state, {.paced = true}), (Found{{Cause::kCwnd, Cause::kPacing}, false}));
    EXPECT_EQ(test(state, {.rested_ns = 32'000'000, .paced = true}), (Found{{Cause::kCwnd}, true}))
        << "the pause was over";
}

TEST(SendDelay, MoreHoldsForItsCallAloneAndNagleGoesOn) {
    EXPECT_EQ(test(one_in_flight(), {.flags = kOptions | EventFlags::kMore}),
              (Found{{Cause::kMore, Cause::kNagle}, false}));
    EXPECT_EQ(test(one_in_flight(), {.flags = kOptions | EventFlags::kMore | EventFlags::kNodelay}),
              (Found{{Cause::kMore}, true}));
    EXPECT_EQ(
        test(one_in_flight(), {.flags = kOptions | EventFlags::kMore, .small_in_flight = false}),
        (Found{{Cause::kMore}, true}));
}

/// A cork that was taken off sends what it held: what stayed was held by something else, too.
TEST(SendDelay, AnOptionThatChangedMeanwhileLeavesNothingSure) {
    EXPECT_EQ(test(one_in_flight(), {.flags = kOptions | EventFlags::kCork, .cork_changed = true}),
              (Found{{Cause::kCork, Cause::kNagle}, false}));
    EXPECT_EQ(test(one_in_flight(), {.cork_changed = true}),
              (Found{{Cause::kNagle, Cause::kCork}, false}))
        << "a cork that was set holds on";
    EXPECT_EQ(test(one_in_flight(), {.nodelay_changed = true}), (Found{{Cause::kNagle}, false}));
    KernelState full = one_in_flight();
    full.in_flight = full.unacked = full.cwnd;
    full.not_sent = 4000;
    EXPECT_EQ(test(full, {.cork_changed = true}), (Found{{Cause::kCwnd}, true}))
        << "a cork has no say in full packets";
}

/// Linux goes on to pace when what began it is taken off, and before the first record it may have.
TEST(SendDelay, WhetherItPacesMayNotBeKnown) {
    KernelState state = one_in_flight();
    state.pacing_rate = 1;
    for (const Paced how : {Paced::kUnknown, Paced::kPerhaps})
        EXPECT_EQ(test(state, {.how = how}), (Found{{Cause::kNagle, Cause::kPacing}, false}));
    EXPECT_EQ(test(state, {.rested_ns = 32'000'000, .how = Paced::kUnknown}),
              (Found{{Cause::kNagle}, true}))
        << "at the rate in force the pause was over";
    EXPECT_EQ(test(state, {.how = Paced::kNo}), (Found{{Cause::kNagle}, true}));
}

/// As much memory below TCP as it lets wait, or too little for that.
TEST(SendDelay, TcpsOwnLimitIsNotAutocork) {
    KernelState state = one_in_flight();
    const Moment nodelay{.flags = kOptions | EventFlags::kNodelay};
    state.pacing_rate = 100'000;  // KiB a second: 100,000 bytes in a millisecond
    state.device_memory = 99'999;
    EXPECT_EQ(test(state, nodelay), (Found{{Cause::kAutocork}, true}));
    state.device_memory = 100'000;
    EXPECT_EQ(test(state, nodelay), (Found{{Cause::kAutocork, Cause::kSmallQueue}, false}));
    state.not_sent = 100'000;
    state.queued = 200'000;
    state.peer_window = 1'000'000;
    EXPECT_EQ(test(state, nodelay), (Found{{Cause::kSmallQueue}, false}))
        << "more than a super-segment does not wait for more; two of them may wait below TCP";
    state.device_memory = 140'000;
    EXPECT_EQ(test(state, nodelay), (Found{{Cause::kSmallQueue}, true}));
    state.pacing_rate = KernelState::kUnlimited;
    state.device_memory = 300'000;
    EXPECT_EQ(test(state, nodelay), (Found{{Cause::kSmallQueue}, false}))
        << "the system's limit is not recorded";
}

/// What the system never does is no cause.
TEST(SendDelay, ASystemThatDoesNotAutocork) {
    KernelState state = one_in_flight();
    state.device_memory = 2304;
    const Moment off{.autocorks = false};
    EXPECT_EQ(test(state, off), (Found{{Cause::kNagle}, true}));
    EXPECT_EQ(test(state, {.autocorks = true}), (Found{{Cause::kAutocork, Cause::kNagle}, false}));
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kNodelay, .autocorks = false}),
              (Found{{Cause::kPacing}, false}))
        << "by fq, as ever where nothing fits";
    state.pacing_rate = 1'000;
    state.device_memory = 50'000;
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kNodelay, .autocorks = false}),
              (Found{{Cause::kSmallQueue}, true}));
}

/// Of eight numbers the rate of pacing is not one: nothing is excluded by it.
TEST(SendDelay, AStateOfEightNumbersDoesNotExcludePacing) {
    KernelState state = open_state();
    state.send_buffer = state.pacing_rate = 0;
    EXPECT_EQ(test(state, {.rested_ns = 32'000'000, .paced = true}),
              (Found{{Cause::kPacing}, false}));
}

TEST(SendDelay, PacketsBelowTcpHoldNothingBackWhereNoneIsOnItsWay) {
    KernelState state = open_state();
    state.device_memory = 4096;
    EXPECT_EQ(test(state).causes, CauseList{Cause::kPacing}) << "by fq, as ever where nothing fits";
    state.unacked = state.in_flight = 1;
    state.not_sent = 2000;
    state.queued = 2032;
    EXPECT_EQ(test(state).causes, CauseList{Cause::kAutocork});
}

TEST(SendDelay, ASegmentThatNoAcknowledgementReleasedWasNotHeldByNagle) {
    EXPECT_EQ(test(nullptr, {.small_in_flight = true, .released_by_ack = false}),
              (Found{{}, false}));
}

/// A state in which all was sent says no more than none.
TEST(SendDelay, AStateWithNothingUnsentLeavesOptionsAlone) {
    KernelState state = open_state();
    state.not_sent = 0;
    EXPECT_EQ(test(state, {.flags = kOptions | EventFlags::kCork}), (Found{{Cause::kCork}, false}));
}

}  // namespace
}  // namespace seamark::send_delay_test
