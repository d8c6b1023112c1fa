// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace seamark::import {

/// A system call as `strace -f -ttt -T -yy` prints it, whole: what was interrupted and resumed is
/// joined already. Text is the log's, and trusted in nothing.
struct SystemCall {
    std::uint32_t thread = 0;  ///< 0: the log does not say, having one thread
    std::int64_t entered = 0;  ///< ns since 1970, which strace prints in µs
    std::int64_t left = 0;     ///< entered and the time that the call took (-T)
    std::string name;
    std::vector<std::string> arguments;  ///< as printed, blanks around them removed
    std::int64_t result = 0;             ///< -1 where the call failed
    std::string error;                   ///< "EAGAIN" …, of a call that failed
    std::string descriptor;              ///< what -yy says of a descriptor that was returned
};

/// What a line of the log is.
enum class LineKind : std::uint8_t {
    kCall,        ///< it ends a call, which stands in it or began in an earlier line of its thread
    kNothing,     ///< a signal, an exit, the beginning of a call, a call that never returned
    kNoTime,      ///< no time as -ttt prints it: the log was made with other options
    kNoDuration,  ///< a call without the time that it took: -T was not given
    kUnreadable,  ///< it has a time, and nothing that strace prints after one
};

/// Reads a log line by line, and joins a call's two halves ("<unfinished ...>" and "resumed").
/// Keeps one unfinished line a thread, for at most kMostThreads threads.
class StraceReader {
  public:
    static constexpr std::size_t kMostThreads = 65536;

    /// line: without its end. call() is what it ended, where kCall is returned, until the next
    /// line is read.
    LineKind read(std::string_view line);
    const SystemCall& call() const { return call_; }

  private:
    struct Begun {
        std::int64_t entered = 0;
        std::string text;
    };
    LineKind read_call(std::string_view text);

    std::unordered_map<std::uint32_t, Begun> begun_;  // by thread
    SystemCall call_;
};

/// The number at the beginning of an argument ("47", "0x10"); empty where there is none.
std::optional<std::int64_t> number_of(std::string_view argument);

}  // namespace seamark::import
