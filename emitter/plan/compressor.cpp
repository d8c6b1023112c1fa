// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/compressor.hpp"

namespace seamark::plan {

std::unique_ptr<Compressor> make_compressor(Coding coding) {
    switch (coding) {
#ifdef SEAMARK_BROTLI_ENCODER
        case Coding::br:
            return make_brotli_compressor();
#endif
#ifdef SEAMARK_ZSTD_ENCODER
        case Coding::zstd:
            return make_zstd_compressor();
#endif
        default:
            return make_zlib_compressor(coding == Coding::gzip);
    }
}

bool is_built_in(Coding coding) {
    switch (coding) {
#ifndef SEAMARK_BROTLI_ENCODER
        case Coding::br:
            return false;
#endif
#ifndef SEAMARK_ZSTD_ENCODER
        case Coding::zstd:
            return false;
#endif
        default:
            return true;
    }
}

CompressorCost cost_of(Coding coding) {
    constexpr std::uint64_t kib = 1024;
    switch (coding) {
        case Coding::br:
            return {4096 * kib, 520 * kib, 8, 1024};
        case Coding::zstd:
            return {1800 * kib, 132 * kib, 4, 512};
        default:
            return {300 * kib, 64 * kib, 4, 256};
    }
}

std::string_view coding_name(Coding coding) {
    switch (coding) {
        case Coding::gzip:
            return "gzip";
        case Coding::deflate:
            return "deflate";
        case Coding::br:
            return "br";
        case Coding::zstd:
            return "zstd";
        case Coding::none:
            break;
    }
    return "";
}

}  // namespace seamark::plan
