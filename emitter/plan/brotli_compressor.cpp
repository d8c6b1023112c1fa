// SPDX-License-Identifier: GPL-2.0-or-later
#include <brotli/encode.h>

#include "plan/body_source.hpp"
#include "plan/compressor.hpp"

namespace seamark::plan {
namespace {

// Of a size and speed that a server can have for each of its responses. The window limits what is
// kept back as well.
constexpr std::uint32_t kQuality = 5;
constexpr std::uint32_t kWindowBits = 18;

/// br (RFC 7932).
class BrotliCompressor final : public Compressor {
  public:
    BrotliCompressor() : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
        if (state_ == nullptr) throw BodyError("there is no memory to compress it");
        BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, kQuality);
        BrotliEncoderSetParameter(state_, BROTLI_PARAM_LGWIN, kWindowBits);
    }
    ~BrotliCompressor() override { BrotliEncoderDestroyInstance(state_); }
    BrotliCompressor(const BrotliCompressor&) = delete;
    BrotliCompressor& operator=(const BrotliCompressor&) = delete;

    void compress(std::span<const char> in, Then then, std::vector<char>& out) override {
        const auto operation = then == Then::kGoesOn  ? BROTLI_OPERATION_PROCESS
                               : then == Then::kFlush ? BROTLI_OPERATION_FLUSH
                                                      : BROTLI_OPERATION_FINISH;
        const auto* next = reinterpret_cast<const std::uint8_t*>(in.data());
        std::size_t left = in.size();
        do {
            std::size_t no_room = 0;
            if (BrotliEncoderCompressStream(state_, operation, &left, &next, &no_room, nullptr,
                                            nullptr) != BROTLI_TRUE) {
                throw BodyError("the library of br could not compress it");
            }
            std::size_t size = 0;  // 0: all there is
            const auto* const bytes = BrotliEncoderTakeOutput(state_, &size);
            out.insert(out.end(), bytes, bytes + size);
        } while (left > 0 || BrotliEncoderHasMoreOutput(state_) == BROTLI_TRUE);
    }

  private:
    BrotliEncoderState* state_;
};

}  // namespace

std::unique_ptr<Compressor> make_brotli_compressor() {
    return std::make_unique<BrotliCompressor>();
}

}  // namespace seamark::plan
