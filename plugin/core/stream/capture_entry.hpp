// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/stream/connection.hpp"
#include "core/tcp/interface_names.hpp"

namespace seamark {

/// One side's address and port in text, numeric.
struct SocketAddress {
    std::string address;
    std::uint16_t port = 0;
};

/// A connection as reports name it. Borrows the connection and the names, which must outlive it.
struct CaptureEntry {
    std::uint32_t stream = 0;  // Wireshark's tcp.stream
    const Connection* connection = nullptr;
    SocketAddress first;                         // Side::kFirst
    SocketAddress second;                        // Side::kSecond
    const InterfaceNames* interfaces = nullptr;  // of the capture; null: they have no names

    const SocketAddress& source(Side sender) const {
        return sender == Side::kFirst ? first : second;
    }
    const SocketAddress& destination(Side sender) const { return source(other(sender)); }
};

/// True when this frame matches the user's filter.
using FrameFilter = std::function<bool(FrameNumber)>;

}  // namespace seamark
