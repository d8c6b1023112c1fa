// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "net/socket/call_observer.hpp"

/// Options of a connected TCP socket, given by its native handle. The setters report
/// the observer, which may be null, and throw std::system_error with the option's name.
namespace seamark::net {

void set_nodelay(int socket, bool on, CallObserver* observer);

/// TCP_CORK: while it is on, the kernel sends full segments only (and others after 200 ms).
void set_cork(int socket, bool on, CallObserver* observer);

/// SO_SNDBUF: the kernel takes twice as many bytes, within its limits.
void set_send_buffer(int socket, int bytes, CallObserver* observer);

/// SO_MAX_PACING_RATE in bytes a second; all ones: no limit.
void set_pacing(int socket, std::uint64_t rate, CallObserver* observer);
/// The same as it is; empty where the system does not say.
std::optional<std::uint64_t> pacing_limit(int socket);

/// TCP_CONGESTION. 0, or the errno where the kernel refuses the name: it has none of it, or not for
/// this user.
int set_congestion_control(int socket, const std::string& name, CallObserver* observer);

/// Those that the kernel has and this process may set, as "reno, cubic".
std::string congestion_controls();

/// Makes the close that follows send a RST and drop what the peer has not been sent yet.
void reset_on_close(int socket, CallObserver* observer);

/// Name of the congestion control in force ("bbr", "cubic"); "?" if the kernel does not say.
std::string congestion_control(int socket);

}  // namespace seamark::net
