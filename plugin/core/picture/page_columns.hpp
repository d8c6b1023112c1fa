// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/json_writer.hpp"

namespace seamark {

/// The sentences of a page with their numbers taken out: thousands of pieces share a few of them.
/// A text is cut at its numbers; what stays is its shape, in which each number is kNumber. Texts
/// are UTF-8 without control characters.
class TextShapes {
  public:
    static constexpr char kNumber = '\x01';

    /// Of a shape: its place in all().
    std::size_t place(const std::string& shape);
    /// In order of first use.
    const std::vector<std::string>& all() const { return all_; }

  private:
    std::unordered_map<std::string, std::size_t> places_;
    std::vector<std::string> all_;
};

/// One JSON array of a page, filled value by value.
class PageColumn {
  public:
    PageColumn() { json_.begin_array(); }

    void number(std::int64_t value) { json_.number(value); }
    /// The difference to the value before, 0 before the first.
    void step(std::int64_t value) {
        json_.number(value - last_);
        last_ = value;
    }
    void none() { json_.verbatim("null"); }
    void text(std::string_view bytes) { json_.text(bytes); }

    /// The array, valid until more is added or asked for. Nothing can be added afterwards.
    PrintableText finish() {
        json_.end_array();
        return json_.written();
    }

  private:
    std::string made_;
    JsonWriter json_{made_};
    std::int64_t last_ = 0;
};

/// A column of texts: for each its shape, then its numbers. A number is the difference to the one
/// at that place in the column's last text of that shape (0 before the first). What has digits and
/// is no plain number (hexadecimal, leading zeros, more than 15 digits) is a JSON string.
class TextColumn {
  public:
    explicit TextColumn(TextShapes& shapes) : shapes_(shapes) {}

    void add(std::string_view utf8);
    /// A number between texts, as their count.
    void number(std::int64_t value) { column_.number(value); }
    PrintableText finish() { return column_.finish(); }

  private:
    TextShapes& shapes_;
    PageColumn column_;
    std::map<std::size_t, std::vector<std::int64_t>> last_;  // by shape
};

/// A member of an object that the caller has begun; the column is finished.
template <JsonKey kKey, typename Column>
void put_column(JsonWriter& json, Column& column) {
    json.key<kKey>();
    json.verbatim(column.finish());
}

}  // namespace seamark
