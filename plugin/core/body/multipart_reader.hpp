// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/body/item_reader.hpp"
#include "core/body/line_splitter.hpp"

namespace seamark {

/// multipart/x-mixed-replace (RFC 2046 section 5.1): a part is from its delimiter line up to the
/// next delimiter line, by which alone its end is known. The line end in front of a delimiter
/// belongs to the delimiter, and here to the part that it ends.
class MultipartReader final : public ItemReader {
  public:
    MultipartReader(std::string_view boundary, ItemList& items)
        : delimiter_("--" + std::string(boundary)), items_(&items), line_(kept()) {}
    void take(DataOffset at, std::span<const std::uint8_t> bytes) override;
    void miss(DataRange range) override;
    void end(bool complete) override;

  private:
    enum class Line : std::uint8_t { kOther, kDelimiter, kClose };
    Line kind_of(std::string_view line) const;
    std::size_t kept() const { return delimiter_.size() + 80; }  // blanks may follow it
    void end_line(DataOffset end);
    void end_part(DataOffset end, bool ended);

    std::string delimiter_;
    ItemList* items_;
    LineSplitter line_;
    DataOffset begin_;  // of the part
    DataOffset next_;
    bool in_part_ = false;
    bool damaged_ = false;
};

}  // namespace seamark
