// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/lanes/lane.hpp"

namespace seamark {

/// More packets of one segment than these are one piece: 64 KiB are 123 of the smallest MSS that
/// IPv4 hosts must take (RFC 9293 section 3.7.1).
constexpr std::uint32_t kMostWirePackets = 256;

/// The lane below that of the segments, in order of offset. Empty where no segment is more than one
/// packet, or the MSS is not known: then it says nothing that the segments do not.
Lane wire_lane(const Lane& segments);

}  // namespace seamark
