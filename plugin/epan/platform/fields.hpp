// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/http1/fault.hpp"
#include "epan/platform/wireshark.hpp"

/// Wireshark's integer handles, the only globals of the plugin. What each field means stands in
/// docs/fields.md; names do not change once shipped.
namespace seamark::fields {

extern int proto;           // "seamark"
extern int proto_observer;  // the wrapper around TCP; shows nothing

extern int segment, segment_offset, segment_len, segment_mss, segment_packets, retransmission;
extern int exchange, message, framing, framing_reason, head, body, trailer;
extern int chunk, chunk_hex, chunk_size, chunk_ext, chunk_last, chunk_offset, chunk_here;
extern int chunk_complete, chunk_frame, chunk_frames, chunk_spread, chunk_data;
extern int write, write_range, write_source;

extern int write_requested, write_returned, write_call, write_frame, write_frames, write_delay,
    write_event;
extern int read, read_requested, read_size, read_call, read_frame, read_frames, read_delay,
    read_event;
extern int segment_cause, segment_cause_kind, segment_cause_confidence, segment_cause_text,
    segment_cause_evidence;
extern int read_cause, read_cause_confidence, read_cause_text, read_cause_evidence;
extern int state_cwnd, state_unacked, state_mss, state_window, state_rtt, state_queued,
    state_not_sent, state_in_flight, state_device_memory, state_send_buffer, state_pacing_rate,
    state_congestion, state_unread, state_low_water;
extern int event_kind, event_offset, event_errno, event_process, event_thread, event_descriptor,
    event_took, event_dropped;

extern int leg, leg_confidence, leg_stream, leg_exchange, leg_matched;
extern int upstream_chunk, upstream_write, upstream_frame;
extern int downstream_chunk, downstream_write, downstream_frame;
extern int held, held_shortest;

extern int tree_call, tree_cause, tree_state, tree_leg;
extern int tree_root, tree_segment, tree_message, tree_chunk, tree_frames;

extern expert_field merged_writes, split_chunk, split_write, super_segment, not_chunked,
    missing_bytes, bad_event, tag_disagrees, events_dropped, event_contradicted, event_uncaptured,
    event_alone, links_cut, items_cut, limit_met, rechunked, held_long, legs_differ, leg_doubt;
/// The expert info of a parsing fault.
expert_field& of(Fault fault);

/// Registers protocol, fields, subtrees and expert infos.
void register_all();

}  // namespace seamark::fields
