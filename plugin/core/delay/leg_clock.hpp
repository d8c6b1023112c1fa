// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/delay/leg_points.hpp"
#include "core/proxy/leg_index.hpp"
#include "core/stream/body_map.hpp"
#include "core/stream/segment_finder.hpp"

namespace seamark {

/// When what a range waited for went from one point of capture to the next, each by the clock of
/// its own point; ns since 1970.
struct Crossing {
    std::int64_t departed = 0;  // the last time that it passed the first point
    std::int64_t arrived = 0;   // every byte had passed the second one
};

/// When a range of a body passed on one leg; ns since 1970. Where it was captured at several
/// points, what is sent is seen at the first of them, and what arrived at the last.
struct Passage {
    ByteRange last;                     // the last byte's, among the bytes that segments carry
    const CallRecord* write = nullptr;  // that took the last byte (or its record's); null: none
    std::int64_t written = 0;           // when the application first asked for that
    std::int64_t first = 0;             // its first byte was captured
    std::int64_t sent = 0;              // its last byte was captured
    const Segment* segment = nullptr;   // with the last byte
    std::int64_t whole = 0;             // and each in front of it, at the first point
    std::vector<Crossing> crossings;    // from each point to the next
    std::int64_t arrived = 0;           // and each in front of it, sent again where it was
    std::int64_t decodable = 0;         // and the rest of its TLS record
    const CallRecord* read = nullptr;   // that took that out; null: none
};

/// Reads the times of one leg's body off its segments and calls. Ranges are asked for in order;
/// what is in front of one has to be there, too. Borrows leg and map.
class LegClock {
  public:
    /// points: where the leg was captured; null: at one place. They must outlive this. What passed
    /// points that are not comparable with the first one does not count.
    LegClock(const Leg& leg, const BodyMap& map, const LegPoints* points = nullptr);

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

    /// How many ranges had bytes that were captured, but not at each of the points.
    std::size_t missed() const { return missed_; }

    const Leg& leg() const { return leg_; }
    const Connection& carrying() const { return leg_.connection->carrying(); }
    const Stream& stream() const { return carrying().stream(leg_.sender); }

  private:
    void note_repeats();
    void sort_repeats();
    bool take(ByteRange part);
    bool take_at_points(ByteRange part);
    void take_crossing(std::size_t hop, ByteRange part);
    std::int64_t departed(std::size_t point, StreamOffset at, std::int64_t by,
                          std::int64_t first) const;
    bool pass_points(Passage& passage, ByteRange first);
    const Segment* segment_at(std::size_t point, StreamOffset at);
    std::int64_t sent_again(StreamOffset end) const;

    Leg leg_;
    const BodyMap* map_;
    const LegPoints* points_;        // null: at one place
    std::span<const LegPoint> all_;  // those of points_ that are comparable
    SegmentFinder finder_;
    std::vector<SegmentFinder> finders_;  // by point
    std::vector<std::int64_t> whole_;     // by point: every byte so far had passed it
    std::vector<std::int64_t> departed_;  // by hop: of the byte that came last
    std::size_t missed_ = 0;
    BodyOffset reached_;
    std::optional<std::int64_t> bytes_;  // all bytes of the body so far were there
    std::optional<std::int64_t> ready_;  // and the rest of their records
    // Ranges that were sent again, by where they begin, and the latest time of those up to it.
    std::vector<std::pair<StreamOffset, std::int64_t>> repeats_;
};

}  // namespace seamark
