// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace seamark::plan {

/// How the end of the body is marked (RFC 9112 section 6).
enum class Framing { chunked, content_length, close };

enum class HttpVersion { http_1_0, http_1_1 };

/// Which parts of a chunk go out in writes of their own.
enum class Split {
    none,   ///< size line, data and CRLF together
    line,   ///< size line | data and CRLF
    parts,  ///< size line | data | CRLF
};

/// What one `/emit` response is to be. Each combination that parse_emit_options() returns is valid.
struct EmitOptions {
    std::uint64_t writes = 20;              ///< data writes; 1 to 10^7
    std::uint64_t size = 32;                ///< data bytes in each; 1 to 16 MiB
    std::chrono::microseconds gap{10'000};  ///< pause in front of each write; 0 to 60 s
    bool nodelay = false;                   ///< TCP_NODELAY
    bool cork = false;                      ///< TCP_CORK around the body
    Framing framing = Framing::chunked;
    HttpVersion http = HttpVersion::http_1_1;  ///< of the response
    bool tag = true;                           ///< write index in a chunk extension
    std::uint32_t chunks_per_write = 1;        ///< 1 to 1000; not above size
    std::uint32_t writes_per_chunk = 1;        ///< 1 to 1000
    Split split = Split::none;
    bool more = false;         ///< MSG_MORE on each write of the body but the last
    bool gather = false;       ///< sendmsg with a buffer for each part, not send with one for all
    bool head_joined = false;  ///< the head goes out with the first write of the body
    std::uint32_t send_buffer = 0;      ///< SO_SNDBUF in bytes, up to 16 MiB; 0: the kernel's own
    std::string congestion_control{};   ///< TCP_CONGESTION; empty: the system's
    std::uint64_t pacing_rate = 0;      ///< SO_MAX_PACING_RATE in bytes a second; 0: no limit
};

/// A parameter as the user sees it. The error messages, `--help` and the page at `/` all come from
/// this one table, so that they cannot disagree.
struct Parameter {
    std::string_view name;
    std::string_view standard;  ///< its value when it is not given
    std::string_view allowed;
    std::string_view meaning;  ///< one or two sentences
    std::string_view example;  ///< a query that shows it
};

std::span<const Parameter> emit_parameters();

/// A parameter's name and value, percent-decoded.
struct NameValue {
    std::string name;
    std::string value;
};

/// Why a query cannot be served, in a form that says what to do about it.
struct OptionError {
    std::string parameter;  ///< as it was given
    std::string value;      ///< as it was given (its default, where it was not)
    std::string allowed;    ///< a phrase that goes on from "Allowed: "
};

/// One sentence with parameter and value (escaped, and cut when long) and one with what is allowed.
std::string to_text(const OptionError& error);

/// Reads the query of an `/emit` request. `requested` is the version that the request named: an
/// HTTP/1.0 client gets an HTTP/1.0 response that ends at close, unless the query says otherwise,
/// and never a chunked one (RFC 9112 section 6.1). Nothing is ignored: an unknown or repeated
/// parameter and a combination that makes no sense are errors.
std::variant<EmitOptions, OptionError> parse_emit_options(std::span<const NameValue> query,
                                                          HttpVersion requested);

}  // namespace seamark::plan
