// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lab/time_order.hpp"
#include "record/pcapng_blocks.hpp"

namespace seamark::lab {

/// One pcapng of packets and events from several sources, in the order of their times. Owns no
/// descriptor. What is written ends with a whole block unless the process is killed in the middle
/// of a write; keep_whole_blocks() mends that.
class MergedFile {
  public:
    /// `hold`: for how long things are kept to be put in order, ns.
    MergedFile(int descriptor, std::int64_t hold) : descriptor_(descriptor), hold_(hold) {}

    void begin(std::string_view application, std::string_view comment);
    /// Before the first packet. The number that packets name it by.
    std::uint32_t add_interface(const record::pcapng::Interface& interface);
    void add(const record::pcapng::Packet& packet);

    /// Lines of a TLS key log, before all that is still held.
    void add_secrets(std::string_view lines);

    /// Writes what has been held long enough, of which a pipe that takes no more now leaves some in
    /// memory. False once the file takes nothing any more: see error().
    bool write_until(std::int64_t now);
    /// As much waits for a pipe as should: add nothing before write_until() has written some of it.
    bool full() const;
    /// Writes all that is left, then the statistics. A pipe that takes nothing for three seconds is
    /// given up (EAGAIN).
    bool finish(std::span<const record::pcapng::Statistics> statistics);

    std::int64_t hold() const { return hold_; }
    std::uint64_t packets_of(std::uint32_t interface) const { return packets_[interface]; }
    std::uint64_t late() const { return order_.late(); }
    int error() const { return error_; }

  private:
    using Block = std::vector<std::uint8_t>;
    void take(std::int64_t time, Block block);
    bool write();

    int descriptor_;
    std::int64_t hold_;
    TimeOrder<Block> order_;
    std::vector<std::uint8_t> ready_;  ///< whole blocks, in order
    std::vector<std::uint64_t> packets_;
    std::uint64_t written_ = 0;  ///< bytes
    int error_ = 0;
};

/// Cuts a regular file after its last whole block. For a file whose writer was killed.
void keep_whole_blocks(int descriptor);

}  // namespace seamark::lab
