// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/body_hash.hpp"

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

/// Sum of the factors below each place: what the bytes add up to if all of them are 0.
constexpr std::array<std::uint64_t, BodyHash::kBlock + 1> make_sums() {
    std::array<std::uint64_t, BodyHash::kBlock + 1> sums{};
    for (std::size_t i = 0; i < BodyHash::kBlock; ++i) sums[i + 1] = sums[i] + kFactors[i];
    return sums;
}
constexpr auto kSums = make_sums();

/// Four at a time: nearly all the time that pairing takes is spent here.
std::uint64_t weigh(std::span<const std::uint8_t> bytes, const std::uint64_t* factors) {
    std::uint64_t sums[4] = {};
    std::size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) {
        sums[0] += bytes[i] * factors[i];
        sums[1] += bytes[i + 1] * factors[i + 1];
        sums[2] += bytes[i + 2] * factors[i + 2];
        sums[3] += bytes[i + 3] * factors[i + 3];
    }
    for (; i < bytes.size(); ++i) sums[0] += bytes[i] * factors[i];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

}  // namespace

void BodyHash::add(BodyOffset from, std::span<const std::uint8_t> bytes) {
    end_ = std::max(end_, from + bytes.size());
    std::uint64_t at = from.value;
    while (!bytes.empty()) {
        const std::uint64_t place = at % kBlock;
        const auto count = std::min<std::size_t>(bytes.size(), kBlock - place);
        // A byte counts one more than its value, so that one of 0 is distinguished from none.
        const std::uint64_t sum = kSums[place + count] - kSums[place] +
                                  weigh(bytes.first(count), kFactors.data() + place);
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
    for (auto at = blocks_.lower_bound(range.begin.value / kBlock);
         at != blocks_.end() && at->first * kBlock < range.end.value; ++at) {
        const std::uint64_t begin = at->first * kBlock;
        const std::uint64_t whole = same_end ? std::min(kBlock, end_.value - begin) : kBlock;
        if (at->second.bytes != whole) continue;
        const auto theirs = other.blocks_.find(at->first);
        if (theirs == other.blocks_.end() || theirs->second.bytes != whole) continue;
        (theirs->second.sum == at->second.sum ? result.equal : result.different) += whole;
    }
    return result;
}

}  // namespace seamark
