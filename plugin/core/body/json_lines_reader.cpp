// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/json_lines_reader.hpp"

namespace seamark {
namespace {

/// RFC 8259 section 2.
constexpr bool is_json_blank(std::uint8_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Item item_of(DataRange range, bool ended, bool damaged) {
    Item item;
    item.range = range;
    item.ended = ended;
    item.damaged = damaged;
    return item;
}

}  // namespace

void JsonLinesReader::take(DataOffset at, std::span<const std::uint8_t> bytes) {
    next_ = at;
    for (const std::uint8_t c : bytes) {
        next_ += 1;
        if (c == '\n') {
            end_line(next_, true);
        } else if (blank_ && !is_json_blank(c)) {
            blank_ = false;
        }
    }
}

void JsonLinesReader::end_line(DataOffset end, bool ended) {
    if (!blank_ || damaged_) items_->add(item_of({begin_, end}, ended, damaged_));
    begin_ = end;
    blank_ = true;
    damaged_ = false;
}

void JsonLinesReader::miss(DataRange range) {
    if (blank_) begin_ = range.end;
    damaged_ = true;
    next_ = range.end;
}

void JsonLinesReader::end(bool complete) {
    if (begin_ < next_) end_line(next_, complete);
}

void JsonSequenceReader::take(DataOffset at, std::span<const std::uint8_t> bytes) {
    constexpr std::uint8_t kRecordSeparator = 0x1e;
    next_ = at;
    for (const std::uint8_t c : bytes) {
        if (c == kRecordSeparator) {
            end_element(next_);
            begin_ = next_;
            begun_ = true;
        } else if (blank_ && !is_json_blank(c)) {
            blank_ = false;
        }
        ends_with_lf_ = c == '\n';
        next_ += 1;
    }
}

void JsonSequenceReader::end_element(DataOffset end) {
    if (begun_ && begin_ < end && (!blank_ || damaged_))
        items_->add(item_of({begin_, end}, ends_with_lf_, damaged_));
    blank_ = true;
    damaged_ = false;
    begun_ = false;
}

void JsonSequenceReader::miss(DataRange range) {
    if (!begun_ || blank_) begin_ = range.end;
    begun_ = damaged_ = true;
    ends_with_lf_ = false;
    next_ = range.end;
}

void JsonSequenceReader::end(bool) {
    if (begin_ < next_) end_element(next_);
}

}  // namespace seamark
