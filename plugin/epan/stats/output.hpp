// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "core/base/line_sink.hpp"

namespace seamark {

/// Standard output of a statistic, line by line; after an error nothing more is written.
class StandardOutput {
  public:
    /// The output must outlive them.
    LineSink sink();
    PrintableSink printable_sink();
    /// Writes what is left, and says on standard error what went wrong. A reader that has closed
    /// its pipe (`| head`) has what it asked for: that is no error. what: "the chunk table".
    void finish(std::string_view what);

  private:
    template <typename Put>
    void write(Put put);
    void note_error();

    int error_ = 0;  // errno
};

}  // namespace seamark
