// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/cause/verdict.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"

namespace seamark {

/// What the advice about a segment depends on.
struct Advice {
    std::uint64_t writes = 0;      // that have bytes in it
    std::uint64_t chunks = 0;      // likewise
    std::uint64_t cut_writes = 0;  // of the writes, those with bytes elsewhere too
    std::vector<Verdict> causes;
    bool writes_recorded = false;
    // Of the recorded writes, as far as their options are known:
    bool nodelay = false;  // each had TCP_NODELAY
    bool corked = false;   // some had TCP_CORK
    bool more = false;     // some had MSG_MORE
    bool options = false;  // the options of each are known
    bool tags = false;     // writes are known from tags alone
    bool reads_known = false;
    bool super_segment = false;           // more than one packet on a wire
    bool missing = false;                 // bytes in front of the segment
    bool unframed = false;                // the body ends with the connection
    std::vector<std::string> inside_tls;  // how to see what is inside
};

/// What to try next. stream: Wireshark's tcp.stream.
void tell_advice(const Advice& facts, std::uint32_t stream, const NextSteps& steps, Prose& page);

}  // namespace seamark
