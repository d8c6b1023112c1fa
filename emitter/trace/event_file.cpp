// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/event_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "file/output_words.hpp"
#include "plan/escaped.hpp"
#include "record/event_packet.hpp"
#include "trace/process_stat.hpp"
#include "trace/tcp_table.hpp"
#include "trace/time_order.hpp"

namespace seamark::trace {
namespace {

record::PcapngWriter make(const std::string& path) {
    try {
        return record::PcapngWriter(path, "seamark trace", "seamark trace");
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        throw std::runtime_error("cannot record to " + plan::printable(path) + ": " +
                                 file::output_problem(code) + ". " +
                                 file::output_remedy(code, "-o"));
    }
}

record::Endpoint endpoint(const std::uint8_t (&address)[16], std::uint16_t port, bool ipv6) {
    record::Endpoint end;
    std::copy_n(address, ipv6 ? 16 : 4, end.address.begin());
    end.ipv6 = ipv6;
    end.port = port;
    return end;
}

constexpr std::size_t most_programs = 65536;
constexpr std::uint32_t largest_connection = 1U << 26;

}  // namespace

bool ConnectionNumbers::insert(std::uint32_t number) {
    if (number > largest_connection) return false;
    if (number >= met_.size()) met_.resize(std::max<std::size_t>(number + 1, 2 * met_.size()));
    if (met_[number]) return false;
    met_[number] = true;
    ++count_;
    return true;
}

EventFile::EventFile(const std::string& path, Recorder recorder)
    : path_(path), recorder_(recorder), file_(make(path)) {}

/// A process is asked once: most of its events come while it lives, and it may be gone later.
const std::string& EventFile::program_of(std::uint32_t process) {
    if (programs_.size() >= most_programs) programs_.clear();
    const auto [place, is_new] = programs_.try_emplace(process);
    if (is_new)
        if (auto stat = stat_of(static_cast<pid_t>(process))) place->second = std::move(stat->name);
    return place->second;
}

void EventFile::add(const IoEvent& recorded, const seamark_addresses& addresses) {
    IoEvent event = recorded;
    if (asks_for_names_)
        if (const std::string& name = program_of(event.process); !name.empty())
            event.program = name;
    const bool ipv6 = addresses.family == 6;
    const record::Connection connection{endpoint(addresses.local, addresses.local_port, ipv6),
                                        endpoint(addresses.remote, addresses.remote_port, ipv6)};
    packet_.clear();
    record::put_event_packet(&connection, event, packet_);
    if (last_process_ != event.process && recorded_.size() < kMostRecorded)
        recorded_.insert(last_process_ = event.process);
    if (connections_.insert(event.connection) && recorded_ends_.size() < kMostRecorded)
        recorded_ends_.insert(ends_of(addresses));
    if (!file_.add(event.entered, packet_, describe(event))) {
        ++refused_;
        return;
    }
    ++written_;
    if (event.kind == EventKind::kWrite && event.index > 0) ++writes_;
    if (event.kind == EventKind::kRead && event.index > 0) ++reads_;
    if (event.kind == EventKind::kUpperWrite && event.index > 0) ++upper_writes_;
    if (event.kind == EventKind::kUpperRead && event.index > 0) ++upper_reads_;
    const bool moves = event.kind == EventKind::kWrite || event.kind == EventKind::kRead;
    const bool has_place = event.has(EventFlags::kOffsetKnown | EventFlags::kAmbiguous);
    if (moves && event.index > 0 && !has_place) unknown_beginnings_.insert(event.connection);
}

void EventFile::add_secret(const std::string& line) {
    if (file_.add_secret(line)) ++secrets_;
}

void EventFile::flush() {
    note(file_.flush());
}

/// The first trouble is kept.
void EventFile::note(bool well) {
    if (well || !trouble_.empty()) return;
    trouble_ = "cannot write all events to " + plan::printable(path_) + ": " +
               file::output_problem(file_.error()) + ". " +
               file::output_remedy(file_.error(), "-o") + "; what is in the file is good";
}

void EventFile::end(std::uint64_t dropped) {
    note(file_.finish());
    refused_ += written_ - file_.written();
    written_ = file_.written();
    IoEvent event;
    event.kind = EventKind::kEnd;
    event.recorder = recorder_;
    event.process = static_cast<std::uint32_t>(::getpid());
    event.requested = written_;
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    event.returned = static_cast<std::int64_t>(std::min(dropped + refused_, most));
    event.entered = event.left = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count();
    packet_.clear();
    record::put_event_packet(nullptr, event, packet_);
    file_.add(event.entered, packet_, describe(event));
    note(file_.finish());
    try {
        put_in_time_order(path_, file_);
    } catch (const std::system_error& error) {
        if (trouble_.empty())
            trouble_ =
                "the events stand in the order in which their calls returned, because they "
                "could not be sorted: " +
                std::string(error.what()) + ". reordercap does it";
    }
}

}  // namespace seamark::trace
