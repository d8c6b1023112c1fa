// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::record {

/// Writes a pcapng file with one interface of link type 252 (Wireshark's upper PDUs) and time
/// stamps in ns. The file ends after a whole block whenever no one is in flush() or add(), and
/// practically always: what is written goes out by pages of 4 KiB that end with a block, because
/// the kernel lets a SIGKILL end a write only between two pages.
///
/// A pipe is never waited for but in finish(): what it does not take stays in memory, and full()
/// says when that is enough.
///
/// Owns the file. Used by one thread at a time.
class PcapngWriter {
  public:
    /// Creates the file, or empties one that is_own_capture(), as file::open_output() does, and
    /// writes what a file begins with. Throws std::system_error, for whose code
    /// file::output_problem() has words.
    PcapngWriter(const std::string& path, std::string_view interface_name,
                 std::string_view application);
    ~PcapngWriter();
    PcapngWriter(const PcapngWriter&) = delete;
    PcapngWriter& operator=(const PcapngWriter&) = delete;

    /// Adds a packet. Mostly it stays in memory until a page is full or flush() is called. False if
    /// it was not added, because what came before it cannot be written: see error().
    bool add(std::int64_t time_ns, std::span<const std::uint8_t> packet, std::string_view comment);

    /// Adds a line of a TLS key log (without its end), for the packets after it, here and in a
    /// file that this one is merged with. From the first one on only its owner can read the file.
    /// False as above.
    bool add_secret(std::string_view line);

    /// Writes what is in memory, as far as a pipe takes it now. False if that failed: the file is
    /// cut back to its last whole block, what is in memory stays there, and the next flush() tries
    /// again.
    bool flush();

    /// flush() until all is written. False if that failed, or a pipe took nothing for two seconds
    /// (error() is EAGAIN then; it is not waited for again).
    bool finish();

    /// As much waits for a pipe as should: add nothing before flush() has written some of it.
    bool full() const;

    bool is_pipe() const { return is_pipe_; }

    /// The file is the one that was opened: for whoever opens its path again.
    bool is_same_file(const struct stat& status) const;

    /// errno of the last flush(), 0 if it went well.
    int error() const { return error_; }

    /// Packets that are in the file.
    std::uint64_t written() const { return written_; }

  private:
    std::size_t room() const;
    void end_block();

    int file_ = -1;
    bool is_pipe_ = false;
    bool stalled_ = false;
    bool holds_secrets_ = false;
    int error_ = 0;
    std::uint64_t size_ = 0;            ///< of the file
    std::uint64_t written_ = 0;         ///< packets
    std::uint64_t waiting_ = 0;         ///< packets in memory
    std::vector<std::uint8_t> memory_;  ///< whole blocks, of a pipe the rest of them
    std::size_t last_block_ = 0;        ///< where the last packet begins in it
    std::size_t largest_ = 0;           ///< block so far
};

}  // namespace seamark::record
