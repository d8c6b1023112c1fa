// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/event/io_event.hpp"
#include "record/pcapng_writer.hpp"
#include "trace/shared_trace.h"

namespace seamark::trace {

/// Which of a trace's connections were met. Their numbers count from 1; what is above 2^26 is no
/// number of a connection, and is met by none.
class ConnectionNumbers {
  public:
    /// True if it was not met before.
    bool insert(std::uint32_t number);
    std::size_t size() const { return count_; }

  private:
    std::vector<bool> met_;
    std::size_t count_ = 0;
};

/// The file of events while it grows, and what it holds in numbers. What it remembers of processes
/// and connections is bounded, however many the events name.
class EventFile {
  public:
    /// Makes the file. Throws std::runtime_error that says what to do.
    EventFile(const std::string& path, Recorder recorder);

    /// From now on /proc is not asked for names: it does not know the events' processes.
    void keep_names() { asks_for_names_ = false; }
    /// event.program: its name, where /proc does not tell.
    void add(const IoEvent& event, const seamark_addresses& addresses);
    /// A line of a TLS key log. From the first one on only its owner can read the file.
    void add_secret(const std::string& line);
    void flush();

    /// It is a pipe that has not taken what waits for it: add nothing before flush() has written
    /// some of it.
    bool full() const { return file_.full(); }
    /// Waits until it is not full. False if whoever reads the pipe has stopped reading.
    bool make_room() { return file_.finish(); }

    /// Writes the end record (with what was dropped before it came here) and puts the events in
    /// order of time.
    void end(std::uint64_t dropped);

    std::uint64_t written() const { return written_; }
    std::uint64_t refused() const { return refused_; }  // the file system took no more
    std::uint64_t writes() const { return writes_; }
    std::uint64_t reads() const { return reads_; }
    /// Calls above TLS that moved bytes.
    std::uint64_t upper_writes() const { return upper_writes_; }
    std::uint64_t upper_reads() const { return upper_reads_; }
    std::uint64_t secrets() const { return secrets_; }  // lines
    std::size_t connections() const { return connections_.size(); }
    /// Whether a call of this process is in the file; true as well where there were too many.
    bool has_events_of(pid_t process) const {
        return recorded_.size() >= kMostRecorded ||
               recorded_.contains(static_cast<std::uint32_t>(process));
    }
    /// Whether an event of the connection is; end points as in tcp_table.hpp.
    bool has_connection(const std::string& ends) const {
        return recorded_ends_.size() >= kMostRecorded || recorded_ends_.contains(ends);
    }
    std::size_t unknown_beginnings() const { return unknown_beginnings_.size(); }
    /// What went wrong with the file, in words; empty if nothing did.
    const std::string& trouble() const { return trouble_; }

  private:
    const std::string& program_of(std::uint32_t process);
    void note(bool well);

    std::string path_;
    Recorder recorder_;
    record::PcapngWriter file_;
    std::vector<std::uint8_t> packet_;
    std::map<std::uint32_t, std::string> programs_;  // by process
    bool asks_for_names_ = true;
    static constexpr std::size_t kMostRecorded = 65536;
    std::unordered_set<std::uint32_t> recorded_;  // processes
    std::uint32_t last_process_ = 0;
    std::unordered_set<std::string> recorded_ends_;
    ConnectionNumbers connections_;
    ConnectionNumbers unknown_beginnings_;
    std::uint64_t written_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t writes_ = 0;
    std::uint64_t reads_ = 0;
    std::uint64_t upper_writes_ = 0;
    std::uint64_t upper_reads_ = 0;
    std::uint64_t secrets_ = 0;
    std::string trouble_;
};

}  // namespace seamark::trace
