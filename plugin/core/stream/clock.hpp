// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/byte_range.hpp"

namespace seamark {

/// What the times of one connection's frames are worth: whether there are any, and where they step
/// back. Constant memory: of many steps the first are kept.
class Clock {
  public:
    struct Step {
        FrameNumber frame;  // stamped earlier than the one before it
        std::int64_t back;  // ns, > 0
    };

    /// A frame, in order of capture. time: ns since 1970; empty where the capture file has none.
    void note(FrameNumber frame, std::optional<std::int64_t> time) {
        if (!time) {
            missing_ = true;
            return;
        }
        if (frame != FrameNumber::kNone && frame != last_frame_ && last_ && *time < *last_) {
            ++count_;
            if (steps_.size() < kMost) steps_.push_back({frame, *last_ - *time});
        }
        last_ = time;
        last_frame_ = frame;
    }

    /// Some frame has no time (a Simple Packet Block): no time of the connection is shown.
    bool missing() const { return missing_; }
    std::uint32_t step_count() const { return count_; }
    /// The first of them.
    const std::vector<Step>& steps() const { return steps_; }
    /// How far the time of this frame lies before that of the one before it; 0: it does not.
    std::int64_t stepped_back(FrameNumber frame) const {
        const auto at = std::find_if(steps_.begin(), steps_.end(),
                                     [frame](const Step& step) { return step.frame == frame; });
        return at != steps_.end() ? at->back : 0;
    }
    /// True when time ran on from one frame to the other, as far as is known.
    bool runs_on(FrameNumber first, FrameNumber last) const {
        return !missing_ && std::none_of(steps_.begin(), steps_.end(), [&](const Step& step) {
            return first < step.frame && step.frame <= last;
        });
    }

  private:
    static constexpr std::size_t kMost = 64;

    std::optional<std::int64_t> last_;
    FrameNumber last_frame_ = FrameNumber::kNone;
    std::vector<Step> steps_;
    std::uint32_t count_ = 0;
    bool missing_ = false;
};

}  // namespace seamark
