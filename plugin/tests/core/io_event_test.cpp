// SPDX-License-Identifier: GPL-2.0-or-later
//
// The record of docs/event-format.md: against bytes written by hand, there and back, as a later
// version may write it, and cut anywhere.
#include "core/event/io_event.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/base/moment.hpp"

namespace seamark::io_event_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

IoEvent full_event() {
    IoEvent event;
    event.kind = EventKind::kRead;
    event.call = Call::kRecvmsg;
    event.recorder = Recorder::kInterposed;
    event.flags = EventFlags::kOffsetKnown | EventFlags::kServer;
    event.index = 0x0102030405060708;
    event.offset = 0xfffffffffffffffe;
    event.requested = 1ULL << 40;
    event.returned = (1LL << 40) - 1;
    event.error = 11;
    event.descriptor = 1023;
    event.process = 4'000'000'000;
    event.thread = 17;
    event.connection = 3;
    event.option_level = 6;
    event.option_name = 0xfffe;
    event.entered = 1'700'000'000'123'456'789;
    event.left = 1'700'000'000'123'456'790;
    event.state = KernelState{10, 9,      1448, 65535,  20'000,  13'032, 320, 2,
                              8,  18'432, 9000, 87'040, 125'000, 3,      4,   1};
    event.receive_state = ReceiveState{96, 1, 2304, 131'072};
    event.congestion = "cubic";
    event.program = "nginx";
    return event;
}

Bytes encoded(const IoEvent& event) {
    Bytes bytes;
    encode(event, bytes);
    return bytes;
}

/// "send 32 of 32 bytes at 224, write 7", byte by byte from the tables of the specification.
Bytes written_by_hand() {
    return {
        1,    1,    0,    84,                            // version, kind, length of the fixed part
        0,    0,    0,    0x99,                          // NODELAY, known, offset known, accepted
        0,    0,    0,    0,    0,    0,    0,    7,     // index
        0,    0,    0,    0,    0,    0,    0,    224,   // offset
        0,    0,    0,    0,    0,    0,    0,    32,    // asked
        0,    0,    0,    0,    0,    0,    0,    32,    // taken
        0x17, 0x97, 0x9c, 0xfe, 0x36, 0x2a, 0x00, 0x00,  // entry: 1,700,000,000 s
        0x17, 0x97, 0x9c, 0xfe, 0x36, 0x2a, 0x05, 0xdc,  // return: 1500 ns later
        0,    0,    0,    0,                             // errno
        0,    0,    0,    9,                             // descriptor
        0,    0,    4,    210,                           // process
        0,    0,    4,    211,                           // thread
        0,    0,    0,    2,                             // connection
        0,    1,    1,    0,                             // send, the program itself, 0
        0,    0,    0,    0,                             // option: level, name
        0,    2,    0,    5,    'n',  'g',  'i',  'n',  'x', 0, 0, 0,  // program
    };
}

TEST(IoEvent, ReadsBytesWrittenByHand) {
    const auto event = decode(written_by_hand());
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, EventKind::kWrite);
    EXPECT_EQ(event->flags, EventFlags::kNodelay | EventFlags::kOptionsKnown |
                                EventFlags::kOffsetKnown | EventFlags::kServer);
    EXPECT_EQ(event->index, 7U);
    EXPECT_EQ(event->offset, 224U);
    EXPECT_EQ(event->requested, 32U);
    EXPECT_EQ(event->returned, 32);
    EXPECT_EQ(event->entered, 1'700'000'000'000'000'000);
    EXPECT_EQ(event->left - event->entered, 1500);
    EXPECT_EQ(event->error, 0);
    EXPECT_EQ(event->descriptor, 9);
    EXPECT_EQ(event->process, 1234U);
    EXPECT_EQ(event->thread, 1235U);
    EXPECT_EQ(event->connection, 2U);
    EXPECT_EQ(event->call, Call::kSend);
    EXPECT_EQ(event->recorder, Recorder::kInside);
    EXPECT_FALSE(event->state);
    EXPECT_EQ(event->program, "nginx");
    EXPECT_EQ(describe(*event), "write 7: send 32 of 32 bytes at 224");
}

TEST(IoEvent, WritesTheBytesWrittenByHand) {
    EXPECT_EQ(encoded(*decode(written_by_hand())), written_by_hand());
}

TEST(IoEvent, ComesBackAsItWas) {
    EXPECT_EQ(decode(encoded(full_event())), full_event());
    IoEvent failed;
    failed.call = Call::kSend;
    failed.requested = 32;
    failed.returned = -1;
    failed.error = 104;
    failed.descriptor = -1;
    failed.entered = -1;
    EXPECT_EQ(decode(encoded(failed)), failed);
    EXPECT_EQ(failed.taken(), 0U);
}

TEST(IoEvent, IsAppended) {
    Bytes bytes{0xaa};
    encode(full_event(), bytes);
    EXPECT_EQ(bytes.front(), 0xaa);
    EXPECT_EQ(decode(std::span(bytes).subspan(1)), full_event());
}

TEST(IoEvent, ALaterVersionsAdditionsAreSkipped) {
    Bytes bytes = written_by_hand();
    bytes[0] = 2;
    bytes[3] = 92;  // eight bytes more in the fixed part
    bytes.insert(bytes.begin() + 84, {1, 2, 3, 4, 5, 6, 7, 8});
    const Bytes unknown{0x7f, 0xff, 0, 3, 9, 9, 9, 0};
    bytes.insert(bytes.begin() + 92, unknown.begin(), unknown.end());
    bytes.insert(bytes.end(), unknown.begin(), unknown.end());
    EXPECT_EQ(decode(bytes), decode(written_by_hand()));
}

TEST(IoEvent, AKindOrCallOfALaterVersionIsKept) {
    Bytes bytes = written_by_hand();
    bytes[1] = 200;
    bytes[76] = 0x7f;
    const auto event = decode(bytes);
    ASSERT_TRUE(event);
    EXPECT_EQ(static_cast<int>(event->kind), 200);
    EXPECT_EQ(to_string(event->call), "call");
    EXPECT_EQ(describe(*event), "an event of a kind that this version does not know");
}

TEST(IoEvent, WhatIsNoRecordIsRefused) {
    Bytes version_0 = written_by_hand();
    version_0[0] = 0;
    EXPECT_FALSE(decode(version_0));
    Bytes too_short = written_by_hand();
    too_short[3] = 83;
    EXPECT_FALSE(decode(too_short));
    Bytes longer_than_all = written_by_hand();
    longer_than_all[2] = 1;
    EXPECT_FALSE(decode(longer_than_all));
    EXPECT_FALSE(decode({}));
}

TEST(IoEvent, CutInTheFixedPartItIsNone) {
    const Bytes whole = encoded(full_event());
    for (std::size_t size = 0; size < 84; ++size)
        EXPECT_FALSE(decode(std::span(whole).first(size))) << size;
}

TEST(IoEvent, CutInAPartItLacksThatPart) {
    const Bytes whole = encoded(full_event());
    constexpr std::size_t state_end = 84 + 4 + 64;
    constexpr std::size_t receive_state_end = state_end + 4 + 16;
    constexpr std::size_t program_end = receive_state_end + 4 + 5;  // and 3 of padding
    for (std::size_t size = 84; size < whole.size() - 3; ++size) {
        const auto event = decode(std::span(whole).first(size));
        ASSERT_TRUE(event) << size;
        EXPECT_EQ(event->state.has_value(), size >= state_end) << size;
        EXPECT_EQ(event->receive_state.has_value(), size >= receive_state_end) << size;
        EXPECT_EQ(event->program, size >= program_end ? "nginx" : "") << size;
        EXPECT_EQ(event->congestion, "") << size;
        EXPECT_EQ(event->index, full_event().index) << size;
    }
    // Without the last padding nothing is missing.
    EXPECT_EQ(decode(std::span(whole).first(whole.size() - 3)), full_event());
}

TEST(IoEvent, AKernelStateThatIsTooShortIsNone) {
    Bytes bytes = written_by_hand();
    bytes.insert(bytes.begin() + 84, {0, 1, 0, 4, 0, 0, 0, 10});
    const auto event = decode(bytes);
    ASSERT_TRUE(event);
    EXPECT_FALSE(event->state);
    EXPECT_EQ(event->program, "nginx");
}

TEST(IoEvent, AKernelStateOfTheFirstReleaseLacksWhatCameLater) {
    Bytes bytes = written_by_hand();
    Bytes part{0, 1, 0, 32};
    for (std::uint8_t i = 1; i <= 8; ++i) part.insert(part.end(), {0, 0, 0, i});
    bytes.insert(bytes.begin() + 84, part.begin(), part.end());
    const auto event = decode(bytes);
    ASSERT_TRUE(event && event->state);
    EXPECT_EQ(*event->state, (KernelState{1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_FALSE(event->state->detailed());
}

TEST(IoEvent, AKernelStateOfALaterReleaseMayBeLonger) {
    Bytes bytes = written_by_hand();
    Bytes part{0, 1, 0, 72};
    for (std::uint8_t i = 1; i <= 18; ++i) part.insert(part.end(), {0, 0, 0, i});
    bytes.insert(bytes.begin() + 84, part.begin(), part.end());
    const auto event = decode(bytes);
    ASSERT_TRUE(event && event->state);
    EXPECT_EQ(event->state->cwnd, 1U);
    EXPECT_EQ(event->state->recovery, 16U);
    EXPECT_EQ(event->program, "nginx");
}

TEST(IoEvent, SaysWhichTransmissionAStampIsOf) {
    IoEvent event{.kind = EventKind::kTimestamp, .transmission = Transmission::kScheduled};
    event.offset = 96;
    EXPECT_EQ(describe(event), "queued for the device up to 96");
    EXPECT_EQ(decode(encoded(event))->transmission, Transmission::kScheduled);
    event.transmission = Transmission::kAcknowledged;
    EXPECT_EQ(describe(event), "acknowledged by the peer up to 96");
    event.transmission = Transmission::kSent;
    EXPECT_EQ(describe(event), "the kernel sent up to 96");
}

TEST(IoEvent, ALongProgramNameIsCut) {
    IoEvent event;
    event.program.assign(70'000, 'x');
    EXPECT_EQ(decode(encoded(event))->program, std::string(255, 'x'));
}

TEST(IoEvent, SaysItselfInWords) {
    IoEvent event;
    event.call = Call::kWritev;
    event.index = 2;
    event.requested = 4096;
    event.returned = 1448;
    event.flags = EventFlags::kMore | EventFlags::kCork;
    EXPECT_EQ(describe(event), "write 2: writev 1448 of 4096 bytes, MSG_MORE, corked");
    event = {.kind = EventKind::kRead, .call = Call::kRecv, .requested = 10, .returned = -1};
    event.error = 11;
    EXPECT_EQ(describe(event), "read: recv of 10 bytes failed, errno 11");
    event.returned = 0;
    event.flags = EventFlags::kOffsetKnown;
    event.offset = 357;
    EXPECT_EQ(describe(event), "read: recv 0 of 10 bytes at 357, the end of the stream");
    EXPECT_EQ(describe({.kind = EventKind::kOpened, .call = Call::kAccept}),
              "connection opened by accept");
    EXPECT_EQ(describe({.kind = EventKind::kClosed, .call = Call::kShutdown}),
              "connection closed by shutdown");
    EXPECT_EQ(describe({.kind = EventKind::kEnd, .requested = 12, .returned = 3}),
              "end of the record: 12 events recorded, 3 dropped");
    event = {.kind = EventKind::kOption, .requested = 1};
    event.option_level = 6;
    event.option_name = 3;
    EXPECT_EQ(describe(event), "TCP_CORK set to 1");
    event.option_name = 13;
    event.congestion = "cubic";
    EXPECT_EQ(describe(event), "TCP_CONGESTION set to cubic");
    event.option_name = 9999;
    event.congestion.clear();
    EXPECT_EQ(describe(event), "option 9999 of level 6 set to 1");
}

/// Found by connection_fuzzer: times of a record are subtracted from each other and from those of
/// packets, and a record may say anything.
TEST(IoEvent, KeepsTimesWithinWhatCanBeSubtracted) {
    IoEvent event;
    event.entered = std::numeric_limits<std::int64_t>::min();
    event.left = std::numeric_limits<std::int64_t>::max();
    std::vector<std::uint8_t> bytes;
    encode(event, bytes);
    const auto read = decode(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->entered, kFirstMoment);
    EXPECT_EQ(read->left, kLastMoment);
    EXPECT_EQ(read->left - read->entered, std::numeric_limits<std::int64_t>::max());
    constexpr std::int64_t kYears = std::int64_t{1} << 40;  // in seconds
    EXPECT_GT(moment_of(kYears, 0), moment_of(4'000'000'000, 999'999'999));
    EXPECT_EQ(moment_of(4'000'000'000, 999'999'999), 4'000'000'000'999'999'999);
    EXPECT_LT(moment_of(-kYears, 0), moment_of(-1, 0));
}

}  // namespace
}  // namespace seamark::io_event_test
