// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "plan/emit_options.hpp"

namespace seamark::plan {

/// Makes a content coding of bytes (RFC 9110 section 8.4.1), online.
class Compressor {
  public:
    enum class Then {
        kGoesOn,  ///< what comes of the bytes may stay inside until later ones
        kFlush,   ///< all of them can be decoded from what was given out
        kFinish,  ///< the same, and the coding ends
    };

    virtual ~Compressor() = default;

    /// Appends to `out` what comes of `in`, which may be nothing. Throws BodyError.
    virtual void compress(std::span<const char> in, Then then, std::vector<char>& out) = 0;
};

/// What a compressor takes: measured with the settings that it is made with.
struct CompressorCost {
    std::uint64_t state;      ///< bytes of memory, beside what it keeps back
    std::uint64_t kept_back;  ///< bytes that it gives out at most for bytes of earlier calls
    std::uint64_t byte_work;  ///< for each byte, in units of BodySource::advance()
    std::uint64_t part_work;  ///< for each call, with a flush
};

/// `coding` is none of Coding::none and those that were not built in.
std::unique_ptr<Compressor> make_compressor(Coding coding);
CompressorCost cost_of(Coding coding);

/// Whether the program was built with the library of this coding.
bool is_built_in(Coding coding);

/// As Content-Encoding names it: "br". Not of Coding::none.
std::string_view coding_name(Coding coding);

// One for each library; what a library lacks in this build is never called.
std::unique_ptr<Compressor> make_zlib_compressor(bool gzip);
std::unique_ptr<Compressor> make_brotli_compressor();
std::unique_ptr<Compressor> make_zstd_compressor();

}  // namespace seamark::plan
