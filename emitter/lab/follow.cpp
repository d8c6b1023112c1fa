// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/follow.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <stdexcept>
#include <system_error>

#include "lab/child_program.hpp"
#include "lab/followed_file.hpp"
#include "lab/merged_file.hpp"
#include "lab/output.hpp"
#include "plan/escaped.hpp"
#include "plan/response_head.hpp"

namespace seamark::lab {
namespace {

// dumpcap hands packets on up to 250 ms after they came.
constexpr std::int64_t hold = 500'000'000;  // ns
constexpr int round_ms = 20;
constexpr std::size_t most_said = 65536;  // bytes kept of what dumpcap says

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

int watch_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&set, number);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_IGN);
    return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// True once it is to stop.
bool stopped(int signals, ChildProgram& dumpcap) {
    signalfd_siginfo info{};
    bool stop = false;
    while (::read(signals, &info, sizeof info) == sizeof info) {
        int status = 0;
        if (info.ssi_signo != SIGCHLD) stop = true;
        if (::waitpid(dumpcap.process(), &status, WNOHANG) == dumpcap.process())
            dumpcap.ended(status);
    }
    return stop;
}

}  // namespace

int follow(const FollowRun& run) {
    CaptureOutput output(run.output, true);  // before signals wait for us
    output.begin();
    const int signals = watch_signals();
    if (signals < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    const Namespace here;
    const std::string filter = "tcp" + (run.port ? " port " + std::to_string(run.port) : "");
    ChildProgram dumpcap(
        {.role = "dumpcap",
         .command = {"/usr/bin/env", "dumpcap", "-q", "-i", "lo", "-f", filter, "-w", "-"},
         .environment = {},
         .host = &here,
         .output_is_capture = true});
    std::deque<FollowedFile> files;
    for (const auto& path : run.files) files.emplace_back(path, now_ns());

    MergedFile file(output.descriptor(), hold);
    file.begin(std::string(plan::server_name()) + " extcap", "loopback, and recorded calls");
    const auto packets = file.add_interface({.link_type = record::pcapng::ethernet, .name = "lo"});
    const auto events = file.add_interface({.name = "seamark events"});
    const auto take_all = [&] {
        dumpcap.drain_events([&](const PcapngStream::Packet& packet) {
            file.add({.interface = packets,
                      .time = packet.time,
                      .bytes = packet.bytes,
                      .original_size = packet.original_size});
        });
        for (auto& one : files)
            one.drain([&](const PcapngStream::Packet& packet, const IoEvent& event) {
                file.add({.interface = events,
                          .time = std::min(time_in_capture(event, hold), now_ns()),
                          .bytes = packet.bytes,
                          .original_size = packet.bytes.size(),
                          .comment = plan::printable(packet.comment)});
            });
    };
    std::string said;
    bool goes_on = file.write_until(0);
    while (goes_on && dumpcap.runs()) {
        pollfd ready[] = {{signals, POLLIN, 0}, {dumpcap.events_descriptor(), POLLIN, 0}};
        ::poll(ready, 2, round_ms);
        if (!file.full()) take_all();
        dumpcap.drain_output([&](const std::string& line) {
            if (said.size() < most_said) said += line + '\n';
        });
        goes_on = !stopped(signals, dumpcap) && file.write_until(now_ns());
    }
    file.finish({});
    if (!dumpcap.runs()) {
        dumpcap.drain_output([&](const std::string& line) { said += line + '\n'; });
        throw std::runtime_error("dumpcap, which captures on loopback, ended: " + said +
                                 "To let users capture: dpkg-reconfigure wireshark-common as root, "
                                 "and add them to the group wireshark");
    }
    dumpcap.signal(SIGTERM);
    ::waitpid(dumpcap.process(), nullptr, 0);
    ::close(signals);
    return 0;
}

}  // namespace seamark::lab
