// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/socket_log.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

namespace seamark::import {
namespace {

struct Found {
    record::Connection connection;
    IoEvent event;
};

/// The events of a log, whose lines are those of strace.
std::vector<Found> events_of(const std::vector<std::string>& lines, SocketLog& log) {
    StraceReader reader;
    for (const std::string& line : lines)
        if (reader.read(line) == LineKind::kCall) log.add(reader.call());
    std::vector<Found> found;
    log.finish([&](const record::Connection& connection, const IoEvent& event) {
        found.push_back({connection, event});
    });
    return found;
}
std::vector<Found> events_of(const std::vector<std::string>& lines) {
    SocketLog log;
    return events_of(lines, log);
}

std::vector<std::string> words_of(const std::vector<Found>& found) {
    std::vector<std::string> words;
    for (const Found& one : found) words.push_back(describe(one.event));
    return words;
}
using Words = std::vector<std::string>;

TEST(SocketLog, CountsAConnectionFromItsAccept) {
    const auto found = events_of({
        "7 10.000000 accept4(3<TCP:[127.0.0.1:80]>, NULL, NULL, SOCK_CLOEXEC) = "
        "4<TCP:[127.0.0.1:80->127.0.0.1:5000]> <0.000010>",
        "7 10.000100 read(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"GET /\"..., 65536) = 27 "
        "<0.000010>",
        "7 10.000200 write(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"5\\r\\n\", 3) = 3 <0.000010>",
        "7 10.000300 write(1</dev/pts/0>, \"log\\n\", 4) = 4 <0.000010>",
        "7 10.000400 sendmsg(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, {msg_name=NULL, "
        "msg_iov=[{iov_base=\"he, iov_len=9\", iov_len=2}, {iov_base=\"llo\\r\\n\"..., "
        "iov_len=500}], "
        "msg_iovlen=2}, MSG_MORE) = 400 <0.000010>",
        "7 10.000500 sendfile(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, 5</f>, [0] => [100], 4096) = "
        "100 "
        "<0.000010>",
        "7 10.000600 write(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"x\", 1) = -1 EAGAIN (Resource "
        "temporarily unavailable) <0.000010>",
        "7 10.000700 recvfrom(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"\", 10, 0, NULL, NULL) = 0 "
        "<0.000010>",
        "7 10.000800 close(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>) = 0 <0.000010>",
    });
    EXPECT_EQ(words_of(found),
              (Words{
                  "connection opened by accept",
                  "read 1: read 27 of 65536 bytes at 0",
                  "write 1: write 3 of 3 bytes at 0",
                  "write 2: sendmsg 400 of 502 bytes at 3, MSG_MORE",
                  "write 3: sendfile 100 of 4096 bytes at 403",
                  describe(found.at(5).event),  // an error's words are the system's
                  "read: recvfrom 0 of 10 bytes at 27, the end of the stream",
                  "connection closed by close",
              }));
    const IoEvent& failed = found.at(5).event;
    EXPECT_EQ(failed.returned, -1);
    EXPECT_EQ(failed.error, EAGAIN);
    EXPECT_EQ(failed.index, 0u);
    for (const Found& one : found) {
        EXPECT_EQ(one.event.recorder, Recorder::kImported);
        EXPECT_EQ(one.event.thread, 7u);
        EXPECT_EQ(one.event.connection, 1u);
        EXPECT_EQ(one.connection.own.port, 80);
        EXPECT_EQ(one.connection.peer.port, 5000);
        EXPECT_TRUE(one.event.has(EventFlags::kServer));
    }
    EXPECT_FALSE(found.at(2).event.has(EventFlags::kOptionsKnown))
        << "the listening socket may have had TCP_NODELAY before the log began";
}

TEST(SocketLog, KnowsASocketThatConnects) {
    const auto found = events_of({
        "7 10.0 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 6<TCP:[2381599]> "
        "<0.000010>",
        "7 10.1 setsockopt(6<TCP:[2381599]>, SOL_TCP, TCP_NODELAY, [1], 4) = 0 <0.000010>",
        "7 10.2 connect(6<TCP:[2381599]>, {sa_family=AF_INET, sin_port=htons(80), "
        "sin_addr=inet_addr(\"127.0.0.1\")}, 16) = -1 EINPROGRESS (Operation now in progress) "
        "<0.000010>",
        "7 10.3 sendto(6<TCP:[127.0.0.1:5000->127.0.0.1:80]>, \"GET\"..., 27, 0, NULL, 0) = 27 "
        "<0.000010>",
        "7 10.4 setsockopt(6<TCP:[127.0.0.1:5000->127.0.0.1:80]>, SOL_TCP, TCP_CONGESTION, "
        "\"bbr\", 3) "
        "= 0 <0.000010>",
        "7 10.5 setsockopt(6<TCP:[127.0.0.1:5000->127.0.0.1:80]>, IPPROTO_TCP, TCP_NODELAY, [0], "
        "4) = 0 "
        "<0.000010>",
        "7 10.6 sendto(6<TCP:[127.0.0.1:5000->127.0.0.1:80]>, \"GET\"..., 27, 0, NULL, 0) = 27 "
        "<0.000010>",
    });
    EXPECT_EQ(words_of(found),
              (Words{"write 1: sendto 27 of 27 bytes at 0", "TCP_CONGESTION set to bbr",
                     "TCP_NODELAY set to 0", "write 2: sendto 27 of 27 bytes at 27"}))
        << "connect() that did not wait does not say when the connection was there";
    EXPECT_TRUE(found.at(0).event.has(EventFlags::kOptionsKnown));
    EXPECT_TRUE(found.at(0).event.has(EventFlags::kNodelay));
    EXPECT_FALSE(found.at(3).event.has(EventFlags::kNodelay));
    EXPECT_TRUE(found.at(0).event.has(EventFlags::kNonblocking));
    EXPECT_TRUE(found.at(0).event.has(EventFlags::kClient));
}

TEST(SocketLog, HandsOptionsOfAListeningSocketDown) {
    const auto found = events_of({
        "7 1.0 socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 3<TCPv6:[11]> <0.000010>",
        "7 1.1 setsockopt(3<TCPv6:[11]>, SOL_TCP, TCP_NODELAY, [1], 4) = 0 <0.000010>",
        "7 1.2 bind(3<TCPv6:[11]>, {sa_family=AF_INET6, sin6_port=htons(80), "
        "sin6_flowinfo=htonl(0), "
        "inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=0}, 28) = 0 <0.000010>",
        "7 1.3 accept(3<TCPv6:[[::1]:80]>, NULL, NULL) = 4<TCPv6:[[::1]:80->[::1]:5000]> "
        "<0.000010>",
        "7 1.4 write(4<TCPv6:[[::1]:80->[::1]:5000]>, \"x\", 1) = 1 <0.000010>",
    });
    ASSERT_EQ(words_of(found),
              (Words{"connection opened by accept", "write 1: write 1 of 1 bytes at 0"}));
    EXPECT_TRUE(found.at(1).connection.own.ipv6);
    EXPECT_TRUE(found.at(1).event.has(EventFlags::kNodelay));
    EXPECT_TRUE(found.at(1).event.has(EventFlags::kOptionsKnown));
}

TEST(SocketLog, KnowsNoOffsetOfAConnectionThatWasOpen) {
    const auto found = events_of({
        "7 10.0 write(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"x\", 1) = 1 <0.000010>",
        "7 10.1 write(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"yz\", 2) = 2 <0.000010>",
    });
    ASSERT_EQ(found.size(), 2u);
    for (const Found& one : found) EXPECT_FALSE(one.event.has(EventFlags::kOffsetKnown));
    EXPECT_EQ(found.at(1).event.index, 2u);
}

TEST(SocketLog, BeginsAnewWhereAPortIsUsedAgain) {
    const std::string accepted =
        " accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = 4<TCP:[127.0.0.1:80->127.0.0.1:5000]> "
        "<0.000010>";
    const std::string write =
        " write(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"x\", 1) = 1 <0.000010>";
    const std::string close = " close(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>) = 0 <0.000010>";
    const auto found = events_of({"7 1.0" + accepted, "7 1.1" + write, "7 1.2" + close,
                                  "7 2.0" + accepted, "7 2.1" + write, "7 2.2" + close});
    EXPECT_EQ(words_of(found),
              (Words{"connection opened by accept", "write 1: write 1 of 1 bytes at 0",
                     "connection closed by close", "connection opened by accept",
                     "write 1: write 1 of 1 bytes at 0", "connection closed by close"}));
    EXPECT_EQ(found.at(4).event.connection, 2u);
}

TEST(SocketLog, ClosesWithTheLastDescriptor) {
    const auto found = events_of({
        "7 1.0 accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = 4<TCP:[127.0.0.1:80->127.0.0.1:5000]> "
        "<0.000010>",
        "7 1.1 dup(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>) = 5<TCP:[127.0.0.1:80->127.0.0.1:5000]> "
        "<0.000010>",
        "7 1.2 close(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>) = 0 <0.000010>",
        "7 1.3 write(5<TCP:[127.0.0.1:80->127.0.0.1:5000]>, \"x\", 1) = 1 <0.000010>",
    });
    EXPECT_EQ(words_of(found),
              (Words{"connection opened by accept", "write 1: write 1 of 1 bytes at 0"}));
}

TEST(SocketLog, JoinsNoCallThatOverlappedAnother) {
    const std::string end = "4<TCP:[127.0.0.1:80->127.0.0.1:5000]>";
    const auto found = events_of({
        "7 1.0 accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = " + end + " <0.000010>",
        "7 1.100000 write(" + end + ", \"x\", 10) = 10 <0.000100>",
        "8 1.100050 write(" + end + ", \"x\", 20) = 20 <0.000100>",
        "8 1.200000 write(" + end + ", \"x\", 5) = 5 <0.000010>",
    });
    ASSERT_EQ(found.size(), 4u);
    EXPECT_TRUE(found.at(1).event.has(EventFlags::kAmbiguous));
    EXPECT_TRUE(found.at(2).event.has(EventFlags::kAmbiguous));
    EXPECT_FALSE(found.at(1).event.has(EventFlags::kOffsetKnown));
    EXPECT_TRUE(found.at(3).event.has(EventFlags::kOffsetKnown));
    EXPECT_EQ(found.at(3).event.offset, 30u) << "how many bytes the two moved together is known";
}

TEST(SocketLog, AddsTheMessagesOfOneCall) {
    const std::string end = "4<TCP:[127.0.0.1:80->127.0.0.1:5000]>";
    SocketLog log;
    const auto found = events_of(
        {
            "7 1.0 accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = " + end + " <0.000010>",
            "7 1.1 sendmmsg(" + end +
                ", [{msg_hdr={msg_iov=[{iov_base=\"a\", iov_len=10}]}, msg_len=10}, "
                "{msg_hdr={msg_iov=[{iov_base=\"b\", iov_len=30}]}, msg_len=20}], 2, 0) = 2 "
                "<0.000010>",
            "7 1.2 writev(" + end + ", [{iov_base=\"a\", iov_len=10}, ...], 40) = 70 <0.000010>",
            "7 1.3 recvfrom(" + end + ", \"x\", 100, MSG_PEEK, NULL, NULL) = 1 <0.000010>",
        },
        log);
    EXPECT_EQ(words_of(found),
              (Words{"connection opened by accept", "write 1: sendmmsg 30 of 40 bytes at 0",
                     "write 2: writev 70 of 70 bytes at 30"}));
    EXPECT_EQ(log.without_size(), 1u);
}

TEST(SocketLog, SaysWhyThereIsNothing) {
    SocketLog plain;
    events_of({"7 1.0 write(4, \"x\", 1) = 1 <0.000010>"}, plain);
    EXPECT_EQ(plain.connections(), 0u);
    EXPECT_FALSE(plain.names_descriptors()) << "-yy was not given";
    SocketLog file;
    events_of({"7 1.0 write(4</f>, \"x\", 1) = 1 <0.000010>"}, file);
    EXPECT_EQ(file.connections(), 0u);
    EXPECT_TRUE(file.names_descriptors());
}

}  // namespace
}  // namespace seamark::import
