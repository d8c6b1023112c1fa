// SPDX-License-Identifier: GPL-2.0-or-later
//
// Each field of an event is distinguished, kept by a record, and said in words.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/event/io_event.hpp"

namespace seamark::io_event_fields_test {
namespace {

IoEvent some_event() {
    IoEvent event;
    event.kind = EventKind::kWrite;
    event.call = Call::kSend;
    event.recorder = Recorder::kInside;
    event.flags = EventFlags::kOffsetKnown;
    event.index = 7;
    event.offset = 224;
    event.requested = 32;
    event.returned = 32;
    event.state = KernelState{};
    event.receive_state = ReceiveState{};
    event.congestion = "cubic";
    event.program = "a";
    return event;
}

using Change = std::function<void(IoEvent&)>;

const std::vector<Change> kChanges{
    [](IoEvent& e) { e.kind = EventKind::kRead; },
    [](IoEvent& e) { e.call = Call::kSendto; },
    [](IoEvent& e) { e.recorder = Recorder::kInterposed; },
    [](IoEvent& e) { e.flags |= EventFlags::kMore; },
    [](IoEvent& e) { ++e.index; },
    [](IoEvent& e) { ++e.offset; },
    [](IoEvent& e) { ++e.requested; },
    [](IoEvent& e) { --e.returned; },
    [](IoEvent& e) { e.error = 11; },
    [](IoEvent& e) { e.descriptor = 4; },
    [](IoEvent& e) { e.process = 4; },
    [](IoEvent& e) { e.thread = 4; },
    [](IoEvent& e) { e.connection = 4; },
    [](IoEvent& e) { e.option_level = 6; },
    [](IoEvent& e) { e.option_name = 1; },
    [](IoEvent& e) { e.entered = 1; },
    [](IoEvent& e) { e.left = 1; },
    [](IoEvent& e) { e.congestion = "bbr"; },
    [](IoEvent& e) { e.program = "b"; },
    [](IoEvent& e) { e.state = {}; },
    [](IoEvent& e) { e.receive_state = {}; },
    [](IoEvent& e) { e.state->cwnd = 1; },
    [](IoEvent& e) { e.state->unacked = 1; },
    [](IoEvent& e) { e.state->mss = 1; },
    [](IoEvent& e) { e.state->peer_window = 1; },
    [](IoEvent& e) { e.state->rtt_us = 1; },
    [](IoEvent& e) { e.state->queued = 1; },
    [](IoEvent& e) { e.state->not_sent = 1; },
    [](IoEvent& e) { e.state->retransmits = 1; },
    [](IoEvent& e) { e.state->in_flight = 1; },
    [](IoEvent& e) { e.state->device_memory = 1; },
    [](IoEvent& e) { e.state->queue_memory = 1; },
    [](IoEvent& e) { e.state->send_buffer = 1; },
    [](IoEvent& e) { e.state->pacing_rate = 1; },
    [](IoEvent& e) { e.state->rwnd_limited = 1; },
    [](IoEvent& e) { e.state->sndbuf_limited = 1; },
    [](IoEvent& e) { e.state->recovery = 1; },
    [](IoEvent& e) { e.receive_state->unread = 1; },
    [](IoEvent& e) { e.receive_state->low_water = 1; },
    [](IoEvent& e) { e.receive_state->memory = 1; },
    [](IoEvent& e) { e.receive_state->buffer = 1; },
};

TEST(IoEventFields, AreToldApartAndKept) {
    const IoEvent plain = some_event();
    for (std::size_t i = 0; i < kChanges.size(); ++i) {
        SCOPED_TRACE(i);
        IoEvent changed = plain;
        kChanges[i](changed);
        EXPECT_FALSE(changed == plain);
        std::vector<std::uint8_t> record;
        encode(changed, record);
        const auto read = decode(record);
        ASSERT_TRUE(read);
        EXPECT_TRUE(*read == changed);
        EXPECT_FALSE(*read == plain);
    }
}

TEST(IoEventFields, AreSaidInWords) {
    IoEvent event = some_event();
    event.state->not_sent = 320;
    event.receive_state.reset();
    event.flags |= EventFlags::kMore | EventFlags::kCork;
    EXPECT_EQ(describe(event),
              "write 7: send 32 of 32 bytes at 224, MSG_MORE, corked, 320 not sent yet");
    event = some_event();
    event.kind = EventKind::kRead;
    event.call = Call::kRecv;
    event.state.reset();
    event.receive_state->unread = 96;
    EXPECT_EQ(describe(event), "read 7: recv 32 of 32 bytes at 224, 96 left unread");
    event.receive_state.reset();
    event.index = 0;
    event.returned = 0;
    event.flags = 0;
    EXPECT_EQ(describe(event), "read: recv 0 of 32 bytes, the end of the stream");
    event.requested = 0;
    EXPECT_EQ(describe(event), "read: recv 0 of 0 bytes");
    event.kind = EventKind::kWrite;
    event.returned = -1;
    event.requested = 10;
    event.error = 11;
    EXPECT_EQ(describe(event), "write: recv of 10 bytes failed, errno 11");
}

TEST(IoEventFields, SetAPacingRateByOneOptionAlone) {
    IoEvent event;
    event.kind = EventKind::kOption;
    event.option_level = 1;
    event.option_name = 47;
    EXPECT_TRUE(event.sets_pacing_rate());
    event.option_name = 46;
    EXPECT_FALSE(event.sets_pacing_rate());
    event.option_name = 47;
    event.option_level = 6;
    EXPECT_FALSE(event.sets_pacing_rate());
    event.option_level = 1;
    event.kind = EventKind::kWrite;
    EXPECT_FALSE(event.sets_pacing_rate());
}

}  // namespace
}  // namespace seamark::io_event_fields_test
