// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/preferences.hpp"

#include <algorithm>

#include "platform/fields.hpp"

namespace seamark::preferences {
namespace {
ws::PreferenceBool info_column_value = true;
unsigned waiting_kib_value = 1024;
unsigned waiting_total_mib_value = 256;
unsigned frame_links_value = 4096;
// A dozen such lists must fit in what ItemBudget leaves of a tree.
constexpr unsigned kMostFrameLinks = ws::kCountsIdleItems ? 1024 : 16384;
ws::PreferenceBool pair_legs_value = true;
unsigned held_ms_value = 100;
unsigned decode_ratio_value = 200;
unsigned decode_mib_value = 16;
unsigned decode_total_mib_value = 256;
}  // namespace

bool info_column() {
    return info_column_value;
}
WaitingBudget waiting_budget() {
    return {.each = std::uint64_t{std::max(waiting_kib_value, 1U)} << 10,
            .all = std::uint64_t{std::max(waiting_total_mib_value, 1U)} << 20};
}
std::size_t frame_links() {
    return std::min(frame_links_value, kMostFrameLinks);
}

bool pair_legs() {
    return pair_legs_value;
}

unsigned held_ms() {
    return held_ms_value;
}

DecodingLimits decoding_limits() {
    return {.ratio = std::max(decode_ratio_value, 1U),
            .memory_each = std::uint64_t{std::max(decode_mib_value, 1U)} << 20,
            .memory_all = std::uint64_t{std::max(decode_total_mib_value, 1U)} << 20};
}

void register_all() {
    module_t* module = prefs_register_protocol(fields::proto, nullptr);
    prefs_register_bool_preference(module, "info_column",
                                   "Say in the Info column what a segment carries",
                                   "Adds a few words such as \"chunks 4\xe2\x80\x93"
                                   "6\", and begins with what was merged, held or cut",
                                   &info_column_value);
    prefs_register_uint_preference(module, "waiting_kib",
                                   "Bytes that may wait for missing ones (KiB)",
                                   "Missing bytes may still arrive late. When this much waits "
                                   "for them, they are given up and "
                                   "reading goes on after them",
                                   10, &waiting_kib_value);
    prefs_register_uint_preference(module, "waiting_total_mib",
                                   "Bytes that may wait in all connections together (MiB)",
                                   "When more wait for missing bytes, those missing before what "
                                   "arrived last are given up",
                                   10, &waiting_total_mib_value);
    prefs_register_uint_preference(module, "frame_links",
                                   "Frames listed for a chunk, a call or a retransmission",
                                   "What more frames carry says so and lists only these; more than "
                                   "16384 (1024 from Wireshark 4.6 on) are not listed",
                                   10, &frame_links_value);
    prefs_register_bool_preference(module, "pair_legs", "Pair the legs of a proxy",
                                   "Looks for exchanges of different connections that are legs of "
                                   "one, and compares their bodies",
                                   &pair_legs_value);
    prefs_register_uint_preference(module, "held_ms", "Held by a proxy for long (ms)",
                                   "Bytes that a proxy held for at least so long get an expert "
                                   "info",
                                   10, &held_ms_value);
    prefs_register_uint_preference(module, "decode_ratio",
                                   "Decoded bytes for each byte of a compressed body",
                                   "A compressed body of events that grows by more than so many "
                                   "times (after the first MiB) is decoded no further",
                                   10, &decode_ratio_value);
    prefs_register_uint_preference(module, "decode_mib", "Memory for decoding one body (MiB)",
                                   "A compressed body of events for which decoders need more is "
                                   "decoded no further",
                                   10, &decode_mib_value);
    prefs_register_uint_preference(module, "decode_total_mib",
                                   "Memory for decoding all bodies together (MiB)",
                                   "When all compressed bodies of events that have not ended need "
                                   "more, the one that came last is decoded no further",
                                   10, &decode_total_mib_value);
}

}  // namespace seamark::preferences
