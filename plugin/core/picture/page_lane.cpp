// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_lane.hpp"

#include <algorithm>

#include "core/report/cause_words.hpp"

namespace seamark {
namespace {

std::int64_t place_of(std::vector<std::string>& words, std::string_view word) {
    const auto at = std::find(words.begin(), words.end(), word);
    if (at != words.end()) return at - words.begin();
    words.emplace_back(word);
    return static_cast<std::int64_t>(words.size()) - 1;
}

}  // namespace

std::int64_t PageTables::place_of_look(std::string_view look) {
    return place_of(looks, look);
}

std::int64_t PageTables::place_of_causes(const CauseList& list) {
    const std::int64_t place = place_of(causes, words::causes(list));
    if (static_cast<std::size_t>(place) == cause_names.size())
        cause_names.push_back(words::cause_names(list));
    return place;
}

void LaneColumns::add(const PagePiece& piece) {
    gap_.number(static_cast<std::int64_t>(piece.bytes.begin - end_));
    size_.number(static_cast<std::int64_t>(piece.bytes.end - piece.bytes.begin));
    end_ = piece.bytes.end;
    if (piece.when) {
        start_.step(piece.when->begin - tables_.epoch);
        took_.number(piece.when->end - piece.when->begin);
        timed_ = true;
        lasts_ = lasts_ || piece.when->end > piece.when->begin;
    } else {
        start_.none();
        took_.number(0);
    }
    frame_.step(static_cast<std::int64_t>(piece.frame));
    framed_ = framed_ || piece.frame != FrameNumber::kNone;
    const std::int64_t look = tables_.place_of_look(piece.look);
    mixed_ = mixed_ || (count_ > 0 && look != first_look_);
    if (count_++ == 0) first_look_ = look;
    look_.number(look);
    label_.add(piece.label);
    title_.add(piece.title);
    front_.number(static_cast<std::int64_t>(piece.front));
    back_.number(static_cast<std::int64_t>(piece.back));
    dark_ = dark_ || piece.front + piece.back > 0;
}

void LaneColumns::write(JsonWriter& json) {
    json.field<"count">(count_);
    put_column<"gap">(json, gap_);
    put_column<"size">(json, size_);
    if (timed_) put_column<"start">(json, start_);
    if (lasts_) put_column<"took">(json, took_);
    if (framed_) put_column<"frame">(json, frame_);
    if (mixed_) {
        put_column<"look">(json, look_);
    } else {
        json.field<"look">(first_look_);
    }
    if (dark_) {
        put_column<"front">(json, front_);
        put_column<"back">(json, back_);
    }
    put_column<"label">(json, label_);
    put_column<"title">(json, title_);
}

}  // namespace seamark
