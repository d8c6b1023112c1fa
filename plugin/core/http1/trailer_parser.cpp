// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/trailer_parser.hpp"

#include <string_view>

#include "core/base/characters.hpp"

namespace seamark {
namespace {

/// RFC 9110 section 6.5.1: no field that frames, routes, authenticates or describes the content.
constexpr std::array<std::string_view, 10> kForbidden{
    "transfer-encoding", "content-length", "host",          "content-encoding", "content-type",
    "content-range",     "trailer",        "authorization", "set-cookie",       "te"};

}  // namespace

bool TrailerParser::feed(unsigned char byte) {
    if (byte == '\n') {
        if (!after_cr_) faults_.add(Fault::kBareLf);
        const bool empty = state_ == State::kLineBegin;
        empty_line_length_ = after_cr_ ? 2 : 1;
        after_cr_ = false;
        if (empty) return true;
        if (state_ != State::kValue && state_ != State::kBadLine)
            faults_.add(Fault::kBadTrailerLine);
        state_ = State::kLineBegin;
        any_line_ = true;
        name_length_ = 0;
        return false;
    }
    if (after_cr_) {
        faults_.add(Fault::kBareCr);
        after_cr_ = false;
        take('\r');
    }
    if (byte == '\r') {
        after_cr_ = true;
    } else {
        take(byte);
    }
    return false;
}

void TrailerParser::take(unsigned char byte) {
    switch (state_) {
        case State::kLineBegin:
            if (is_blank(byte) && any_line_) {
                faults_.add(Fault::kObsFold);
                state_ = State::kValue;
                return;
            }
            state_ = State::kName;
            [[fallthrough]];
        case State::kName:
        case State::kAfterName:
            if (byte == ':' && name_length_ > 0) {
                if (state_ == State::kAfterName) faults_.add(Fault::kBlankBeforeColon);
                end_name();
                state_ = State::kValue;
            } else if (is_blank(byte) && name_length_ > 0) {
                state_ = State::kAfterName;
            } else if (state_ == State::kName && is_token_char(byte)) {
                if (name_length_ < name_.size()) name_[name_length_++] = static_cast<char>(byte);
            } else {
                faults_.add(Fault::kBadTrailerLine);
                state_ = State::kBadLine;
            }
            return;
        case State::kValue:
            if (byte != '\r' && is_forbidden_control(byte)) faults_.add(Fault::kBadFieldValue);
            return;
        case State::kBadLine:
            return;
    }
}

void TrailerParser::end_name() {
    const std::string_view name(name_.data(), name_length_);
    for (const auto forbidden : kForbidden)
        if (same_word(name, forbidden)) faults_.add(Fault::kForbiddenTrailerField);
}

}  // namespace seamark
