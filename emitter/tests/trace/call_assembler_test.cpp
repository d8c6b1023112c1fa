// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the program in the kernel hands over, by hand, and the events that it is made into.
#include "trace/kernel/call_assembler.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "trace/kernel/kernel_support.hpp"
#include "trace/kernel/syscall_numbers.h"

namespace seamark::trace::kernel {
namespace {

constexpr std::int64_t kBegan = 1'000'000;
constexpr std::uint32_t kThread = 70;

struct Recorded {
    std::vector<IoEvent> events;
    CallAssembler calls{
        [this](const IoEvent& event, const seamark_addresses&) { events.push_back(event); },
        kBegan};
    std::uint64_t now = 2'000'000;

    seamark_kernel_event record(std::uint8_t kind) {
        seamark_kernel_event record{};
        record.kind = kind;
        record.socket = 5;
        record.entered = now + 10;
        record.left = now += 100;
        record.requested = ~std::uint64_t{0};
        record.process = kThread;
        record.thread = kThread;
        record.system_call = SEAMARK_SYS_SENDTO;
        record.descriptor = 4;
        record.family = 4;
        record.local_port = 80;
        record.remote_port = 5000;
        return record;
    }
    void open(std::uint32_t written, std::uint32_t read = 0) {
        auto opened = record(SEAMARK_KERNEL_OPENED);
        opened.sequence = written;
        opened.read_sequence = read;
        calls.add(opened, nullptr, 0);
    }
    /// A send after which so many bytes had been written.
    void send(std::uint32_t end, std::int32_t returned, std::uint32_t thread = kThread) {
        auto sent = record(SEAMARK_KERNEL_SENT);
        sent.sequence = end;
        sent.returned = returned;
        sent.thread = thread;
        calls.add(sent, nullptr, 0);
    }
    void piece(std::uint32_t end, std::int32_t returned, std::uint64_t entered) {
        auto sent = record(SEAMARK_KERNEL_SENT);
        sent.sequence = end;
        sent.returned = returned;
        sent.entered = entered;
        sent.requested = 300;
        sent.system_call = SEAMARK_SYS_SENDFILE;
        calls.add(sent, nullptr, 0);
    }
    /// "write 1 @0 100+32": index, offset where it is known, sequence number and length.
    std::string said() const {
        std::string text;
        for (const IoEvent& event : events) {
            text += (text.empty() ? "" : ", ") + std::string(to_string(event.kind));
            if (event.index > 0) text += ' ' + std::to_string(event.index);
            if (event.has(EventFlags::kOffsetKnown | EventFlags::kOwnOffsetKnown))
                text += " @" + std::to_string(event.offset);
            if (event.sequence) text += ' ' + std::to_string(*event.sequence);
            if (event.has(EventFlags::kAmbiguous)) text += " ?";
            if (event.returned != 0) text += '+' + std::to_string(event.returned);
        }
        return text;
    }
};

TEST(CallAssembler, CountsFromTheOpening) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(132, 32);
    recorded.send(140, 8);
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 100+32, write 2 @32 132+8");
    EXPECT_TRUE(recorded.events[0].has(EventFlags::kServer));
    EXPECT_EQ(recorded.events[0].call, Call::kAccept);
}

TEST(CallAssembler, NamesSequenceNumbersAloneWhereTheConnectionWasOpenBefore) {
    Recorded recorded;
    recorded.send(132, 32);
    EXPECT_EQ(recorded.said(), "") << "another one's record may be on its way";
    recorded.calls.release(static_cast<std::int64_t>(recorded.now) + CallAssembler::kHold);
    recorded.send(140, 8);
    EXPECT_EQ(recorded.said(), "write 1 100+32, write 2 132+8");
}

TEST(CallAssembler, CountsOnWhereNumbersWrap) {
    Recorded recorded;
    recorded.open(0xffff'fff0);
    recorded.send(0, 16);
    recorded.send(5, 5);
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 4294967280+16, write 2 @16 0+5");
}

TEST(CallAssembler, SaysWhatWasSentAgain) {
    Recorded recorded;
    auto again = recorded.record(SEAMARK_KERNEL_SENT_AGAIN);
    again.sequence = 0xffff'fff4;
    again.returned = 12;
    recorded.calls.add(again, nullptr, 0);
    EXPECT_EQ(recorded.said(), "") << "of a connection of which no call is recorded";
    recorded.open(0xffff'fff0);
    recorded.send(0, 16);
    again.left = recorded.now += 100;
    recorded.calls.add(again, nullptr, 0);
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 4294967280+16, timestamp @16 4294967284+12");
    const IoEvent& event = recorded.events.back();
    EXPECT_EQ(event.transmission, Transmission::kSentAgain);
    EXPECT_EQ(event.entered, static_cast<std::int64_t>(recorded.now));
    EXPECT_EQ(describe(event), "12 bytes sent again up to 16, sequence number 4294967284");
}

/// Its bytes are on their way before the call that hands them over has returned.
TEST(CallAssembler, SaysWhatWasSentAgainOfACallThatBlocks) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10);
    auto again = recorded.record(SEAMARK_KERNEL_SENT_AGAIN);
    again.sequence = 110;
    again.returned = 20;
    recorded.calls.add(again, nullptr, 0);
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 100+10, timestamp @30 110+20");
}

TEST(CallAssembler, SaysBySequenceNumberAloneWhatWasSentAgainOfAnOlderConnection) {
    Recorded recorded;
    recorded.send(132, 32);
    recorded.calls.finish();
    auto again = recorded.record(SEAMARK_KERNEL_SENT_AGAIN);
    again.sequence = 90;
    again.returned = 10;
    recorded.calls.add(again, nullptr, 0);
    EXPECT_EQ(recorded.said(), "write 1 100+32, timestamp 90+10");
    EXPECT_EQ(describe(recorded.events.back()), "10 bytes sent again, sequence number 90");
}

/// Both saw the number past the second one's bytes: neither place is certain.
TEST(CallAssembler, MarksRangesThatOverlap) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(120, 10, 71);
    recorded.send(120, 10, 72);
    recorded.calls.release(static_cast<std::int64_t>(recorded.now) + CallAssembler::kHold);
    recorded.send(125, 5, 71);
    EXPECT_EQ(recorded.said(), "opened, write 1 ?+10, write 2 ?+10, write 3 @20 120+5");
    EXPECT_EQ(recorded.calls.ambiguous(), 2U);
}

TEST(CallAssembler, PutsALateRecordInItsPlace) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(120, 10, 71);  // the second call
    recorded.send(110, 10, 72);  // the first
    recorded.calls.finish();
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 100+10, write 2 @10 110+10");
}

TEST(CallAssembler, ReportsBytesOfNoRecordedCall) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10);
    recorded.send(135, 5);
    recorded.calls.finish();
    EXPECT_EQ(recorded.said(),
              "opened, write 1 @0 100+10, unseen write @10 110+20, write 2 @30 130+5");
    EXPECT_EQ(recorded.calls.unseen(), 20U);
}

/// The number that a call saw may be past the bytes of a call that is not recorded.
TEST(CallAssembler, IsNotCertainBehindAGapWhereSeveralThreadsSend) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10, 71);
    recorded.send(120, 10, 72);
    recorded.send(145, 5, 71);
    recorded.calls.finish();
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 100+10, write 2 @10 110+10, write 3 ?+5");
}

TEST(CallAssembler, MakesOneCallOfThePiecesOfASendfile) {
    Recorded recorded;
    recorded.open(100);
    recorded.piece(200, 100, 50);
    recorded.piece(300, 100, 50);
    recorded.piece(300, -EAGAIN, 50);
    recorded.piece(350, 50, 90);
    recorded.calls.finish();
    EXPECT_EQ(recorded.said(), "opened, write 1 @0 100+200, write 2 @200 300+50");
    EXPECT_EQ(recorded.events[1].requested, 300U);
}

TEST(CallAssembler, KeepsWhatTookNothing) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10);
    recorded.send(110, -EAGAIN);
    ASSERT_EQ(recorded.said(), "opened, write 1 @0 100+10, write @10 110+-1");
    EXPECT_EQ(recorded.events[2].error, EAGAIN);
}

/// An io_uring worker is in no system call.
TEST(CallAssembler, SaysThatTheEntryIsNotKnown) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10);
    const auto before = static_cast<std::int64_t>(recorded.now);
    auto sent = recorded.record(SEAMARK_KERNEL_SENT);
    sent.entered = 0;
    sent.sequence = 120;
    sent.returned = 10;
    sent.facts = SEAMARK_KERNEL_WORKER;
    recorded.calls.add(sent, nullptr, 0);
    const IoEvent& event = recorded.events.back();
    EXPECT_TRUE(event.has(EventFlags::kEntryUnknown));
    EXPECT_EQ(event.entered, before) << "when the thread's call before returned";
    EXPECT_EQ(event.call, Call::kIoUring);
}

TEST(CallAssembler, FindsAnOptionThatWasSetInBetween) {
    Recorded recorded;
    recorded.open(100);
    recorded.send(110, 10);
    auto sent = recorded.record(SEAMARK_KERNEL_SENT);
    sent.sequence = 120;
    sent.returned = 10;
    sent.nonagle = 2;
    recorded.calls.add(sent, nullptr, 0);
    ASSERT_EQ(recorded.events.size(), 4U);
    const IoEvent& found = recorded.events[2];
    EXPECT_EQ(describe(found), "TCP_CORK was found set to 1");
    EXPECT_EQ(found.entered, recorded.events[1].left);
    EXPECT_TRUE(recorded.events[3].has(EventFlags::kCork));
}

TEST(CallAssembler, JoinsNothingOfTlsInTheKernelAndOfMultipath) {
    Recorded recorded;
    recorded.open(100);
    auto sent = recorded.record(SEAMARK_KERNEL_SENT);
    sent.sequence = 132;
    sent.returned = 10;
    sent.facts = SEAMARK_KERNEL_TLS;
    recorded.calls.add(sent, nullptr, 0);
    sent.facts = SEAMARK_KERNEL_MPTCP;
    recorded.calls.add(sent, nullptr, 0);
    ASSERT_EQ(recorded.said(), "opened, upper write 1+10");
    EXPECT_EQ(recorded.events[1].layer, Layer::kKernelTls);
    EXPECT_EQ(recorded.calls.multipath(), 1U);
}

TEST(CallAssembler, TakesTheStateAsTcpInfoHasIt) {
    Recorded recorded;
    recorded.open(100);
    auto sent = recorded.record(SEAMARK_KERNEL_SENT);
    sent.sequence = 110;
    sent.returned = 10;
    seamark_kernel_state state{};
    state.cwnd = 10;
    state.packets_out = 7;
    state.sacked_out = 2;
    state.lost_out = 1;
    state.retrans_out = 1;
    state.rtt_us_8 = 8000;
    state.device_memory = 769;  // the socket itself is one of them
    state.send_buffer = 4096;
    state.rwnd_limited = 3;
    state.pacing_rate = ~std::uint64_t{0};
    state.pacing_limit = ~std::uint32_t{0};
    recorded.calls.add(sent, &state, 250);
    const IoEvent& event = recorded.events.back();
    ASSERT_TRUE(event.state);
    EXPECT_EQ(event.state->in_flight, 5U);
    EXPECT_EQ(event.state->rtt_us, 1000U);
    EXPECT_EQ(event.state->device_memory, 768U);
    EXPECT_EQ(event.state->rwnd_limited, 12'000U);
    EXPECT_EQ(event.state->pacing_rate, ~std::uint32_t{0});
    EXPECT_EQ(event.pacing_limit, ~std::uint64_t{0});
    sent.sequence = 120;
    recorded.calls.add(sent, &state, 0);
    EXPECT_FALSE(recorded.events.back().state) << "how long a jiffy is, is not known";
}

System good() {
    return {.built = true,
            .x86_64 = true,
            .major = 6,
            .minor = 3,
            .has_types = true,
            .is_locked_down = false,
            .capabilities = std::uint64_t{1} << 39 | std::uint64_t{1} << 38};
}

TEST(KernelSupport, SaysWhatIsMissingAndWhatWorksInstead) {
    EXPECT_EQ(problem_of(good()), "");
    const auto expect = [](System system, const char* part) {
        const std::string problem = problem_of(system);
        EXPECT_NE(problem.find(part), std::string::npos) << problem;
        EXPECT_NE(problem.find("import strace"), std::string::npos) << problem;
    };
    System system = good();
    system.built = false;
    expect(system, "bpftool");
    system = good();
    system.minor = 2;
    expect(system, "this kernel (6.2)");
    system = good();
    system.major = 5;
    system.minor = 15;
    expect(system, "Linux 6.3");
    system = good();
    system.has_types = false;
    expect(system, "CONFIG_DEBUG_INFO_BTF");
    system = good();
    system.is_locked_down = true;
    expect(system, "lockdown");
    system = good();
    system.capabilities = std::uint64_t{1} << 39;
    expect(system, "CAP_PERFMON");
}

}  // namespace
}  // namespace seamark::trace::kernel
