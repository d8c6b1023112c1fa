// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/chunk_extension.hpp"

#include "core/base/characters.hpp"

namespace seamark {

void ExtensionChecker::advance(unsigned char byte, FaultSet& faults) {
    if (state_ == State::kBad) return;
    state_ = step(byte, faults);
    if (state_ == State::kBad) faults.add(Fault::kBadExtension);
}

ExtensionChecker::State ExtensionChecker::step(unsigned char byte, FaultSet& faults) const {
    switch (state_) {
        case State::kBegin:
            return byte == ';' ? State::kNameBegin : State::kBad;
        case State::kNameBegin:
            if (is_blank(byte)) return State::kNameBegin;
            if (byte == ';' || byte == '=') {
                faults.add(Fault::kEmptyExtensionName);
                return byte == ';' ? State::kNameBegin : State::kValueBegin;
            }
            return is_token_char(byte) ? State::kName : State::kBad;
        case State::kName:
            if (is_token_char(byte)) return State::kName;
            [[fallthrough]];
        case State::kAfterName:
            if (is_blank(byte)) return State::kAfterName;
            if (byte == '=') return State::kValueBegin;
            return byte == ';' ? State::kNameBegin : State::kBad;
        case State::kValueBegin:
            if (is_blank(byte)) return State::kValueBegin;
            if (byte == '"') return State::kQuoted;
            return is_token_char(byte) ? State::kToken : State::kBad;
        case State::kToken:
            if (is_token_char(byte)) return State::kToken;
            [[fallthrough]];
        case State::kAfterValue:
            if (is_blank(byte)) return State::kAfterValue;
            return byte == ';' ? State::kNameBegin : State::kBad;
        case State::kQuoted:
            if (byte == '"') return State::kAfterValue;
            if (byte == '\\') return State::kEscaped;
            return is_forbidden_control(byte) ? State::kBad : State::kQuoted;
        case State::kEscaped:
            return is_forbidden_control(byte) ? State::kBad : State::kQuoted;
        case State::kBad:
            break;
    }
    return State::kBad;
}

void ExtensionChecker::end(FaultSet& faults) const {
    if (state_ == State::kNameBegin) faults.add(Fault::kEmptyExtensionName);
    if (state_ == State::kValueBegin || state_ == State::kQuoted || state_ == State::kEscaped)
        faults.add(Fault::kBadExtension);
}

}  // namespace seamark
