// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "file/output_file.hpp"
#include "net/client/wait_limits.hpp"

namespace seamark::net {

/// Where the client puts bodies: an OutputFile, standard output, or nowhere. Borrows the limits.
/// Each member throws std::runtime_error that names the place, the reason and the remedy.
class BodyOutput {
  public:
    /// An empty `path` is standard output.
    BodyOutput(const std::string& path, bool discard, const WaitLimits& limits);

    /// At once, so that a person sees what arrived when it arrived.
    void put(std::string_view bytes);

    /// All is there.
    void finish();

  private:
    std::size_t write_some(std::string_view bytes);
    [[noreturn]] void fail(int error) const;

    const WaitLimits& limits_;
    std::string name_;
    bool discard_;
    bool may_wait_ = false;  ///< a write can have to wait for who reads
    std::optional<file::OutputFile> file_;
};

}  // namespace seamark::net
