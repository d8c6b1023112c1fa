// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "core/stream/stream.hpp"

namespace seamark::words {

/// "The sender closed the connection (FIN) before the message was whole (RFC 9112 section 8); FIN
/// in frame 7": why a message of this direction is not whole, with the frame that ended it.
std::string ending(const Stream& stream, Fault fault);

/// "; FIN in frame 7", "; RST of the receiver in frame 9": what ended it. Empty where no frame did.
std::string ending_frame(const Closing& closing, Fault fault);

}  // namespace seamark::words
