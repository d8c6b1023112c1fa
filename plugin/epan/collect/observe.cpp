// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/observe.hpp"

#include <algorithm>

#include "collect/record.hpp"
#include "platform/fields.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"

namespace seamark {
namespace {

constexpr unsigned kTcp = 6;

dissector_handle_t next_dissector = nullptr;
dissector_handle_t tcp_dissector = nullptr;

ObservedSegment* first_of(packet_info* pinfo) {
    return static_cast<ObservedSegment*>(
        p_get_proto_data(pinfo->pool, pinfo, fields::proto_observer, 0));
}

/// CaptureInterface::packed() of the interface that a frame was captured at; 0: the capture does
/// not say.
std::uint64_t interface_of(tvbuff_t* tvb, const packet_info* pinfo) {
    const wtap_rec* record = pinfo->rec;
    CaptureInterface interface;
    interface.number = ws::interface_number(pinfo);
    // Captured at any interface, the link type's header has it (tcpdump's LINKTYPE_LINUX_SLL2).
    tvbuff_t* const frame = tvb_get_ds_tvb(tvb);
    constexpr int kHeader = 20;
    constexpr std::uint8_t kOutgoing = 4;  // PACKET_OUTGOING of packet(7)
    interface.is_any = record->rec_header.packet_header.pkt_encap == WTAP_ENCAP_SLL2 &&
                       tvb_captured_length(frame) >= kHeader;
    if (interface.is_any) {
        // A file that tells no interfaces apart has one (pcap, as `tcpdump -i any -w` writes it).
        interface.number = std::max<std::uint64_t>(interface.number, 1);
        interface.device = tvb_get_ntohl(frame, 4);
        interface.outgoing = *tvb_get_ptr(frame, 10, 1) == kOutgoing;
    }
    return interface.packed();
}

/// data: what the dissector of the layer below passes on, its header or nothing.
PacketOrigin origin_of(tvbuff_t* tvb, const packet_info* pinfo, void* data) {
    PacketOrigin origin;
    origin.interface = interface_of(tvb, pinfo);
    if (const ws_ip4* header = WS_IP4_PTR(data)) {
        origin.identification = header->ip_id;
        origin.hops_left = header->ip_ttl;
    } else if (const ws_ip6* header6 = WS_IP6_PTR(data)) {
        origin.hops_left = header6->ip6_hop;
    }
    return origin;
}

void note(tvbuff_t* tvb, packet_info* pinfo, void* data) {
    const unsigned captured = tvb_captured_length(tvb);
    const unsigned reported = tvb_reported_length(tvb);
    const std::uint8_t* bytes =
        captured > 0 ? tvb_get_ptr(tvb, 0, static_cast<int>(captured)) : nullptr;
    const auto header = parse_tcp_header({bytes, captured});
    if (!header || header->length > reported) return;
    ObservedSegment seen{};
    seen.tvb = tvb;
    copy_address_shallow(&seen.source, &pinfo->src);
    copy_address_shallow(&seen.destination, &pinfo->dst);
    seen.source_port = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
    seen.destination_port = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]);
    seen.header = *header;
    seen.origin = origin_of(tvb, pinfo, data);
    seen.wire_length = reported - header->length;
    seen.captured_length = captured > header->length ? captured - header->length : 0;
    // Half the packets of a transfer are bare acknowledgements: they carry no boundary, and only show
    // why the segments after them left. A bare FIN or RST may cut a message short.
    if (seen.wire_length == 0 && !header->syn && !header->fin && !header->rst) {
        record_acknowledgement(pinfo, seen);
        return;
    }
    auto* segment = wmem_new(pinfo->pool, ObservedSegment);
    *segment = seen;

    ObservedSegment* first = first_of(pinfo);
    if (first == nullptr) {
        p_add_proto_data(pinfo->pool, pinfo, fields::proto_observer, 0, segment);
        first = segment;
    } else {
        first->last->next = segment;
    }
    first->last = segment;
}

/// Dissectors that nest too deep: libwireshark then calls no other in this frame, a post-dissector
/// included.
bool too_deep(const packet_info* pinfo) {
    return wmem_list_count(pinfo->layers) + 1 >= prefs.gui_max_tree_depth;
}

void save_segments(packet_info* pinfo) noexcept {
    if (too_deep(pinfo)) in_frame(pinfo, [&] { record_early(pinfo, observed_segments(pinfo)); });
}

/// A shell of its own: the dissector after it is called whatever happens here.
int observe(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data) noexcept {
    // What an ICMP error quotes was not sent here; a first fragment alone is no segment.
    if (!pinfo->flags.in_error_pkt && !pinfo->fragmented)
        in_frame(pinfo, [&] { note(tvb, pinfo, data); });
    volatile int length = 0;
    TRY {
        length = call_dissector_only(next_dissector, tvb, pinfo, tree, data);
    }
    CATCH_ALL {
        save_segments(pinfo);
        RETHROW;
    }
    ENDTRY;
    save_segments(pinfo);
    return length;
}

/// "Decode As" TCP on IP protocol 6 asks for what is so anyhow, and takes every wrapper out.
void undo_decode_as_tcp() {
    // NOLINTNEXTLINE(misc-misplaced-const): the handle does not change, what it names may
    const dissector_handle_t current =
        dissector_get_uint_handle(find_dissector_table("ip.proto"), kTcp);
    if (current != nullptr && current == tcp_dissector) dissector_reset_uint("ip.proto", kTcp);
}

}  // namespace

void install_observer() {
    // Whatever handles TCP now, not "tcp" by name: two such wrappers would disable each other.
    next_dissector = dissector_get_uint_handle(find_dissector_table("ip.proto"), kTcp);
    if (next_dissector == nullptr) return;
    dissector_add_uint("ip.proto", kTcp,
                       registration::make_dissector(observe, fields::proto_observer));
    tcp_dissector = find_dissector("tcp");
    registration::at_begin(shell<undo_decode_as_tcp>);
}

const ObservedSegment* observed_segments(packet_info* pinfo) {
    return first_of(pinfo);
}

}  // namespace seamark
