// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "record/record_mode.hpp"

namespace seamark::net {

/// What `seamark get` was asked for.
struct GetOptions {
    std::string url;
    std::uint32_t requests = 1;         ///< one after another on the connection, 1 or more
    std::size_t read_size = 65536;      ///< bytes asked by each read, 1 or more
    std::chrono::microseconds pace{0};  ///< pause between a read and the next
    int receive_buffer = 0;             ///< SO_RCVBUF, set before it connects; 0: the kernel's own
    /// How long the server may keep it waiting, 0: for ever: for a connection, for all of a
    /// response's head, and from one read of its body to the next.
    std::chrono::microseconds timeout = std::chrono::seconds{60};
    std::chrono::microseconds max_time{0};  ///< for it all, pauses included; 0: any
    std::string output;            ///< file for the body, see OutputFile; empty: standard output
    bool discard = false;          ///< drop the body
    std::string events = {};       ///< file to record the calls in; empty: none
    bool quiet = false;            ///< no line that sums a response up
    record::RecordMode mode = {};  ///< what is recorded of each call
    bool insecure = false;         ///< any certificate will do
    std::string authorities = {};  ///< PEM file of who signs certificates; empty: the system's
    bool tls_keys = false;         ///< the connection's secrets go into `events`, which is given
};

/// Gets the URL over a connection of its own, once or several times, by reads of the chosen size
/// and pace, which are recorded like the writes of its requests. The body goes to standard output,
/// one line that sums each response up to standard error. The exit status: 0 if the response is
/// whole, whatever its status code; 1 if not, with a message on standard error; 130 after SIGINT,
/// 143 after SIGTERM, 129 after SIGHUP.
int get(const GetOptions& options);

}  // namespace seamark::net
