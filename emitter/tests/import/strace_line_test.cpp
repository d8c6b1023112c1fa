// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/strace_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seamark::import {
namespace {

TEST(StraceLine, ReadsACall) {
    StraceReader reader;
    ASSERT_EQ(
        reader.read("27767 1796139956.839069 sendto(4<TCP:[127.0.0.1:18999->127.0.0.1:51608]>, "
                    "\"a\\\", (b)\"..., 47, MSG_MORE|MSG_NOSIGNAL, NULL, 0) = 47 <0.000025>"),
        LineKind::kCall);
    const SystemCall& call = reader.call();
    EXPECT_EQ(call.thread, 27767u);
    EXPECT_EQ(call.entered, 1796139956839069000);
    EXPECT_EQ(call.left, 1796139956839094000);
    EXPECT_EQ(call.name, "sendto");
    EXPECT_EQ(call.arguments, (std::vector<std::string>{"4<TCP:[127.0.0.1:18999->127.0.0.1:51608]>",
                                                        "\"a\\\", (b)\"...", "47",
                                                        "MSG_MORE|MSG_NOSIGNAL", "NULL", "0"}));
    EXPECT_EQ(call.result, 47);
    EXPECT_EQ(call.error, "");
}

TEST(StraceLine, ReadsWhatIsReturned) {
    struct Case {
        const char* line;
        std::int64_t result;
        const char* error;
        const char* descriptor;
    };
    const Case cases[] = {
        {"1.0 close(3</tmp/a>) = 0 <0.000001>", 0, "", ""},
        {"1.0 read(4<TCP:[1.2.3.4:1->1.2.3.4:2]>, 0x7f, 10) = -1 EAGAIN (Resource temporarily "
         "unavailable) <0.000009>",
         -1, "EAGAIN", ""},
        {"1.0 accept4(3<TCPv6:[[::]:80]>, NULL, NULL, 0) = 5<TCPv6:[[::1]:80->[::1]:9]> <0.1>", 5,
         "", "5<TCPv6:[[::1]:80->[::1]:9]>"},
        {"1.0 openat(AT_FDCWD</>, \"/a>b\", O_RDONLY) = 3</a\\76b> <0.000100>", 3, "",
         "3</a\\76b>"},
        {"1.0 fcntl(4<UNIX-STREAM:[1->2, \"/x\"]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK) "
         "<0.000003>",
         0x802, "", ""},
    };
    for (const Case& c : cases) {
        StraceReader reader;
        ASSERT_EQ(reader.read(c.line), LineKind::kCall) << c.line;
        EXPECT_EQ(reader.call().result, c.result) << c.line;
        EXPECT_EQ(reader.call().error, c.error) << c.line;
        EXPECT_EQ(reader.call().descriptor, c.descriptor) << c.line;
    }
}

TEST(StraceLine, JoinsTheHalvesOfACallByThread) {
    StraceReader reader;
    EXPECT_EQ(
        reader.read("[pid 7] 10.000001 recvfrom(4<TCP:[1.2.3.4:1->1.2.3.4:2]>,  <unfinished ...>"),
        LineKind::kNothing);
    EXPECT_EQ(
        reader.read("[pid 8] 10.000002 recvfrom(5<TCP:[1.2.3.4:1->1.2.3.4:3]>,  <unfinished ...>"),
        LineKind::kNothing);
    ASSERT_EQ(
        reader.read("[pid 7] 10.5 <... recvfrom resumed>\"x\", 100, 0, NULL, NULL) = 1 <0.5>"),
        LineKind::kCall);
    EXPECT_EQ(reader.call().entered, 10000001000);
    EXPECT_EQ(reader.call().left, 10500001000);
    EXPECT_EQ(reader.call().arguments.at(0), "4<TCP:[1.2.3.4:1->1.2.3.4:2]>");
    EXPECT_EQ(reader.call().arguments.at(2), "100");
    EXPECT_EQ(
        reader.read("[pid 7] 11.0 <... recvfrom resumed>\"x\", 100, 0, NULL, NULL) = 1 <0.5>"),
        LineKind::kNothing)
        << "its beginning was used";
}

TEST(StraceLine, SaysWhatALineIsNot) {
    StraceReader reader;
    EXPECT_EQ(reader.read(""), LineKind::kNothing);
    EXPECT_EQ(reader.read("7 10.0 +++ exited with 0 +++"), LineKind::kNothing);
    EXPECT_EQ(reader.read("7 10.0 --- SIGCHLD {si_signo=SIGCHLD} ---"), LineKind::kNothing);
    EXPECT_EQ(reader.read("strace: Process 12 attached"), LineKind::kNothing);
    EXPECT_EQ(reader.read("7 10.0 read(3, 0x1, 2) = ? ERESTARTSYS (To be restarted) <0.1>"),
              LineKind::kNothing);
    EXPECT_EQ(reader.read("write(1, \"x\", 1) = 1"), LineKind::kNoTime);
    EXPECT_EQ(reader.read("12:00:01.000000 write(1, \"x\", 1) = 1 <0.1>"), LineKind::kNoTime);
    EXPECT_EQ(reader.read("7 10.0 write(1, \"x\", 1) = 1"), LineKind::kNoDuration);
    EXPECT_EQ(reader.read("7 10.0 write(1, \"x"), LineKind::kUnreadable);
    EXPECT_EQ(reader.read("7 10.0 GET / HTTP/1.1"), LineKind::kUnreadable);
}

/// A log that was cut anywhere, or is none: no line may do harm.
TEST(StraceLine, BearsEachBeginningOfALine) {
    const std::string line =
        "27767 1796139956.839150 sendmsg(4<TCP:[127.0.0.1:1->127.0.0.1:5]>, {msg_name=NULL, "
        "msg_iov=[{iov_base=\"5\\r\\n\", iov_len=3}], msg_iovlen=1}, 0) = 3 <0.000020>";
    for (std::size_t i = 0; i < line.size(); ++i) {
        StraceReader reader;
        EXPECT_NE(reader.read(line.substr(0, i)), LineKind::kCall) << i;
        reader.read(line.substr(i));
    }
}

}  // namespace
}  // namespace seamark::import
