// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

// Words are strings here, not numbers with words for each: `tshark -T fields` and JSON print the
// word then, and filters compare it.

// libwireshark keeps pointers to these for as long as it runs.
// clang-format off
hf_register_info rows[] = {
    // The other leg of a proxy.
    row(leg, "Leg", "seamark.leg", "upstream: between proxy and server; downstream: between client and proxy"),
    row(leg_confidence, "How sure", "seamark.leg.confidence", "known: both legs carry one id; consistent: nothing speaks against it and nothing else fits"),
    row(leg_stream, "Other leg's stream", "seamark.leg.stream", "tcp.stream of the other leg"),
    row(leg_exchange, "Other leg's exchange", "seamark.leg.exchange", "Exchange on the connection of the other leg"),
    row(leg_matched, "Matched byte for byte", "seamark.leg.matched", "yes, or why body offsets of the two legs are not compared"),
    row(upstream_chunk, "Upstream chunk", "seamark.upstream.chunk", "Chunk of the upstream leg that has body bytes of this frame"),
    row(upstream_write, "Upstream write", "seamark.upstream.write", "Write of the server that has body bytes of this frame"),
    row(upstream_frame, "Upstream frame", "seamark.upstream.frame", "Frame that carried body bytes of this frame to the proxy"),
    row(downstream_chunk, "Downstream chunk", "seamark.downstream.chunk", "Chunk of the downstream leg that has body bytes of this frame"),
    row(downstream_write, "Downstream write", "seamark.downstream.write", "Write of the proxy that has body bytes of this frame"),
    row(downstream_frame, "Downstream frame", "seamark.downstream.frame", "Frame that took body bytes of this frame on to the client"),
    row(held, "Held", "seamark.held", "Longest time from the capture of a body byte of this frame upstream to that downstream"),
    row(held_shortest, "Held at least", "seamark.held.shortest", "The same of the byte that was held for the shortest time"),
};
// clang-format on

}  // namespace

void register_leg_fields() {
    proto_register_field_array(proto, rows, array_length(rows));
}

}  // namespace seamark::fields
