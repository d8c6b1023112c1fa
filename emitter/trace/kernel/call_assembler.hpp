// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/event/io_event.hpp"
#include "trace/kernel/kernel_event.h"
#include "trace/shared_trace.h"

namespace seamark::trace::kernel {

/// Makes events of what the program in the kernel hands over: which bytes each call moved, and
/// whether that is certain.
///
/// A record has the socket's sequence number when the socket layer was done, after its lock was
/// released: where another thread's call was made in between, the number is past that one's bytes.
/// So a call counts as certain where it begins at the byte at which the one before it ended; no
/// wrong number does, because none is too small. Other records wait for kHold, for those that come
/// late. Then ranges that overlap are marked as ambiguous (kAmbiguous), and bytes in between are
/// those of no recorded call (kUnseenWrite, kUnseenRead).
///
/// Calls count from the connection's first byte where its opening was seen; elsewhere their
/// sequence numbers say where they lie. Memory is bounded: kMostSockets sockets are remembered.
class CallAssembler {
  public:
    using Sink = std::function<void(const IoEvent&, const seamark_addresses&)>;
    /// ns that a record waits for others that belong in front of it.
    static constexpr std::int64_t kHold = 200'000'000;
    static constexpr std::size_t kMostSockets = 65536;

    /// began: when the recording did, ns since 1970; no call whose entry is not known began before.
    CallAssembler(Sink sink, std::int64_t began) : sink_(std::move(sink)), began_(began) {}

    /// A record, with its times made ns since 1970. state: null where there is none.
    /// hertz: jiffies a second, in which the state counts; 0: not known.
    void add(const seamark_kernel_event& event, const seamark_kernel_state* state, unsigned hertz);
    /// Gives on what has waited long enough.
    void release(std::int64_t now);
    /// Gives on all of it.
    void finish();

    /// Calls on sockets of Multipath TCP, which are not recorded.
    std::uint64_t multipath() const { return multipath_; }
    /// Sockets with an upper layer protocol (kernel TLS), whose calls count other bytes.
    std::uint64_t upper_layers() const { return upper_layers_; }
    /// Calls of which it is not certain which bytes they moved.
    std::uint64_t ambiguous() const { return ambiguous_; }
    /// Bytes that no recorded call moved.
    std::uint64_t unseen() const { return unseen_; }

  private:
    struct Waiting {
        IoEvent event;
        std::uint32_t begin = 0;  // sequence number of its first byte
    };
    struct Direction {
        std::optional<std::uint32_t> next;  // the byte after those that are accounted for
        std::uint64_t offset = 0;           // of it
        bool from_begin = false;            // offset counts from the connection's first byte
        std::uint64_t index = 0;
        std::uint32_t thread = 0;  // of the last call
        bool several_threads = false;
        std::int64_t left = 0;  // of the last call given on
        std::vector<Waiting> waiting;
        std::optional<IoEvent> pieces;  // of a call that the kernel makes of several
    };
    struct Socket {
        seamark_addresses addresses{};
        std::uint32_t number = 0;
        std::uint32_t side = 0;  // EventFlags::kClient, kServer or neither
        std::int64_t opened = 0;
        bool shown = false;  // its opening was
        bool fast_open = false;
        bool upper_layer = false;
        std::optional<std::uint32_t> first_write, first_read;
        std::optional<std::uint8_t> nonagle;
        std::int64_t nonagle_at = 0;
        Direction written, read;
        std::list<std::uint64_t>::iterator used;
    };

    Socket& socket_of(const seamark_kernel_event& event);
    void evict();
    void open(Socket& socket, const IoEvent& first);
    void note_options(Socket& socket, const seamark_kernel_event& record, const IoEvent& event);
    void note_sent_again(const seamark_kernel_event& record);
    void transfer(Socket& socket, const seamark_kernel_event& record, IoEvent event);
    void resolve(Socket& socket, Direction& direction);
    void accept(Socket& socket, Direction& direction, Waiting waiting, bool certain);
    void note_gap(Socket& socket, Direction& direction, const Waiting& after);
    void give(const Socket& socket, Direction& direction, IoEvent event);
    void flush(const Socket& socket, Direction& direction);
    std::int64_t earliest_entry(const Socket& socket, std::uint32_t thread) const;

    Sink sink_;
    std::int64_t began_;
    std::unordered_map<std::uint64_t, Socket> sockets_;
    std::list<std::uint64_t> used_;                             // least recently first
    std::unordered_map<std::uint32_t, std::int64_t> returned_;  // by thread: its last call's
    std::unordered_map<std::uint64_t, std::int64_t> held_;      // sockets with calls that wait
    std::uint32_t numbers_ = 0;
    std::uint64_t multipath_ = 0;
    std::uint64_t upper_layers_ = 0;
    std::uint64_t ambiguous_ = 0;
    std::uint64_t unseen_ = 0;
};

}  // namespace seamark::trace::kernel
