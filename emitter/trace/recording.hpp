// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/event/io_event.hpp"
#include "record/autocorking.hpp"
#include "trace/event_check.hpp"
#include "trace/shared_memory.hpp"
#include "trace/shared_trace.h"

namespace seamark::trace {

/// The tracer's side of the shared memory: makes it, and takes out what the processes put in.
///
/// Any traced process can write anything there at any moment, so nothing in it is trusted: what
/// decides where this reads stays here, each number is read once, an event is given on only if the
/// library could have written it, and each call of drain() ends after a bounded number of places.
class Recording {
  public:
    using Sink = std::function<void(const IoEvent&, const seamark_addresses&)>;
    /// A line of a TLS key log, without its end.
    using SecretSink = std::function<void(const std::string&)>;
    using Clock = std::chrono::steady_clock;

    /// state: with each call, what the kernel says of its socket. secrets: asks for those
    /// of TLS sessions. Throws std::runtime_error where the system has no memory for it.
    Recording(bool state, SecretSink secrets);
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    /// What SEAMARK_TRACE is to be in the environment of the command.
    std::string name() const;

    /// Gives events that are there to `sink`, in the order in which the calls returned: those of
    /// 4,096 places at most. True if there are more. A place that was taken and not filled holds up
    /// those after it for a second if its process has ended, for ten if it has not (it may be
    /// stopped there), and is counted as dropped; `last` gives it up at once.
    bool drain(const Sink& sink, bool last = false);

    /// Processes that go on after this record nothing more.
    void close();

    /// Counts as dropped what is left.
    void drop_the_rest();

    /// Those that loaded the library and begun to record, and forks of them, whether they still run
    /// or not: as many as the table holds.
    struct Process {
        pid_t number = 0;
        bool is_go = false;
    };
    std::vector<Process> processes() const;
    /// How many images of programs there were, and forks of them.
    std::uint32_t images() const;
    std::uint64_t dropped() const;  // for want of room, or because their process was killed
    /// Records that were no events, for which something else than the library has written there.
    std::uint64_t malformed() const { return malformed_; }
    /// Whether the counters of the ring were seen with values that the library never gives them.
    bool damaged() const { return damaged_; }
    /// The counts in it are the processes' own, and may be anything.
    const seamark_trace& shared() const { return *trace_; }

  private:
    struct Mark {
        std::uint64_t head;
        Clock::time_point time;
    };
    std::uint64_t trusted_head();
    void mark(std::uint64_t head);
    Clock::duration age() const;
    void take(const seamark_slot& slot, const Sink& sink);
    void take_secret(const seamark_slot& slot);
    bool give_up(const seamark_slot& slot, std::uint64_t state, bool last);
    void rewind();

    SharedMemory memory_;
    seamark_trace* trace_;
    SecretSink secrets_;  ///< empty: none are asked for
    record::Autocorking autocorking_;
    std::optional<std::uint32_t> autocorking_since_;  ///< what held since the drain before
    Period period_;                                   ///< in which events can be
    std::uint64_t tail_ = 0;  ///< the one in the memory is for the processes to read
    std::uint64_t skipped_ = 0;
    std::uint64_t malformed_ = 0;
    bool damaged_ = false;
    unsigned processes_asked_ = 0;  ///< in this drain()
    std::deque<Mark> marks_;        ///< of the head: how long a place has been taken
};

}  // namespace seamark::trace
