// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "net/server/refusal.hpp"

namespace seamark::net {

/// Finds where the head of a request ends, in bytes that arrive in pieces of any size, and refuses
/// at the first byte what peers could read in different ways (RFC 9112 sections 2.2, 3 and 5.2): a
/// line end that is not CRLF, a control character, a folded field line, a request line of another
/// form. Names, values and the target are left to the parser after it. Empty lines in front of the
/// request line are skipped. Knows no socket; looks at each byte once.
class RequestHead {
  public:
    static constexpr std::size_t kLimit =
        std::size_t{16} * 1024;  ///< bytes of the head, skipped lines included

    enum class State { kIncomplete, kComplete, kRefused };

    /// `bytes` is all that was received since the head began: what the call before was given, and
    /// more. After kComplete or kRefused it is not called again.
    State scan(std::string_view bytes);

    std::size_t begin() const { return begin_; }  ///< first byte after skipped empty lines
    std::size_t end() const { return at_; }       ///< when complete: one past its empty line
    bool begun() const { return begun_; }         ///< a byte of the request line has arrived

    /// When complete: where the minor version's digit stands.
    std::size_t minor_version() const { return minor_version_; }

    const Refusal& refusal() const { return refusal_; }  ///< when refused

  private:
    State refuse(unsigned status, std::string reason);
    std::optional<State> end_line(std::string_view bytes);

    std::size_t at_ = 0;     ///< next byte to look at
    std::size_t begin_ = 0;  ///< of the request line
    std::size_t line_ = 0;   ///< of the line at hand
    bool begun_ = false;
    bool in_fields_ = false;  ///< the request line is complete
    std::size_t minor_version_ = 0;
    Refusal refusal_;
};

/// Where the minor version's digit stands in a request line that has no line end; a refusal if the
/// line has another form than `method SP request-target SP "HTTP/1." DIGIT` (400), or another major
/// version (505; RFC 9110 section 2.5). The method and the target are not examined.
std::variant<std::size_t, Refusal> minor_version_of(std::string_view request_line);

}  // namespace seamark::net
