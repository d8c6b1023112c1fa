// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/event/io_event.hpp"
#include "trace/shared_trace.h"

namespace seamark::trace {

/// The tracer's side of the shared memory: makes it, and takes out what the processes put in.
/// Owns the memory and its descriptor, which traced processes open through /proc.
class Recording {
  public:
    using Sink = std::function<void(const IoEvent&, const seamark_addresses&)>;

    /// state: with each call, what the kernel says of the socket behind it. Throws
    /// std::system_error where the system has no memory for it.
    explicit Recording(bool state);
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    /// What SEAMARK_TRACE is to be in the environment of the command.
    std::string name() const;

    /// Gives every event that is there to `sink`, in the order in which the calls returned.
    /// A place that was taken and never filled (its process was killed just then) holds up those
    /// behind it for at most a second, and is counted as dropped; `last` gives it up at once.
    void drain(const Sink& sink, bool last = false);

    /// Processes that go on after this record nothing more.
    void close();

    /// Those that loaded the library and begun to record, and forks of them, whether they still run
    /// or not: as many as the table holds.
    std::vector<pid_t> processes() const;
    std::uint64_t dropped() const;  // for want of room, or because their process was killed
    const seamark_trace& shared() const { return *memory_; }

  private:
    bool give_up(const seamark_slot& slot, std::uint64_t state, bool last);
    void rewind();

    int fd_ = -1;
    seamark_trace* memory_ = nullptr;
    std::uint64_t tail_ = 0;
    std::uint64_t skipped_ = 0;
    std::uint64_t stuck_at_ = ~std::uint64_t{0};
    std::chrono::steady_clock::time_point stuck_since_;
};

}  // namespace seamark::trace
