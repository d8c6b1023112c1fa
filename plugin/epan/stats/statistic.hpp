// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/stream/capture_entry.hpp"

namespace seamark {

/// A -z statistic of the command line: written once, from what is recorded, when the capture has
/// been read. Its filter, where it has one, is the only thing that a tap is needed for.
class Statistic {
  public:
    virtual ~Statistic() = default;
    /// keep: whether a frame matches the filter; empty where there is none.
    virtual void write(const FrameFilter& keep) const = 0;
};

/// Listens until the capture has been read, then writes. argument: all of -z, for messages.
/// filter: a display filter, may be empty; tshark ends where it is none.
void listen(std::unique_ptr<Statistic> statistic, const char* argument, std::string_view filter);

/// What follows a comma at the begin of rest, the rest of an argument; tshark ends where something
/// else is there, and usage says what may be.
std::string_view filter_of(std::string_view rest, const char* argument, std::string_view usage);

/// Says what is wrong with an argument, and ends tshark as it does for one of its own.
[[noreturn]] void refuse(const char* argument, std::string_view why);

}  // namespace seamark
