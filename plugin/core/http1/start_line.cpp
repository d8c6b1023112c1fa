// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/start_line.hpp"

#include "core/base/characters.hpp"

namespace seamark {
namespace {
constexpr std::string_view kVersionPrefix = "HTTP/1.";
constexpr std::size_t kMethodLimit = 32;
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
            [[fallthrough]];
        case State::kTarget:
            if (is_blank(byte)) {
                state_ = State::kBeforeVersion;
                return Verdict::kNeedMore;
            }
            return is_forbidden_control(byte) ? Verdict::kImpossible : Verdict::kNeedMore;
        case State::kBeforeVersion:
            if (is_blank(byte)) return Verdict::kNeedMore;
            state_ = State::kVersion;
            [[fallthrough]];
        case State::kVersion:
            return version(byte);
        case State::kAfterVersion:
            return is_blank(byte) ? Verdict::kNeedMore : line_end(byte);
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
            return byte == '\r' || byte == '\n' ? line_end(byte) : Verdict::kNeedMore;
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
                   : Verdict::kImpossible;
    if (!is_digit(byte)) return Verdict::kImpossible;
    minor_ = static_cast<std::uint8_t>(byte - '0');
    if (kind_ == MessageKind::kRequest) {
        state_ = State::kAfterVersion;
    } else {
        state_ = State::kAfterStatusVersion;
    }
    return Verdict::kNeedMore;
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
