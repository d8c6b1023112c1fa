// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/start_line.hpp"

#include "core/base/characters.hpp"

namespace seamark {
namespace {
constexpr std::string_view kVersionPrefix = "HTTP/1.";
constexpr std::size_t kMethodLimit = 32;

bool is_line_end(unsigned char byte) {
    return byte == '\r' || byte == '\n';
}
}  // namespace

StartLineParser::Verdict StartLineParser::feed(unsigned char byte) {
    if (++length_ > kLimit) return Verdict::kTooLong;
    switch (state_) {
        case State::kBegin:
        case State::kEmptyCr:
        case State::kMethod:
            return first_word(byte);
        case State::kBeforeTarget:
            if (is_blank(byte)) return Verdict::kNeedMore;
            state_ = State::kTarget;
            may_hold_blanks_ = byte == '/' || byte == 'h' || byte == 'H';
            [[fallthrough]];
        case State::kTarget:
            return target(byte);
        case State::kBeforeVersion:
            if (is_blank(byte)) return Verdict::kNeedMore;
            state_ = State::kVersion;
            matched_ = 0;
            [[fallthrough]];
        case State::kVersion:
            return version(byte);
        case State::kAfterVersion:
            if (is_blank(byte)) {
                state_ = State::kAfterVersionBlank;
                return Verdict::kNeedMore;
            }
            return is_line_end(byte) ? line_end(byte) : back_to_target(byte);
        case State::kAfterVersionBlank:
            if (is_blank(byte)) return Verdict::kNeedMore;
            if (is_line_end(byte)) return line_end(byte);
            if (!may_hold_blanks_) return Verdict::kImpossible;
            // That was no version but a part of the target; this may begin one.
            blank_in_target_ = true;
            state_ = State::kVersion;
            matched_ = 0;
            return version(byte);
        case State::kAfterStatusVersion:
            if (!is_blank(byte)) return Verdict::kImpossible;
            state_ = State::kBeforeStatus;
            return Verdict::kNeedMore;
        case State::kBeforeStatus:
            if (is_blank(byte)) return Verdict::kNeedMore;
            state_ = State::kStatus;
            matched_ = 0;
            [[fallthrough]];
        case State::kStatus:
            if (matched_ < 3) {
                if (!is_digit(byte)) return Verdict::kImpossible;
                status_ = static_cast<std::uint16_t>(status_ * 10 + (byte - '0'));
                return ++matched_ == 1 && byte == '0' ? Verdict::kImpossible : Verdict::kNeedMore;
            }
            if (!is_blank(byte)) return line_end(byte);
            state_ = State::kReason;
            return Verdict::kNeedMore;
        case State::kReason:
            return is_line_end(byte) ? line_end(byte) : Verdict::kNeedMore;
        case State::kLineCr:
            if (byte == '\n') return Verdict::kWhole;
            // A reason phrase is for people; a stray CR in it (RFC 9112 section 2.2) hides nothing.
            if (kind_ == MessageKind::kRequest) return Verdict::kImpossible;
            if (byte != '\r') state_ = State::kReason;
            return Verdict::kNeedMore;
    }
    return Verdict::kImpossible;
}

StartLineParser::Verdict StartLineParser::first_word(unsigned char byte) {
    if (state_ == State::kEmptyCr) {
        if (byte != '\n') return Verdict::kImpossible;
        state_ = State::kBegin;
        return Verdict::kNeedMore;
    }
    if (state_ == State::kBegin) {
        length_ = 1;  // empty lines do not count towards the limit
        if (byte == '\n') return Verdict::kNeedMore;
        if (byte == '\r') {
            state_ = State::kEmptyCr;
            return Verdict::kNeedMore;
        }
        state_ = State::kMethod;
    }
    if (byte == '/' && word_ == "HTTP") {
        kind_ = MessageKind::kResponse;
        matched_ = 4;
        state_ = State::kVersion;
        return version(byte);
    }
    if (is_blank(byte) && !word_.empty()) {
        state_ = State::kBeforeTarget;
        return Verdict::kNeedMore;
    }
    if (!is_token_char(byte) || word_.size() >= kMethodLimit) return Verdict::kImpossible;
    word_.push_back(static_cast<char>(byte));
    return Verdict::kNeedMore;
}

StartLineParser::Verdict StartLineParser::version(unsigned char byte) {
    if (matched_ < kVersionPrefix.size())
        return byte == static_cast<unsigned char>(kVersionPrefix[matched_++])
                   ? Verdict::kNeedMore
                   : back_to_target(byte);
    if (!is_digit(byte)) return back_to_target(byte);
    minor_ = static_cast<std::uint8_t>(byte - '0');
    if (kind_ == MessageKind::kRequest) {
        state_ = State::kAfterVersion;
    } else {
        state_ = State::kAfterStatusVersion;
    }
    return Verdict::kNeedMore;
}

StartLineParser::Verdict StartLineParser::target(unsigned char byte) {
    if (is_blank(byte)) {
        state_ = State::kBeforeVersion;
        return Verdict::kNeedMore;
    }
    return is_forbidden_control(byte) ? Verdict::kImpossible : Verdict::kNeedMore;
}

/// What follows a blank is no version: the blank may belong to the target.
StartLineParser::Verdict StartLineParser::back_to_target(unsigned char byte) {
    if (kind_ != MessageKind::kRequest || !may_hold_blanks_) return Verdict::kImpossible;
    blank_in_target_ = true;
    state_ = State::kTarget;
    return target(byte);
}

StartLineParser::Verdict StartLineParser::line_end(unsigned char byte) {
    if (byte == '\n') {
        bare_lf_ = true;
        return Verdict::kWhole;
    }
    if (byte != '\r') return Verdict::kImpossible;
    state_ = State::kLineCr;
    return Verdict::kNeedMore;
}

Method StartLineParser::method() const {
    if (kind_ != MessageKind::kRequest) return Method::kUnknown;
    if (word_ == "HEAD") return Method::kHead;
    if (word_ == "CONNECT") return Method::kConnect;
    return Method::kOther;
}

}  // namespace seamark
