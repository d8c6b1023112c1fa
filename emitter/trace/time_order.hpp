// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "record/pcapng_writer.hpp"

namespace seamark::trace {

/// Puts the packets of a pcapng file, as this machine's PcapngWriter wrote it, in the order of
/// their times: events are written when their call returned, and carry the time of its entry. The
/// other blocks stay in front. A new file takes the old one's place at once, so that whoever
/// opens it sees one or the other.
///
/// Does nothing if they are in order already, or what the path leads to is not the file that
/// `writer` wrote, or no regular file (a pipe cannot be sorted). Throws std::system_error; the file
/// is as it was then.
void put_in_time_order(const std::string& path, const record::PcapngWriter& writer);

}  // namespace seamark::trace
