// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "net/server/refusal.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// The fields that say where a request's body ends, each field line's value in order, white space
/// at its ends removed.
struct FramingFields {
    plan::HttpVersion http = plan::HttpVersion::http_1_1;
    std::vector<std::string_view> transfer_encoding;
    std::vector<std::string_view> content_length;
};

/// Where a request's body ends.
struct RequestFraming {
    bool chunked = false;
    std::uint64_t length = 0;  ///< bytes, if it is not chunked; 0: no body

    bool operator==(const RequestFraming&) const = default;
};

/// RFC 9112 sections 6.1 and 6.3, and RFC 9110 section 8.6. Refused with 501: a coding other than
/// `chunked` in front of it. With 400: a final coding other than `chunked`, no coding at all,
/// `chunked` twice or with a parameter, what is no list of codings, Transfer-Encoding in HTTP/1.0
/// or beside Content-Length, lengths that differ, and what is no length below 2^64.
std::variant<RequestFraming, Refusal> request_framing(const FramingFields& fields);

}  // namespace seamark::net
