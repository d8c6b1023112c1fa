// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace seamark {

/// Makes room for one more element, growing a long container by a quarter instead of doubling it: a
/// capture's records are kept for long, and their slack with them.
template <typename Container>
void grow_gently(Container& container, std::size_t more = 1) {
    constexpr std::size_t kLong = 4096;
    const std::size_t size = container.size();
    if (size + more > container.capacity() && size >= kLong)
        container.reserve(size + more + size / 4);
}

}  // namespace seamark
