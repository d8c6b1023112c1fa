// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace seamark {

/// Everything that can be wrong with what was captured. Malformed input is data: it ends up here,
/// never in an exception. The order is that of the bits of a FaultSet and may grow at the end only.
enum class Fault : std::uint8_t {
    // Of heads and framing.
    kBareLf,
    kBareCr,
    kObsFold,
    kBlankBeforeColon,
    kBadFieldLine,
    kBadFieldValue,
    kLengthBesideChunked,
    kChunkedTwice,
    kChunkedNotLast,
    kUnknownCoding,
    kChunkedInHttp10,
    kEmptyTransferEncoding,
    kRepeatedLength,
    kBadLength,
    kHeadLineTooLong,
    // Of chunks.
    kMissingSize,
    kBadSize,
    kSizeOverflow,
    kSizeLineTooLong,
    kLeadingZeros,
    kBlankAfterSize,
    kEmptyExtensionName,
    kBadExtension,
    kBadSizeLineEnd,
    kBadChunkEnd,
    kBadTrailerLine,
    kForbiddenTrailerField,
    // Of what was captured.
    kMissingBytes,
    kUnfinished,
    kBadTag,
    kCutByFin,
    kCutByReset,
    kBlankInTarget,
    kSubflow,
    kCount,
};

/// The word for filters and JSON: lower case, hyphens.
std::string_view to_string(Fault fault);
/// A sentence for people, with the RFC section where there is one.
std::string_view describe(Fault fault);
/// True when the bytes after this fault can no longer be framed.
bool is_fatal(Fault fault);

/// A set of faults in eight bytes.
class FaultSet {
  public:
    constexpr void add(Fault fault) { bits_ |= bit(fault); }
    constexpr void add(FaultSet other) { bits_ |= other.bits_; }
    constexpr FaultSet without(FaultSet other) const {
        FaultSet rest;
        rest.bits_ = bits_ & ~other.bits_;
        return rest;
    }
    constexpr bool has(Fault fault) const { return (bits_ & bit(fault)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr int count() const { return std::popcount(bits_); }
    friend constexpr bool operator==(FaultSet, FaultSet) = default;

    /// Calls visit(Fault) for each fault, in the order of the enumeration.
    template <typename Visit>
    void each(Visit visit) const {
        for (std::uint64_t rest = bits_; rest != 0; rest &= rest - 1)
            visit(static_cast<Fault>(std::countr_zero(rest)));
    }

  private:
    static constexpr std::uint64_t bit(Fault fault) {
        return std::uint64_t{1} << static_cast<unsigned>(fault);
    }
    std::uint64_t bits_ = 0;
};
static_assert(static_cast<unsigned>(Fault::kCount) <= 64);

}  // namespace seamark
