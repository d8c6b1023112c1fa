// SPDX-License-Identifier: GPL-2.0-or-later
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "plan/body_source.hpp"
#include "plan/compressor.hpp"

namespace seamark::plan {
namespace {

constexpr int kGzipFormat = 16;  // added to the window's bits
constexpr int kMemoryLevel = 8;

/// gzip (RFC 1952) and deflate in zlib's format (RFC 1950).
class ZlibCompressor final : public Compressor {
  public:
    explicit ZlibCompressor(bool gzip) {
        if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                         MAX_WBITS + (gzip ? kGzipFormat : 0), kMemoryLevel,
                         Z_DEFAULT_STRATEGY) != Z_OK) {
            throw BodyError("there is no memory to compress it");
        }
    }
    ~ZlibCompressor() override { deflateEnd(&stream_); }
    ZlibCompressor(const ZlibCompressor&) = delete;
    ZlibCompressor& operator=(const ZlibCompressor&) = delete;

    void compress(std::span<const char> in, Then then, std::vector<char>& out) override {
        std::array<char, 32UL * 1024> room;
        do {
            const auto now = std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max());
            const bool all = now == in.size();
            const int flush = then == Then::kGoesOn || !all ? Z_NO_FLUSH
                              : then == Then::kFlush        ? Z_SYNC_FLUSH
                                                            : Z_FINISH;
            stream_.next_in =  // zlib's interface: it does not write
                reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
            stream_.avail_in = static_cast<uInt>(now);
            do {
                stream_.next_out = reinterpret_cast<Bytef*>(room.data());
                stream_.avail_out = static_cast<uInt>(room.size());
                deflate(&stream_, flush);
                out.insert(out.end(), room.data(), room.data() + room.size() - stream_.avail_out);
            } while (stream_.avail_out == 0);
            in = in.subspan(now);
        } while (!in.empty());
    }

  private:
    z_stream stream_{};
};

}  // namespace

std::unique_ptr<Compressor> make_zlib_compressor(bool gzip) {
    return std::make_unique<ZlibCompressor>(gzip);
}

}  // namespace seamark::plan
