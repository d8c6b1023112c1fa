// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/stream/stream.hpp"

namespace seamark::test {

/// Positions of a stream whose SYN was captured, from offsets that count from the byte after it.
inline ByteRange place(const Stream& stream, std::uint64_t begin, std::uint64_t end) {
    return stream.position({CallOffset{begin}, CallOffset{end}}).value();
}

}  // namespace seamark::test
