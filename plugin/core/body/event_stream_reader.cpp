// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/event_stream_reader.hpp"

namespace seamark {

void EventStreamReader::take(DataOffset at, std::span<const std::uint8_t> bytes) {
    line_.take(at, bytes, true, [&](DataOffset end, std::uint8_t c) {
        const bool second_half = c == '\n' && after_cr_ && end - 1 == after_cr_at_;
        if (second_half && ended_there_) items_->items.back().range.end = end;
        after_cr_ = ended_there_ = false;
        if (!second_half) end_line(end, c == '\r');
    });
    next_ = at + bytes.size();
}

void EventStreamReader::end_line(DataOffset end, bool cr) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    const bool mark =
        !line_.empty() && line_.begin() == DataOffset{} && line_.text().starts_with(kByteOrderMark);
    const bool blank = line_.empty() || (mark && line_.length() == kByteOrderMark.size());
    after_cr_ = cr;
    after_cr_at_ = end;
    ended_there_ = false;
    if (blank) {
        if (begin_) {
            add(end, true);
            ended_there_ = cr;
        }
        line_.clear();
        return;
    }
    if (!begin_) begin_ = line_.length() > 0 ? line_.begin() : end - 1;
    if (line_.broken()) {
        damaged_ = has_field_ = true;
    } else {
        take_field(line_.text().substr(mark ? kByteOrderMark.size() : 0));
    }
    line_.clear();
}

void EventStreamReader::take_field(std::string_view line) {
    if (line.starts_with(':')) return;
    has_field_ = true;
    const auto colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") has_data_ = true;
    if (field == "event") name_ = value;
    if (field == "id" && value.find('\0') == std::string_view::npos) id_ = value;
}

void EventStreamReader::add(DataOffset end, bool ended) {
    Item item;
    item.range = {*begin_, end};
    item.ended = ended;
    item.damaged = damaged_;
    // What is missing may have been the data.
    item.kind = has_data_ || damaged_ ? ItemKind::kEvent
                : has_field_          ? ItemKind::kFields
                                      : ItemKind::kComment;
    items_->add(item, name_, id_);
    begin_.reset();
    name_.clear();
    id_.clear();
    has_data_ = has_field_ = damaged_ = false;
}

void EventStreamReader::miss(DataRange range) {
    // What is missing may have ended the line and the block.
    if (!begin_) begin_ = line_.length() > 0 ? line_.begin() : range.end;
    damaged_ = true;
    line_.set_broken();
    after_cr_ = ended_there_ = false;
    next_ = range.end;
}

void EventStreamReader::end(bool) {
    if (!begin_ && line_.length() > 0) begin_ = line_.begin();
    if (!line_.empty() && !line_.broken()) take_field(line_.text());
    if (begin_ && *begin_ < next_) add(next_, false);
}

}  // namespace seamark
