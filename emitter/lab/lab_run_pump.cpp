// SPDX-License-Identifier: GPL-2.0-or-later
//
// One round of a run: what the cards, the programs and the signals deliver is taken in.
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "lab/lab_run.hpp"
#include "lab/port_filter.hpp"
#include "plan/escaped.hpp"

namespace seamark::lab {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t lines_kept = 20;

}  // namespace

std::int64_t LabRun::wall_clock_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool LabRun::take_packets() {
    const bool shares_loopback = isolation_.network == Isolation::Network::none;
    bool any = false;
    for (const Source& source : sources_) {
        source.capture->drain([&](const PacketCapture::Packet& packet) {
            if (shares_loopback && !is_of_port(packet.bytes, settings_.port) &&
                (settings_.proxy.empty() || !is_of_port(packet.bytes, settings_.proxy_port)))
                return;
            any = true;
            ++packets_;
            file_.add({.interface = source.interface,
                       .time = packet.time,
                       .bytes = packet.bytes,
                       .original_size = packet.original_size,
                       .direction = packet.outgoing ? record::pcapng::Direction::outbound
                                                    : record::pcapng::Direction::inbound});
        });
    }
    return any;
}

bool LabRun::take_events() {
    bool any = false;
    for (auto& program : programs_) {
        const auto take = [&](const PcapngStream::Packet& packet) {
            const auto event = event_in(packet.bytes);
            if (!event) return;
            if (event->kind == EventKind::kEnd && event->returned > 0)
                events_dropped_ += static_cast<std::uint64_t>(event->returned);
            // What claims to come later would be held until then.
            const auto time = std::min(time_in_capture(*event, file_.hold()), wall_clock_ns());
            const std::string comment = plan::printable(packet.comment);
            file_.add({.interface = events_interface_,
                       .time = time,
                       .bytes = packet.bytes,
                       .original_size = packet.bytes.size(),
                       .comment = comment});
        };
        const auto keep_secrets = [&](std::string_view lines) {
            if (!settings_.tls.empty()) file_.add_secrets(lines);
        };
        any |= program.drain_events(take, keep_secrets);
        if (program.events_broke_off())
            std::fprintf(stderr,
                         "seamark lab: the %s's events are not recorded from here on: something "
                         "else than its recorder has written to their pipe\n",
                         program.role().c_str());
    }
    return any;
}

void LabRun::take_output() {
    for (auto& program : programs_) {
        program.drain_output([&](const std::string& line) {
            said_.push_back(program.role() + ": " + line);
            if (said_.size() > lines_kept) said_.erase(said_.begin());
            if (program.speaks()) say("  " + said_.back());
        });
    }
}

void LabRun::reap() {
    int status = 0;
    for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;)
        for (auto& program : programs_)
            if (program.process() == gone) program.ended(status);
}

void LabRun::take_signals() {
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD) continue;
        stopping_ = true;
        stop_status_ = 128 + static_cast<int>(info.ssi_signo);
        why_stopped_ = "interrupted";
    }
}

void LabRun::pump(milliseconds wait) {
    std::vector<pollfd> ready{{signals_, POLLIN, 0}, {parent_, POLLIN, 0}};
    for (const Source& source : sources_)
        ready.push_back({source.capture->descriptor(), POLLIN, 0});
    for (const auto& program : programs_) {
        ready.push_back({program.events_descriptor(), POLLIN, 0});
        ready.push_back({program.output_descriptor(), POLLIN, 0});
    }
    ::poll(ready.data(), ready.size(), static_cast<int>(wait.count()));
    take_signals();
    reap();
    if (!file_.full()) {
        take_packets();
        take_events();
    }
    take_output();
    if (ready[1].revents != 0) {  // whoever called us has gone
        stopping_ = true;
        stop_status_ = 1;
    }
    if (stopping_) return void(file_.write_until(wall_clock_ns()));
    if (Clock::now() > until_) {
        stopping_ = true;
        stop_status_ = 0;
        why_stopped_ = "ended by its time limit";
    }
    if (settings_.packets > 0 && packets_ >= settings_.packets) {
        stopping_ = true;
        why_stopped_ = "ended by its limit of packets";
    }
    if (!file_.write_until(wall_clock_ns())) {
        stopping_ = true;
        stop_status_ = file_.error() == EPIPE ? 0 : 1;
        why_stopped_ =
            file_.error() == EPIPE ? "whoever read it has gone" : "the file takes no more";
    }
}

}  // namespace seamark::lab
