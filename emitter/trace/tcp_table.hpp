// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "trace/shared_trace.h"

namespace seamark::trace {

/// A connection's end points as /proc has them, local first; an IPv4 address that is mapped into
/// IPv6 is an IPv4 one.
std::string ends_of(const seamark_addresses& addresses);

/// What /proc says of a TCP socket.
struct TcpSocket {
    std::string ends;
    bool is_connected =
        false;  ///< it can move bytes; else it listens, or is not connected any more
};

/// The TCP sockets of the network that a process is in, by inode. Empty where that cannot be read.
std::map<std::string, TcpSocket> tcp_sockets(pid_t process);

}  // namespace seamark::trace
