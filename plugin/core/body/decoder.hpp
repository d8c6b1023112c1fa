// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/body/decoding.hpp"

namespace seamark {

/// Undoes a content coding, online. Implemented in plugin/codec, by libraries.
class Decoder {
  public:
    struct Step {
        std::size_t taken = 0;   // of the coded bytes
        std::size_t given = 0;   // decoded ones
        bool block_end = false;  // a block of the compressor ended after the last byte given

        bool progress() const { return taken > 0 || given > 0 || block_end; }
    };

    virtual ~Decoder() = default;
    /// Decodes from in to out until one of both is used up, or, where ends of blocks are found, a
    /// block ends; it is to be called again until there is no progress.
    virtual Step decode(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) = 0;
    /// kGoesOn, kDone, kBroken or kMemory. But for kGoesOn nothing more is decoded.
    virtual Decoding state() const = 0;
    /// Takes no coded byte that it does not need for what it gave out and for the byte after that.
    /// Others may take what they have room for.
    virtual bool takes_what_it_needs() const = 0;
    /// Reports the end of each block. Others know that of the whole alone.
    virtual bool knows_blocks() const = 0;
    /// Bytes that it holds by now.
    virtual std::size_t memory() const = 0;
};

/// A decoder of a content coding, as Content-Encoding names it in lower case; null: it is not known
/// here. most_memory: in bytes; a decoder that needs more ends with kMemory.
using DecoderMaker = std::unique_ptr<Decoder> (*)(std::string_view coding, std::size_t most_memory);

/// How to undo codings, and what it has cost, of all bodies of a capture.
struct DecodingBudget {
    DecoderMaker make = nullptr;  // null: no coding is undone
    DecodingLimits limits;
    std::uint64_t memory = 0;  // in use
};

}  // namespace seamark
