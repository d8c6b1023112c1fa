// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http1/fault.hpp"
#include "core/http1/start_line.hpp"

namespace seamark {

/// What all Transfer-Encoding lines of a head name, in order (RFC 9112 section 6.1).
struct TransferCodings {
    bool given = false;
    std::uint32_t named = 0;    // codings, chunked included
    std::uint32_t chunked = 0;  // times that chunked is among them
    bool chunked_last = false;
};

/// What a head says about framing (RFC 9112 section 6) and about tags; filled line by line.
struct HeadFields {
    TransferCodings codings;
    bool has_content_length = false;
    bool bad_content_length = false;
    std::uint64_t content_length = 0;
    bool has_upgrade = false;
    std::string upgrade;  // value of the last Upgrade field
    bool connection_close = false;
    bool connection_keep_alive = false;
    bool forwarded =
        false;             // names for whom a proxy asks (RFC 7239 and what came before it), or Via
    bool tagged = false;   // Seamark: tag=w
    std::uint64_t id = 0;  // hash of the text after "id=" in the same field; 0: none
    std::string coding;    // Content-Encoding in lower case, identity left out
    std::string media;     // the first Content-Type as written, at most kLongestMedia bytes of it
    static constexpr std::size_t kLongestMedia = 200;
    FaultSet faults;
};

/// Reads the field lines of a head up to and with the empty line (RFC 9112 section 5), a byte at a
/// time. Keeps one line at most, of which everything past kLineLimit is dropped with a fault, so a
/// head of any size costs bounded memory.
class HeadParser {
  public:
    static constexpr std::size_t kLineLimit = std::size_t{64} * 1024;

    /// Takes the next byte; true when it was the last of the head.
    bool feed(unsigned char byte);
    void reset() { *this = HeadParser{}; }
    const HeadFields& fields() const { return fields_; }
    HeadFields& fields() { return fields_; }

  private:
    void end_line();
    void take_field(std::string_view name, std::string_view value);

    HeadFields fields_;
    std::string field_;  // the field line so far, obs-folds joined
    bool at_line_begin_ = true;
    bool line_is_empty_ = true;
    bool after_cr_ = false;
};

}  // namespace seamark
