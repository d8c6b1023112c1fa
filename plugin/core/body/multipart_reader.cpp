// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/multipart_reader.hpp"

#include "core/base/characters.hpp"

namespace seamark {

void MultipartReader::take(DataOffset at, std::span<const std::uint8_t> bytes) {
    line_.take(at, bytes, false, [&](DataOffset end, std::uint8_t) { end_line(end); });
    next_ = at + bytes.size();
}

MultipartReader::Line MultipartReader::kind_of(std::string_view line) const {
    if (!line.starts_with(delimiter_)) return Line::kOther;
    line.remove_prefix(delimiter_.size());
    const bool close = line.starts_with("--");
    if (close) line.remove_prefix(2);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim(line).empty()) return Line::kOther;
    return close ? Line::kClose : Line::kDelimiter;
}

void MultipartReader::end_line(DataOffset end) {
    // A longer line than is kept is no delimiter.
    const bool may_be = !line_.broken() && line_.length() > 0 && line_.length() <= kept();
    const Line kind = may_be ? kind_of(line_.text()) : Line::kOther;
    if (kind != Line::kOther) {
        end_part(line_.begin(), true);
        in_part_ = kind == Line::kDelimiter;
        begin_ = line_.begin();
    }
    line_.clear();
    next_ = end;
}

void MultipartReader::end_part(DataOffset end, bool ended) {
    if (in_part_ && begin_ < end) {
        Item item;
        item.range = {begin_, end};
        item.ended = ended;
        item.damaged = damaged_;
        items_->add(item);
    }
    in_part_ = damaged_ = false;
}

void MultipartReader::miss(DataRange range) {
    // A delimiter may be among what is missing.
    if (!in_part_) begin_ = range.end;
    in_part_ = damaged_ = true;
    line_.set_broken();
    next_ = range.end;
}

void MultipartReader::end(bool) {
    // The closing delimiter may do without a line end.
    const bool closed = !line_.broken() && line_.length() > 0 && line_.length() <= kept() &&
                        kind_of(line_.text()) == Line::kClose;
    end_part(closed ? line_.begin() : next_, closed);
}

}  // namespace seamark
