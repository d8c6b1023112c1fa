// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/http1/fault.hpp"

namespace seamark {

/// Reads a trailer section and the empty line that ends it (RFC 9112 section 7.1.2), a byte at a
/// time:
///
///     trailer-section = *( field-line CRLF )   CRLF
///
/// Keeps the first letters of one field name, however long the section is.
class TrailerParser {
  public:
    /// Takes the next byte; true when it was the last of the empty line.
    bool feed(unsigned char byte);
    void reset() { *this = TrailerParser{}; }
    /// Bytes of the empty line so far (once feed() said true: its length, 1 or 2).
    std::uint8_t empty_line_length() const { return empty_line_length_; }
    FaultSet faults() const { return faults_; }

  private:
    enum class State : std::uint8_t { kLineBegin, kName, kAfterName, kValue, kBadLine };
    void take(unsigned char byte);
    void end_name();

    State state_ = State::kLineBegin;
    bool after_cr_ = false;
    bool any_line_ = false;
    std::uint8_t empty_line_length_ = 0;
    std::uint8_t name_length_ = 0;
    std::array<char, 24> name_{};
    FaultSet faults_;
};

}  // namespace seamark
