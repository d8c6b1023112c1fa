// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/io_event.hpp"
#include "import/strace_line.hpp"
#include "record/event_packet.hpp"

namespace seamark::import {

/// What a log of system calls says of TCP connections. Calls are taken in the order of the log;
/// events come out at the end, when it is known which calls overlapped. Memory grows with the
/// calls on TCP sockets (some 0.4 KB each), and with nothing else.
///
/// What the log does not say is left out: offsets of a connection that it does not show from its
/// accept or connect, TCP_NODELAY and TCP_CORK of a socket that it does not show from its socket(),
/// and which bytes a call moved that overlapped with another one of its direction.
class SocketLog {
  public:
    void add(const SystemCall& call);

    /// Hands out each event in order of the time of its entry. Call it once.
    void finish(const std::function<void(const record::Connection&, const IoEvent&)>& sink);

    std::size_t connections() const { return connections_.size(); }
    std::uint64_t without_size() const { return without_size_; }  ///< calls that show no size asked
    bool shows_io_uring() const { return io_uring_; }
    /// A socket or file descriptor was printed with what it is (-y or -yy).
    bool names_descriptors() const { return names_descriptors_; }

  private:
    struct Options {
        bool known = false;  ///< the socket is in the log from its socket()
        bool nodelay = false;
        bool cork = false;
        bool nonblocking = false;
    };
    struct Tracked {
        record::Connection ends;
        std::uint32_t number = 0;
        bool from_begin = false;
        std::uint32_t side = 0;  ///< EventFlags::kClient, kServer or neither
        Options options;
        std::vector<IoEvent> events;
        std::optional<IoEvent> closed;  ///< by the last close() so far
    };
    struct Connecting {
        record::Endpoint peer;
        IoEvent event;
        Options options;
        bool done = false;  ///< connect() returned 0
    };
    /// What stands after a descriptor: "4<TCP:[127.0.0.1:80->127.0.0.1:5000]>".
    struct Descriptor {
        std::int32_t number = -1;
        std::string name;                        ///< between "TCP:[" and "]", or "TCPv6:[" and "]"
        std::optional<record::Connection> ends;  ///< of a connected socket
        bool tcp = false;
    };

    Descriptor descriptor_of(std::string_view text);
    std::optional<Connecting> take_connecting(const Descriptor& descriptor, std::uint32_t thread);
    Tracked& connection_of(const Descriptor& descriptor, std::uint32_t thread);
    void open(const Descriptor& descriptor, const IoEvent& event, const Options& options,
              std::uint32_t side, bool show);
    void transfer(const SystemCall& call, const Descriptor& descriptor, EventKind kind, Call name,
                  std::optional<std::uint64_t> asked, std::int64_t taken, std::string_view flags);
    void set_option(const SystemCall& call);
    void accept(const SystemCall& call);
    void connect(const SystemCall& call);
    static IoEvent event_of(const SystemCall& call, EventKind kind, Call name,
                            std::int32_t descriptor);

    std::deque<Tracked> connections_;                             // in order of their first call
    std::map<std::string, Tracked*, std::less<>> current_;        // by name of the descriptor
    std::map<std::int32_t, std::vector<Connecting>> connecting_;  // by descriptor, of any process
    std::map<std::string, Options, std::less<>> sockets_;         // not connected, by name
    std::uint64_t without_size_ = 0;
    bool io_uring_ = false;
    bool names_descriptors_ = false;
};

}  // namespace seamark::import
