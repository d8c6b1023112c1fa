// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/byte_range.hpp"

namespace seamark {

/// What was captured of the end of one direction (RFC 9293 sections 3.5 and 3.6), beside its bytes.
class Closing {
  public:
    /// The sender's FIN; end: after the last byte it sent.
    void note_fin(StreamOffset end, FrameNumber frame) {
        if (fin_frame_ != FrameNumber::kNone) return;
        fin_ = end;
        fin_frame_ = frame;
    }
    /// The first RST of either side counts.
    void note_reset(bool by_sender, FrameNumber frame) {
        if (reset_frame_ != FrameNumber::kNone) return;
        reset_by_sender_ = by_sender;
        reset_frame_ = frame;
    }
    /// The other side has all bytes in front of a position; a FIN counts as one.
    void note_acknowledged(StreamOffset end) { acknowledged_ = std::max(acknowledged_, end); }
    /// The other side's FIN.
    void note_peer_fin() { peer_fin_ = true; }
    /// This frame is none of the capture.
    void forget(FrameNumber frame) {
        if (fin_frame_ == frame) fin_frame_ = FrameNumber::kNone;
        if (reset_frame_ == frame) reset_frame_ = FrameNumber::kNone;
    }

    /// FIN or RST of either side was captured.
    bool closed() const { return fin() || reset() || peer_fin_; }
    bool fin() const { return fin_frame_ != FrameNumber::kNone; }
    bool reset() const { return reset_frame_ != FrameNumber::kNone; }
    /// kNone where it was not captured.
    FrameNumber fin_frame() const { return fin_frame_; }
    FrameNumber reset_frame() const { return reset_frame_; }
    bool reset_by_sender() const { return reset_by_sender_; }

    /// After the last byte that was sent, as far as FIN and acknowledgements show beside the bytes
    /// up to end that were captured. Where no FIN was captured, one number past end may have been a
    /// FIN's.
    StreamOffset sent(StreamOffset end) const {
        if (fin()) return std::max(end, fin_);
        return acknowledged_ > end + 1 ? acknowledged_ : end;
    }

  private:
    StreamOffset fin_;
    StreamOffset acknowledged_;
    FrameNumber fin_frame_ = FrameNumber::kNone;
    FrameNumber reset_frame_ = FrameNumber::kNone;
    bool reset_by_sender_ = false;
    bool peer_fin_ = false;
};

}  // namespace seamark
