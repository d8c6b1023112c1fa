// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/body/decoder.hpp"

namespace seamark::codec {

/// A DecoderMaker for those of gzip, deflate, br and zstd whose library was there when this was
/// built.
std::unique_ptr<Decoder> make_decoder(std::string_view coding, std::size_t most_memory);

/// Each of them, where its library was not there: null.
std::unique_ptr<Decoder> make_zlib_decoder(bool gzip);
std::unique_ptr<Decoder> make_brotli_decoder(std::size_t most_memory);
std::unique_ptr<Decoder> make_zstd_decoder(std::size_t most_memory);

}  // namespace seamark::codec
