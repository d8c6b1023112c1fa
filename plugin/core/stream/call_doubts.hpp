// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "core/base/byte_range.hpp"
#include "core/base/offset.hpp"

namespace seamark {

/// A byte of a write was captured before the call began: another call sent it, and recorded offsets
/// of this direction are wrong from there on.
struct Contradiction {
    CallOffset from;                         // of the call
    FrameNumber event = FrameNumber::kNone;  // the frame of the call's event packet
    FrameNumber frame = FrameNumber::kNone;  // that carried the byte
};

/// Why a call whose offset is recorded has no place in its lane.
enum class Unplaced : std::uint8_t {
    kNo,            // it has one, or another call has its bytes
    kUncertain,     // bytes that no recorded call sent went over about then
    kContradicted,  // a Contradiction: of this call, or of one before it
};

/// What is against the recorded offsets of a lane of calls.
class CallDoubts {
  public:
    /// Between these moments bytes went over that no recorded call sent, and which is not known.
    void note_period(std::int64_t begin, std::int64_t end);
    /// The first one in the stream counts.
    void contradict(const Contradiction& found) {
        if (!contradiction_ || found.from < contradiction_->from) contradiction_ = found;
    }
    /// The event in this frame is not part of the capture.
    void forget(FrameNumber frame) {
        if (contradiction_ && contradiction_->event == frame) contradiction_.reset();
    }
    const std::optional<Contradiction>& contradiction() const { return contradiction_; }
    Unplaced judge(CallOffset offset, std::int64_t entered, std::int64_t left) const;

    /// Bytes that no recorded call sent, as events say, and the frame of the first such event.
    void note_unseen(std::uint64_t bytes, FrameNumber frame);
    std::uint64_t unseen() const { return unseen_; }
    FrameNumber first_unseen() const { return first_unseen_; }

    /// Calls that were left out or taken out.
    struct Count {
        std::size_t calls = 0;
        FrameNumber first = FrameNumber::kNone;
    };
    void count(Unplaced why, FrameNumber frame);
    const Count& uncertain() const { return uncertain_; }
    const Count& contradicted() const { return contradicted_; }

  private:
    std::map<std::int64_t, std::int64_t> periods_;  // begin to end, apart from each other
    std::optional<Contradiction> contradiction_;
    std::uint64_t unseen_ = 0;
    FrameNumber first_unseen_ = FrameNumber::kNone;
    Count uncertain_;
    Count contradicted_;
};

}  // namespace seamark
