// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the format gained and keeps: optional fields there and back, lengths that are wrong, tags
// that are not known or come twice, versions; and records of the first release, which must be read,
// and written, as they were.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include "core/event/io_event.hpp"

namespace seamark {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Fault = RecordFault;

Bytes encoded(const IoEvent& event) {
    Bytes bytes;
    encode(event, bytes);
    return bytes;
}

/// Bytes of hexadecimal text; what stands behind a '#' up to the line's end is a remark.
Bytes from_hex(std::string_view text) {
    Bytes bytes;
    int digits = 0;
    bool remark = false;
    for (const char c : text) {
        remark = c == '#' || (remark && c != '\n');
        if (remark || c == ' ' || c == '\n') continue;
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        if (digits++ % 2 == 0)
            bytes.push_back(static_cast<std::uint8_t>(digit << 4));
        else
            bytes.back() |= static_cast<std::uint8_t>(digit);
    }
    return bytes;
}

/// A record of `seamark trace --record state` of the first release: test-captures/labs/flask32.
constexpr std::string_view kFirstRelease = R"(
    01                        # version
    01                        # kind: write
    00 54                     # length of the fixed part: 84
    00 00 00 79               # flags: NODELAY, known, offset known, non-blocking, connected
    00 00 00 00 00 00 00 01   # index
    00 00 00 00 00 00 00 00   # offset
    00 00 00 00 00 00 00 4e   # asked: 78
    00 00 00 00 00 00 00 4e   # taken: 78
    18 eb 1f 74 ed ce 4a 65   # entry
    18 eb 1f 74 ed ce 88 0c   # return, 15,783 ns later
    00 00 00 00               # errno
    00 00 00 06               # descriptor
    00 00 00 2f               # process
    00 00 00 2f               # thread
    00 00 00 01               # connection
    00 01                     # call: send
    02                        # recorder: an interposed library
    00                        # of a kernel timestamp
    00 00 00 00               # of an option: level, name
    00 01 00 40               # kernel state, 64 bytes
    00 00 00 0a               # cwnd: 10 packets
    00 00 00 00               # unacked
    00 00 80 00               # MSS: 32,768
    00 01 00 00               # peer's window: 65,536
    00 00 00 20               # smoothed round-trip time: 32 us
    00 00 00 00 00 00 00 00   # not acknowledged, not sent
    00 00 00 00               # retransmissions
    00 00 00 00               # packets in flight
    00 00 00 00 00 00 00 00   # memory below TCP, and of all that is queued
    00 28 14 00               # its limit: 2,626,560
    01 2a 2f e0               # pacing rate: 19,541,984 KiB a second
    00 00 00 00 00 00 00 00   # us that the peer's window and the send buffer held data
    00 00 00 00               # recovery
    00 02 00 04 63 75 72 6c   # program: curl
    00 03 00 05 63 75 62 69 63 00 00 00  # congestion control: cubic
)";

IoEvent first_release() {
    IoEvent event;
    event.kind = EventKind::kWrite;
    event.call = Call::kSend;
    event.recorder = Recorder::kInterposed;
    event.flags = EventFlags::kNodelay | EventFlags::kOptionsKnown | EventFlags::kOffsetKnown |
                  EventFlags::kNonblocking | EventFlags::kClient;
    event.index = 1;
    event.requested = 78;
    event.returned = 78;
    event.entered = 0x18eb1f74edce4a65;
    event.left = event.entered + 15'783;
    event.descriptor = 6;
    event.process = event.thread = 47;
    event.connection = 1;
    event.state = KernelState{.cwnd = 10,
                              .mss = 32'768,
                              .peer_window = 65'536,
                              .rtt_us = 32,
                              .send_buffer = 2'626'560,
                              .pacing_rate = 19'541'984};
    event.program = "curl";
    event.congestion = "cubic";
    return event;
}

TEST(EventRecord, ReadsARecordOfTheFirstRelease) {
    EXPECT_EQ(decode(from_hex(kFirstRelease)), first_release());
}

TEST(EventRecord, WritesWhatTheFirstReleaseWrote) {
    EXPECT_EQ(encoded(first_release()), from_hex(kFirstRelease));
}

/// The event records of a pcapng of ours with its comments, by a few lines of the tests' own.
struct FileRecord {
    Bytes bytes;
    std::string comment;
};
std::vector<FileRecord> records_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    const auto little = [&](std::size_t at, int bytes) {
        std::size_t value = 0;
        while (bytes-- > 0)
            value = value << 8 | static_cast<std::uint8_t>(file.at(at + std::size_t(bytes)));
        return value;
    };
    const auto big_16 = [&](std::size_t at) {
        return std::size_t{static_cast<std::uint8_t>(file.at(at))} << 8 |
               static_cast<std::uint8_t>(file.at(at + 1));
    };
    std::vector<FileRecord> records;
    std::vector<std::size_t> links;
    for (std::size_t at = 0; at < file.size(); at += little(at + 4, 4)) {
        if (little(at, 4) == 1) links.push_back(little(at + 8, 2));
        if (little(at, 4) != 6 || links.at(little(at + 8, 4)) != 252) continue;
        const std::size_t end = at + 28 + little(at + 20, 4);
        std::size_t begin = at + 28;
        while (big_16(begin) != 0) begin += 4 + big_16(begin + 2);
        begin += 4;
        const std::size_t option = at + 28 + (little(at + 20, 4) + 3) / 4 * 4;
        records.push_back({{file.begin() + static_cast<std::ptrdiff_t>(begin),
                            file.begin() + static_cast<std::ptrdiff_t>(end)},
                           file.substr(option + 4, little(option + 2, 2))});
    }
    return records;
}

/// Whatever a recorder of the first release wrote comes back byte by byte, and in the same words.
TEST(EventRecord, WritesEveryRecordOfTheBundledCapturesAsItIs) {
    std::size_t records = 0;
    const std::filesystem::path labs = SEAMARK_CAPTURES "/labs";
    for (const auto& file : std::filesystem::directory_iterator(labs)) {
        if (file.path().extension() != ".pcapng") continue;
        for (const FileRecord& record : records_of(file.path())) {
            ++records;
            const auto event = decode(record.bytes);
            ASSERT_TRUE(event) << file.path() << ' ' << record.comment;
            ASSERT_EQ(encoded(*event), record.bytes) << file.path() << ' ' << record.comment;
            if (event->kind == EventKind::kOption) continue;  // some had no names then
            ASSERT_EQ(describe(*event), record.comment) << file.path();
        }
    }
    EXPECT_GT(records, 500U);
}

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
    {"dropped", {0, 11, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0}, [](IoEvent& e) { e.dropped = 1ULL << 32; }},
};

Bytes fixed_part() {
    Bytes bytes = from_hex(kFirstRelease);
    bytes.resize(84);
    return bytes;
}
IoEvent without_tags() {
    return *decode(fixed_part());
}
Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

TEST(EventRecord, EachOptionalFieldAgainstBytesWrittenByHand) {
    for (const Optional& field : kOptional) {
        IoEvent expected = without_tags();
        field.set(expected);
        EXPECT_NE(expected, without_tags()) << field.name;
        EXPECT_EQ(decode(fixed_part() + field.bytes), expected) << field.name;
        EXPECT_EQ(encoded(expected), fixed_part() + field.bytes) << field.name;
    }
}

TEST(EventRecord, AllOptionalFieldsComeBack) {
    EXPECT_EQ(decode(encoded(with_everything())), with_everything());
}

/// Cut anywhere, the fields that are whole are there and the others are not.
TEST(EventRecord, CutAtAnyByteItHasWhatIsWhole) {
    const Bytes whole = encoded(with_everything());
    std::size_t had = 0;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto event = decode(std::span(whole).first(size));
        EXPECT_EQ(event.has_value(), size >= 84) << size;
        EXPECT_EQ(fault_of(std::span(whole).first(size)), size < 84 ? Fault::kCut : Fault::kNone)
            << size;
        if (!event) continue;
        const std::size_t has = std::size_t{event->state.has_value()} +
                                event->receive_state.has_value() + !event->program.empty() +
                                !event->congestion.empty() + event->sequence.has_value() +
                                event->layer.has_value() + event->pacing.has_value() +
                                event->pacing_rate.has_value() + event->pacing_limit.has_value() +
                                event->tcp_state.has_value() + event->dropped.has_value();
        EXPECT_TRUE(has == had || has == had + 1) << size;
        had = has;
        const auto again = decode(encoded(*event));
        EXPECT_EQ(again, event) << size;
    }
    EXPECT_EQ(had, 11U);
}

TEST(EventRecord, AValueThatIsTooShortIsNotThere) {
    for (const Optional& field : kOptional) {
        for (std::uint8_t length = 0; length < field.bytes.size() - 4; ++length) {
            Bytes bytes = field.bytes;
            bytes[3] = length;
            bytes.resize(4 + (length + 3U) / 4 * 4);
            const Bytes next{0, 2, 0, 1, 'x', 0, 0, 0};
            IoEvent expected = without_tags();
            expected.program = "x";
            EXPECT_EQ(decode(fixed_part() + bytes + next), expected) << field.name << int{length};
        }
    }
}

TEST(EventRecord, AValueThatIsLongerHasWhatIsKnownFirst) {
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

TEST(EventRecord, ALengthBeyondTheRecordEndsIt) {
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

TEST(EventRecord, TagsThatAreNotKnownAreSkipped) {
    IoEvent expected = without_tags();
    expected.sequence = 7;
    const Bytes sequence{0, 5, 0, 4, 0, 0, 0, 7};
    for (const int tag : {0, 12, 255, 0x7fff, 0x8000, 0xffff}) {
        for (std::uint8_t length = 0; length < 9; ++length) {
            Bytes unknown{static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag), 0,
                          length};
            unknown.resize(4 + (length + 3U) / 4 * 4, 0x5a);
            EXPECT_EQ(decode(fixed_part() + unknown + sequence + unknown), expected)
                << tag << ' ' << int{length};
        }
    }
}

TEST(EventRecord, OfATagThatComesTwiceTheLastThatIsSoundCounts) {
    const Bytes first{0, 5, 0, 4, 0, 0, 0, 1};
    const Bytes second{0, 5, 0, 4, 0, 0, 0, 2};
    const Bytes too_short{0, 5, 0, 2, 0, 9, 0, 0};
    EXPECT_EQ(decode(fixed_part() + first + second)->sequence, 2U);
    EXPECT_EQ(decode(fixed_part() + first + second + too_short)->sequence, 2U);
}

TEST(EventRecord, TextsAreCutAtTheirLimit) {
    Bytes bytes = fixed_part() + Bytes{0, 2, 1, 0x2c};  // 300 bytes
    bytes.resize(bytes.size() + 300, 'x');
    EXPECT_EQ(decode(bytes)->program, std::string(255, 'x'));
}

TEST(EventRecord, VersionsThatAddAreReadAndOthersAreRefusedInWords) {
    for (int version = 0; version < 256; ++version) {
        Bytes bytes = fixed_part();
        bytes[0] = static_cast<std::uint8_t>(version);
        const bool readable = version >= 1 && version < 16;
        EXPECT_EQ(decode(bytes).has_value(), readable) << version;
        EXPECT_EQ(fault_of(bytes), readable       ? Fault::kNone
                                   : version == 0 ? Fault::kNoVersion
                                                  : Fault::kForeignVersion);
    }
    // Whatever it looks like otherwise.
    EXPECT_EQ(fault_of(Bytes{16}), Fault::kForeignVersion);
    EXPECT_EQ(describe(Fault::kForeignVersion),
              "An event record of a later format: a newer Seamark reads it");
    Bytes bytes = fixed_part();
    bytes[3] = 83;
    EXPECT_EQ(fault_of(bytes), Fault::kShortFixedPart);
    bytes[3] = 85;
    EXPECT_EQ(fault_of(bytes), Fault::kCut);
    EXPECT_EQ(fault_of({}), Fault::kCut);
}

/// Only bytes of TCP that the recorder is certain of may be joined with segments.
TEST(EventRecord, AnOffsetThatIsNotCertainlyOneOfTcpIsNotKnown) {
    const auto knows = [](const IoEvent& event) {
        return decode(encoded(event))->has(EventFlags::kOffsetKnown);
    };
    IoEvent event = first_release();
    EXPECT_TRUE(knows(event));
    event.layer = Layer::kSocket;
    EXPECT_TRUE(knows(event));
    for (const Layer layer : {Layer::kTls, Layer::kKernelTls, Layer::kMptcp, Layer{77}}) {
        event.layer = layer;
        EXPECT_FALSE(knows(event));
        EXPECT_EQ(decode(encoded(event))->layer, layer);
    }
    event = first_release();
    event.flags |= EventFlags::kAmbiguous;
    EXPECT_FALSE(knows(event));
    event = first_release();
    for (const EventKind kind : {EventKind::kUpperWrite, EventKind::kUpperRead,
                                 EventKind::kUnseenWrite, EventKind::kUnseenRead}) {
        event.kind = kind;
        event.flags |= EventFlags::kOwnOffsetKnown;
        EXPECT_FALSE(knows(event));
        EXPECT_TRUE(decode(encoded(event))->has(EventFlags::kOwnOffsetKnown));
    }
}

TEST(EventRecord, SaysWhatItGainedInWords) {
    IoEvent event{.kind = EventKind::kUpperWrite, .call = Call::kSslWriteEx, .index = 3};
    event.requested = 100;
    event.returned = 100;
    event.offset = 300;
    event.flags = EventFlags::kOwnOffsetKnown;
    event.layer = Layer::kTls;
    EXPECT_EQ(describe(event),
              "write above the socket 3: SSL_write_ex 100 of 100 bytes at 300 of TLS");
    event = {.kind = EventKind::kUnseenWrite, .offset = 96, .returned = 20};
    event.flags = EventFlags::kOwnOffsetKnown;
    EXPECT_EQ(describe(event), "20 bytes sent by no recorded call at 96");
    event.kind = EventKind::kUnseenRead;
    EXPECT_EQ(describe(event), "20 bytes read by no recorded call at 96");
    event = {.kind = EventKind::kWrite, .call = Call::kIoUring, .requested = 7, .returned = 7};
    event.sequence = 4'000'000'000;
    event.flags = EventFlags::kAmbiguous;
    event.pacing = Pacing::kTcp;
    event.dropped = 12;
    EXPECT_EQ(describe(event),
              "write: io_uring 7 of 7 bytes, which bytes is not certain, sequence number "
              "4000000000, paced, 12 events were dropped before it");
    event = {.kind = EventKind::kOption, .call = Call::kGetsockopt, .requested = 1};
    event.option_level = 6;
    event.option_name = 1;
    EXPECT_EQ(describe(event), "TCP_NODELAY was found set to 1");
    EXPECT_EQ(to_string(EventKind::kUnseenRead), "unseen read");
    EXPECT_EQ(to_string(EventKind{200}), "unknown");
    EXPECT_EQ(to_string(Layer{200}), "unknown");
}

/// docs/event-format.md has every number of the tables, with its name.
TEST(EventRecord, EveryNumberIsDocumented) {
    std::ifstream in(SEAMARK_DOCS "/event-format.md");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const auto has = [&](const std::string& text) {
        EXPECT_NE(page.find(text), std::string::npos) << text;
    };
#define SEAMARK_DOCUMENTED(number, c_name, name, text) has(std::to_string(number) + " " + (text));
    SEAMARK_EVENT_CALLS(SEAMARK_DOCUMENTED)
    SEAMARK_EVENT_RECORDERS(SEAMARK_DOCUMENTED)
    SEAMARK_EVENT_TRANSMISSIONS(SEAMARK_DOCUMENTED)
    SEAMARK_EVENT_LAYERS(SEAMARK_DOCUMENTED)
    SEAMARK_EVENT_PACINGS(SEAMARK_DOCUMENTED)
#undef SEAMARK_DOCUMENTED
#define SEAMARK_DOCUMENTED(number, c_name, name, text) \
    has("| " + std::to_string(number) + " | " + (text) + " |");
    SEAMARK_EVENT_KINDS(SEAMARK_DOCUMENTED)
#undef SEAMARK_DOCUMENTED
#define SEAMARK_DOCUMENTED(number, c_name, name, text) has("| " + std::to_string(number) + " | ");
    SEAMARK_EVENT_FLAGS(SEAMARK_DOCUMENTED)
    SEAMARK_EVENT_TAGS(SEAMARK_DOCUMENTED)
#undef SEAMARK_DOCUMENTED
#define SEAMARK_DOCUMENTED(name, at, bytes) \
    has("| " + std::to_string(at) + " | " + std::to_string(bytes) + " | ");
    SEAMARK_EVENT_FIELDS(SEAMARK_DOCUMENTED)
#undef SEAMARK_DOCUMENTED
}

}  // namespace
}  // namespace seamark
