// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "core/body/byte_decoder.hpp"
#include "core/body/item_reader.hpp"

namespace seamark {

/// Undoes a body's content coding, gives the data to the reader of its events, and finds with which
/// byte of the body each of them became decodable. Nothing is decoded after missing bytes: what
/// codings refer back to is missing, too.
class CodedReader final {
  public:
    /// reader adds to items; both, and the budget, must outlive this or belong to it. Precondition:
    /// budget.make is set.
    CodedReader(std::string_view coding, std::unique_ptr<ItemReader> reader, ItemList& items,
                DecodingBudget& budget);
    ~CodedReader();
    CodedReader(const CodedReader&) = delete;
    CodedReader& operator=(const CodedReader&) = delete;

    /// In order, as ItemReader is given the bytes of a body without a coding.
    void take(BodyOffset at, std::span<const std::uint8_t> bytes);
    void miss(BodyRange range);
    void end(bool complete);

  private:
    void decode(std::span<const std::uint8_t> bytes);
    bool within_limits();
    void locate();
    void stop(Decoding why);

    std::unique_ptr<ItemReader> reader_;
    ItemList* items_;
    DecodingBudget* budget_;
    std::unique_ptr<Decoder> decoder_;  // null: stopped
    std::unique_ptr<ByteDecoder> bytes_;
    bool knows_blocks_ = false;
    std::uint64_t memory_ = 0;  // that the budget knows of
    DataOffset given_;
    DataOffset located_;  // the end of the last item that was located
};

}  // namespace seamark
