// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace seamark::record {

/// The setting net.ipv4.tcp_autocorking of the network namespace in which the object was made,
/// followed over time by looks at it.
class Autocorking {
  public:
    Autocorking();
    ~Autocorking();
    Autocorking(const Autocorking&) = delete;
    Autocorking& operator=(const Autocorking&) = delete;

    /// Looks at the setting. What held since the look before; empty where it changed in between, or
    /// the system does not show it.
    std::optional<std::uint32_t> look();

  private:
    std::optional<std::uint32_t> read() const;

    int descriptor_;
    std::optional<std::uint32_t> last_;
};

}  // namespace seamark::record
