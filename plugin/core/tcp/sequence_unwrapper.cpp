// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/sequence_unwrapper.hpp"

namespace seamark {

StreamOffset SequenceUnwrapper::unwrap(RawSequence sequence) {
    last_offset_ = place(sequence).value_or(kBias);
    last_ = sequence;
    return last_offset_;
}

std::optional<StreamOffset> SequenceUnwrapper::place(RawSequence sequence) const {
    if (!last_) return std::nullopt;
    const auto distance = static_cast<std::int32_t>(static_cast<std::uint32_t>(sequence) -
                                                    static_cast<std::uint32_t>(*last_));
    return last_offset_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

}  // namespace seamark
