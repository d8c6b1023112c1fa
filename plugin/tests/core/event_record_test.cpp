// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the format gained and keeps: versions, words, and records of the first release, which must
// be read, and written, as they were.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/event_bytes.hpp"

namespace seamark::event_record_test {
namespace {

using namespace test;
using Fault = RecordFault;

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
}  // namespace seamark::event_record_test
