// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/cause/verdict.hpp"

namespace seamark {

/// What the program that shows a report knows to be typed next; the core knows no command line.
/// Where nothing is known the report says it in general words, or leaves it out.
class NextSteps {
  public:
    virtual ~NextSteps() = default;
    /// A run in which a cause is seen to be gone.
    virtual std::string_view trial(Cause) const { return {}; }
    /// What turns a cause off.
    virtual std::string_view turn_off(Cause) const { return {}; }
    virtual std::string_view turn_off_offloads() const { return {}; }
    virtual std::string_view larger_capture_buffer() const { return {}; }
    virtual std::string_view record_writes() const { return {}; }
    virtual std::string_view record_reads() const { return {}; }
    /// Gives Wireshark the secrets of TLS sessions.
    virtual std::string_view give_secrets() const { return {}; }
    /// A client that offers no HTTP/2.
    virtual std::string_view ask_for_http1() const { return {}; }
    /// Shows the lanes of a stream (Wireshark's tcp.stream).
    virtual std::string show_lanes(std::uint32_t) const { return {}; }
};

}  // namespace seamark
