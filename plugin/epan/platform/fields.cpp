// SPDX-License-Identifier: GPL-2.0-or-later
//
// One table: every field with its texts. Long because they are many.
#include "epan/platform/fields.hpp"

#include <array>
#include <string>

namespace seamark::fields {

using ws::kUnregistered;

int proto = kUnregistered;
int proto_observer = kUnregistered;

int segment = kUnregistered, segment_offset = kUnregistered, segment_len = kUnregistered,
    segment_mss = kUnregistered, segment_packets = kUnregistered, retransmission = kUnregistered;
int exchange = kUnregistered, message = kUnregistered, framing = kUnregistered,
    framing_reason = kUnregistered, head = kUnregistered, body = kUnregistered,
    trailer = kUnregistered;
int chunk = kUnregistered, chunk_hex = kUnregistered, chunk_size = kUnregistered,
    chunk_ext = kUnregistered, chunk_last = kUnregistered, chunk_offset = kUnregistered,
    chunk_here = kUnregistered, chunk_complete = kUnregistered, chunk_frame = kUnregistered,
    chunk_frames = kUnregistered, chunk_spread = kUnregistered, chunk_data = kUnregistered;
int write = kUnregistered, write_range = kUnregistered, write_source = kUnregistered;

int write_requested = kUnregistered, write_returned = kUnregistered, write_call = kUnregistered,
    write_frame = kUnregistered, write_frames = kUnregistered, write_delay = kUnregistered,
    write_event = kUnregistered;
int read = kUnregistered, read_requested = kUnregistered, read_size = kUnregistered,
    read_call = kUnregistered, read_frame = kUnregistered, read_frames = kUnregistered,
    read_delay = kUnregistered, read_event = kUnregistered;
int segment_cause = kUnregistered, segment_cause_kind = kUnregistered,
    segment_cause_confidence = kUnregistered, segment_cause_text = kUnregistered,
    segment_cause_evidence = kUnregistered;
int read_cause = kUnregistered, read_cause_confidence = kUnregistered,
    read_cause_text = kUnregistered, read_cause_evidence = kUnregistered;
int state_cwnd = kUnregistered, state_unacked = kUnregistered, state_mss = kUnregistered,
    state_window = kUnregistered, state_rtt = kUnregistered, state_queued = kUnregistered,
    state_not_sent = kUnregistered, state_in_flight = kUnregistered,
    state_device_memory = kUnregistered, state_send_buffer = kUnregistered,
    state_pacing_rate = kUnregistered, state_congestion = kUnregistered,
    state_unread = kUnregistered, state_low_water = kUnregistered;
int event_kind = kUnregistered, event_offset = kUnregistered, event_errno = kUnregistered,
    event_process = kUnregistered, event_thread = kUnregistered, event_descriptor = kUnregistered,
    event_took = kUnregistered, event_dropped = kUnregistered;

int leg = kUnregistered, leg_confidence = kUnregistered, leg_stream = kUnregistered,
    leg_exchange = kUnregistered, leg_matched = kUnregistered;
int upstream_chunk = kUnregistered, upstream_write = kUnregistered, upstream_frame = kUnregistered;
int downstream_chunk = kUnregistered, downstream_write = kUnregistered,
    downstream_frame = kUnregistered;
int held = kUnregistered, held_shortest = kUnregistered;

int tree_call = kUnregistered, tree_cause = kUnregistered, tree_state = kUnregistered,
    tree_leg = kUnregistered;
int tree_root = kUnregistered, tree_segment = kUnregistered, tree_message = kUnregistered,
    tree_chunk = kUnregistered, tree_frames = kUnregistered;

expert_field merged_writes = EI_INIT, split_chunk = EI_INIT, split_write = EI_INIT,
             super_segment = EI_INIT, not_chunked = EI_INIT, missing_bytes = EI_INIT,
             bad_event = EI_INIT, tag_disagrees = EI_INIT, events_dropped = EI_INIT,
             event_contradicted = EI_INIT, event_uncaptured = EI_INIT, event_alone = EI_INIT,
             links_cut = EI_INIT, items_cut = EI_INIT, limit_met = EI_INIT, rechunked = EI_INIT,
             held_long = EI_INIT, legs_differ = EI_INIT, leg_doubt = EI_INIT;

namespace {

constexpr auto kFaults = static_cast<std::size_t>(Fault::kCount);
std::array<expert_field, kFaults> fault_experts;

// libwireshark keeps pointers to these for as long as it runs.
hf_register_info header_fields[] = {
    {&segment,
     {"Segment", "seamark.segment", FT_UINT32, BASE_DEC, nullptr, 0,
      "Index of this segment in its direction", HFILL}},
    {&segment_offset,
     {"Stream offset", "seamark.segment.offset", FT_UINT64, BASE_DEC, nullptr, 0,
      "Position of its first payload byte in the stream", HFILL}},
    {&segment_len,
     {"Payload", "seamark.segment.len", FT_UINT32, BASE_DEC, nullptr, 0,
      "Payload bytes on the wire", HFILL}},
    {&segment_mss,
     {"Largest payload of a packet", "seamark.segment.mss", FT_UINT32, BASE_DEC, nullptr, 0,
      "MSS of the handshake less the TCP options of this segment", HFILL}},
    {&segment_packets,
     {"Packets", "seamark.segment.packets", FT_UINT32, BASE_DEC, nullptr, 0,
      "How many packets of at most MSS this segment is on a wire", HFILL}},
    {&retransmission,
     {"Repeats bytes first seen in", "seamark.retransmission", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_RETRANS_PREV), 0, "Frame that brought these bytes first", HFILL}},
    {&exchange,
     {"Exchange", "seamark.exchange", FT_UINT32, BASE_DEC, nullptr, 0,
      "Exchange (request and response) on this connection", HFILL}},
    {&message,
     {"Message", "seamark.message", FT_UINT32, BASE_DEC, nullptr, 0,
      "Message in its direction, 1xx responses counted", HFILL}},
    {&framing,
     {"Framing", "seamark.framing", FT_STRING, BASE_NONE, nullptr, 0,
      "How the end of the message is found", HFILL}},
    {&framing_reason,
     {"Why", "seamark.framing.reason", FT_STRING, BASE_NONE, nullptr, 0,
      "Why the message is delimited so", HFILL}},
    {&head,
     {"Head", "seamark.head", FT_BYTES, BASE_NONE, nullptr, 0, "The part of the head in this frame",
      HFILL}},
    {&body,
     {"Body", "seamark.body", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes in this frame of a body that is not chunked", HFILL}},
    {&trailer,
     {"Trailer section", "seamark.trailer", FT_BYTES, BASE_NONE, nullptr, 0,
      "The part of the trailer section in this frame", HFILL}},
    {&chunk,
     {"Chunk", "seamark.chunk", FT_UINT32, BASE_DEC, nullptr, 0, "Index in the message", HFILL}},
    {&chunk_hex,
     {"Size as written", "seamark.chunk.hex", FT_STRING, BASE_NONE, nullptr, 0,
      "The hexadecimal digits exactly as written", HFILL}},
    {&chunk_size,
     {"Size", "seamark.chunk.size", FT_UINT64, BASE_DEC, nullptr, 0, "Bytes of chunk data", HFILL}},
    {&chunk_ext,
     {"Extension", "seamark.chunk.ext", FT_STRING, BASE_NONE, nullptr, 0,
      "Everything between the digits and the line end", HFILL}},
    {&chunk_last,
     {"Last chunk", "seamark.chunk.last", FT_BOOLEAN, BASE_NONE, nullptr, 0,
      "Size 0: ends the body", HFILL}},
    {&chunk_offset,
     {"Stream offset", "seamark.chunk.offset", FT_UINT64, BASE_DEC, nullptr, 0,
      "Position of the size line in the stream", HFILL}},
    {&chunk_here,
     {"Bytes in this frame", "seamark.chunk.here", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes of the chunk in this frame, size line and line end included", HFILL}},
    {&chunk_complete,
     {"Complete", "seamark.chunk.complete", FT_BOOLEAN, BASE_NONE, nullptr, 0,
      "True in the frame that completes the chunk", HFILL}},
    {&chunk_frame,
     {"Carried by frame", "seamark.chunk.frame", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame that carries a piece of the chunk", HFILL}},
    {&chunk_frames,
     {"Frames", "seamark.chunk.frames", FT_UINT32, BASE_DEC, nullptr, 0,
      "How many frames carry a piece of the chunk", HFILL}},
    {&chunk_spread,
     {"Time from first to last byte", "seamark.chunk.spread", FT_RELATIVE_TIME, BASE_NONE, nullptr,
      0, "From the capture of its first byte to that of its last", HFILL}},
    {&chunk_data,
     {"Data", "seamark.chunk.data", FT_BYTES, BASE_NONE, nullptr, 0, "Chunk data in this frame",
      HFILL}},
    {&write,
     {"Write", "seamark.write", FT_UINT64, BASE_DEC, nullptr, 0,
      "Index of a write call that carried bytes of this chunk", HFILL}},
    {&write_range,
     {"Writes", "seamark.write.range", FT_STRING, BASE_NONE, nullptr, 0,
      "Indices of the write calls that carried this chunk", HFILL}},
    {&write_source,
     {"Known from", "seamark.write.source", FT_STRING, BASE_NONE, nullptr, 0,
      "tag: the chunk extension says so; event: the call was recorded", HFILL}},
    {&write_requested,
     {"Bytes asked", "seamark.write.requested", FT_UINT64, BASE_DEC, nullptr, 0,
      "Bytes that the call asked for", HFILL}},
    {&write_returned,
     {"Bytes taken", "seamark.write.returned", FT_UINT64, BASE_DEC, nullptr, 0,
      "Bytes handed to the kernel", HFILL}},
    {&write_call,
     {"Call", "seamark.write.call", FT_STRING, BASE_NONE, nullptr, 0, "Name of the call", HFILL}},
    {&write_frame,
     {"Carried by frame", "seamark.write.frame", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame that carries bytes of the call", HFILL}},
    {&write_frames,
     {"Frames", "seamark.write.frames", FT_UINT32, BASE_DEC, nullptr, 0,
      "How many frames carry bytes of the call", HFILL}},
    {&write_delay,
     {"From the call to its first byte in the capture", "seamark.write.delay", FT_RELATIVE_TIME,
      BASE_NONE, nullptr, 0, "By the clocks of recorder and capture", HFILL}},
    {&write_event,
     {"Recorded in frame", "seamark.write.event", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame of the event packet", HFILL}},
    {&read,
     {"Read", "seamark.read", FT_UINT64, BASE_DEC, nullptr, 0,
      "Index of a read call that took bytes of this segment", HFILL}},
    {&read_requested,
     {"Bytes asked", "seamark.read.requested", FT_UINT64, BASE_DEC, nullptr, 0,
      "Bytes that the call asked for", HFILL}},
    {&read_size,
     {"Bytes taken", "seamark.read.size", FT_UINT64, BASE_DEC, nullptr, 0,
      "Bytes taken out of the kernel", HFILL}},
    {&read_call,
     {"Call", "seamark.read.call", FT_STRING, BASE_NONE, nullptr, 0, "Name of the call", HFILL}},
    {&read_frame,
     {"Carried by frame", "seamark.read.frame", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame that carries bytes of the call", HFILL}},
    {&read_frames,
     {"Frames", "seamark.read.frames", FT_UINT32, BASE_DEC, nullptr, 0,
      "How many frames carry bytes of the call", HFILL}},
    {&read_delay,
     {"From its last byte in the capture to the return", "seamark.read.delay", FT_RELATIVE_TIME,
      BASE_NONE, nullptr, 0, "By the clocks of recorder and capture", HFILL}},
    {&read_event,
     {"Recorded in frame", "seamark.read.event", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame of the event packet", HFILL}},
    {&segment_cause,
     {"Cause", "seamark.segment.cause", FT_STRING, BASE_NONE, nullptr, 0,
      "Why this segment begins and ends where it does, or merges writes; docs/causes.md lists the "
      "words",
      HFILL}},
    {&segment_cause_kind,
     {"Seam", "seamark.segment.cause.kind", FT_STRING, BASE_NONE, nullptr, 0,
      "What is explained: whole, held, merge or cut", HFILL}},
    {&segment_cause_confidence,
     {"Confidence", "seamark.segment.cause.confidence", FT_STRING, BASE_NONE, nullptr, 0,
      "known, consistent or unknown", HFILL}},
    {&segment_cause_text,
     {"Why", "seamark.segment.cause.text", FT_STRING, BASE_NONE, nullptr, 0,
      "The verdict as a sentence", HFILL}},
    {&segment_cause_evidence,
     {"Evidence", "seamark.segment.cause.evidence", FT_STRING, BASE_NONE, nullptr, 0,
      "What the verdict stands on", HFILL}},
    {&read_cause,
     {"Cause", "seamark.read.cause", FT_STRING, BASE_NONE, nullptr, 0,
      "Why this read took what it took; docs/causes.md lists the words", HFILL}},
    {&read_cause_confidence,
     {"Confidence", "seamark.read.cause.confidence", FT_STRING, BASE_NONE, nullptr, 0,
      "known, consistent or unknown", HFILL}},
    {&read_cause_text,
     {"Why", "seamark.read.cause.text", FT_STRING, BASE_NONE, nullptr, 0,
      "The verdict as a sentence", HFILL}},
    {&read_cause_evidence,
     {"Evidence", "seamark.read.cause.evidence", FT_STRING, BASE_NONE, nullptr, 0,
      "What the verdict stands on", HFILL}},
    {&state_cwnd,
     {"Congestion window", "seamark.state.cwnd", FT_UINT32, BASE_DEC, nullptr, 0,
      "Packets, right after the call", HFILL}},
    {&state_unacked,
     {"Unacknowledged", "seamark.state.unacked", FT_UINT32, BASE_DEC, nullptr, 0,
      "Packets, right after the call", HFILL}},
    {&state_mss,
     {"MSS", "seamark.state.mss", FT_UINT32, BASE_DEC, nullptr, 0,
      "Most bytes of a packet that is sent, right after the call", HFILL}},
    {&state_window,
     {"Peer's window", "seamark.state.window", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes, right after the call", HFILL}},
    {&state_rtt,
     {"Smoothed round-trip time (µs)", "seamark.state.rtt", FT_UINT32, BASE_DEC, nullptr, 0,
      "Microseconds, right after the call", HFILL}},
    {&state_queued,
     {"Not acknowledged", "seamark.state.queued", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes, those not sent included, right after the call", HFILL}},
    {&state_not_sent,
     {"Not sent", "seamark.state.not_sent", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes, right after the call", HFILL}},
    {&state_in_flight,
     {"In flight", "seamark.state.in_flight", FT_UINT32, BASE_DEC, nullptr, 0,
      "Packets, less those SACKed or lost, right after the call", HFILL}},
    {&state_device_memory,
     {"Memory below TCP", "seamark.state.device_memory", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes of memory of packets that wait below TCP, right after the call", HFILL}},
    {&state_send_buffer,
     {"Send buffer", "seamark.state.send_buffer", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes of memory, right after the call", HFILL}},
    {&state_pacing_rate,
     {"Pacing rate (KiB/s)", "seamark.state.pacing_rate", FT_UINT32, BASE_DEC, nullptr, 0,
      "KiB a second; 4294967295: none, right after the call", HFILL}},
    {&state_unread,
     {"Left unread", "seamark.state.unread", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes, right after the call", HFILL}},
    {&state_low_water,
     {"SO_RCVLOWAT", "seamark.state.low_water", FT_UINT32, BASE_DEC, nullptr, 0,
      "Bytes, right after the call", HFILL}},
    {&state_congestion,
     {"Congestion control", "seamark.state.congestion", FT_STRING, BASE_NONE, nullptr, 0,
      "Name of the algorithm", HFILL}},
    {&event_kind,
     {"Event", "seamark.event.kind", FT_STRING, BASE_NONE, nullptr, 0, "What was recorded", HFILL}},
    {&event_offset,
     {"Stream offset", "seamark.event.offset", FT_UINT64, BASE_DEC, nullptr, 0,
      "Offset of the first byte taken", HFILL}},
    {&event_errno,
     {"errno", "seamark.event.errno", FT_INT32, BASE_DEC, nullptr, 0, "Error of a call that failed",
      HFILL}},
    {&event_process,
     {"Process", "seamark.event.process", FT_UINT32, BASE_DEC, nullptr, 0,
      "Process that made the call", HFILL}},
    {&event_thread,
     {"Thread", "seamark.event.thread", FT_UINT32, BASE_DEC, nullptr, 0,
      "Thread that made the call", HFILL}},
    {&event_descriptor,
     {"Descriptor", "seamark.event.descriptor", FT_INT32, BASE_DEC, nullptr, 0, "File descriptor",
      HFILL}},
    {&event_took,
     {"Time in the call", "seamark.event.took", FT_RELATIVE_TIME, BASE_NONE, nullptr, 0,
      "From entry to return", HFILL}},
    {&event_dropped,
     {"Events dropped", "seamark.event.dropped", FT_UINT64, BASE_DEC, nullptr, 0,
      "Events that the recorder could not keep", HFILL}},
    {&leg,
     {"Leg", "seamark.leg", FT_STRING, BASE_NONE, nullptr, 0,
      "upstream: between proxy and server; downstream: between client and proxy", HFILL}},
    {&leg_confidence,
     {"How sure", "seamark.leg.confidence", FT_STRING, BASE_NONE, nullptr, 0,
      "known: both legs carry one id; consistent: nothing speaks against it and nothing else fits",
      HFILL}},
    {&leg_stream,
     {"Other leg's stream", "seamark.leg.stream", FT_UINT32, BASE_DEC, nullptr, 0,
      "tcp.stream of the other leg", HFILL}},
    {&leg_exchange,
     {"Other leg's exchange", "seamark.leg.exchange", FT_UINT32, BASE_DEC, nullptr, 0,
      "Exchange on the connection of the other leg", HFILL}},
    {&leg_matched,
     {"Matched byte for byte", "seamark.leg.matched", FT_STRING, BASE_NONE, nullptr, 0,
      "yes, or why body offsets of the two legs are not compared", HFILL}},
    {&upstream_chunk,
     {"Upstream chunk", "seamark.upstream.chunk", FT_UINT32, BASE_DEC, nullptr, 0,
      "Chunk of the upstream leg that has body bytes of this frame", HFILL}},
    {&upstream_write,
     {"Upstream write", "seamark.upstream.write", FT_UINT64, BASE_DEC, nullptr, 0,
      "Write of the server that has body bytes of this frame", HFILL}},
    {&upstream_frame,
     {"Upstream frame", "seamark.upstream.frame", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame that brought body bytes of this frame to the proxy", HFILL}},
    {&downstream_chunk,
     {"Downstream chunk", "seamark.downstream.chunk", FT_UINT32, BASE_DEC, nullptr, 0,
      "Chunk of the downstream leg that has body bytes of this frame", HFILL}},
    {&downstream_write,
     {"Downstream write", "seamark.downstream.write", FT_UINT64, BASE_DEC, nullptr, 0,
      "Write of the proxy that has body bytes of this frame", HFILL}},
    {&downstream_frame,
     {"Downstream frame", "seamark.downstream.frame", FT_FRAMENUM, BASE_NONE, nullptr, 0,
      "Frame that took body bytes of this frame on to the client", HFILL}},
    {&held,
     {"Held", "seamark.held", FT_RELATIVE_TIME, BASE_NONE, nullptr, 0,
      "Longest time from the capture of a body byte of this frame upstream to that downstream",
      HFILL}},
    {&held_shortest,
     {"Held at least", "seamark.held.shortest", FT_RELATIVE_TIME, BASE_NONE, nullptr, 0,
      "The same of the byte that was held for the shortest time", HFILL}},
};

ei_register_info expert_infos[] = {
    {&merged_writes,
     {"seamark.merged_writes", PI_SEQUENCE, PI_NOTE, "One segment carries several writes",
      EXPFILL}},
    {&split_chunk,
     {"seamark.split_chunk", PI_SEQUENCE, PI_NOTE, "A chunk goes on from an earlier segment",
      EXPFILL}},
    {&split_write,
     {"seamark.split_write", PI_SEQUENCE, PI_NOTE, "A write goes on from an earlier segment",
      EXPFILL}},
    {&super_segment,
     {"seamark.super_segment", PI_SEQUENCE, PI_NOTE,
      "The segment is larger than a packet can be: it is cut below the point of capture", EXPFILL}},
    {&not_chunked,
     {"seamark.not_chunked", PI_COMMENTS_GROUP, PI_CHAT, "The response is not chunked", EXPFILL}},
    {&missing_bytes,
     {"seamark.missing_bytes", PI_SEQUENCE, PI_WARN, "Bytes in front of this segment are missing",
      EXPFILL}},
    {&bad_event, {"seamark.bad_event", PI_MALFORMED, PI_WARN, "Not a whole event record", EXPFILL}},
    {&tag_disagrees,
     {"seamark.tag_disagrees", PI_SEQUENCE, PI_WARN,
      "The tag names other writes than the events do; the events win", EXPFILL}},
    {&events_dropped,
     {"seamark.events_dropped", PI_SEQUENCE, PI_WARN, "The recorder dropped events", EXPFILL}},
    {&event_contradicted,
     {"seamark.event_contradicted", PI_SEQUENCE, PI_WARN,
      "Another call is recorded for the same bytes: this one is not joined", EXPFILL}},
    {&event_uncaptured,
     {"seamark.event_uncaptured", PI_SEQUENCE, PI_NOTE,
      "Bytes of the call are in no captured frame", EXPFILL}},
    {&event_alone,
     {"seamark.event_alone", PI_SEQUENCE, PI_NOTE, "The connection is not in this capture",
      EXPFILL}},
    {&links_cut,
     {"seamark.links_cut", PI_COMMENTS_GROUP, PI_NOTE,
      "There are more frames than the preference allows to list", EXPFILL}},
    {&items_cut,
     {"seamark.items_cut", PI_COMMENTS_GROUP, PI_NOTE,
      "The frame has more to list than a tree may have items", EXPFILL}},
    {&limit_met,
     {"seamark.limit_met", PI_SEQUENCE, PI_NOTE,
      "More waits behind missing bytes than the preferences allow: they are given up", EXPFILL}},
    {&rechunked,
     {"seamark.rechunked", PI_SEQUENCE, PI_NOTE, "A proxy has cut the chunks anew", EXPFILL}},
    {&held_long, {"seamark.held_long", PI_SEQUENCE, PI_NOTE, "A proxy held bytes back", EXPFILL}},
    {&legs_differ,
     {"seamark.legs_differ", PI_COMMENTS_GROUP, PI_NOTE,
      "The two legs are not matched byte for byte", EXPFILL}},
    {&leg_doubt,
     {"seamark.leg_doubt", PI_COMMENTS_GROUP, PI_CHAT, "The other leg is not known", EXPFILL}},
};

void register_fault_experts(expert_module_t* module) {
    // libwireshark keeps pointers to the texts and to the table.
    static std::array<std::string, kFaults> names;
    static std::array<std::string, kFaults> texts;
    static std::array<ei_register_info, kFaults> infos;
    for (std::size_t i = 0; i < kFaults; ++i) {
        const auto fault = static_cast<Fault>(i);
        names[i] = "seamark.fault." + std::string(to_string(fault));
        for (char& c : names[i])
            if (c == '-') c = '_';
        texts[i] = describe(fault);
        fault_experts[i] = EI_INIT;
        infos[i] = {&fault_experts[i],
                    {names[i].c_str(), PI_MALFORMED, is_fatal(fault) ? PI_ERROR : PI_WARN,
                     texts[i].c_str(), EXPFILL}};
    }
    expert_register_field_array(module, infos.data(), static_cast<int>(infos.size()));
}

}  // namespace

expert_field& of(Fault fault) {
    return fault_experts[static_cast<std::size_t>(fault)];
}

void register_all() {
    static int* subtrees[] = {&tree_root,   &tree_segment, &tree_message, &tree_chunk, &tree_call,
                              &tree_frames, &tree_cause,   &tree_state,   &tree_leg};
    proto = proto_register_protocol("Seamark (seams of an HTTP stream)", "Seamark", "seamark");
    proto_register_field_array(proto, header_fields, array_length(header_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_module_t* module = expert_register_protocol(proto);
    expert_register_field_array(module, expert_infos, array_length(expert_infos));
    register_fault_experts(module);
}

}  // namespace seamark::fields
