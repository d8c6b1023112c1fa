// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "net/call_observer.hpp"

/// Options of a connected TCP socket, given by its native handle. The setters tell
/// the observer, which may be null, and throw std::system_error with the option's name.
namespace seamark::net {

void set_nodelay(int socket, bool on, CallObserver* observer);

/// TCP_CORK: while it is on, the kernel sends full segments only (and others after 200 ms).
void set_cork(int socket, bool on, CallObserver* observer);

/// SO_SNDBUF: the kernel takes twice `bytes`, within its limits, and grows the buffer no more.
void set_send_buffer(int socket, std::uint32_t bytes, CallObserver* observer);

/// SO_MAX_PACING_RATE in bytes a second; 0 takes a limit off.
void set_pacing_rate(int socket, std::uint64_t rate, CallObserver* observer);

/// TCP_CONGESTION. False where the kernel has none of that name, or does not let this user have it;
/// then nothing has changed.
bool set_congestion_control(int socket, const std::string& name, CallObserver* observer);

/// Names that any user may ask for, "reno cubic"; empty if the kernel does not say.
std::string allowed_congestion_controls();

/// Makes the close that follows send a RST and drop what the peer has not been sent yet.
void reset_on_close(int socket, CallObserver* observer);

/// Name of the congestion control in force ("bbr", "cubic"); "?" if the kernel does not say.
std::string congestion_control(int socket);

}  // namespace seamark::net
