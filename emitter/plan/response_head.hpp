// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plan/emit_options.hpp"

namespace seamark::plan {

/// What the Connection field says. `unsaid` leaves it out: the default of the HTTP version holds.
enum class Persistence { unsaid, keep_alive, close };

/// "seamark/0.1.0": the Server field, and what `--version` prints.
std::string_view server_name();

/// When to ask again where the server is busy: s.
inline constexpr unsigned retry_after = 5;

/// What a response head depends on. At most one of `content_length` and `chunked` is set; with
/// neither, the body ends where the connection closes.
struct ResponseHead {
    HttpVersion http = HttpVersion::http_1_1;
    unsigned status = 200;
    std::string_view content_type = "text/plain; charset=utf-8";
    std::optional<std::uint64_t> content_length = {};
    bool chunked = false;
    bool tagged = false;       ///< announce tags: "Seamark: tag=w"
    std::string_view id = {};  ///< of this response, with `tagged`: "Seamark: tag=w; id=ID"
    Coding coding = Coding::none;
    std::string_view policy = {};            ///< the Content-Security-Policy field
    std::span<const NameValue> fields = {};  ///< further ones
    std::string_view trailer = {};           ///< the Trailer field
    std::string_view allow = {};             ///< the Allow field of a 405
    unsigned retry_after = 0;                ///< the Retry-After field of a 503, in s; 0: none
    Persistence persistence = Persistence::unsaid;
};

/// The head as bytes, its empty line included (RFC 9112 sections 2.1 and 4). It asks caches and
/// proxies to pass the body on as it is cut, and browsers to show it before it is complete.
std::string to_bytes(const ResponseHead& head);

}  // namespace seamark::plan
