// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_head.hpp"

#include <utility>

#include "plan/escaped.hpp"

namespace seamark::net {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\t') || byte == 0x7f;
}

}  // namespace

std::variant<std::size_t, Refusal> minor_version_of(std::string_view request_line) {
    const Refusal other_form = malformed(
        "a request line is METHOD TARGET HTTP/1.1, with one space between each (RFC 9112, section "
        "3)");
    const auto first = request_line.find(' ');
    const auto second = request_line.rfind(' ');
    if (first == std::string_view::npos || first == 0 || second <= first + 1 ||
        request_line.substr(first + 1).find(' ') + first + 1 != second) {
        return other_form;
    }
    constexpr std::string_view name = "HTTP/";
    const std::string_view version = request_line.substr(second + 1);
    if (version.size() != name.size() + 3 || !version.starts_with(name) || !is_digit(version[5]) ||
        version[6] != '.' || !is_digit(version[7])) {
        return other_form;
    }
    if (version[5] != '1') return Refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0"};
    return request_line.size() - 1;
}

RequestHead::State RequestHead::refuse(unsigned status, std::string reason) {
    refusal_ = {status, std::move(reason)};
    return State::kRefused;
}

RequestHead::State RequestHead::scan(std::string_view bytes) {
    for (; at_ < bytes.size(); ++at_) {
        if (at_ == kLimit) {
            if (!begun_) return refuse(400, "There is no request after 16 KiB of empty lines");
            if (in_fields_) return refuse(431, "The request's head is longer than 16 KiB");
            return refuse(414, "The request line is longer than 16 KiB");
        }
        const char c = bytes[at_];
        const bool behind_cr = at_ > line_ && bytes[at_ - 1] == '\r';
        if (behind_cr && c != '\n') {
            return refuse(400, "A CR without an LF after it is in the request's head");
        }
        if (c == '\r') continue;
        if (c == '\n') {
            if (!behind_cr) {
                return refuse(400, "A line of the request's head ends in LF instead of CRLF");
            }
            if (const auto state = end_line(bytes)) return *state;
            continue;
        }
        if (is_control(c)) {
            return refuse(400, "A control character, " + plan::in_quotes({&c, 1}) +
                                   ", is in the request's head");
        }
        if (at_ == line_ && in_fields_ && (c == ' ' || c == '\t')) {
            return refuse(400,
                          "A field line begins with white space: folded lines are not read "
                          "(RFC 9112, section 5.2)");
        }
        begun_ = true;
    }
    return State::kIncomplete;
}

/// The line at hand ends with the LF at at_. A state where that decides.
std::optional<RequestHead::State> RequestHead::end_line(std::string_view bytes) {
    const std::string_view line = bytes.substr(line_, at_ - 1 - line_);
    const auto begin = std::exchange(line_, at_ + 1);
    if (in_fields_) {
        if (!line.empty()) return std::nullopt;
        ++at_;
        return State::kComplete;
    }
    if (line.empty()) {
        begin_ = line_;
        return std::nullopt;
    }
    auto found = minor_version_of(line);
    if (auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(refusal->status, std::move(refusal->reason));
    }
    minor_version_ = begin + std::get<std::size_t>(found);
    in_fields_ = true;
    return std::nullopt;
}

}  // namespace seamark::net
