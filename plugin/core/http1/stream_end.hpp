// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/byte_range.hpp"
#include "core/http1/fault.hpp"

namespace seamark {

/// How a direction ends, as far as the capture shows: what an unfinished message is known by.
struct StreamEnd {
    enum class Close : std::uint8_t {
        kNone,   // neither FIN nor RST was captured
        kFin,    // of the sender
        kReset,  // of either side
    };

    StreamEnd(StreamOffset end) : captured(end), sent(end) {}
    StreamEnd(StreamOffset end, StreamOffset known_sent, Close how)
        : captured(end), sent(std::max(end, known_sent)), close(how) {}

    StreamOffset captured;  // after the last byte that was captured
    StreamOffset sent;      // after the last byte that is known to have been sent; >= captured
    Close close = Close::kNone;

    /// Why a message that needs the byte at a position is not whole.
    Fault cut(StreamOffset needed) const {
        if (needed < sent) return Fault::kMissingBytes;
        switch (close) {
            case Close::kFin:
                return Fault::kCutByFin;
            case Close::kReset:
                return Fault::kCutByReset;
            case Close::kNone:
                break;
        }
        return Fault::kUnfinished;
    }
};

}  // namespace seamark
