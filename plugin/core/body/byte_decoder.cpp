// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/byte_decoder.hpp"

#include <algorithm>
#include <array>

namespace seamark {

/// Decodes from in, a part of the kept bytes from their first on, at most `most` bytes of data.
/// False where nothing changed.
bool ByteDecoder::step(std::span<const std::uint8_t> in, std::size_t most) {
    static constexpr std::size_t kPiece = 4096;
    std::array<std::uint8_t, kPiece> data;  // not looked at
    const Decoder::Step done = decoder_->decode(in, std::span(data).first(std::min(most, kPiece)));
    // One that takes what it has room for is given one byte or none. What it gives out then came
    // with that byte, even where it leaves the byte to be taken again (zstd, at the end of a
    // frame).
    if (done.given > 0 && decoder_->takes_what_it_needs()) {
        given_with_ = taken_ + done.taken;
    } else if (done.given > 0 && !in.empty()) {
        given_with_ = taken_ + 1;
    }
    first_ += done.taken;
    taken_ += done.taken;
    given_ += done.given;
    if (done.block_end) {
        block_ended_ = given_;
        any_block_end_ = true;
    }
    return done.progress();
}

BodyOffset ByteDecoder::decodable(DataOffset end) {
    asked_ = end;
    // Up to the byte before it at once, where that takes no coded byte that only this one needs.
    if (decoder_->takes_what_it_needs())
        while (given_ + 1 < end && step(rest(), end - given_ - 1)) {
        }
    while (given_ < end) {
        const std::size_t room = decoder_->takes_what_it_needs() ? 1 : ~std::size_t{0};
        while (given_ < end && step({}, room)) {
        }
        if (given_ >= end) break;
        if (rest().empty()) break;
        const BodyOffset before = taken_;
        const bool progress = step(rest().first(1), room);
        if (!progress && taken_ == before) break;
    }
    // What else came with the same byte is given out before the next one is taken.
    if (!decoder_->takes_what_it_needs())
        while (step({}, ~std::size_t{0})) {
        }
    drop_used();
    return given_with_;
}

ByteDecoder::BlockEnd ByteDecoder::block_end() {
    const auto found = [&] { return any_block_end_ && block_ended_ == asked_; };
    if (given_ > asked_) return found() ? BlockEnd::kYes : BlockEnd::kNo;
    if (decoder_->takes_what_it_needs()) {
        while (!found() && step(rest(), 0)) {
        }
        drop_used();
        if (found()) return BlockEnd::kYes;
        // It has not taken all there is: the next symbol stands for a byte, which has no room.
        return rest().empty() ? BlockEnd::kNotYetKnown : BlockEnd::kNo;
    }
    while (!found() && given_ == asked_ && !rest().empty())
        if (!step(rest().first(1), ~std::size_t{0})) break;
    while (given_ > asked_ && step({}, ~std::size_t{0})) {
    }
    drop_used();
    if (found()) return BlockEnd::kYes;
    return given_ > asked_ ? BlockEnd::kNo : BlockEnd::kNotYetKnown;
}

void ByteDecoder::drop_used() {
    constexpr std::size_t kFew = 4096;
    if (first_ == kept_.size()) {
        kept_.clear();
        first_ = 0;
    } else if (first_ >= kFew && first_ > kept_.size() / 2) {
        kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

}  // namespace seamark
