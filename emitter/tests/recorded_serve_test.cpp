// SPDX-License-Identifier: GPL-2.0-or-later
//
// `seamark serve --events`: what is in the file is what went over the connection.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "http_client.hpp"
#include "pcapng_file.hpp"
#include "program.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

struct Sums {
    std::uint64_t written = 0;
    std::uint64_t writes = 0;
    std::uint64_t read = 0;
};

/// Adds the calls up, and checks indices and offsets on the way. All are of one connection.
Sums sums_of(const PcapngFile& file) {
    Sums sums;
    std::uint64_t reads = 0;
    for (const FilePacket& packet : file.packets) {
        const IoEvent& event = packet.event;
        if (event.kind == EventKind::kWrite) {
            EXPECT_EQ(event.offset, sums.written);
            EXPECT_TRUE(event.has(EventFlags::kOffsetKnown));
            EXPECT_TRUE(event.index == 0 || event.index == ++sums.writes) << event.index;
            sums.written += event.taken();
        } else if (event.kind == EventKind::kRead) {
            EXPECT_EQ(event.offset, sums.read);
            EXPECT_TRUE(event.index == 0 || event.index == ++reads) << event.index;
            sums.read += event.taken();
        }
    }
    return sums;
}

TEST(RecordedServe, EveryByteIsInTheRecord) {
    const ScratchFile scratch;
    Program serve({"serve", "--port", "0", "--events", scratch.path()});
    HttpClient client(port_of(serve.output_line()));
    client.get("/emit?writes=50&gap=0&split=parts");
    const Response first = client.response();
    client.get("/emit?writes=3&gap=1ms&nodelay=1&cork=1");
    const Response second = client.response();
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.exit_status(), 0);
    const std::string log = serve.errors();
    EXPECT_NE(log.find(", dropped 0"), std::string::npos) << log;

    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_TRUE(file.whole);
    const Sums sums = sums_of(file);
    EXPECT_EQ(sums.written, second.end);
    EXPECT_EQ(sums.writes, 1U + 50 * 3 + 1 + 1 + 3 + 1);
    EXPECT_GT(sums.read, 100U);

    // Recorded side first: 127.0.0.1:PORT, then the client.
    const auto& tags = file.packets.front().tags;
    EXPECT_EQ(tags[tags.size() - 4 - 2] << 8 | tags[tags.size() - 4 - 1], client.port());
    EXPECT_EQ(file.packets.front().event.kind, EventKind::kOpened);
    EXPECT_TRUE(file.packets.front().event.has(EventFlags::kServer));
    const IoEvent& end = file.packets.back().event;
    EXPECT_EQ(end.kind, EventKind::kEnd);
    EXPECT_EQ(end.requested, file.packets.size() - 1);
    EXPECT_EQ(file.packets[file.packets.size() - 2].event.call, Call::kClose);
}

TEST(RecordedServe, OptionsInForceAreOnEachWrite) {
    const ScratchFile scratch;
    Program serve({"serve", "--port", "0", "--events", scratch.path()});
    HttpClient client(port_of(serve.output_line()));
    client.get("/emit?writes=3&gap=0&nodelay=1&cork=1");
    client.response();
    serve.signal(SIGTERM);
    serve.exit_status();
    bool nodelay = false;
    bool cork = false;
    int changes = 0;
    int corked = 0;
    for (const FilePacket& packet : read_pcapng(scratch.path()).packets) {
        const IoEvent& event = packet.event;
        if (event.kind == EventKind::kOption) {
            ++changes;
            ASSERT_EQ(event.option_level, IPPROTO_TCP);
            (event.option_name == TCP_CORK ? cork : nodelay) = event.requested != 0;
        }
        if (event.kind != EventKind::kWrite) continue;
        EXPECT_TRUE(event.has(EventFlags::kOptionsKnown));
        EXPECT_EQ(event.has(EventFlags::kNodelay), nodelay);
        EXPECT_EQ(event.has(EventFlags::kCork), cork);
        corked += cork;
    }
    EXPECT_GE(changes, 4);
    EXPECT_EQ(corked, 4);  // three and the last chunk; the head is not
}

TEST(RecordedServe, AKillLosesNoMoreThanTheLastMoment) {
    const ScratchFile scratch;
    Program serve({"serve", "--port", "0", "--events", scratch.path()});
    HttpClient client(port_of(serve.output_line()));
    client.get("/emit?writes=5&gap=0");
    const Response response = client.response();
    std::this_thread::sleep_for(500ms);  // 100 ms are promised
    client.get("/emit?writes=10000000&size=1&gap=0");
    client.unread(100'000);
    serve.signal(SIGKILL);
    EXPECT_EQ(serve.exit_status(), 128 + SIGKILL);
    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_TRUE(file.whole);
    EXPECT_GE(sums_of(file).written, response.end);
    EXPECT_NE(file.packets.back().event.kind, EventKind::kEnd);
}

TEST(RecordedServe, AFileThatCannotBeOpenedIsNamedAndTheServerGoesOn) {
    Program serve({"serve", "--port", "0", "--quiet", "--events", "/nowhere/events.pcapng"});
    HttpClient client(port_of(serve.output_line()));
    client.get("/emit?writes=1");
    EXPECT_EQ(client.response().status, 200);
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.exit_status(), 0);
    const std::string errors = serve.errors();
    EXPECT_NE(errors.find("cannot record to /nowhere/events.pcapng"), std::string::npos) << errors;
    EXPECT_NE(errors.find("create it"), std::string::npos) << errors;
}

TEST(RecordedServe, AFullDiskIsNamedAndTheServerGoesOn) {
    const ScratchFile scratch;
    Program serve = [&] {
        const FileLimit inherited(20'000);
        return Program({"serve", "--port", "0", "--quiet", "--events", scratch.path()});
    }();
    HttpClient client(port_of(serve.output_line()));
    client.get("/emit?writes=1000&gap=0");
    const Response response = client.response();
    EXPECT_EQ(response.status, 200);
    std::this_thread::sleep_for(100ms);
    client.get("/emit?writes=1");
    EXPECT_EQ(client.response().status, 200);
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.exit_status(), 0);
    const std::string errors = serve.errors();
    EXPECT_NE(errors.find("cannot record to " + scratch.path()), std::string::npos) << errors;
    EXPECT_NE(errors.find("dropped"), std::string::npos) << errors;
    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_TRUE(file.whole);
    EXPECT_GT(file.packets.size(), 40U);
}

}  // namespace
}  // namespace seamark::testing
