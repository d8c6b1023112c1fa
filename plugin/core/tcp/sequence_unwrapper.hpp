// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "core/base/byte_range.hpp"

namespace seamark {

/// Turns 32-bit sequence numbers of one direction into 64-bit offsets that do not wrap
/// (RFC 9293 section 3.4).
///
/// Each number is placed within 2 GiB of the one before it, so any order of arrival is right as
/// long as neighbours in the capture are less than 2^31 apart. Offsets are biased by kBias, because
/// a capture that starts in mid-stream may carry an earlier segment later.
class SequenceUnwrapper {
  public:
    static constexpr StreamOffset kBias{std::uint64_t{1} << 48};

    /// Offset of the byte with this sequence number. The first call defines kBias.
    StreamOffset unwrap(RawSequence sequence);
    /// From now on this number stands at a position: another connection begins.
    void rebase(RawSequence sequence, StreamOffset at) {
        last_ = sequence;
        last_offset_ = at;
    }
    /// The same for a number of another direction's acknowledgement, which places nothing itself;
    /// empty before the first call of unwrap().
    std::optional<StreamOffset> place(RawSequence sequence) const;

  private:
    std::optional<RawSequence> last_;
    StreamOffset last_offset_ = kBias;
};

}  // namespace seamark
