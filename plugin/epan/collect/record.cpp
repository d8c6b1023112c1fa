// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/record.hpp"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "platform/preferences.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"

namespace seamark {
namespace {

// libwireshark's callbacks carry no state of ours; this is it, for one capture at a time.
std::unique_ptr<Connections> connections;
DecoderMaker make_decoder = nullptr;

void start_capture() {
    const DecodingBudget decoding{.make = make_decoder, .limits = preferences::decoding_limits()};
    connections = std::make_unique<Connections>(preferences::waiting_budget(), decoding,
                                                preferences::pair_legs());
}
void end_capture() {
    connections.reset();
}
void finish() {
    if (connections) connections->finish();
}

/// The connection it is of; null: none that is tracked.
TrackedConnection* record_segment(packet_info* pinfo, const ObservedSegment& seen) {
    TrackedConnection* tracked = recorded().find_in_order(pinfo, seen);
    if (tracked == nullptr) return nullptr;
    CapturedSegment segment;
    segment.frame = FrameNumber{pinfo->num};
    segment.timed = (pinfo->rec->presence_flags & WTAP_HAS_TS) != 0;
    segment.time = segment.timed ? nanoseconds(pinfo->abs_ts) : 0;
    segment.header = seen.header;
    segment.origin = seen.origin;
    if (seen.origin.interface != 0) recorded().name_interface(pinfo, seen.origin.interface);
    segment.wire_length = seen.wire_length;
    if (seen.captured_length > 0) {
        const auto length = static_cast<int>(seen.captured_length);
        segment.payload = {tvb_get_ptr(seen.tvb, seen.header.length, length), seen.captured_length};
    }
    tracked->connection.add(tracked->sender(seen), segment);
    return tracked;
}

/// What Wireshark's TLS dissector decrypted in a packet with one segment (of several it does
/// not say whose records they are). tracked: the segment's connection; null: to be looked up.
void record_plaintext(packet_info* pinfo, const ObservedSegment* seen, TrackedConnection* tracked) {
    if (seen == nullptr || seen->next != nullptr || seen->captured_length == 0) return;
    if (tracked == nullptr) tracked = recorded().find_known(pinfo, *seen);
    if (tracked == nullptr || !tracked->connection.has_record()) return;
    const Side side = tracked->sender(*seen);
    const bool timed = (pinfo->rec->presence_flags & WTAP_HAS_TS) != 0;
    const std::int64_t payload_at = tvb_raw_offset(seen->tvb) + seen->header.length;
    ws::each_decrypted(pinfo, [&](const ws::Decrypted& decrypted) {
        Connection::DecryptedRecord record;
        record.frame = FrameNumber{pinfo->num};
        record.time = timed ? nanoseconds(pinfo->abs_ts) : 0;
        record.timed = timed;
        record.type = decrypted.type;
        record.plaintext = {decrypted.plaintext, decrypted.length};
        const std::int64_t header =
            decrypted.at - static_cast<std::int64_t>(TlsRecord::kHeader) - payload_at;
        if (header >= 0 && header < seen->captured_length)
            record.header = RawSequence{static_cast<std::uint32_t>(seen->header.sequence) +
                                        static_cast<std::uint32_t>(header) +
                                        static_cast<std::uint32_t>(seen->header.syn)};
        tracked->connection.add_plaintext(side, record);
    });
}

/// The connection of the last segment; null where it was recorded before.
TrackedConnection* record_all(packet_info* pinfo, const ObservedSegment* seen) {
    TrackedConnection* tracked = nullptr;
    for (; seen != nullptr; seen = seen->next)
        tracked = std::exchange(seen->recorded, true) ? nullptr : record_segment(pinfo, *seen);
    return tracked;
}

}  // namespace

void record(packet_info* pinfo, const ObservedSegment* seen) {
    if (PINFO_FD_VISITED(pinfo)) {
        recorded().confirm_frame(FrameNumber{pinfo->num});
        return;
    }
    recorded().begin_frame(FrameNumber{pinfo->num});
    record_plaintext(pinfo, seen, record_all(pinfo, seen));
    recorded().end_frame();
}

void record_early(packet_info* pinfo, const ObservedSegment* seen) {
    if (PINFO_FD_VISITED(pinfo)) {
        recorded().confirm_frame(FrameNumber{pinfo->num});
        return;
    }
    // Not ended: the rest of the frame, and the post-dissector if it is called, go on with it.
    recorded().begin_frame(FrameNumber{pinfo->num});
    record_all(pinfo, seen);
}

void record_acknowledgement(packet_info* pinfo, const ObservedSegment& seen) {
    if (PINFO_FD_VISITED(pinfo)) return;
    TrackedConnection* tracked = recorded().find_known(pinfo, seen);
    if (tracked == nullptr) return;
    tracked->connection.acknowledge(tracked->sender(seen), seen.header, nanoseconds(pinfo->abs_ts),
                                    FrameNumber{pinfo->num}, seen.origin);
}

void record_event(packet_info* pinfo, const ObservedSegment& end_points, const IoEvent& event) {
    if (PINFO_FD_VISITED(pinfo)) return;
    // Events come while the packet is dissected, before record() is notified of it.
    recorded().begin_frame(FrameNumber{pinfo->num});
    const bool known = (pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) != 0;
    const std::uint32_t interface =
        known ? pinfo->rec->rec_header.packet_header.interface_id : std::uint32_t{0};
    recorded().add_event(pinfo, end_points, event, interface);
}

Connections& recorded() {
    if (!connections) start_capture();
    return *connections;
}

void install_recorder(DecoderMaker decoders) {
    make_decoder = decoders;
    registration::at_begin(shell<start_capture>);
    registration::at_close(shell<end_capture>);
    registration::at_end_of_first_pass(shell<finish>);
}

}  // namespace seamark
