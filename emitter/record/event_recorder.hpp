// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/event/io_event.hpp"
#include "record/autocorking.hpp"
#include "record/event_packet.hpp"
#include "record/pcapng_writer.hpp"
#include "record/ring.hpp"

namespace seamark::record {

/// RecorderSettings::hold where secrets are recorded: longer than a round trip.
inline constexpr std::chrono::milliseconds hold_for_secrets{1000};

struct RecorderSettings {
    std::string path;
    std::string program = {};              ///< its name, part of each record
    std::string application = "seamark";   ///< who wrote the file
    std::size_t capacity = 262144;         ///< events that may wait for the file, 0.4 KB each
    std::chrono::milliseconds period{20};  ///< between looks at what waits
    /// How long events wait for secrets, which are put in front of them: mergecap writes a secret
    /// when it comes to the event after it, and a peer's bytes are captured before they make the
    /// secret known that they need. Not in a pipe, whose reader sorts.
    std::chrono::milliseconds hold{0};
    std::function<void(std::string)> report =
        {};  ///< called with what goes wrong, on the recorder's thread
};

/// Puts events into a pcapng file. record() never waits and makes no system call: it leaves the
/// event in a ring, and a thread of the recorder's own takes it to the file within 100 ms (if the
/// file system does). An event that finds no room there, or that the file will not take, is dropped
/// and counted. The first failure of the file is reported; what is in it stays, and writing is
/// tried again each period.
class EventRecorder {
  public:
    struct Count {
        std::uint64_t recorded = 0;  ///< in the file, the end record not counted
        std::uint64_t dropped = 0;
    };

    /// Opens the file. Throws std::system_error, as PcapngWriter does.
    explicit EventRecorder(RecorderSettings settings);
    ~EventRecorder();
    EventRecorder(const EventRecorder&) = delete;
    EventRecorder& operator=(const EventRecorder&) = delete;

    /// Called by one thread only. `event.program` is filled in later.
    void record(const Connection& connection, const IoEvent& event) noexcept;

    /// Puts a line of a TLS key log into the file, before all events that are recorded later
    /// and those that are held. By the same thread.
    void record_secret(std::string_view line);

    /// Writes all that waits and the end record. Nothing may be recorded any more. What came of
    /// it; a second call says the same.
    Count close();

    const std::string& path() const { return settings_.path; }

  private:
    struct Entry {
        Connection connection;
        IoEvent event;
        std::string secret = {};  ///< where it is not empty, this is no event
    };

    void run();
    void drain();
    void drain_to_the_end();
    void release(std::int64_t until);
    void write(const Entry& entry, std::optional<std::uint32_t> autocorking);
    void flush();

    RecorderSettings settings_;
    PcapngWriter file_;
    Ring<Entry> ring_;
    std::atomic<std::uint64_t> overflowed_{0};  ///< found no room in the ring

    // Of the recorder's thread; of close() once that has ended.
    std::vector<std::uint8_t> packet_;
    Autocorking autocorking_;
    std::optional<std::uint32_t> autocorking_since_;  ///< what held since the drain before
    std::uint64_t added_ = 0;    ///< taken by the file, which may not have written them yet
    std::uint64_t refused_ = 0;  ///< not taken by the file
    bool failing_ = false;
    std::deque<Entry> held_;  ///< events, see RecorderSettings::hold
    Count count_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;  ///< guarded by mutex_
    std::thread thread_;
};

/// "cannot record to FILE: No space left on device. Make room …": what failed, and the remedy.
std::string recording_failure(const std::string& path, int error);

}  // namespace seamark::record
