// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seamark {

/// Moves on to the piece of a lane that has a position or comes next, and returns where the next
/// boundary of the lane is; the highest offset where there is none. at: where to look from, moved
/// on. here: the piece that has the position, or the highest index where none has. P has range().
template <typename P, typename At>
At next_boundary(const std::vector<P>& pieces, std::size_t& at, At position, std::size_t& here) {
    while (at < pieces.size() && pieces[at].range().end <= position) ++at;
    here = ~std::size_t{0};
    if (at == pieces.size()) return At{~std::uint64_t{0}};
    const auto range = pieces[at].range();
    if (range.begin > position) return range.begin;
    here = at;
    return range.end;
}

}  // namespace seamark
