// SPDX-License-Identifier: GPL-2.0-or-later
//
// Events and records that cannot be read, in words.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/event/io_event.hpp"

namespace seamark::event_words_test {
namespace {

IoEvent write_of(std::int64_t taken) {
    IoEvent event;
    event.kind = EventKind::kWrite;
    event.call = Call::kSend;
    event.requested = static_cast<std::uint64_t>(taken);
    event.returned = taken;
    return event;
}

TEST(EventWords, ACallAboveTheSocketIsCalledSo) {
    IoEvent event = write_of(5);
    event.call = Call::kRecv;
    event.kind = EventKind::kUpperRead;
    EXPECT_EQ(describe(event), "read above the socket: recv 5 of 5 bytes");
    event.call = Call::kSend;
    event.kind = EventKind::kUpperWrite;
    EXPECT_EQ(describe(event), "write above the socket: send 5 of 5 bytes");
}

/// What is as usual is not mentioned, whether or not it was recorded.
TEST(EventWords, TheSocketsLayerAndNoPacingAreNotMentioned) {
    IoEvent event = write_of(5);
    const std::string plain = describe(event);
    event.layer = Layer::kSocket;
    event.pacing = Pacing::kNone;
    EXPECT_EQ(describe(event), plain);
    event.pacing = Pacing::kQdisc;
    EXPECT_EQ(describe(event), plain + ", paced");
}

TEST(EventWords, ATimestampOfUnknownKindIsThatOfSending) {
    IoEvent event;
    event.kind = EventKind::kTimestamp;
    event.offset = 57;
    event.transmission = Transmission::kUnknown;
    EXPECT_EQ(describe(event), "the kernel sent up to 57");
    event.transmission = Transmission::kSent;
    EXPECT_EQ(describe(event), "the kernel sent up to 57");
    event.transmission = Transmission::kAcknowledged;
    EXPECT_EQ(describe(event), "acknowledged by the peer up to 57");
    event.transmission = Transmission::kSentAgain;
    EXPECT_EQ(describe(event), "sent again up to 57");
}

TEST(EventWords, EachReasonWhyARecordIsNoneHasItsSentence) {
    std::set<std::string_view> sentences;
    for (const RecordFault fault : {RecordFault::kNone, RecordFault::kCut, RecordFault::kNoVersion,
                                    RecordFault::kForeignVersion, RecordFault::kShortFixedPart}) {
        EXPECT_FALSE(describe(fault).empty());
        EXPECT_TRUE(sentences.insert(describe(fault)).second) << describe(fault);
    }
    EXPECT_NE(describe(RecordFault::kForeignVersion).find("newer Seamark"), std::string_view::npos)
        << "the remedy";
}

}  // namespace
}  // namespace seamark::event_words_test
