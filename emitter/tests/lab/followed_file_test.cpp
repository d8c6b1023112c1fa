// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/followed_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "../pcapng_file.hpp"
#include "record/event_packet.hpp"
#include "record/pcapng_writer.hpp"

namespace seamark::lab {
namespace {

using Indices = std::vector<std::uint64_t>;
constexpr std::int64_t began = 1000;

void put(record::PcapngWriter& writer, std::uint64_t index, std::int64_t time) {
    IoEvent event;
    event.index = index;
    event.entered = event.left = time;
    std::vector<std::uint8_t> packet;
    record::put_event_packet(nullptr, event, packet);
    ASSERT_TRUE(writer.add(time, packet, "event"));
    ASSERT_TRUE(writer.flush());
}

Indices drained(FollowedFile& file) {
    Indices found;
    file.drain([&](const auto&, const IoEvent& event) { found.push_back(event.index); });
    return found;
}

class Follow : public ::testing::Test {
  protected:
    std::unique_ptr<record::PcapngWriter> writer(const std::string& path) {
        return std::make_unique<record::PcapngWriter>(path, "seamark test", "seamark test");
    }
    testing::ScratchFile scratch_;
    FollowedFile file_{scratch_.path(), began};
};

TEST_F(Follow, WaitsForTheFileAndGivesEachEventOnce) {
    EXPECT_EQ(drained(file_), Indices{});
    const auto recorder = writer(scratch_.path());
    EXPECT_EQ(drained(file_), Indices{});
    put(*recorder, 1, began);
    put(*recorder, 2, began);
    EXPECT_EQ(drained(file_), (Indices{1, 2}));
    EXPECT_EQ(drained(file_), Indices{});
    put(*recorder, 3, began);
    EXPECT_EQ(drained(file_), Indices{3});
}

TEST_F(Follow, PassesOverWhatWasBefore) {
    const auto recorder = writer(scratch_.path());
    put(*recorder, 1, began - 1);
    put(*recorder, 2, began);
    EXPECT_EQ(drained(file_), Indices{2});
}

TEST_F(Follow, BeginsAnewWhereTheFileWasEmptied) {
    auto recorder = writer(scratch_.path());
    put(*recorder, 1, began);
    put(*recorder, 2, began);
    EXPECT_EQ(drained(file_), (Indices{1, 2}));
    recorder = writer(scratch_.path());
    EXPECT_EQ(drained(file_), Indices{});
    put(*recorder, 3, began);
    EXPECT_EQ(drained(file_), Indices{3});
}

TEST(FollowedFile, ReadsNoDeviceAndNoPipe) {
    for (const char* path : {"/dev/zero", "/dev/null", "/dev"}) {
        FollowedFile file(path, began);
        EXPECT_EQ(drained(file), Indices{}) << path;
    }
}

TEST_F(Follow, DoesNotRepeatWhatASortedFileHasAgain) {
    const auto recorder = writer(scratch_.path());
    put(*recorder, 1, began);
    EXPECT_EQ(drained(file_), Indices{1});
    const std::string sorted = scratch_.path() + ".sorted";
    put(*writer(sorted), 1, began);
    std::filesystem::rename(sorted, scratch_.path());
    EXPECT_EQ(drained(file_), Indices{});
}

/// Whoever merges copies what it does not know: fields of later recorders, and records of a later
/// format, which have the packet's time alone.
TEST_F(Follow, GivesWhatALaterRecorderWroteAsItIs) {
    const auto recorder = writer(scratch_.path());
    std::vector<std::uint8_t> packet;
    IoEvent event;
    event.entered = event.left = began + 1;
    record::put_event_packet(nullptr, event, packet);
    const std::size_t record = packet.size() - SEAMARK_EVENT_FIXED_LENGTH;
    const std::vector<std::uint8_t> unknown{0x80, 1, 0, 3, 7, 8, 9, 0, 0, 12, 0, 0};
    packet.insert(packet.end(), unknown.begin(), unknown.end());
    std::vector<std::vector<std::uint8_t>> written{packet};
    packet[record] = SEAMARK_EVENT_FOREIGN_VERSION;
    written.push_back(packet);
    for (std::int64_t time = began + 1; const auto& one : written)
        ASSERT_TRUE(recorder->add(time++, one, "event"));
    ASSERT_TRUE(recorder->add(began - 1, packet, "of before"));
    ASSERT_TRUE(recorder->flush());
    std::vector<std::vector<std::uint8_t>> found;
    file_.drain([&](const PcapngStream::Packet& given, const IoEvent& read) {
        found.push_back({given.bytes.begin(), given.bytes.end()});
        EXPECT_EQ(time_in_capture(read, 1000), given.time);
    });
    EXPECT_EQ(found, written);
}

}  // namespace
}  // namespace seamark::lab
