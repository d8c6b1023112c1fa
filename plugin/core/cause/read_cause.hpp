// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/cause/verdict.hpp"
#include "core/stream/connection.hpp"

namespace seamark {

/// Why a read took what it took. sender: whose bytes it read; range: of the call, in positions of
/// the stream that it read.
Verdict judge_read(const Connection& connection, Side sender, ByteRange range,
                   const CallRecord& call);

}  // namespace seamark
