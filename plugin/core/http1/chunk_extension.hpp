// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/base/characters.hpp"
#include "core/http1/fault.hpp"

namespace seamark {

/// Checks the syntax of chunk extensions, a byte at a time (RFC 9112 section 7.1.1):
///
///     chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
///     chunk-ext-val = token / quoted-string
///
/// Checks only: where an extension is malformed its chunk is framed all the same.
class ExtensionChecker {
  public:
    /// Takes the first ';' and every byte after it up to the line end.
    void feed(unsigned char byte, FaultSet& faults) {
        // Nearly every byte stands in the middle of a name or of a value.
        if ((state_ == State::kName || state_ == State::kToken) && is_token_char(byte)) return;
        advance(byte, faults);
    }
    void end(FaultSet& faults) const;
    void reset() { state_ = State::kBegin; }

  private:
    void advance(unsigned char byte, FaultSet& faults);
    enum class State : std::uint8_t {
        kBegin,
        kNameBegin,
        kName,
        kAfterName,
        kValueBegin,
        kToken,
        kQuoted,
        kEscaped,
        kAfterValue,
        kBad,
    };
    State step(unsigned char byte, FaultSet& faults) const;
    State state_ = State::kBegin;
};

}  // namespace seamark
