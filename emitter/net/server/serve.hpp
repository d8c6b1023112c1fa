// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/tls/tls_context.hpp"
#include "record/record_mode.hpp"

namespace seamark::net {

/// What `seamark serve` was asked for. Has no Asio in it, so that the command line needs none.
struct ServeOptions {
    std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address, no name
    std::uint16_t port = 8080;          ///< 0: any that is free
    bool quiet = false;
    std::chrono::milliseconds grace{5'000};
    std::chrono::milliseconds idle{60'000};
    std::size_t max_connections = 100;
    std::size_t max_memory = 128;              ///< MiB that large responses may take together
    std::vector<std::string> host_names = {};  ///< in addition to localhost; see HostNames
    std::string events = {};                   ///< file to record the calls in; empty: none
    std::string files = {};                    ///< folder whose files may be asked for; empty: none
    bool private_network = false;              ///< no other machine can reach it, as in a lab
    std::string plan = {};         ///< file with the plan that /emit carries out; empty: none
    record::RecordMode mode = {};  ///< what is recorded of each call
    bool tls = false;              ///< https
    std::string certificate = {};  ///< PEM file, its chain after it; empty: one is made
    std::string key = {};          ///< PEM file; given exactly where the certificate is
    TlsVersion tls_most = TlsVersion::v1_3;
    bool tls_most_given = false;
    bool tls_keys = false;  ///< the secrets of each connection go into `events`, which is given
};

/// Serves until SIGINT or SIGTERM; a second signal cuts what is left. Writes one line to standard
/// output when it listens, and its log to standard error. Returns the exit status: 0 after a stop,
/// 1 if it could not listen (a message with the remedy is on standard error then).
int serve(const ServeOptions& options);

}  // namespace seamark::net
