// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/cause/verdict.hpp"
#include "core/stream/stream.hpp"

namespace seamark {

/// What a segment is that carried no new byte: a retransmission, a copy of a packet from another
/// place of capture, a keep-alive or a probe into a closed window. Precondition:
/// segment.retransmission().
Verdict judge_repeat(const Stream& stream, const Segment& segment);

}  // namespace seamark
