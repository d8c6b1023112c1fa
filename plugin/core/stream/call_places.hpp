// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>

#include "core/base/byte_range.hpp"
#include "core/event/io_event.hpp"

namespace seamark {

/// Where the bytes of recorded calls lie in one direction of a connection: offsets of its two lanes
/// of calls, whichever way an event says it.
///
/// - By the offset that was recorded. It counts from the first byte of the connection, so it takes
///   a captured SYN to find that byte.
/// - By the sequence number, where the offset is not known, or no SYN was captured: then neither
///   the capture nor the recording need to have seen the connection's beginning.
///
/// Call offsets of a lane count from one position of the stream, which is settled by the first call
/// that is placed, and kept.
class CallPlaces {
  public:
    /// Whether place() needs the position of the event's sequence number.
    static bool uses_sequence(const IoEvent& event, bool has_syn);

    /// Writes the call's offset into the event, with kOffsetKnown, or takes that flag off where its
    /// bytes cannot be placed. at: the position of its sequence number, if uses_sequence(). frame:
    /// of the event packet. unused: no call was placed in this direction by its offset alone.
    void place(IoEvent& event, FrameNumber frame, std::optional<StreamOffset> at,
               std::optional<StreamOffset> after_syn, bool unused);
    /// The same again, of an event that was placed: for a later look at its frame.
    void apply(IoEvent& event, FrameNumber frame) const;
    void forget(FrameNumber frame) { changed_.erase(frame); }

    /// Position of call offset 0; empty: it is the byte after the SYN.
    std::optional<StreamOffset> zero() const { return zero_; }

  private:
    void move(IoEvent& event, FrameNumber frame, std::optional<CallOffset> to);

    std::optional<StreamOffset> zero_;
    // Of the events whose offset is another one than was recorded; empty: it has none.
    std::map<FrameNumber, std::optional<CallOffset>> changed_;
};

}  // namespace seamark
