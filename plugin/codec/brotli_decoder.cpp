// SPDX-License-Identifier: GPL-2.0-or-later
#include <brotli/decode.h>

#include <cstdlib>
#include <limits>
#include <map>

#include "codec/codec.hpp"

namespace seamark::codec {
namespace {

/// What a decoder has allocated, up to a limit.
class Allocations {
  public:
    explicit Allocations(std::size_t most) : most_(most) {}

    static void* allocate(void* self, std::size_t size) {
        return static_cast<Allocations*>(self)->add(size);
    }
    static void free(void* self, void* address) { static_cast<Allocations*>(self)->drop(address); }

    std::size_t bytes() const { return bytes_; }
    bool refused() const { return refused_; }

  private:
    struct alignas(std::max_align_t) Header {
        std::size_t size;
    };

    void* add(std::size_t size) {
        if (size > most_ || bytes_ > most_ - size) {
            refused_ = true;
            return nullptr;
        }
        auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + size));
        if (header == nullptr) return nullptr;
        header->size = size;
        bytes_ += size;
        return header + 1;
    }
    void drop(void* address) {
        if (address == nullptr) return;
        Header* header = static_cast<Header*>(address) - 1;
        bytes_ -= header->size;
        std::free(header);
    }

    std::size_t most_;
    std::size_t bytes_ = 0;
    bool refused_ = false;
};

/// br (RFC 7932). Its library does not report where a meta-block ends.
class BrotliDecoder final : public Decoder {
  public:
    explicit BrotliDecoder(std::size_t most_memory)
        : allocations_(most_memory),
          decoder_(BrotliDecoderCreateInstance(Allocations::allocate, Allocations::free,
                                               &allocations_)) {
        if (decoder_ == nullptr) state_ = Decoding::kMemory;
    }
    ~BrotliDecoder() override {
        if (decoder_ != nullptr) BrotliDecoderDestroyInstance(decoder_);
    }
    BrotliDecoder(const BrotliDecoder&) = delete;
    BrotliDecoder& operator=(const BrotliDecoder&) = delete;

    Step decode(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) override {
        if (state_ == Decoding::kDone) return {in.size(), 0, false};  // what follows is left alone
        if (state_ != Decoding::kGoesOn) return {};
        static std::uint8_t nowhere;
        std::size_t in_left = in.size();
        const std::uint8_t* next_in = in.data();
        std::size_t out_left = out.size();
        std::uint8_t* next_out = out.empty() ? &nowhere : out.data();
        const BrotliDecoderResult result = BrotliDecoderDecompressStream(
            decoder_, &in_left, &next_in, &out_left, &next_out, nullptr);
        Step step{in.size() - in_left, out.size() - out_left, false};
        if (result == BROTLI_DECODER_RESULT_ERROR) {
            state_ = allocations_.refused() ? Decoding::kMemory : Decoding::kBroken;
        } else if (result == BROTLI_DECODER_RESULT_SUCCESS) {
            state_ = Decoding::kDone;
            step.block_end = true;
        }
        return step;
    }
    Decoding state() const override { return state_; }
    bool takes_what_it_needs() const override { return false; }
    bool knows_blocks() const override { return false; }
    std::size_t memory() const override { return allocations_.bytes(); }

  private:
    Allocations allocations_;
    BrotliDecoderState* decoder_;
    Decoding state_ = Decoding::kGoesOn;
};

}  // namespace

std::unique_ptr<Decoder> make_brotli_decoder(std::size_t most_memory) {
    return std::make_unique<BrotliDecoder>(most_memory);
}

}  // namespace seamark::codec
