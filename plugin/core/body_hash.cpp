// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body_hash.hpp"

#include <algorithm>
#include <array>

namespace seamark {
namespace {

/// Odd pseudo-random factors (SplitMix64), one for each place in a block.
constexpr std::array<std::uint64_t, BodyHash::kBlock> make_factors() {
    std::array<std::uint64_t, BodyHash::kBlock> factors{};
    std::uint64_t state = 0;
    for (std::uint64_t& factor : factors) {
        state += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        factor = (z ^ (z >> 31)) | 1U;
    }
    return factors;
}
constexpr auto kFactors = make_factors();

}  // namespace

void BodyHash::add(std::uint64_t at, std::span<const std::uint8_t> bytes) {
    end_ = std::max(end_, at + bytes.size());
    while (!bytes.empty()) {
        const std::uint64_t place = at % kBlock;
        const auto count = std::min<std::size_t>(bytes.size(), kBlock - place);
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            sum += (bytes[i] + std::uint64_t{1}) * kFactors[place + i];
        Block& block = blocks_.try_emplace(blocks_.end(), at / kBlock)->second;
        block.sum += sum;
        block.bytes += count;
        at += count;
        bytes = bytes.subspan(count);
    }
}

BodyHash::Comparison BodyHash::compare(const BodyHash& other, BodyRange range) const {
    Comparison result;
    const bool same_end = end_ == other.end_;
    for (auto at = blocks_.lower_bound(range.begin / kBlock);
         at != blocks_.end() && at->first * kBlock < range.end; ++at) {
        const std::uint64_t begin = at->first * kBlock;
        const std::uint64_t whole = same_end ? std::min(kBlock, end_ - begin) : kBlock;
        if (at->second.bytes != whole) continue;
        const auto theirs = other.blocks_.find(at->first);
        if (theirs == other.blocks_.end() || theirs->second.bytes != whole) continue;
        (theirs->second.sum == at->second.sum ? result.equal : result.different) += whole;
    }
    return result;
}

}  // namespace seamark
