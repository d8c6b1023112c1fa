// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/proxy/leg_index.hpp"
#include "core/stream/body_map.hpp"
#include "core/stream/segment_finder.hpp"

namespace seamark {

/// When a range of a body passed on one leg; ns since 1970.
struct Passage {
    ByteRange last;                     // the last byte's, among the bytes that segments carry
    const CallRecord* write = nullptr;  // that took the last byte (or its record's); null: none
    std::int64_t written = 0;           // when the application first asked for that
    std::int64_t first = 0;             // its first byte was captured
    std::int64_t sent = 0;              // its last byte was captured
    const Segment* segment = nullptr;   // with the last byte
    std::int64_t arrived = 0;           // and each in front of it, sent again where it was
    std::int64_t decodable = 0;         // and the rest of its TLS record
    const CallRecord* read = nullptr;   // that took that out; null: none
};

/// Reads the times of one leg's body off its segments and calls. Ranges are asked for in order;
/// what is in front of one has to be there, too. Borrows leg and map.
class LegClock {
  public:
    LegClock(const Leg& leg, const BodyMap& map);

    /// Empty where a byte of the range was not captured, or the capture has no times.
    std::optional<Passage> pass(BodyRange range);

    /// A moment at which the receiver had acknowledged all bytes up to the passage's last: they
    /// were with it before. Empty where no later segment shows one.
    std::optional<std::int64_t> acknowledged_by(const Passage& passage);
    /// Time inside write calls from that of one passage to that of a later one, that aside, as far
    /// as it lies between `written` of both; ns.
    std::int64_t inside_calls(const Passage& from, const Passage& to) const;
    /// Whether a write between the two was refused or took less than it was given.
    bool refused_between(const Passage& from, const Passage& to) const;

    const Leg& leg() const { return leg_; }
    const Connection& carrying() const { return leg_.connection->carrying(); }
    const Stream& stream() const { return carrying().stream(leg_.sender); }

  private:
    void note_repeats();
    bool take(ByteRange part);
    std::int64_t sent_again(StreamOffset end) const;

    Leg leg_;
    const BodyMap* map_;
    SegmentFinder finder_;
    BodyOffset reached_;
    std::optional<std::int64_t> bytes_;  // all bytes of the body so far were there
    std::optional<std::int64_t> ready_;  // and the rest of their records
    // Ranges that were sent again, by where they begin, and the latest time of those up to it.
    std::vector<std::pair<StreamOffset, std::int64_t>> repeats_;
};

}  // namespace seamark
