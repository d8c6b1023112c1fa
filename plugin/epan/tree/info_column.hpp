// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collect/frame_view.hpp"

namespace seamark {

/// What the packet carries in a few words: "chunks 4–6 · writes 4–6". Empty when it carries no
/// piece.
std::string summary(const FrameView& view);

/// The same of one segment.
std::string summary(const SegmentView& segment);

/// Puts both into the Info column: what was merged, cut or held in front of what stands there, with
/// the summary in brackets; the summary alone behind it.
void write_info_column(packet_info* pinfo, const FrameView& view);

}  // namespace seamark
