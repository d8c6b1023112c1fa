// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collect/frame_view.hpp"

namespace seamark {

/// What the packet carries in a few words: "chunks 4–6 · writes 4–6". Empty when it carries no
/// piece.
std::string summary(const FrameView& view);

/// Appends the summary to the Info column, in brackets.
void append_to_info_column(packet_info* pinfo, const FrameView& view);

}  // namespace seamark
