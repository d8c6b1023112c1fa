// SPDX-License-Identifier: GPL-2.0-or-later
//
// The file as our own reader and Wireshark's tools see it, at any moment and on a full disk.
#include "record/pcapng_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "pcapng_file.hpp"
#include "record/event_packet.hpp"
#include "record/own_capture.hpp"
#include "record/pcapng_blocks.hpp"

namespace seamark::testing {
namespace {

using record::PcapngWriter;

record::Connection some_connection() {
    record::Connection connection;
    connection.own = {.address = {192, 0, 2, 1}, .ipv6 = false, .port = 8080};
    connection.peer = {.address = {192, 0, 2, 2}, .ipv6 = false, .port = 40000};
    return connection;
}

std::vector<std::uint8_t> packet_of(std::uint64_t index) {
    const auto connection = some_connection();
    IoEvent event;
    event.index = index;
    event.program = std::string(index % 7, 'p');  // blocks of several sizes
    std::vector<std::uint8_t> bytes;
    record::put_event_packet(&connection, event, bytes);
    return bytes;
}

TEST(OwnCapture, IsWhatAProgramOfOursNames) {
    const auto begun = [](std::string_view application, std::string_view comment = {}) {
        std::vector<std::uint8_t> bytes;
        record::pcapng::put_section(bytes, application, comment);
        return std::string(bytes.begin(), bytes.end());
    };
    EXPECT_TRUE(record::is_own_capture(begun("seamark trace")));
    EXPECT_TRUE(record::is_own_capture(begun("seamark/1.0 lab", "settings, of any length")));
    EXPECT_FALSE(record::is_own_capture(begun("Dumpcap (Wireshark) 4.0.17")));
    EXPECT_FALSE(record::is_own_capture(begun("seamarked")));
    EXPECT_FALSE(record::is_own_capture(begun("", "seamark lab")));
    EXPECT_FALSE(record::is_own_capture("seamark lab"));
    const std::string whole = begun("seamark trace", "a comment");
    for (std::size_t size = 0; size + 24 < whole.size(); ++size)
        EXPECT_FALSE(record::is_own_capture(whole.substr(0, size))) << size;
}

TEST(PcapngWriter, EmptiesNoFileButACaptureOfOurs) {
    const ScratchFile file("precious.pcapng");
    std::ofstream(file.path()) << "precious";
    EXPECT_THROW(PcapngWriter(file.path(), "test", "seamark test"), std::system_error);
    EXPECT_EQ(std::filesystem::file_size(file.path()), 8U);
    std::filesystem::remove(file.path());
    for (int time = 0; time < 2; ++time)
        EXPECT_NO_THROW(PcapngWriter(file.path(), "test", "seamark test")) << time;
}

TEST(EventPacket, HasTheTagsOfTheSpecification) {
    const auto bytes = packet_of(0);
    const std::vector<std::uint8_t> tags{0,   12,  0,   8, 's', 'e', 'a', 'm',
                                         'a', 'r', 'k', 0,                      // dissector
                                         0,   20,  0,   4, 192, 0,   2,   1,    // source
                                         0,   21,  0,   4, 192, 0,   2,   2,    // destination
                                         0,   24,  0,   4, 0,   0,   0,   2,    // TCP
                                         0,   25,  0,   4, 0,   0,   31,  144,  // 8080
                                         0,   26,  0,   4, 0,   0,   156, 64,   // 40000
                                         0,   0,   0,   0};
    ASSERT_GT(bytes.size(), tags.size());
    EXPECT_TRUE(std::equal(tags.begin(), tags.end(), bytes.begin()));
    EXPECT_TRUE(decode(std::span(bytes).subspan(tags.size())));
}

TEST(EventPacket, OfIpv6HasSixteenBytesAnAddress) {
    record::Connection connection;
    connection.own.ipv6 = connection.peer.ipv6 = true;
    connection.own.address[15] = 1;
    std::vector<std::uint8_t> bytes;
    record::put_event_packet(&connection, {}, bytes);
    EXPECT_EQ(bytes[13], 22);
    EXPECT_EQ(bytes[15], 16);
    EXPECT_EQ(bytes[31], 1);
    EXPECT_EQ(bytes[33], 23);
}

TEST(PcapngWriter, IsWholeBehindEachFlush) {
    const ScratchFile scratch;
    PcapngWriter writer(scratch.path(), "seamark", "test");
    EXPECT_TRUE(read_pcapng(scratch.path()).whole);
    for (std::uint64_t i = 1; i <= 100; ++i) {
        const auto time = static_cast<std::int64_t>(1'700'000'000'000'000'000 + i);
        ASSERT_TRUE(writer.add(time, packet_of(i), "packet " + std::to_string(i)));
        ASSERT_TRUE(writer.flush());
        const PcapngFile file = read_pcapng(scratch.path());
        ASSERT_TRUE(file.whole);
        ASSERT_EQ(file.packets.size(), i);
        EXPECT_EQ(file.packets.back().time_ns, time);
        EXPECT_EQ(file.packets.back().comment, "packet " + std::to_string(i));
        EXPECT_EQ(file.packets.back().event.index, i);
    }
    EXPECT_EQ(writer.written(), 100U);
}

TEST(PcapngWriter, IsWholeWithoutAFlushToo) {
    const ScratchFile scratch;
    PcapngWriter writer(scratch.path(), "seamark", "test");
    for (std::uint64_t i = 1; i <= 200; ++i) {
        ASSERT_TRUE(writer.add(1, packet_of(i), std::string(i % 50, 'c')));
        const PcapngFile file = read_pcapng(scratch.path());
        ASSERT_TRUE(file.whole);
        ASSERT_EQ(file.packets.size(), writer.written());
        ASSERT_LT(i - writer.written(), 30U);  // no more than a page of them waits
    }
}

TEST(PcapngWriter, EndsPagesWithABlock) {
    const ScratchFile scratch;
    PcapngWriter writer(scratch.path(), "seamark", "test");
    // The largest first, so that the writer knows it.
    for (std::uint64_t i = 0; i < 300; ++i)
        writer.add(1, packet_of(6 + i), std::string(50 - i % 50, 'c'));
    writer.flush();
    for (std::uintmax_t size = 4096; size < std::filesystem::file_size(scratch.path());
         size += 4096) {
        const std::string cut = scratch.path() + ".cut";
        std::filesystem::copy_file(scratch.path(), cut,
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(cut, size);
        ASSERT_TRUE(read_pcapng(cut).whole) << size;
    }
}

TEST(PcapngWriter, OnAFullDiskKeepsWhatItHasAndGoesOnLater) {
    const ScratchFile scratch;
    PcapngWriter writer(scratch.path(), "seamark", "test");
    std::uint64_t added = 0;
    {
        const FileLimit limit(10'000);
        while (writer.add(1, packet_of(added + 1), "packet")) ++added;
        EXPECT_EQ(writer.error(), EFBIG);
        EXPECT_FALSE(writer.flush());
        const PcapngFile file = read_pcapng(scratch.path());
        EXPECT_TRUE(file.whole);
        EXPECT_EQ(file.packets.size(), writer.written());
        EXPECT_GT(file.packets.size(), 20U);
    }
    EXPECT_TRUE(writer.flush());
    EXPECT_TRUE(writer.add(1, packet_of(added + 1), "packet"));
    EXPECT_TRUE(writer.flush());
    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_TRUE(file.whole);
    ASSERT_EQ(file.packets.size(), added + 1);
    for (std::uint64_t i = 0; i <= added; ++i) EXPECT_EQ(file.packets[i].event.index, i + 1);
}

TEST(PcapngWriter, NamesThePathThatItCannotOpen) {
    try {
        const PcapngWriter writer("/nowhere/events.pcapng", "seamark", "test");
        FAIL() << "it opened";
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), ENOENT);
        EXPECT_NE(std::string(e.what()).find("open /nowhere/events.pcapng"), std::string::npos);
    }
}

TEST(PcapngWriter, IsReadByWiresharksTools) {
    if (output_of("capinfos --version 2>/dev/null").empty()) GTEST_SKIP() << "no capinfos here";
    const ScratchFile scratch;
    PcapngWriter writer(scratch.path(), "our events", "seamark/test");
    for (std::uint64_t i = 1; i <= 50; ++i) {
        writer.add(static_cast<std::int64_t>(1'700'000'000'000'000'000 + i), packet_of(i),
                   "write " + std::to_string(i));
    }
    writer.flush();

    const std::string all = output_of("capinfos " + scratch.path() + " 2>&1");
    EXPECT_NE(all.find("Number of packets:   50"), std::string::npos) << all;
    EXPECT_NE(all.find("our events"), std::string::npos) << all;
    EXPECT_NE(all.find("Wireshark Upper PDU export"), std::string::npos) << all;
    EXPECT_NE(all.find("seamark/test"), std::string::npos) << all;
    EXPECT_NE(all.find("nanoseconds"), std::string::npos) << all;

    const std::string rows = output_of("tshark -r " + scratch.path() +
                                       " -T fields -e frame.time_epoch -e frame.comment "
                                       "-e ip.src -e ip.dst 2>/dev/null");
    EXPECT_EQ(output_of("tshark -r " + scratch.path() + " -Y _ws.malformed 2>/dev/null"), "");
    EXPECT_NE(rows.find("1700000000.000000050\twrite 50"), std::string::npos) << rows;
}

}  // namespace
}  // namespace seamark::testing
