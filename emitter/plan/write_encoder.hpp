// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/body_source.hpp"
#include "plan/decimal_text.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// The bytes of one write, and where each of its pieces ends (the last at bytes.size()). Valid
/// until the encoder is asked for the next.
struct EncodedWrite {
    std::span<const char> bytes;
    std::span<const std::size_t> ends;
};

/// The names of the trailer fields that WriteEncoder sends, for the Trailer field of the head.
inline constexpr std::string_view trailer_names = "Seamark-Last-Write, Seamark-Body-Bytes";

struct EncoderSettings {
    bool tag = true;  ///< each chunk says by which writes it is carried
    bool trailers =
        false;  ///< after the last chunk: its write's index, and the bytes of all chunks
};

/// Turns the planned writes of one body into bytes, each when it is its turn. Borrows the source of
/// the data, and throws what that throws.
class WriteEncoder {
  public:
    WriteEncoder(BodySource& source, EncoderSettings settings)
        : source_(source), settings_(settings) {}

    /// The bytes of `write`, which is about to be handed to the kernel as write `index` of its
    /// connection. A tag is what is planned from here on: a short write that comes later makes a
    /// range that is already out wrong, and only the chunks after it right again. `head` comes in
    /// front, as a piece of its own, where it is not empty.
    EncodedWrite encode(const PlannedWrite& write, std::uint64_t index, std::string_view head = {});

  private:
    std::string_view tag(std::uint64_t first, std::uint32_t writes);
    std::string_view trailer_section(std::uint64_t index);

    BodySource& source_;
    EncoderSettings settings_;
    DecimalText index_;
    std::vector<char> range_;
    std::string trailers_;
    std::uint64_t data_ = 0;         ///< bytes so far
    std::unique_ptr<char[]> bytes_;  ///< as large as the largest write so far
    std::size_t room_ = 0;           ///< there
    std::vector<std::size_t> ends_;
};

}  // namespace seamark::plan
