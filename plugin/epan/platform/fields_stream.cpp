// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

// Words are strings here, not numbers with words for each: `tshark -T fields` and JSON print the
// word then, and filters compare it.

// libwireshark keeps pointers to these for as long as it runs.
// clang-format off
hf_register_info rows[] = {
    // A segment.
    row(segment, "Segment", "seamark.segment", "Index of this segment in its direction"),
    row(segment_offset, "Segment stream offset", "seamark.segment.offset", "Position of its first payload byte in the stream"),
    row(segment_len, "Payload", "seamark.segment.len", "Payload bytes on the wire", kBytes),
    row(segment_mss, "Largest payload of a packet", "seamark.segment.mss", "MSS of the handshake less the TCP options of this segment", kBytes),
    row(segment_packets, "Packets", "seamark.segment.packets", "How many packets of at most MSS this segment is on a wire", kPackets),
    row(segment_chunks, "Chunks here", "seamark.segment.chunks", "Indices of the chunks of which bytes are in this segment, as ranges"),
    row(segment_sizes, "Sizes of the chunks here", "seamark.segment.sizes", "Their sizes in hexadecimal digits as written, equal ones counted"),
    row(segment_writes, "Writes here", "seamark.segment.writes", "Indices of the writes whose bytes are in this segment, as ranges"),
    row(segment_reads, "Reads here", "seamark.segment.reads", "Indices of the recorded reads that took its bytes, as ranges"),
    row(retransmission, "Retransmits data from frame", "seamark.retransmission", "Frame that carried these bytes first", FT_FRAMENUM_RETRANS_PREV),
    // A message.
    row(exchange, "Exchange", "seamark.exchange", "Exchange (request and response) on this connection"),
    row(message, "Message", "seamark.message", "Message in its direction, 1xx responses counted"),
    row(framing, "Framing", "seamark.framing", "How the end of the message is found"),
    row(framing_reason, "Framing reason", "seamark.framing.reason", "Why the message is delimited so"),
    row(proxy_header, "PROXY protocol header", "seamark.proxy_header", "What the header in front of the first message says, as its version 1 writes it"),
    row(head, "Head", "seamark.head", "The part of the head in this frame"),
    row(body, "Body", "seamark.body", "Bytes in this frame of a body that is not chunked", kBytes),
    row(trailer, "Trailer section", "seamark.trailer", "The part of the trailer section in this frame"),
    // A chunk.
    row(chunk, "Chunk", "seamark.chunk", "Index in the message"),
    row(chunk_hex, "Size as written", "seamark.chunk.hex", "The hexadecimal digits exactly as written"),
    row(chunk_size, "Size", "seamark.chunk.size", "Bytes of chunk data", kBytes),
    row(chunk_ext, "Extension", "seamark.chunk.ext", "Everything between the digits and the line end"),
    row(chunk_last, "Last chunk", "seamark.chunk.last", "Size 0: ends the body"),
    row(chunk_offset, "Chunk stream offset", "seamark.chunk.offset", "Position of the size line in the stream"),
    row(chunk_here, "Bytes in this frame", "seamark.chunk.here", "Bytes of the chunk in this frame, size line and line end included", kBytes),
    row(chunk_complete, "Complete", "seamark.chunk.complete", "True in the frame that completes the chunk"),
    row(chunk_frame, "Chunk carried by frame", "seamark.chunk.frame", "Frame that carries a piece of the chunk"),
    row(chunk_frames, "Frames of the chunk", "seamark.chunk.frames", "How many frames carry a piece of the chunk"),
    row(chunk_spread, "Time from first to last byte", "seamark.chunk.spread", "From the capture of its first byte to that of its last"),
    row(chunk_data, "Data", "seamark.chunk.data", "Chunk data in this frame"),
    // An event of a body.
    row(item, "Event of a body", "seamark.item", "Number among the events of its body"),
    row(item_kind, "Kind of event", "seamark.item.kind", "event, comment or fields"),
    row(item_name, "Event name", "seamark.item.name", "Value of its event: field as written"),
    row(item_id, "Event id", "seamark.item.id", "Value of its id: field as written"),
    row(item_offset, "Body offset", "seamark.item.offset", "Position of its first byte in the body, with chunk framing and content coding taken off"),
    row(item_size, "Bytes of the event", "seamark.item.size", "Its bytes, with what ends it", kBytes),
    row(item_here, "Bytes of the event in this frame", "seamark.item.here", "Bytes of the event in this frame, without chunk framing", kBytes),
    row(item_coding, "Content coding of the event", "seamark.item.coding", "The content coding inside which the event is"),
    row(item_coded, "Decodable with byte", "seamark.item.coded", "Byte of the coded body with which the last byte of the event became decodable"),
    row(item_flushed, "Flushed", "seamark.item.flushed", "True where the compressor ended a block after the event, as it does to flush"),
    row(item_cause, "Event kept by", "seamark.item.cause", "What kept the event back as far as its bytes show: compressor"),
    row(latency, "Time of the event", "seamark.latency", "From the write (or capture) of the event before it to when this one could be read, or was"),
    row(latency_layer, "Event held by", "seamark.latency.layer", "Layer with the largest share of that time: application, sender, stack, wire, hop, rest, receiver or proxy"),
    row(latency_held, "Share of that layer", "seamark.latency.held", "How long the event was held there"),
    row(latency_confidence, "Confidence of the layer", "seamark.latency.confidence", "known or consistent"),
    row(item_complete, "Event complete", "seamark.item.complete", "True in the frame that completes the event"),
    row(item_frames, "Frames of the event", "seamark.item.frames", "How many frames carry a piece of the event"),
    row(item_frame, "Event carried by frame", "seamark.item.frame", "Frame that carries a piece of the event"),
    // The writes of a chunk.
    row(write, "Write", "seamark.write", "Index of a write call that carried bytes of this chunk"),
    row(write_range, "Writes", "seamark.write.range", "Indices of the write calls that carried this chunk"),
    row(write_source, "Known from", "seamark.write.source", "tag: the chunk extension says so; event: the call was recorded"),
};
// clang-format on

}  // namespace

void register_stream_fields() {
    proto_register_field_array(proto, rows, array_length(rows));
}

}  // namespace seamark::fields
