// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/body/item_reader.hpp"

namespace seamark {

/// A JSON text a line (jsonlines.org): lines end with LF; one of blanks alone is none. The last one
/// may do without the LF.
class JsonLinesReader final : public ItemReader {
  public:
    explicit JsonLinesReader(ItemList& items) : items_(&items) {}
    void take(DataOffset at, std::span<const std::uint8_t> bytes) override;
    void miss(DataRange range) override;
    void end(bool complete) override;

  private:
    void end_line(DataOffset end, bool ended);

    ItemList* items_;
    DataOffset begin_;  // of the line
    DataOffset next_;
    bool blank_ = true;  // so far
    bool damaged_ = false;
};

/// JSON text sequences (RFC 7464 section 2): each element begins with RS and ends with LF. A text
/// may have line ends of its own, so that where one ends is known when the next begins. One that is
/// not followed by LF may be cut (section 2.4) and has not ended.
class JsonSequenceReader final : public ItemReader {
  public:
    explicit JsonSequenceReader(ItemList& items) : items_(&items) {}
    void take(DataOffset at, std::span<const std::uint8_t> bytes) override;
    void miss(DataRange range) override;
    void end(bool complete) override;

  private:
    void end_element(DataOffset end);

    ItemList* items_;
    DataOffset begin_;  // of the element
    DataOffset next_;
    bool begun_ = false;
    bool blank_ = true;  // nothing but RS and blanks so far: several RS in a row are one
    bool ends_with_lf_ = false;
    bool damaged_ = false;
};

}  // namespace seamark
