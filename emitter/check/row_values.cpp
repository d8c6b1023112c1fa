// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/row_values.hpp"

#include <algorithm>
#include <limits>

namespace seamark::check {
namespace {

/// Two chunks come together, in one burst, where the second can be read less than this after the
/// first: half the mean distance of the message's chunks, within bounds. A program that sends all
/// it has needs some 10 us a chunk; what is apart by more than a millisecond was waited for.
constexpr std::int64_t kLeastApart = 200'000;     // ns
constexpr std::int64_t kSurelyApart = 1'000'000;  // ns

}  // namespace

RowValues::RowValues(const std::vector<RowField>& fields, bool keep_frames)
    : keep_frames_(keep_frames) {
    for (const RowField field : fields) asked_[static_cast<std::size_t>(field)] = true;
}

void RowValues::add(ChunkRow row) {
    const bool same_direction =
        !is_first_ && row.stream == last_.stream && row.response == last_.response;
    const bool same_message = same_direction && row.message == last_.message;
    if (!same_message) end_message();
    if (!same_direction) end_direction();
    if (!same_message) first_run_ = static_cast<std::uint32_t>(frames_.size());
    is_first_ = false;
    const RowValue value = value_of(row);
    put_own(row, value);
    if (!row.is_last()) put_data_chunk(row, value);
    row.frames.clear();
    last_ = std::move(row);
}

void RowValues::add(const EventRow& row) {
    if (row.event == 0) return;
    const bool same_message = any_event_ && row.stream == last_event_.stream &&
                              row.response == last_event_.response &&
                              row.message == last_event_.message;
    if (!same_message) {
        end_event_message();
        first_event_run_ = static_cast<std::uint32_t>(frames_.size());
    }
    RowValue value;
    value.frame = row.frames.back();
    value.stream = row.stream;
    value.chunk = row.event;
    value.is_event = true;
    keep_frames(row.frames, value);
    if (asked(RowField::kEventSize))
        put(RowField::kEventSize, value, static_cast<Quantity>(row.size));
    if (asked(RowField::kEventFrames))
        put(RowField::kEventFrames, value, static_cast<Quantity>(row.frames.size()));
    if (asked(RowField::kEventGap) && row.gap)
        put(RowField::kEventGap, value, static_cast<Quantity>(*row.gap));
    if (row.after_request) {
        const auto after = static_cast<Quantity>(*row.after_request);
        if (asked(RowField::kEventAfterRequest)) put(RowField::kEventAfterRequest, value, after);
        if (asked(RowField::kEventFirst) && !same_message) put(RowField::kEventFirst, value, after);
    }
    Piece piece;
    piece.value = value;
    piece.is_whole = row.ready.has_value();
    piece.readable = row.ready.value_or(0);
    event_pieces_.push_back(piece);
    if (row.kept) ++kept_events_;
    last_event_ = row;
    any_event_ = true;
}

void RowValues::add(const LatencyRow& row) {
    RowValue value;
    value.frame = row.frames.back();
    value.stream = row.stream;
    value.chunk = row.number;
    value.is_event = row.is_event;
    keep_frames(row.frames, value);
    for (std::size_t i = static_cast<std::size_t>(RowField::kLatency); i < kRowFields; ++i) {
        const auto field = static_cast<RowField>(i);
        if (!asked(field)) continue;
        if (field == RowField::kLatency) put(field, value, static_cast<Quantity>(row.time));
        for (const auto& [layer, ns] : row.layers)
            if (layer == layer_of(field)) put(field, value, static_cast<Quantity>(ns));
    }
}

void RowValues::end_event_message() {
    if (any_event_ && asked(RowField::kEventKept)) {
        const RowValue& last = event_pieces_.back().value;
        put(RowField::kEventKept, of_message(last, first_event_run_),
            100 * static_cast<Quantity>(kept_events_) /
                static_cast<Quantity>(event_pieces_.size()));
    }
    if (any_event_ && asked(RowField::kEventBurst) && last_event_.response)
        put_burst(RowField::kEventBurst, event_pieces_, first_event_run_);
    event_pieces_.clear();
    kept_events_ = 0;
    any_event_ = false;
}

void RowValues::finish() {
    end_message();
    end_direction();
    end_event_message();
}

bool RowValues::any_in(const RowValue& value,
                       const std::vector<std::pair<std::uint32_t, std::uint32_t>>& runs) const {
    const auto has = [&](std::uint32_t first, std::uint32_t last) {
        const auto at = std::partition_point(runs.begin(), runs.end(),
                                             [&](const auto& run) { return run.second < first; });
        return at != runs.end() && at->first <= last;
    };
    for (std::uint32_t i = 0; i < value.runs; ++i) {
        const auto& [first, last] = frames_[value.first_run + i];
        if (has(first, last)) return true;
    }
    return false;
}

void RowValues::put(RowField field, RowValue value, Quantity quantity) {
    value.quantity = quantity;
    values_[static_cast<std::size_t>(field)].push_back(value);
}

RowValue RowValues::value_of(const ChunkRow& row) {
    RowValue value;
    value.frame = row.frames.back();
    value.stream = row.stream;
    value.chunk = row.chunk;
    value.cause = cause_number(row.cause);
    keep_frames(row.frames, value);
    return value;
}

void RowValues::keep_frames(const std::vector<std::uint32_t>& frames, RowValue& value) {
    if (!keep_frames_) return;
    value.first_run = static_cast<std::uint32_t>(frames_.size());
    for (const std::uint32_t frame : frames) {
        if (frames_.size() > value.first_run && frames_.back().second + 1 == frame) {
            frames_.back().second = frame;
        } else {
            frames_.emplace_back(frame, frame);
        }
    }
    value.runs = static_cast<std::uint32_t>(frames_.size()) - value.first_run;
}

/// What a row has by itself.
void RowValues::put_own(const ChunkRow& row, const RowValue& value) {
    if (asked(RowField::kSize)) put(RowField::kSize, value, static_cast<Quantity>(row.size));
    if (asked(RowField::kFrames))
        put(RowField::kFrames, value, static_cast<Quantity>(row.frames.size()));
    if (asked(RowField::kWrites) && row.writes > 0)
        put(RowField::kWrites, value, static_cast<Quantity>(row.writes));
    if (asked(RowField::kSpread) && row.spread)
        put(RowField::kSpread, value, static_cast<Quantity>(*row.spread));
    if (asked(RowField::kDelay) && row.delay)
        put(RowField::kDelay, value, static_cast<Quantity>(*row.delay));
    if (asked(RowField::kHeld) && row.held)
        put(RowField::kHeld, value, static_cast<Quantity>(*row.held));
}

void RowValues::put_data_chunk(const ChunkRow& row, const RowValue& value) {
    if (row.after_request) {
        const auto after = static_cast<Quantity>(*row.after_request);
        if (asked(RowField::kAfterRequest)) put(RowField::kAfterRequest, value, after);
        if (asked(RowField::kFirst) && row.chunk == 1) {
            first_ = value;
            first_->frame = row.frames.front();
            first_->quantity = after;
        }
    }
    if (asked(RowField::kPerSegment))
        for (const std::uint32_t frame : row.frames) ++chunks_in_[frame];
    Piece piece;
    piece.value = value;
    piece.held = row.held.value_or(-1);
    piece.begin = row.time.value_or(0);
    piece.is_whole = row.time && row.spread;
    if (piece.is_whole) piece.readable = *row.time + *row.spread;
    // A hole breaks the comparison with the chunk after it, and with no other.
    if (piece.is_whole && !pieces_.empty() && pieces_.back().is_whole)
        piece.readable = std::max(piece.readable, pieces_.back().readable);
    pieces_.push_back(piece);
}

void RowValues::end_message() {
    if (asked(RowField::kGap)) put_gaps();
    if (asked(RowField::kHeldOver)) put_held_over();
    if (asked(RowField::kBurst) && last_.response) put_burst(RowField::kBurst, pieces_, first_run_);
    if (first_) put(RowField::kFirst, of_message(*first_, first_run_), first_->quantity);
    first_.reset();
    pieces_.clear();
}

/// A filter picks what is said of a whole message by any frame of its chunks.
RowValue RowValues::of_message(RowValue value, std::uint32_t first_run) const {
    value.first_run = first_run;
    value.runs = static_cast<std::uint32_t>(frames_.size()) - first_run;
    return value;
}

void RowValues::put_gaps() {
    for (std::size_t i = 1; i < pieces_.size(); ++i)
        if (pieces_[i].is_whole && pieces_[i - 1].is_whole)
            put(RowField::kGap, pieces_[i].value,
                static_cast<Quantity>(pieces_[i].readable - pieces_[i - 1].readable));
}

void RowValues::put_held_over() {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        if (piece.held < 0 || !piece.is_whole) continue;
        std::size_t later = 0;
        for (std::size_t k = i + 1; k < pieces_.size() && pieces_[k].is_whole; ++k) {
            if (pieces_[k].readable > piece.begin + piece.held) break;
            if (pieces_[k].readable - piece.readable >= kSurelyApart) ++later;
        }
        put(RowField::kHeldOver, piece.value, static_cast<Quantity>(later));
    }
}

/// The share of a message's data chunks (or events), the first of a burst not counted, that came in
/// its largest burst: 0 where each came by itself, 100 where all came at once, or where there is
/// but one.
void RowValues::put_burst(RowField field, std::vector<Piece>& pieces, std::uint32_t first_run) {
    // One that the capture's end has cut is no piece yet; after a hole nothing is known of bursts.
    while (!pieces.empty() && !pieces.back().is_whole) pieces.pop_back();
    const std::size_t count = pieces.size();
    if (count == 0 || !std::all_of(pieces.begin(), pieces.end(),
                                   [](const Piece& piece) { return piece.is_whole; }))
        return;
    if (count == 1) {
        put(field, of_message(pieces.front().value, first_run), 100);
        return;
    }
    const std::int64_t spread = pieces.back().readable - pieces.front().readable;
    const auto apart =
        std::clamp(spread / (2 * static_cast<std::int64_t>(count - 1)), kLeastApart, kSurelyApart);
    std::size_t largest = 0;
    std::size_t end_of_largest = 0;
    std::size_t together = 0;
    for (std::size_t i = 1; i < count; ++i) {
        const bool with_last = pieces[i].readable - pieces[i - 1].readable < apart;
        together = with_last ? together + 1 : 0;
        if (together < largest || !with_last) continue;
        largest = together;
        end_of_largest = i;
    }
    put(field, of_message(pieces[end_of_largest].value, first_run),
        100 * static_cast<Quantity>(largest) / static_cast<Quantity>(count - 1));
}

void RowValues::end_direction() {
    for (const auto& [frame, chunks] : chunks_in_) {
        RowValue value;
        value.frame = frame;
        value.stream = last_.stream;
        if (keep_frames_) {
            value.first_run = static_cast<std::uint32_t>(frames_.size());
            value.runs = 1;
            frames_.emplace_back(frame, frame);
        }
        put(RowField::kPerSegment, value, static_cast<Quantity>(chunks));
    }
    chunks_in_.clear();
}

std::uint16_t RowValues::cause_number(const std::string& cause) {
    const auto next = static_cast<std::uint16_t>(causes_.size());
    if (next == std::numeric_limits<std::uint16_t>::max()) return 0;
    const auto [at, fresh] = cause_numbers_.try_emplace(cause, next);
    if (fresh) causes_.push_back(cause);
    return at->second;
}

}  // namespace seamark::check
