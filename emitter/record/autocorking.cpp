// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/autocorking.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace seamark::record {

Autocorking::Autocorking()
    : descriptor_(::open("/proc/sys/net/ipv4/tcp_autocorking", O_RDONLY | O_CLOEXEC)),
      last_(read()) {}

Autocorking::~Autocorking() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::uint32_t> Autocorking::look() {
    const auto now = read();
    return std::exchange(last_, now) == now ? now : std::nullopt;
}

std::optional<std::uint32_t> Autocorking::read() const {
    if (descriptor_ < 0) return std::nullopt;
    std::array<char, 16> text;
    const ssize_t size = ::pread(descriptor_, text.data(), text.size(), 0);
    if (size <= 0) return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + size, value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace seamark::record
