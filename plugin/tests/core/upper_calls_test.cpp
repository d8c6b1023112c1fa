// SPDX-License-Identifier: GPL-2.0-or-later
//
// Calls above TLS: what an application wrote and read, joined with the plaintext of the records.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/lanes/lanes.hpp"
#include "core/report/lanes_text.hpp"
#include "core/report/record_words.hpp"
#include "core/stream/overlay.hpp"
#include "support/sealed.hpp"

namespace seamark::upper_calls_test {
namespace {

using namespace test;

IoEvent upper(EventKind kind, std::uint64_t index, std::uint64_t offset, std::int64_t taken) {
    IoEvent event;
    event.kind = kind;
    event.call = kind == EventKind::kUpperWrite ? Call::kSslWrite : Call::kSslRead;
    event.layer = Layer::kTls;
    event.flags = EventFlags::kOwnOffsetKnown;
    event.index = index;
    event.offset = offset;
    event.requested = taken > 0 ? static_cast<std::uint64_t>(taken) : 100;
    event.returned = taken;
    return event;
}

constexpr auto kWrite = EventKind::kUpperWrite;
constexpr auto kRead = EventKind::kUpperRead;

/// A response of three writes: head, a chunk of two records, the last chunk.
class UpperCalls : public ::testing::Test {
  protected:
    void record(Side recorded, const IoEvent& event) {
        tls.feeder.connection().add_event(recorded, event, FrameNumber{100 + count++});
    }
    void send_all() {
        tls.send(kServer, kPlainHead);
        tls.send(kServer, "8\r\nhell");
        tls.send(kServer, "o wo\r\n");
        tls.send(kServer, "0\r\n\r\n");
        tls.feeder.finish();
    }
    /// "1 2": the writes or reads above TLS that have bytes of the chunk.
    std::string calls_of(std::uint32_t chunk, bool writes = true) {
        const Stream& plain = tls.feeder.connection().plain()->stream(kServer);
        const Overlay overlay(plain);
        std::string out;
        const auto note = [&](std::uint64_t index) {
            out += (out.empty() ? "" : " ") + std::to_string(index);
        };
        const ByteRange range = plain.messages().chunk(chunk).range();
        writes ? overlay.each_upper_write(range, note) : overlay.each_upper_read(range, note);
        return out;
    }
    Sealed tls;
    unsigned count = 0;
};

TEST_F(UpperCalls, AreJoinedByThePlaintextWheneverTheyCome) {
    record(kServer, upper(kWrite, 1, 0, 47));  // before anything was decrypted
    tls.send(kServer, kPlainHead);
    tls.send(kServer, "8\r\nhell");
    record(kServer, upper(kWrite, 2, 47, 13));
    record(kServer, upper(kWrite, 3, 60, 5));
    tls.send(kServer, "o wo\r\n");
    tls.send(kServer, "0\r\n\r\n");
    tls.feeder.finish();
    EXPECT_EQ(calls_of(0), "2");
    EXPECT_EQ(calls_of(1), "3");
    EXPECT_EQ(tls.feeder.connection().unjoined_calls().sealed, 0U);
}

TEST_F(UpperCalls, OfTheReceiverAreReadsOfWhatTheOtherSent) {
    record(kClient, upper(kRead, 1, 0, 50));
    record(kClient, upper(kRead, 2, 50, 15));
    send_all();
    EXPECT_EQ(calls_of(0, false), "1 2");
    EXPECT_EQ(calls_of(1, false), "2");
}

TEST_F(UpperCalls, AreALaneAboveTheRecords) {
    record(kServer, upper(kWrite, 1, 0, 60));
    record(kServer, upper(kWrite, 2, 60, 5));
    send_all();
    const std::vector<CaptureEntry> entries{
        {0, &tls.feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
    std::string found;
    for (const Lanes& lanes : gather_lanes(entries, {}))
        for (const LanePiece& piece : lanes.pieces(LaneKind::kUpperWrites))
            found += std::to_string(lanes.offset(piece.range().begin).value) + "+" +
                     std::to_string(piece.range().length()) + " ";
    // Three records, headers and tags included, then one.
    const std::size_t at = server_hello().size();
    const std::size_t first = 47 + 7 + 6 + 3 * (5 + kOverhead);
    EXPECT_EQ(found, std::to_string(at) + "+" + std::to_string(first) + " " +
                         std::to_string(at + first) + "+" + std::to_string(5 + 5 + kOverhead) +
                         " ");
}

TEST_F(UpperCalls, AreCountedWhereNothingWasDecrypted) {
    record(kServer, upper(kWrite, 1, 0, 47));
    record(kClient, upper(kRead, 1, 0, 47));
    tls.feeder.server(sealed(47 + kOverhead));
    tls.feeder.finish();
    EXPECT_EQ(tls.feeder.connection().unjoined_calls().sealed, 2U);
    EXPECT_EQ(words::unjoined_calls(tls.feeder.connection()),
              std::vector<std::string>{"2 recorded calls of the application into TLS cannot be "
                                       "placed: its records were not decrypted"});
}

TEST_F(UpperCalls, OfAKernelThatDoesTlsAreJoinedWithNothing) {
    IoEvent event = upper(kWrite, 1, 0, 47);
    event.layer = Layer::kKernelTls;
    event.flags = 0;
    record(kServer, event);
    send_all();
    EXPECT_EQ(calls_of(0), "");
    EXPECT_EQ(tls.feeder.connection().unjoined_calls().kernel_tls, 1U);
    tls.feeder.connection().remove_event(kServer, event, FrameNumber{100});
    EXPECT_EQ(tls.feeder.connection().unjoined_calls().kernel_tls, 0U);
}

TEST_F(UpperCalls, ThatBeganAfterTheirBytesWereCapturedAreNotJoined) {
    IoEvent late = upper(kWrite, 1, 0, 60);
    late.entered = late.left = 1'000'000'000;  // all was captured at 0
    record(kServer, late);
    send_all();
    EXPECT_EQ(calls_of(0), "");
}

/// OpenSSL may have sent a part of a write that it then reports as to be tried again.
TEST_F(UpperCalls, ThatAreTriedAgainBeginWithTheFirstTry) {
    IoEvent refused = upper(kWrite, 0, 0, -1);
    refused.error = 11;
    record(kServer, refused);
    IoEvent late = upper(kWrite, 1, 0, 60);
    late.entered = late.left = 1'000'000'000;
    record(kServer, late);
    send_all();
    EXPECT_EQ(calls_of(0), "1");
}

TEST_F(UpperCalls, AreForgottenWithTheirFrame) {
    const IoEvent event = upper(kWrite, 1, 0, 60);
    record(kServer, event);
    tls.feeder.connection().remove_event(kServer, event, FrameNumber{100});
    send_all();
    EXPECT_EQ(calls_of(0), "");
}

}  // namespace
}  // namespace seamark::upper_calls_test
