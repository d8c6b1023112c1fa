// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string_view>

namespace seamark::net {

/// The server's log: whole lines, without their line end, to one sink. Owns nothing else; used by
/// the thread that runs the event loop.
class Log {
  public:
    using Sink = std::function<void(std::string_view line)>;

    Log(Sink sink, bool quiet) : sink_(std::move(sink)), quiet_(quiet) {}

    /// What goes as it should: left out when quiet.
    void note(std::string_view line) const;

    /// What did not go as it should: always written.
    void warn(std::string_view line) const;

  private:
    Sink sink_;
    bool quiet_;
};

/// Writes a line to standard error in one piece.
void to_standard_error(std::string_view line);

}  // namespace seamark::net
