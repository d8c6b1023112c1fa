// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/chunk_row.hpp"
#include "check/row_field.hpp"

namespace seamark::check {

/// What one row (or segment) has of a field, and where to look at it.
struct RowValue {
    Quantity quantity = 0;
    std::uint32_t frame = 0;   ///< the one to look at
    std::uint32_t stream = 0;  ///< Wireshark's tcp.stream
    std::uint32_t chunk = 0;   ///< or event; 0: the value is a segment's
    bool is_event = false;
    std::uint16_t cause = 0;      ///< a number of RowValues::cause()
    std::uint32_t first_run = 0;  ///< of its frames, where they are kept
    std::uint32_t runs = 0;
};

/// Gathers what assertions ask of the rows of one capture, while they come. Keeps a value a row and
/// field that is asked for, and nothing else of the rows but those of one message.
class RowValues {
  public:
    /// keep_frames: for a filter that picks rows by their frames.
    RowValues(const std::vector<RowField>& fields, bool keep_frames);

    /// Rows in the order of the table.
    void add(ChunkRow row);
    void add(const EventRow& row);
    void add(const LatencyRow& row);
    /// No more rows come.
    void finish();

    const std::vector<RowValue>& of(RowField field) const {
        return values_[static_cast<std::size_t>(field)];
    }
    /// In words; empty where none is known.
    const std::string& cause(const RowValue& value) const { return causes_[value.cause]; }
    /// Whether a frame of the value is among those of runs (first and last, ascending).
    /// Precondition: frames are kept.
    bool any_in(const RowValue& value,
                const std::vector<std::pair<std::uint32_t, std::uint32_t>>& runs) const;

  private:
    /// A data chunk, or an event, of the message that is being read.
    struct Piece {
        std::int64_t begin = 0;     // its first byte, ns since 1970
        std::int64_t readable = 0;  // with all before it; meaningless where !is_whole
        bool is_whole = false;      // and so are all before it
        std::int64_t held = -1;
        RowValue value;
    };

    bool asked(RowField field) const { return asked_[static_cast<std::size_t>(field)]; }
    void put(RowField field, RowValue value, Quantity quantity);
    void keep_frames(const std::vector<std::uint32_t>& frames, RowValue& value);
    RowValue value_of(const ChunkRow& row);
    void put_own(const ChunkRow& row, const RowValue& value);
    void put_data_chunk(const ChunkRow& row, const RowValue& value);
    void end_message();
    void end_direction();
    RowValue of_message(RowValue value, std::uint32_t first_run) const;
    void put_gaps();
    void put_held_over();
    void put_burst(RowField field, std::vector<Piece>& pieces, std::uint32_t first_run);
    void end_event_message();
    std::uint16_t cause_number(const std::string& cause);

    std::array<bool, kRowFields> asked_{};
    bool keep_frames_;
    std::array<std::vector<RowValue>, kRowFields> values_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> frames_;
    std::vector<std::string> causes_{""};
    std::map<std::string, std::uint16_t> cause_numbers_{{"", 0}};

    bool is_first_ = true;         // no row came yet
    ChunkRow last_;                // what it is of; its lists are empty
    std::uint32_t first_run_ = 0;  // in frames_, of the message
    std::vector<Piece> pieces_;
    std::optional<RowValue> first_;      // of the message, for kFirst
    EventRow last_event_;                // as last_, of the rows of events
    bool any_event_ = false;             // of the message that is being read
    std::uint32_t first_event_run_ = 0;  // in frames_, of it
    std::vector<Piece> event_pieces_;
    std::uint32_t kept_events_ = 0;

    std::map<std::uint32_t, std::uint32_t> chunks_in_;  // frame: data chunks of the direction
};

}  // namespace seamark::check
