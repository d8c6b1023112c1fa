// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/event_stream.hpp"

#include <gtest/gtest.h>

#include <string>

#include "lab/port_filter.hpp"
#include "record/event_packet.hpp"
#include "record/pcapng_blocks.hpp"

namespace seamark::lab {
namespace {

namespace pcapng = record::pcapng;
using Bytes = std::vector<std::uint8_t>;

struct Read {
    std::int64_t time;
    Bytes bytes;
    std::string comment;
    friend bool operator==(const Read&, const Read&) = default;
};

std::vector<Read> read_by(const Bytes& file, std::size_t piece) {
    PcapngStream stream;
    std::vector<Read> all;
    for (std::size_t at = 0; at < file.size(); at += piece) {
        const std::span<const std::uint8_t> rest = std::span(file).subspan(at);
        EXPECT_TRUE(stream.feed(rest.first(std::min(piece, rest.size())), [&](const auto& packet) {
            all.push_back({packet.time,
                           {packet.bytes.begin(), packet.bytes.end()},
                           std::string(packet.comment)});
        }));
    }
    return all;
}

TEST(PcapngStream, ReadsTheSameInPiecesOfAnySize) {
    Bytes file;
    pcapng::put_section(file, "test", "a comment");
    pcapng::put_interface(file, {.name = "one"});
    std::vector<Read> put;
    for (std::size_t i = 0; i < 20; ++i) {
        put.push_back({1'700'000'000'123'456'789 + static_cast<std::int64_t>(i), Bytes(i, 7),
                       std::string(i % 5, 'c')});
        pcapng::put_packet(file, {.time = put[i].time,
                                  .bytes = put[i].bytes,
                                  .original_size = i,
                                  .direction = pcapng::Direction::inbound,
                                  .comment = put[i].comment});
    }
    pcapng::put_statistics(file, {});
    for (const std::size_t piece : {1, 2, 3, 7, 64, 4096, 1 << 20})
        EXPECT_EQ(read_by(file, piece), put) << piece;
}

TEST(PcapngStream, HasSecretsForWhoAsks) {
    Bytes file;
    pcapng::put_section(file, "test");
    pcapng::put_tls_secrets(file, "CLIENT_RANDOM 00 11\n");
    pcapng::put_tls_secrets(file, "A 22 33\n");
    const Bytes whole = file;
    std::string lines;
    for (const std::size_t piece : {1, 5, 1000}) {
        PcapngStream stream;
        lines.clear();
        for (std::size_t at = 0; at < whole.size(); at += piece) {
            const auto rest = std::span(whole).subspan(at);
            EXPECT_TRUE(stream.feed(
                rest.first(std::min(piece, rest.size())), [](const auto&) { FAIL(); },
                [&](std::string_view some) { lines += some; }));
        }
        EXPECT_EQ(lines, "CLIENT_RANDOM 00 11\nA 22 33\n");
    }
    EXPECT_EQ(read_by(whole, 1000).size(), 0U);
}

TEST(PcapngStream, GivesUpOnWhatIsNone) {
    for (const std::string text :
         {"GET / HTTP/1.1\r\nHost", "\x0a\x0d\x0d\x0a\xff\xff\xff\xff\xff\xff\xff\xff"}) {
        PcapngStream stream;
        const Bytes bytes(text.begin(), text.end());
        EXPECT_FALSE(stream.feed(bytes, [](const auto&) { FAIL(); }));
        EXPECT_FALSE(stream.feed(bytes, [](const auto&) { FAIL(); }));
    }
}

TEST(PcapngStream, BelievesNoLengthThatItsBlockHasNot) {
    Bytes file;
    pcapng::put_section(file, "test");
    const auto at = file.size();
    pcapng::put_packet(file, {.bytes = Bytes(8, 1), .original_size = 8});
    file[at + 20] = 255;  // captured length
    PcapngStream stream;
    EXPECT_FALSE(stream.feed(file, [](const auto&) { FAIL(); }));
}

TEST(PcapngStream, KeepsTimesWithinBounds) {
    Bytes file;
    pcapng::put_section(file, "test");
    pcapng::put_packet(file, {.time = -1, .bytes = Bytes(4, 1), .original_size = 4});  // in us
    PcapngStream stream;
    std::int64_t time = 0;
    EXPECT_TRUE(stream.feed(file, [&](const auto& packet) { time = packet.time; }));
    EXPECT_GT(time, std::int64_t{1} << 61);
}

TEST(PcapngStream, GivesUpOnAnInterfaceThatIsTooShort) {
    Bytes file;
    pcapng::put_section(file, "test");
    const std::uint32_t block[] = {1, 12, 12};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(block);
    file.insert(file.end(), bytes, bytes + sizeof block);
    PcapngStream stream;
    EXPECT_FALSE(stream.feed(file, [](const auto&) { FAIL(); }));
}

TEST(EventIn, FindsTheRecordBehindTheTags) {
    IoEvent event;
    event.kind = EventKind::kWrite;
    event.index = 7;
    event.entered = 100;
    event.left = 300;
    Bytes packet;
    const record::Connection connection;
    record::put_event_packet(&connection, event, packet);
    ASSERT_TRUE(event_in(packet));
    EXPECT_EQ(*event_in(packet), event);
    for (std::size_t size = 0; size < packet.size(); ++size)
        EXPECT_FALSE(event_in(std::span(packet).first(size))) << size;
}

TEST(TimeInCapture, IsTheEntryUnlessTheCallTookLong) {
    IoEvent event;
    event.entered = 100;
    event.left = 150;
    EXPECT_EQ(time_in_capture(event, 100), 100);
    event.left = 151;
    EXPECT_EQ(time_in_capture(event, 100), 151);
}

TEST(PortFilter, KnowsTcpOfThatPort) {
    Bytes frame(54, 0);
    frame[12] = 8;
    frame[14] = 0x45;
    frame[23] = 6;
    frame[34] = 0x1f;  // 8080
    frame[35] = 0x90;
    EXPECT_TRUE(is_of_port(frame, 8080));
    EXPECT_FALSE(is_of_port(frame, 80));
    std::swap(frame[34], frame[36]);
    std::swap(frame[35], frame[37]);
    EXPECT_TRUE(is_of_port(frame, 8080));
    frame[23] = 17;
    EXPECT_FALSE(is_of_port(frame, 8080));
    Bytes ipv6(74, 0);
    ipv6[12] = 0x86;
    ipv6[13] = 0xdd;
    ipv6[20] = 6;
    ipv6[56] = 0x1f;
    ipv6[57] = 0x90;
    EXPECT_TRUE(is_of_port(ipv6, 8080));
    for (std::size_t size = 0; size < 38; ++size) {
        frame[23] = 6;
        EXPECT_FALSE(is_of_port(std::span(frame).first(size), 8080)) << size;
    }
}

}  // namespace
}  // namespace seamark::lab
