// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/cause/segment_cause.hpp"
#include "core/stream/overlay.hpp"

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
    /// The verdicts of the segments that carry a range and brought bytes of it first; unknown ones
    /// are left out. runs: of the range. Valid until the next call.
    const std::vector<CauseGroup>& gather(const Connection& connection, Side side, ByteRange range,
                                          const std::vector<CarriedRun>& runs);

  private:
    void add(const Connection& connection, Side side, const Segment& segment);

    const Segment* judged_ = nullptr;
    std::vector<Verdict> verdicts_;  // of judged_
    std::vector<CauseGroup> groups_;
};

}  // namespace seamark
