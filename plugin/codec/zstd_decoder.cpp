// SPDX-License-Identifier: GPL-2.0-or-later
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <bit>

#include "codec/codec.hpp"

namespace seamark::codec {
namespace {

/// zstd (RFC 8878): frames, one after the other.
class ZstdDecoder final : public Decoder {
  public:
    explicit ZstdDecoder(std::size_t most_memory) : stream_(ZSTD_createDStream()) {
        if (stream_ == nullptr) {
            state_ = Decoding::kMemory;
            return;
        }
        const ZSTD_bounds bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
        const int most = static_cast<int>(std::bit_width(most_memory)) - 1;
        ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax,
                               std::min(std::max(most, bounds.lowerBound), bounds.upperBound));
    }
    ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
    ZstdDecoder(const ZstdDecoder&) = delete;
    ZstdDecoder& operator=(const ZstdDecoder&) = delete;

    Step decode(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) override {
        if (state_ == Decoding::kBroken || state_ == Decoding::kMemory) return {};
        // Called again and again with nothing to do, the library takes that for a mistake.
        if ((in.empty() && !has_more_) || out.empty()) return {};
        if (const std::size_t fits = begins_frame(in);
            fits < std::min(in.size(), left_of_magic())) {
            state_ = Decoding::kBroken;
            return {fits, 0, false};
        }
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t hint = ZSTD_decompressStream(stream_, &to, &from);
        Step step{from.pos, to.pos, false};
        if (ZSTD_isError(hint) != 0) {
            state_ = error(ZSTD_getErrorCode(hint));
            return step;
        }
        magic_ = hint == 0 ? 0 : std::min(magic_ + step.taken, kMagic);
        has_more_ = step.given == out.size();
        in_block_ = in_block_ || step.given > 0;
        // The decoder wants the rest of a block and the header of the next one; where none has
        // begun, the header alone.
        constexpr std::size_t kBlockHeader = 3;
        if (in_block_ && step.given < out.size() && (hint == kBlockHeader || hint == 0)) {
            step.block_end = true;
            in_block_ = false;
        }
        state_ = hint == 0 ? Decoding::kDone : Decoding::kGoesOn;
        return step;
    }
    Decoding state() const override { return state_; }
    bool takes_what_it_needs() const override { return false; }
    bool knows_blocks() const override { return true; }
    std::size_t memory() const override {
        return stream_ == nullptr ? 0 : ZSTD_sizeof_DStream(stream_);
    }

  private:
    static constexpr std::size_t kMagic = 4;  // bytes that a frame begins with

    std::size_t left_of_magic() const { return kMagic - magic_; }

    /// How many of the bytes are what a frame begins with (sections 3.1.1 and 3.1.2). The library
    /// reads formats from before the RFC as well, but not byte by byte.
    std::size_t begins_frame(std::span<const std::uint8_t> in) {
        static constexpr std::array<std::uint8_t, kMagic> kFrame{0x28, 0xb5, 0x2f, 0xfd};
        static constexpr std::array<std::uint8_t, kMagic> kSkippable{0x50, 0x2a, 0x4d, 0x18};
        std::size_t i = 0;
        for (; i < in.size() && i < left_of_magic(); ++i) {
            const std::size_t at = magic_ + i;
            if (at == 0) skippable_ = (in[i] & 0xf0) == kSkippable[0];
            const bool fits =
                (at == 0 && skippable_) || in[i] == (skippable_ ? kSkippable : kFrame)[at];
            if (!fits) break;
        }
        return i;
    }

    static Decoding error(ZSTD_ErrorCode code) {
        return code == ZSTD_error_frameParameter_windowTooLarge ||
                       code == ZSTD_error_memory_allocation
                   ? Decoding::kMemory
                   : Decoding::kBroken;
    }

    ZSTD_DStream* stream_;
    std::size_t magic_ = 0;   // how many bytes of the frame's magic number were taken
    bool skippable_ = false;  // the frame has no data
    bool in_block_ = false;
    bool has_more_ = false;  // that it has not given out yet
    Decoding state_ = Decoding::kGoesOn;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder(std::size_t most_memory) {
    return std::make_unique<ZstdDecoder>(most_memory);
}

}  // namespace seamark::codec
