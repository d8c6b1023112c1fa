// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/event_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "record/event_packet.hpp"
#include "trace/time_order.hpp"

namespace seamark::trace {
namespace {

record::PcapngWriter make(const std::string& path) {
    try {
        return record::PcapngWriter(path, "seamark trace", "seamark trace");
    } catch (const std::system_error& error) {
        throw std::runtime_error("cannot record to " + path + ": " + error.code().message() +
                                 ". Name a file that can be written with -o");
    }
}

record::Endpoint endpoint(const std::uint8_t (&address)[16], std::uint16_t port, bool ipv6) {
    record::Endpoint end;
    std::copy_n(address, ipv6 ? 16 : 4, end.address.begin());
    end.ipv6 = ipv6;
    end.port = port;
    return end;
}

}  // namespace

EventFile::EventFile(const std::string& path) : path_(path), file_(make(path)) {}

/// A process is asked once: most of its events come while it lives, and it may be gone later.
const std::string& EventFile::program_of(std::uint32_t process) {
    const auto [place, is_new] = programs_.try_emplace(process);
    if (is_new) {
        std::ifstream name("/proc/" + std::to_string(process) + "/comm");
        std::getline(name, place->second);
    }
    return place->second;
}

void EventFile::add(const IoEvent& recorded, const seamark_addresses& addresses) {
    IoEvent event = recorded;
    event.program = program_of(event.process);
    const bool ipv6 = addresses.family == 6;
    const record::Connection connection{endpoint(addresses.local, addresses.local_port, ipv6),
                                        endpoint(addresses.remote, addresses.remote_port, ipv6)};
    packet_.clear();
    record::put_event_packet(&connection, event, packet_);
    if (!file_.add(event.entered, packet_, describe(event))) {
        ++refused_;
        return;
    }
    ++written_;
    if (event.kind == EventKind::kWrite && event.index > 0) ++writes_;
    if (event.kind == EventKind::kRead && event.index > 0) ++reads_;
    connections_.insert(event.connection);
    if (!event.has(EventFlags::kOffsetKnown)) unknown_beginnings_.insert(event.connection);
}

void EventFile::flush() {
    if (file_.flush() || !trouble_.empty()) return;
    trouble_ = "cannot write all events to " + path_ + ": " +
               std::generic_category().message(file_.error()) +
               ". Make room there, or record elsewhere with -o; what is in the file is good";
}

void EventFile::end(std::uint64_t dropped) {
    flush();
    refused_ += written_ - file_.written();
    written_ = file_.written();
    IoEvent event;
    event.kind = EventKind::kEnd;
    event.recorder = Recorder::kInterposed;
    event.process = static_cast<std::uint32_t>(::getpid());
    event.requested = written_;
    event.returned = static_cast<std::int64_t>(dropped + refused_);
    event.entered = event.left = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count();
    packet_.clear();
    record::put_event_packet(nullptr, event, packet_);
    file_.add(event.entered, packet_, describe(event));
    flush();
    try {
        put_in_time_order(path_);
    } catch (const std::system_error& error) {
        if (trouble_.empty())
            trouble_ =
                "the events stand in the order in which their calls returned, because they "
                "could not be sorted: " +
                std::string(error.what()) + ". reordercap does it";
    }
}

}  // namespace seamark::trace
