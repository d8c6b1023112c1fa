// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/codec.hpp"

namespace seamark::codec {

std::unique_ptr<Decoder> make_decoder(std::string_view coding, std::size_t most_memory) {
    if (coding == "gzip" || coding == "x-gzip") return make_zlib_decoder(true);
    if (coding == "deflate") return make_zlib_decoder(false);
    if (coding == "br") return make_brotli_decoder(most_memory);
    if (coding == "zstd") return make_zstd_decoder(most_memory);
    return nullptr;
}

#ifndef SEAMARK_ZLIB
std::unique_ptr<Decoder> make_zlib_decoder(bool) {
    return nullptr;
}
#endif
#ifndef SEAMARK_BROTLI
std::unique_ptr<Decoder> make_brotli_decoder(std::size_t) {
    return nullptr;
}
#endif
#ifndef SEAMARK_ZSTD
std::unique_ptr<Decoder> make_zstd_decoder(std::size_t) {
    return nullptr;
}
#endif

}  // namespace seamark::codec
