// SPDX-License-Identifier: GPL-2.0-or-later
//
// The optional fields of an event record: there and back, lengths that are wrong, tags that are not
// known or come twice.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "support/event_bytes.hpp"

namespace seamark::event_record_fields_test {
namespace {

using namespace test;
using Fault = RecordFault;

IoEvent with_everything() {
    IoEvent event = first_release();
    event.flags &= ~EventFlags::kOffsetKnown;
    event.flags |= EventFlags::kAmbiguous;
    event.receive_state = ReceiveState{1, 2, 3, 4};
    event.sequence = 0xfffffff0;
    event.layer = Layer::kSocket;
    event.pacing = Pacing::kQdisc;
    event.pacing_rate = 125'000;
    event.pacing_limit = std::numeric_limits<std::uint64_t>::max();
    event.tcp_state = 8;
    event.dropped = 1ULL << 40;
    event.autocorking = 1;
    return event;
}

/// Tag, length, value, as docs/event-format.md has them.
struct Optional {
    const char* name;
    Bytes bytes;
    void (*set)(IoEvent&);
};
const Optional kOptional[] = {
    {"sequence", {0, 5, 0, 4, 0xfe, 0xdc, 0xba, 0x98}, [](IoEvent& e) { e.sequence = 0xfedcba98; }},
    {"layer", {0, 6, 0, 4, 0, 0, 0, 1}, [](IoEvent& e) { e.layer = Layer::kSocket; }},
    {"pacing status", {0, 7, 0, 4, 0, 0, 0, 2}, [](IoEvent& e) { e.pacing = Pacing::kQdisc; }},
    {"pacing rate",
     {0, 8, 0, 8, 0, 0, 0, 0, 0, 1, 0xe8, 0x48},
     [](IoEvent& e) { e.pacing_rate = 125'000; }},
    {"pacing limit",
     {0, 9, 0, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
     [](IoEvent& e) { e.pacing_limit = ~std::uint64_t{0}; }},
    {"TCP state", {0, 10, 0, 4, 0, 0, 0, 8}, [](IoEvent& e) { e.tcp_state = 8; }},
    {"autocorking", {0, 12, 0, 4, 0, 0, 0, 0}, [](IoEvent& e) { e.autocorking = 0; }},
    {"dropped", {0, 11, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0}, [](IoEvent& e) { e.dropped = 1ULL << 32; }},
};

IoEvent without_tags() {
    return *decode(fixed_part());
}
Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

TEST(EventRecordFields, EachOptionalFieldAgainstBytesWrittenByHand) {
    for (const Optional& field : kOptional) {
        IoEvent expected = without_tags();
        field.set(expected);
        EXPECT_NE(expected, without_tags()) << field.name;
        EXPECT_EQ(decode(fixed_part() + field.bytes), expected) << field.name;
        EXPECT_EQ(encoded(expected), fixed_part() + field.bytes) << field.name;
    }
}

TEST(EventRecordFields, AllOptionalFieldsComeBack) {
    EXPECT_EQ(decode(encoded(with_everything())), with_everything());
}

/// Cut anywhere, the fields that are whole are there and the others are not.
TEST(EventRecordFields, CutAtAnyByteItHasWhatIsWhole) {
    const Bytes whole = encoded(with_everything());
    std::size_t had = 0;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto event = decode(std::span(whole).first(size));
        EXPECT_EQ(event.has_value(), size >= 84) << size;
        EXPECT_EQ(fault_of(std::span(whole).first(size)), size < 84 ? Fault::kCut : Fault::kNone)
            << size;
        if (!event) continue;
        const std::size_t has =
            std::size_t{event->state.has_value()} + event->receive_state.has_value() +
            !event->program.empty() + !event->congestion.empty() + event->sequence.has_value() +
            event->layer.has_value() + event->pacing.has_value() + event->pacing_rate.has_value() +
            event->pacing_limit.has_value() + event->tcp_state.has_value() +
            event->dropped.has_value() + event->autocorking.has_value();
        EXPECT_TRUE(has == had || has == had + 1) << size;
        had = has;
        const auto again = decode(encoded(*event));
        EXPECT_EQ(again, event) << size;
    }
    EXPECT_EQ(had, 12U);
}

TEST(EventRecordFields, AValueThatIsTooShortIsNotThere) {
    for (const Optional& field : kOptional) {
        for (std::size_t length = 0; length < field.bytes.size() - 4; ++length) {
            Bytes bytes = field.bytes;
            bytes[3] = static_cast<std::uint8_t>(length);
            bytes.resize(4 + (length + 3U) / 4 * 4);
            const Bytes next{0, 2, 0, 1, 'x', 0, 0, 0};
            IoEvent expected = without_tags();
            expected.program = "x";
            EXPECT_EQ(decode(fixed_part() + bytes + next), expected) << field.name << length;
        }
    }
}

TEST(EventRecordFields, AValueThatIsLongerHasWhatIsKnownFirst) {
    for (const Optional& field : kOptional) {
        Bytes bytes = field.bytes;
        bytes[3] = static_cast<std::uint8_t>(bytes[3] + 5);
        bytes.insert(bytes.end(), {9, 9, 9, 9, 9, 0, 0, 0});
        IoEvent expected = without_tags();
        field.set(expected);
        expected.program = "x";
        EXPECT_EQ(decode(fixed_part() + bytes + Bytes{0, 2, 0, 1, 'x', 0, 0, 0}), expected)
            << field.name;
    }
}

TEST(EventRecordFields, ALengthBeyondTheRecordEndsIt) {
    for (const Optional& field : kOptional) {
        for (const int excess : {1, 4, 60'000}) {
            Bytes bytes = field.bytes;
            const auto length = static_cast<std::uint16_t>(bytes[3] + excess);
            bytes[2] = static_cast<std::uint8_t>(length >> 8);
            bytes[3] = static_cast<std::uint8_t>(length);
            IoEvent expected = without_tags();
            expected.program = "y";
            const Bytes before{0, 2, 0, 1, 'y', 0, 0, 0};
            EXPECT_EQ(decode(fixed_part() + before + bytes), expected) << field.name;
        }
    }
}

TEST(EventRecordFields, TagsThatAreNotKnownAreSkipped) {
    IoEvent expected = without_tags();
    expected.sequence = 7;
    const Bytes sequence{0, 5, 0, 4, 0, 0, 0, 7};
    for (const int tag : {0, 13, 255, 0x7fff, 0x8000, 0xffff}) {
        for (std::uint8_t length = 0; length < 9; ++length) {
            Bytes unknown{static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag), 0,
                          length};
            unknown.resize(4 + (length + 3U) / 4 * 4, 0x5a);
            EXPECT_EQ(decode(fixed_part() + unknown + sequence + unknown), expected)
                << tag << ' ' << int{length};
        }
    }
}

TEST(EventRecordFields, OfATagThatComesTwiceTheLastThatIsSoundCounts) {
    const Bytes first{0, 5, 0, 4, 0, 0, 0, 1};
    const Bytes second{0, 5, 0, 4, 0, 0, 0, 2};
    const Bytes too_short{0, 5, 0, 2, 0, 9, 0, 0};
    EXPECT_EQ(decode(fixed_part() + first + second)->sequence, 2U);
    EXPECT_EQ(decode(fixed_part() + first + second + too_short)->sequence, 2U);
}

TEST(EventRecordFields, TextsAreCutAtTheirLimit) {
    Bytes bytes = fixed_part() + Bytes{0, 2, 1, 0x2c};  // 300 bytes
    bytes.resize(bytes.size() + 300, 'x');
    EXPECT_EQ(decode(bytes)->program, std::string(255, 'x'));
}

}  // namespace
}  // namespace seamark::event_record_fields_test
