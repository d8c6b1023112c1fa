// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/http1/fault.hpp"
#include "platform/field.hpp"

/// Wireshark's integer handles, the only globals of the plugin. What each field means stands in
/// docs/fields.md; names do not change once shipped.
namespace seamark::fields {

inline int proto = ws::kUnregistered;           // "seamark"
inline int proto_observer = ws::kUnregistered;  // the wrapper around TCP; shows nothing

// A segment.
inline Number segment;
inline Number64 segment_offset;
inline Number segment_len;
inline Number segment_mss;
inline Number segment_packets;
inline Text segment_chunks;
inline Text segment_sizes;
inline Text segment_writes;
inline Text segment_reads;
inline FrameLink retransmission;

// A TLS record.
inline Number record;
inline Text record_type;
inline Number record_len;
inline Number64 record_offset;
inline Number record_here;
inline FrameLink record_frame;
inline Number record_frames;
inline Bytes plaintext;

// A message.
inline Number exchange;
inline Number message;
inline Text framing;
inline Text framing_reason;
inline Bytes head;
inline Text proxy_header;
inline Number body;
inline Bytes trailer;

// A chunk.
inline Number chunk;
inline Text chunk_hex;
inline Number64 chunk_size;
inline Text chunk_ext;
inline Truth chunk_last;
inline Number64 chunk_offset;
inline Number chunk_here;
inline Truth chunk_complete;
inline FrameLink chunk_frame;
inline Number chunk_frames;
inline Time chunk_spread;
inline Bytes chunk_data;

// The writes of a chunk.
inline Number64 write;
inline Text write_range;
inline Text write_source;

// An event of a body.
inline Number item;
inline Text item_kind;
inline Text item_name;
inline Text item_id;
inline Number64 item_offset;
inline Number64 item_size;
inline Number item_here;
inline Text item_coding;
inline Number64 item_coded;
inline Truth item_flushed;
inline Text item_cause;
inline Time latency;
inline Text latency_layer;
inline Time latency_held;
inline Text latency_confidence;
inline Truth item_complete;
inline Number item_frames;
inline FrameLink item_frame;

// A recorded write call.
inline Number64 write_requested;
inline Number64 write_returned;
inline Text write_call;
inline FrameLink write_frame;
inline Number write_frames;
inline Time write_delay;
inline FrameLink write_event;

// A recorded read call.
inline Number64 read;
inline Number64 read_requested;
inline Number64 read_size;
inline Text read_call;
inline FrameLink read_frame;
inline Number read_frames;
inline Time read_delay;
inline FrameLink read_event;

// A recorded call above TLS that wrote.
inline Number64 app_write;
inline Text app_write_range;
inline Number64 app_write_requested;
inline Number64 app_write_returned;
inline Text app_write_call;
inline FrameLink app_write_frame;
inline Number app_write_frames;
inline Time app_write_delay;
inline FrameLink app_write_event;

// A recorded call above TLS that read.
inline Number64 app_read;
inline Number64 app_read_requested;
inline Number64 app_read_size;
inline Text app_read_call;
inline FrameLink app_read_frame;
inline Number app_read_frames;
inline Time app_read_delay;
inline FrameLink app_read_event;

// Why a segment or a read is as it is.
inline Text segment_cause;
inline Text segment_cause_kind;
inline Text segment_cause_confidence;
inline Text segment_cause_text;
inline Text segment_cause_evidence;
inline Text read_cause;
inline Text read_cause_confidence;
inline Text read_cause_text;
inline Text read_cause_evidence;

// State of the kernel right after a call.
inline Number state_cwnd;
inline Number state_unacked;
inline Number state_mss;
inline Number state_window;
inline Number state_rtt;
inline Number state_queued;
inline Number state_not_sent;
inline Number state_in_flight;
inline Number state_device_memory;
inline Number state_send_buffer;
inline Number state_pacing_rate;
inline Number state_unread;
inline Number state_low_water;
inline Text state_congestion;

// An event packet.
inline Text event_kind;
inline Number64 event_offset;
inline Number event_sequence;
inline Signed event_errno;
inline Number event_process;
inline Number event_thread;
inline Signed event_descriptor;
inline Time event_took;
inline Number64 event_dropped;

// The other leg of a proxy.
inline Text leg;
inline Text leg_confidence;
inline Number leg_stream;
inline Number leg_exchange;
inline Text leg_matched;
inline Number upstream_chunk;
inline Number64 upstream_write;
inline FrameLink upstream_frame;
inline Number downstream_chunk;
inline Number64 downstream_write;
inline FrameLink downstream_frame;
inline Time held;
inline Time held_shortest;

// Subtrees.
inline int tree_root = ws::kUnregistered;
inline int tree_segment = ws::kUnregistered;
inline int tree_record = ws::kUnregistered;
inline int tree_message = ws::kUnregistered;
inline int tree_chunk = ws::kUnregistered;
inline int tree_item = ws::kUnregistered;
inline int tree_frames = ws::kUnregistered;
inline int tree_call = ws::kUnregistered;
inline int tree_cause = ws::kUnregistered;
inline int tree_state = ws::kUnregistered;
inline int tree_leg = ws::kUnregistered;

// Expert infos.
inline expert_field merged_writes = EI_INIT;
inline expert_field split_chunk = EI_INIT;
inline expert_field split_write = EI_INIT;
inline expert_field super_segment = EI_INIT;
inline expert_field not_chunked = EI_INIT;
inline expert_field missing_bytes = EI_INIT;
inline expert_field bad_event = EI_INIT;
inline expert_field tag_disagrees = EI_INIT;
inline expert_field events_dropped = EI_INIT;
inline expert_field event_contradicted = EI_INIT;
inline expert_field event_too_early = EI_INIT;
inline expert_field event_uncertain = EI_INIT;
inline expert_field event_uncaptured = EI_INIT;
inline expert_field event_alone = EI_INIT;
inline expert_field event_sealed = EI_INIT;
inline expert_field event_kernel_tls = EI_INIT;
inline expert_field links_cut = EI_INIT;
inline expert_field items_cut = EI_INIT;
inline expert_field limit_met = EI_INIT;
inline expert_field rechunked = EI_INIT;
inline expert_field held_long = EI_INIT;
inline expert_field legs_differ = EI_INIT;
inline expert_field leg_doubt = EI_INIT;
inline expert_field unsolicited = EI_INIT;
inline expert_field clock_back = EI_INIT;
inline expert_field split_record = EI_INIT;
inline expert_field merged_records = EI_INIT;
inline expert_field record_fault = EI_INIT;
inline expert_field record_refused = EI_INIT;
inline expert_field failed = EI_INIT;
/// The expert info of a parsing fault.
expert_field& of(Fault fault);

/// Registers protocol, fields, subtrees and expert infos.
void register_all();

// Parts of register_all().
void register_stream_fields();
void register_record_fields();
void register_call_fields();
void register_cause_fields();
void register_leg_fields();
void register_expert_infos();

}  // namespace seamark::fields
