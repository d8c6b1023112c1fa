// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

/// Why captured payload belongs to no message.
enum class UnreadReason : std::uint8_t {
    kTls,        // TLS records, or what looks like them
    kHttp2,      // the preface of HTTP/2, or the answer to it
    kSwitched,   // after a 101 response: what was upgraded to
    kTunnel,     // inside a tunnel that a 2xx answer to CONNECT opened
    kMidStream,  // the capture begins inside the connection, and no start line came (yet)
    kSubflow,    // one subflow of a Multipath TCP connection
    kFault,      // after a message whose framing a fault ended
    kHole,       // after missing bytes, up to the next start line
    kBehind,     // after a message, and no start line
    kCutLine,    // a start line that is not whole
    kOther,      // no start line
};

/// A part of a direction that belongs to no message. Holes may lie in it.
struct Unread {
    ByteRange range;
    std::uint64_t bytes = 0;     // captured
    std::uint32_t messages = 0;  // how many come before it
    UnreadReason reason = UnreadReason::kOther;
};

/// The client began with the preface of HTTP/2 (RFC 9113 section 3.4), whichever side it is.
bool is_http2(const Connection& connection);

/// Those of a direction, in order; empty lines between messages and a PROXY header are none. What
/// is said of the last one may change while the capture is read. A step for each message.
std::vector<Unread> find_unread(const Connection& connection, Side side);

}  // namespace seamark
