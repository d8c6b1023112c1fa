// SPDX-License-Identifier: GPL-2.0-or-later
//
// From the thread that records to the file, and what is lost on the way: counted.
#include "record/event_recorder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "pcapng_file.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;
using record::EventRecorder;

IoEvent write_event(std::uint64_t index) {
    IoEvent event;
    event.call = Call::kSend;
    event.index = index;
    event.requested = 32;
    event.returned = 32;
    event.entered = static_cast<std::int64_t>(1'700'000'000'000'000'000 + index);
    return event;
}

TEST(EventRecorder, PutsAllIntoTheFileAndEndsIt) {
    const ScratchFile scratch;
    EventRecorder recorder({.path = scratch.path(), .program = "the test"});
    for (std::uint64_t i = 1; i <= 1000; ++i) recorder.record({}, write_event(i));
    const auto count = recorder.close();
    EXPECT_EQ(count.recorded, 1000U);
    EXPECT_EQ(count.dropped, 0U);
    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_TRUE(file.whole);
    ASSERT_EQ(file.packets.size(), 1001U);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        ASSERT_EQ(file.packets[i].event.index, i + 1);
        ASSERT_EQ(file.packets[i].event.program, "the test");
    }
    EXPECT_EQ(file.packets[6].comment, "write 7: send 32 of 32 bytes");
    const IoEvent& end = file.packets.back().event;
    EXPECT_EQ(end.kind, EventKind::kEnd);
    EXPECT_EQ(end.requested, 1000U);
    EXPECT_EQ(end.returned, 0);
    EXPECT_EQ(recorder.close().recorded, 1000U);  // again: nothing new
    EXPECT_EQ(read_pcapng(scratch.path()).packets.size(), 1001U);
}

TEST(EventRecorder, SecretsStandInFrontOfTheEventsThatAreHeld) {
    for (const auto hold : {0ms, 10'000ms}) {
        const ScratchFile scratch;
        EventRecorder recorder({.path = scratch.path(), .hold = hold});
        auto event = write_event(1);
        event.entered = std::chrono::duration_cast<std::chrono::nanoseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
        recorder.record({}, event);
        recorder.record({}, event);
        std::this_thread::sleep_for(100ms);
        recorder.record_secret("CLIENT_RANDOM 00 11");
        recorder.record({}, event);
        EXPECT_EQ(recorder.close().recorded, 3U);
        const PcapngFile file = read_pcapng(scratch.path());
        EXPECT_TRUE(file.whole);
        EXPECT_EQ(file.packets.size(), 4U);
        ASSERT_EQ(file.secrets.size(), 1U);
        EXPECT_EQ(file.secrets[0].lines, "CLIENT_RANDOM 00 11\n");
        EXPECT_EQ(file.secrets[0].before, hold == 0ms ? 2U : 0U);
        struct stat status {};
        ASSERT_EQ(::stat(scratch.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U);
    }
}

TEST(EventRecorder, EventsAreHeldNoLongerThanAsked) {
    const ScratchFile scratch;
    EventRecorder recorder({.path = scratch.path(), .hold = 1h});
    recorder.record({}, write_event(1));  // of long ago
    PcapngFile file;
    for (int i = 0; i < 1000 && file.packets.empty(); ++i) {
        std::this_thread::sleep_for(5ms);
        file = read_pcapng(scratch.path());
    }
    EXPECT_EQ(file.packets.size(), 1U);
}

TEST(EventRecorder, ManySecretsLeaveTheFileWholeAtAnyMoment) {
    const ScratchFile scratch;
    EventRecorder recorder({.path = scratch.path()});
    for (std::uint64_t i = 1; i <= 500; ++i) {
        recorder.record_secret("SERVER_TRAFFIC_SECRET_0 " + std::string(64 + i % 7, 'a'));
        recorder.record({}, write_event(i));
        if (i % 50 == 0) {
            std::this_thread::sleep_for(25ms);
            EXPECT_TRUE(read_pcapng(scratch.path()).whole);
        }
    }
    EXPECT_EQ(recorder.close().recorded, 500U);
    const PcapngFile file = read_pcapng(scratch.path());
    ASSERT_EQ(file.secrets.size(), 500U);
    for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(file.secrets[i].before, i);
}

TEST(EventRecorder, IsInTheFileSoonWithNoStop) {
    const ScratchFile scratch;
    EventRecorder recorder({.path = scratch.path()});
    recorder.record({}, write_event(1));
    PcapngFile file;
    const auto started = std::chrono::steady_clock::now();
    while (file.packets.empty() && std::chrono::steady_clock::now() - started < 5s) {
        std::this_thread::sleep_for(5ms);
        file = read_pcapng(scratch.path());
    }
    // 100 ms are promised; a test machine may be busy.
    EXPECT_LT(std::chrono::steady_clock::now() - started, 2s);
    ASSERT_EQ(file.packets.size(), 1U);
    EXPECT_TRUE(file.whole);
}

TEST(EventRecorder, DropsAndCountsWhatFindsNoRoom) {
    const ScratchFile scratch;
    EventRecorder recorder({.path = scratch.path(), .capacity = 16, .period = 60s});
    std::this_thread::sleep_for(50ms);  // it looked once, at the beginning
    for (std::uint64_t i = 1; i <= 100; ++i) recorder.record({}, write_event(i));
    const auto count = recorder.close();
    EXPECT_GT(count.dropped, 0U);
    EXPECT_EQ(count.recorded + count.dropped, 100U);
    const PcapngFile file = read_pcapng(scratch.path());
    EXPECT_EQ(file.packets.size(), count.recorded + 1);
    EXPECT_EQ(file.packets.back().event.kind, EventKind::kEnd);
    EXPECT_EQ(file.packets.back().event.returned, static_cast<std::int64_t>(count.dropped));
    EXPECT_EQ(file.packets.front().event.index, 1U);  // the oldest are kept
}

TEST(EventRecorder, NeverHoldsTheRecordingThread) {
    // A pipe that no one reads: the file's thread stands still, the recording one must not.
    const ScratchFile scratch;
    ASSERT_EQ(::mkfifo(scratch.path().c_str(), 0600), 0);
    // The recorder wants a reader that is there; the shell's comes in its own time.
    const int held = ::open(scratch.path().c_str(), O_RDONLY | O_NONBLOCK);
    std::FILE* reader = ::popen(("{ sleep 1; cat >/dev/null; } <" + scratch.path()).c_str(), "r");
    {
        EventRecorder recorder({.path = scratch.path(), .capacity = 1024});
        const auto started = std::chrono::steady_clock::now();
        for (std::uint64_t i = 1; i <= 100'000; ++i) recorder.record({}, write_event(i));
        EXPECT_LT(std::chrono::steady_clock::now() - started, 1s);
        const auto count = recorder.close();
        EXPECT_GT(count.dropped, 0U);
        EXPECT_EQ(count.recorded + count.dropped, 100'000U);
    }
    ::close(held);
    ::pclose(reader);
}

TEST(EventRecorder, AFullDiskCostsWhatItCannotTakeAndNoMore) {
    const ScratchFile scratch;
    std::vector<std::string> reports;  // by the recorder's thread, read when it has ended
    EventRecorder recorder({.path = scratch.path(),
                            .report = [&](const std::string& line) { reports.push_back(line); }});
    {
        const FileLimit limit(50'000);
        for (std::uint64_t i = 1; i <= 1000; ++i) recorder.record({}, write_event(i));
        std::this_thread::sleep_for(200ms);
        const PcapngFile file = read_pcapng(scratch.path());
        EXPECT_TRUE(file.whole);
        EXPECT_GT(file.packets.size(), 100U);
    }
    std::this_thread::sleep_for(200ms);
    recorder.record({}, write_event(1001));
    const auto count = recorder.close();
    EXPECT_EQ(count.recorded + count.dropped, 1001U);
    EXPECT_GT(count.dropped, 500U);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_NE(reports[0].find("cannot record to " + scratch.path()), std::string::npos)
        << reports[0];
    EXPECT_NE(reports[0].find("ulimit -f"), std::string::npos) << reports[0];
    EXPECT_NE(reports[1].find("goes on"), std::string::npos) << reports[1];
    const PcapngFile file = read_pcapng(scratch.path());
    ASSERT_EQ(file.packets.size(), count.recorded + 1);
    EXPECT_EQ(file.packets.back().event.returned, static_cast<std::int64_t>(count.dropped));
    EXPECT_EQ(file.packets[file.packets.size() - 2].event.index, 1001U);
}

TEST(EventRecorder, ADiskThatIsFullFromTheStartIsNamedWithTheRemedy) {
    if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
    EXPECT_NE(record::recording_failure("/dev/full", ENOSPC).find("Make room"), std::string::npos);
    try {
        const EventRecorder recorder({.path = "/dev/full"});
        FAIL() << "it opened";
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), ENOSPC);
    }
}

}  // namespace
}  // namespace seamark::testing
