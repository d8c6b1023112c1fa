// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

// Words are strings here, not numbers with words for each: `tshark -T fields` and JSON print the
// word then, and filters compare it.

// libwireshark keeps pointers to these for as long as it runs.
constexpr value_string kPacingRates[] = {{0xffffffff, "none"}, {0, nullptr}};
// clang-format off
hf_register_info rows[] = {
    // A recorded write call.
    row(write_requested, "Write bytes asked", "seamark.write.requested", "Bytes that the call asked for", kBytes),
    row(write_returned, "Write bytes taken", "seamark.write.returned", "Bytes handed to the kernel", kBytes),
    row(write_call, "Write call", "seamark.write.call", "Name of the call"),
    row(write_frame, "Write carried by frame", "seamark.write.frame", "Frame that carries bytes of the call"),
    row(write_frames, "Frames of the write", "seamark.write.frames", "How many frames carry bytes of the call"),
    row(write_delay, "From the call to its first byte in the capture", "seamark.write.delay", "By the clocks of recorder and capture"),
    row(write_event, "Write recorded in frame", "seamark.write.event", "Frame of the event packet"),
    // A recorded read call.
    row(read, "Read", "seamark.read", "Index of a read call that took bytes of this segment"),
    row(read_requested, "Read bytes asked", "seamark.read.requested", "Bytes that the call asked for", kBytes),
    row(read_size, "Read bytes taken", "seamark.read.size", "Bytes taken out of the kernel", kBytes),
    row(read_call, "Read call", "seamark.read.call", "Name of the call"),
    row(read_frame, "Read carried by frame", "seamark.read.frame", "Frame that carries bytes of the call"),
    row(read_frames, "Frames of the read", "seamark.read.frames", "How many frames carry bytes of the call"),
    row(read_delay, "From its last byte in the capture to the return", "seamark.read.delay", "By the clocks of recorder and capture"),
    row(read_event, "Read recorded in frame", "seamark.read.event", "Frame of the event packet"),
    // A recorded call above TLS.
    row(app_write, "Application write", "seamark.app_write", "Index of a call that wrote bytes of this segment's records into TLS"),
    row(app_write_range, "Application writes of the chunk", "seamark.app_write.range", "The calls that wrote the chunk into TLS, by index"),
    row(app_write_requested, "Application write bytes asked", "seamark.app_write.requested", "Bytes that the call asked for", kBytes),
    row(app_write_returned, "Application write bytes taken", "seamark.app_write.returned", "Bytes handed to TLS", kBytes),
    row(app_write_call, "Application write call", "seamark.app_write.call", "Name of the call"),
    row(app_write_frame, "Application write carried by frame", "seamark.app_write.frame", "Frame that carries bytes of the call's records"),
    row(app_write_frames, "Frames of the application write", "seamark.app_write.frames", "How many frames carry bytes of the call's records"),
    row(app_write_delay, "From the call into TLS to its first byte in the capture", "seamark.app_write.delay", "By the clocks of recorder and capture"),
    row(app_write_event, "Application write recorded in frame", "seamark.app_write.event", "Frame of the event packet"),
    row(app_read, "Application read", "seamark.app_read", "Index of a call that took bytes of this segment's records out of TLS"),
    row(app_read_requested, "Application read bytes asked", "seamark.app_read.requested", "Bytes that the call asked for", kBytes),
    row(app_read_size, "Application read bytes taken", "seamark.app_read.size", "Bytes taken out of TLS", kBytes),
    row(app_read_call, "Application read call", "seamark.app_read.call", "Name of the call"),
    row(app_read_frame, "Application read carried by frame", "seamark.app_read.frame", "Frame that carries bytes of the call's records"),
    row(app_read_frames, "Frames of the application read", "seamark.app_read.frames", "How many frames carry bytes of the call's records"),
    row(app_read_delay, "From its last byte in the capture to the return from TLS", "seamark.app_read.delay", "By the clocks of recorder and capture"),
    row(app_read_event, "Application read recorded in frame", "seamark.app_read.event", "Frame of the event packet"),
    // State of the kernel right after a call.
    row(state_cwnd, "Congestion window", "seamark.state.cwnd", "Packets, right after the call", kPackets),
    row(state_unacked, "Unacknowledged", "seamark.state.unacked", "Packets, right after the call", kPackets),
    row(state_mss, "MSS", "seamark.state.mss", "Most bytes of a packet that is sent, right after the call", kBytes),
    row(state_window, "Peer's window", "seamark.state.window", "Bytes, right after the call", kBytes),
    row(state_rtt, "Smoothed round-trip time", "seamark.state.rtt", "Microseconds, right after the call", kMicroseconds),
    row(state_queued, "Not acknowledged", "seamark.state.queued", "Bytes, those not sent included, right after the call", kBytes),
    row(state_not_sent, "Not sent", "seamark.state.not_sent", "Bytes, right after the call", kBytes),
    row(state_in_flight, "In flight", "seamark.state.in_flight", "Packets, less those SACKed or lost, right after the call", kPackets),
    row(state_device_memory, "Memory below TCP", "seamark.state.device_memory", "Bytes of memory of packets that wait below TCP, right after the call", kBytes),
    row(state_send_buffer, "Send buffer", "seamark.state.send_buffer", "Bytes of memory, right after the call", kBytes),
    row(state_pacing_rate, "Pacing rate (KiB/s)", "seamark.state.pacing_rate", "KiB a second; 4294967295: none, right after the call", kPacingRates),
    row(state_unread, "Left unread", "seamark.state.unread", "Bytes, right after the call", kBytes),
    row(state_low_water, "SO_RCVLOWAT", "seamark.state.low_water", "Bytes, right after the call", kBytes),
    row(state_congestion, "Congestion control", "seamark.state.congestion", "Name of the algorithm"),
    // An event packet.
    row(event_kind, "Event", "seamark.event.kind", "What was recorded"),
    row(event_offset, "Call stream offset", "seamark.event.offset", "Offset of the first byte taken"),
    row(event_sequence, "Call sequence number", "seamark.event.sequence", "TCP sequence number of the first byte moved"),
    row(event_errno, "errno", "seamark.event.errno", "Error of a call that failed"),
    row(event_process, "Process", "seamark.event.process", "Process that made the call"),
    row(event_thread, "Thread", "seamark.event.thread", "Thread that made the call"),
    row(event_descriptor, "Descriptor", "seamark.event.descriptor", "File descriptor"),
    row(event_took, "Time in the call", "seamark.event.took", "From entry to return"),
    row(event_dropped, "Events dropped", "seamark.event.dropped", "Events that the recorder could not keep"),
};
// clang-format on

}  // namespace

void register_call_fields() {
    proto_register_field_array(proto, rows, array_length(rows));
}

}  // namespace seamark::fields
