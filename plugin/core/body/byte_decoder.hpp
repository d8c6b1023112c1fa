// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/base/offset.hpp"
#include "core/body/decoder.hpp"

namespace seamark {

/// Finds with which coded byte a byte of the data becomes decodable: the first after which a
/// decoder that is given one byte after the other has given it out. It is asked in ascending order,
/// and keeps the coded bytes that no answer needed yet.
class ByteDecoder {
  public:
    explicit ByteDecoder(std::unique_ptr<Decoder> decoder) : decoder_(std::move(decoder)) {}

    /// The coded bytes that follow those added before.
    void add(std::span<const std::uint8_t> bytes) {
        kept_.insert(kept_.end(), bytes.begin(), bytes.end());
    }
    /// One past the coded byte after which all in front of `end` is given out. Precondition: the
    /// bytes that were added suffice, and end is not less than in the calls before.
    BodyOffset decodable(DataOffset end);

    /// Whether a block of the compressor ends after the last byte asked for.
    enum class BlockEnd : std::uint8_t { kNotYetKnown, kYes, kNo };
    BlockEnd block_end();

    /// Bytes that it holds.
    std::size_t memory() const { return decoder_->memory() + kept_.size() - first_; }

  private:
    std::span<const std::uint8_t> rest() const { return std::span(kept_).subspan(first_); }
    bool step(std::span<const std::uint8_t> in, std::size_t most);
    void drop_used();

    std::unique_ptr<Decoder> decoder_;
    std::vector<std::uint8_t> kept_;
    std::size_t first_ = 0;   // of the kept bytes that was not taken yet
    BodyOffset taken_;        // coded bytes so far
    BodyOffset given_with_;   // one past the coded byte with which the last was given out
    DataOffset given_;        // decoded bytes so far
    DataOffset block_ended_;  // the last end of a block
    DataOffset asked_;
    bool any_block_end_ = false;
};

}  // namespace seamark
