// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/import_log.hpp"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "file/output_words.hpp"
#include "import/socket_log.hpp"
#include "import/strace_line.hpp"
#include "plan/escaped.hpp"
#include "record/event_packet.hpp"
#include "record/pcapng_writer.hpp"

namespace seamark::import {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;

struct Counts {
    std::uint64_t lines = 0, calls = 0, no_time = 0, no_duration = 0, unreadable = 0;
    std::uint64_t first_bad = 0;  // line, from 1
};

std::string plural(std::uint64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// Throws where the log cannot be read.
Counts read_log(const std::string& path, SocketLog& log) {
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
        if (!file)
            throw std::runtime_error("cannot read " + plan::printable(path) + ": " +
                                     std::generic_category().message(errno));
    }
    std::istream& input = path == "-" ? std::cin : file;
    StraceReader reader;
    Counts counts;
    for (std::string line; std::getline(input, line);) {
        ++counts.lines;
        const LineKind kind =
            line.size() > kLongestLine ? LineKind::kUnreadable : reader.read(line);
        if (kind == LineKind::kCall) {
            ++counts.calls;
            log.add(reader.call());
        }
        const bool bad = kind == LineKind::kNoTime || kind == LineKind::kNoDuration ||
                         kind == LineKind::kUnreadable;
        if (bad && counts.first_bad == 0) counts.first_bad = counts.lines;
        counts.no_time += kind == LineKind::kNoTime;
        counts.no_duration += kind == LineKind::kNoDuration;
        counts.unreadable += kind == LineKind::kUnreadable;
    }
    if (input.bad())
        throw std::runtime_error("cannot read " + plan::printable(path) + " to its end");
    return counts;
}

/// Why nothing can be imported; empty where something can.
std::string refusal(const Counts& counts, const SocketLog& log) {
    const std::string remake = ". Make the log with: " + std::string(kStraceLine);
    if (counts.lines == 0) return "it is empty";
    if (counts.calls == 0 && counts.no_duration > 0)
        return "line " + std::to_string(counts.first_bad) +
               " does not say how long the call took (-T)" + remake;
    if (counts.calls == 0)
        return "no line of it is a system call with its time (-ttt), from line " +
               std::to_string(counts.first_bad == 0 ? 1 : counts.first_bad) + " on" + remake;
    if (log.connections() == 0 && !log.names_descriptors())
        return "it does not say what its descriptors are (-yy)" + remake;
    if (log.connections() == 0)
        return "it has " + plural(counts.calls, "system call") +
               ", and none of a connected TCP socket. Was the right program traced, with -f and "
               "-yy, and while it was asked for something?";
    return {};
}

class EventWriter {
  public:
    explicit EventWriter(const std::string& path)
        : file_(path, "seamark import", "seamark import") {}

    void add(const record::Connection* connection, const IoEvent& event) {
        packet_.clear();
        record::put_event_packet(connection, event, packet_);
        file_.add(event.entered, packet_, describe(event));
        if (event.kind == EventKind::kEnd) return;
        ++events;
        writes += event.kind == EventKind::kWrite && event.index > 0;
        reads += event.kind == EventKind::kRead && event.index > 0;
        ambiguous += event.has(EventFlags::kAmbiguous);
        last_ = event.left;
    }

    /// errno of what failed; 0: it is written.
    int end() {
        IoEvent event;
        event.kind = EventKind::kEnd;
        event.recorder = Recorder::kImported;
        event.requested = events;
        event.entered = event.left = last_;
        add(nullptr, event);
        return file_.finish() ? 0 : file_.error();
    }

    std::uint64_t events = 0, writes = 0, reads = 0, ambiguous = 0;

  private:
    record::PcapngWriter file_;
    std::vector<std::uint8_t> packet_;
    std::int64_t last_ = 0;
};

void say(const std::string& line) {
    std::fprintf(stderr, "seamark import: %s\n", line.c_str());
}

/// What the events do not say, since the log does not.
void tell_gaps(const Counts& counts, const SocketLog& log, const EventWriter& file) {
    if (const std::uint64_t bad = counts.unreadable + counts.no_time + counts.no_duration; bad > 0)
        say(plural(bad, "line") + " could not be read, the first is line " +
            std::to_string(counts.first_bad) + ": what they say is missing");
    if (log.without_size() > 0)
        say(plural(log.without_size(), "call") +
            " do not show how many bytes were asked, and count as asked what they took");
    if (file.ambiguous > 0)
        say(plural(file.ambiguous, "call") +
            " of several threads overlapped: which bytes they moved is not known, and they are "
            "joined with no segment");
    if (log.shows_io_uring())
        say("the program used io_uring, whose transfers strace does not print: bytes may be "
            "missing, and offsets after them wrong");
}

}  // namespace

int import_strace(const ImportOptions& options) {
    try {
        SocketLog log;
        const Counts counts = read_log(options.log, log);
        if (const std::string why = refusal(counts, log); !why.empty()) {
            say(plan::printable(options.log) + ": " + why);
            return 1;
        }
        EventWriter file(options.events);
        log.finish([&](const record::Connection& connection, const IoEvent& event) {
            file.add(&connection, event);
        });
        const int error = file.end();
        if (error != 0) throw std::system_error(error, std::generic_category());
        tell_gaps(counts, log, file);
        if (!options.quiet)
            say(plural(file.events, "event") + " (" + plural(file.writes, "write") + ", " +
                plural(file.reads, "read") + ") of " + plural(log.connections(), "connection") +
                " in " + plan::printable(options.events));
        return 0;
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        say("cannot write " + plan::printable(options.events) + ": " + file::output_problem(code) +
            ". " + file::output_remedy(code, "-o"));
    } catch (const std::runtime_error& error) {
        say(error.what());
    }
    return 1;
}

}  // namespace seamark::import
