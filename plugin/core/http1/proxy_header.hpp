// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/byte_range.hpp"

namespace seamark {

/// The header that a proxy puts in front of the first byte of a connection, to say who connected to
/// it (HAProxy's PROXY protocol, versions 1 and 2).
struct ProxyHeader {
    ByteRange range;
    int version = 1;
    std::string says;  // "TCP4 192.0.2.1 198.51.100.1 50000 80", as version 1 writes it
};

/// Recognises it, a byte at a time. Each byte is looked at once; what is kept is bounded by
/// kMostText.
class ProxyHeaderParser {
  public:
    enum class Verdict : std::uint8_t { kNeedMore, kImpossible, kWhole };
    /// True when a header may begin so.
    static bool may_begin(unsigned char byte) { return byte == 'P' || byte == '\r'; }

    /// Takes the next byte. After any verdict but kNeedMore it must not be fed again.
    Verdict feed(unsigned char byte);

    // Valid once feed() said kWhole.
    int version() const { return version_; }
    std::string says() const;

  private:
    /// A line of version 1 has at most 107 bytes; of version 2 the fixed part and the addresses are
    /// kept, what follows them is counted.
    static constexpr std::size_t kMostText = 107;

    Verdict line(unsigned char byte);
    Verdict binary(unsigned char byte);

    std::string text_;
    std::size_t length_ = 0;
    int version_ = 1;
};

}  // namespace seamark
