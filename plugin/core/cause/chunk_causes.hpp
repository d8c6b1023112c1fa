// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/cause/segment_cause.hpp"
#include "core/stream/segment_finder.hpp"

namespace seamark {

/// One verdict, and the frames of the segments that have it.
struct CauseGroup {
    Boundary boundary;
    Confidence confidence;
    CauseList causes;
    std::vector<FrameNumber> frames;  // in order of stream
};

/// Why the segments that carry chunks are cut or merged so. One for a whole table: neighbouring
/// chunks share segments, and each is judged once.
class ChunkCauses {
  public:
    /// The verdicts of the segments that carry a range and carried bytes of it first; unknown ones
    /// are left out. runs: of the range. Valid until the next call.
    const std::vector<CauseGroup>& gather(const Connection& connection, Side side, ByteRange range,
                                          const std::vector<CarriedRun>& runs);
    /// How often a segment was judged so far.
    std::size_t judgements() const { return judgements_; }

  private:
    using Groups = std::vector<std::uint32_t>;  // indices in groups_, of one segment's verdicts

    void forget_groups();
    void note_recurring(const std::vector<CarriedRun>& runs);
    void add(const Connection& connection, Side side, const Segment& segment);
    void group(const Verdict& verdict, Groups& out);

    SegmentFinder finder_;
    const Segment* judged_ = nullptr;
    std::vector<Verdict> verdicts_;  // of judged_
    std::vector<CauseGroup> groups_;
    std::vector<std::vector<FrameNumber>> spare_;  // empty, with room
    Groups of_segment_;
    // Frames that carry several runs of the range, sorted, and what was found of their segments.
    std::vector<FrameNumber> recurring_;
    std::unordered_map<const Segment*, Groups> found_;
    std::size_t judgements_ = 0;
};

}  // namespace seamark
