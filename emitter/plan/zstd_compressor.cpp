// SPDX-License-Identifier: GPL-2.0-or-later
#include <zstd.h>

#include <array>
#include <string>

#include "plan/body_source.hpp"
#include "plan/compressor.hpp"

namespace seamark::plan {
namespace {

// What a server can have for each of its responses.
constexpr int kLevel = 3;
constexpr int kWindowBits = 17;

/// zstd (RFC 8878): one frame.
class ZstdCompressor final : public Compressor {
  public:
    ZstdCompressor() : stream_(ZSTD_createCCtx()) {
        if (stream_ == nullptr) throw BodyError("there is no memory to compress it");
        ZSTD_CCtx_setParameter(stream_, ZSTD_c_compressionLevel, kLevel);
        ZSTD_CCtx_setParameter(stream_, ZSTD_c_windowLog, kWindowBits);
    }
    ~ZstdCompressor() override { ZSTD_freeCCtx(stream_); }
    ZstdCompressor(const ZstdCompressor&) = delete;
    ZstdCompressor& operator=(const ZstdCompressor&) = delete;

    void compress(std::span<const char> in, Then then, std::vector<char>& out) override {
        const auto directive = then == Then::kGoesOn  ? ZSTD_e_continue
                               : then == Then::kFlush ? ZSTD_e_flush
                                                      : ZSTD_e_end;
        std::array<char, 32UL * 1024> room;
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        while (true) {
            ZSTD_outBuffer to{room.data(), room.size(), 0};
            const std::size_t left = ZSTD_compressStream2(stream_, &to, &from, directive);
            if (ZSTD_isError(left) != 0) {
                throw BodyError(std::string("the library of zstd could not compress it: ") +
                                ZSTD_getErrorName(left));
            }
            out.insert(out.end(), room.data(), room.data() + to.pos);
            const bool given_out = directive == ZSTD_e_continue ? to.pos < to.size : left == 0;
            if (from.pos == from.size && given_out) return;
        }
    }

  private:
    ZSTD_CCtx* stream_;
};

}  // namespace

std::unique_ptr<Compressor> make_zstd_compressor() {
    return std::make_unique<ZstdCompressor>();
}

}  // namespace seamark::plan
