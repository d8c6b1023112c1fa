// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace seamark {

/// FNV-1a, 64 bit: not collision-resistant against adversarial input. Chain calls through seed.
constexpr std::uint64_t hash_text(std::string_view text,
                                  std::uint64_t seed = 0xcbf29ce484222325U) {
    for (const char c : text) {
        seed ^= static_cast<unsigned char>(c);
        seed *= 0x100000001b3U;
    }
    return seed;
}

}  // namespace seamark
