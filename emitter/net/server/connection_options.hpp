// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "net/socket/call_observer.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// The options that a response sets on its connection, and takes back from the one before it: all
/// but the send buffer, which the kernel does not give back.
class ConnectionOptions {
  public:
    /// For the connected socket; the observer may be null.
    ConnectionOptions(int socket, CallObserver* observer) : socket_(socket), observer_(observer) {}

    /// Sets what `options` says, TCP_CORK off. Where the kernel refuses the congestion control,
    /// why; the connection is as it was then. Throws std::system_error where it refuses another.
    std::optional<plan::OptionError> apply(const plan::EmitOptions& options);

  private:
    int socket_;
    CallObserver* observer_;
    std::string first_control_;  ///< congestion control before it was changed; empty: it was not
    bool paced_ = false;
};

}  // namespace seamark::net
