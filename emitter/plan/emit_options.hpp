// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace seamark::plan {

/// How the end of the body is marked (RFC 9112 section 6).
enum class Framing {
    chunked,
    content_length,
    close,
    raw,  ///< as a plan says byte by byte; nothing sees to it that it is right
};

/// Content coding (RFC 9110 section 8.4.1).
enum class Coding { none, gzip, deflate, br, zstd };

/// What a body is a stream of (see event_text.hpp).
enum class EventFormat {
    none,      ///< lines of text
    sse,       ///< server-sent events (WHATWG HTML)
    ndjson,    ///< JSON, a text a line
    json_seq,  ///< JSON text sequences (RFC 7464)
};

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
    bool more = false;                       ///< MSG_MORE on each write of the body but the last
    bool gather = false;                     ///< sendmsg(), a place for each piece
    bool head_joined = false;                ///< head and first write of the body in one
    std::optional<std::uint32_t> seed = {};  ///< cut at random
    Coding coding = Coding::none;
    std::uint64_t flush_every = 1;  ///< data writes after which a coding is flushed; 0: at the end
    EventFormat events = EventFormat::none;      ///< each data write is an event
    std::optional<std::uint32_t> gap_seed = {};  ///< pauses at random, `gap` on average
    std::string file = {};    ///< whose bytes are the body; `writes` says nothing then
    std::string plan = {};    ///< whose statements make the writes
    std::string report = {};  ///< id under which the server keeps a record of the writes
    bool trailers = false;    ///< a trailer section
    int send_buffer = 0;      ///< SO_SNDBUF in bytes; 0: the kernel's own
    std::string congestion_control = {};  ///< TCP_CONGESTION; empty: the kernel's own
    std::uint64_t pacing = 0;             ///< SO_MAX_PACING_RATE in bytes a second; 0: no limit
    std::uint32_t record = 16'384;  ///< bytes of plaintext in a TLS record at most; 1 to 16384
};

/// What a form has for a parameter.
enum class Control {
    number,
    duration,
    choice,  ///< of the words in `allowed`, which ", " sets apart
    toggle,  ///< 0 or 1
    text,
    hidden,  ///< none: it is for programs
};

/// Which connections a parameter makes sense on.
enum class Channel { any, clear, tls };

/// A parameter as the user sees it. The error messages, `--help` and the page at `/` all come from
/// this one table, so that they cannot disagree.
struct Parameter {
    std::string_view name;
    Control control;
    std::string_view standard;  ///< its value when it is not given
    std::string_view allowed;
    std::string_view meaning;  ///< one or two sentences
    std::string_view example;  ///< a query that shows it
    Channel channel = Channel::any;
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
/// parameter and a combination that makes no sense are errors. `planned` is the framing of the plan
/// that is to be carried out, if one is. `tls`: the connection is one of TLS.
std::variant<EmitOptions, OptionError> parse_emit_options(std::span<const NameValue> query,
                                                          HttpVersion requested,
                                                          std::optional<Framing> planned = {},
                                                          bool tls = false);

/// What a plan's framing is to be in place of what it says itself, as far as the query shows; its
/// `standard` is for a plan that does not say. Errors are for parse_emit_options() to find.
struct FramingChoice {
    std::optional<Framing> given;
    Framing standard;
};
FramingChoice framing_choice(std::span<const NameValue> query, HttpVersion requested);

/// Whether a body of so many bytes is too long, or takes too long, for `options`.
std::optional<OptionError> check_length(const EmitOptions& options, std::uint64_t length);

/// Whether a write of at most so many bytes makes too many TLS records: it is encrypted as a whole.
std::optional<OptionError> check_records(const EmitOptions& options, std::uint64_t largest_write);

}  // namespace seamark::plan
