// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <variant>

#include "net/server/host_names.hpp"
#include "net/server/refusal.hpp"
#include "net/server/request_framing.hpp"
#include "net/server/request_reader.hpp"

namespace seamark::net {

/// A head as the parser has read it, and what the parser makes of it. Borrows the fields.
struct ParsedHead {
    const boost::beast::http::request_header<>& fields;
    RequestFraming framing;
    bool keep_alive = true;

    /// Of a parser that has read a head.
    ParsedHead(const boost::beast::http::basic_parser<true>& parser,
               const boost::beast::http::request_header<>& head)
        : fields(head),
          framing{.chunked = parser.chunked(), .length = parser.content_length().value_or(0)},
          keep_alive(parser.keep_alive()) {}
};

constexpr std::uint64_t kLongestBody = 1024UL * 1024;  ///< of a request, in bytes

/// The body is longer than kLongestBody.
Refusal too_long();

/// Holds a head that the parser has read against what the parser leaves open: where the body ends
/// (request_framing()), one valid Host field (RFC 9112 section 3.2), an absolute target's authority
/// in its place (section 3.2.2), and Expect (RFC 9110 section 10.1.1). With `names`, another host
/// is refused with 421, and what is no fault but the length of its body with 413. The request it
/// returns has no body yet.
std::variant<Request, Refusal> check_request(const ParsedHead& head, const HostNames* names);

}  // namespace seamark::net
