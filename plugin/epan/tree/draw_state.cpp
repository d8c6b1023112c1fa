// SPDX-License-Identifier: GPL-2.0-or-later
#include "epan/tree/draw_state.hpp"

#include "epan/platform/fields.hpp"
#include "epan/platform/text.hpp"

namespace seamark {
namespace {

/// Types of optional parts, docs/event-format.md.
enum Part : std::uint16_t { kSendState = 1, kCongestion = 3, kReceiveState = 4 };

/// Where the value of an optional part is; an empty place at 0 where there is none. The record was
/// read before, so that its lengths hold.
Place find(tvbuff_t* tvb, Part part) {
    constexpr int kHeader = 4;
    const int end = static_cast<int>(tvb_captured_length(tvb));
    for (int at = tvb_get_ntohs(tvb, 2); at + kHeader <= end;) {
        const int length = tvb_get_ntohs(tvb, at + 2);
        if (tvb_get_ntohs(tvb, at) == part && length <= end - at - kHeader)
            return {tvb, at + kHeader, length};
        at += kHeader + (length + 3) / 4 * 4;
    }
    return {tvb};
}

struct Number {
    int field;
    int index;  // in the part
    std::uint32_t value;
};

template <std::size_t kCount>
void draw_numbers(proto_tree* root, Place place, Shown name, const Number (&numbers)[kCount]) {
    proto_tree* tree = add_subtree(root, place, fields::tree_state, nullptr, name);
    constexpr int kSize = 4;
    for (const Number& number : numbers) {
        const int at = number.index * kSize;
        const bool there = at + kSize <= place.length;
        proto_tree_add_uint(tree, number.field, place.tvb, there ? place.at + at : 0,
                            there ? kSize : 0, number.value);
    }
}

}  // namespace

void draw_state(packet_info* pinfo, proto_tree* root, tvbuff_t* tvb, const IoEvent& event) {
    if (event.state) {
        const KernelState& state = *event.state;
        const Place place = find(tvb, kSendState);
        draw_numbers(root, place, "Kernel state right after the call",
                     {{fields::state_cwnd, 0, state.cwnd},
                      {fields::state_unacked, 1, state.unacked},
                      {fields::state_mss, 2, state.mss},
                      {fields::state_window, 3, state.peer_window},
                      {fields::state_rtt, 4, state.rtt_us},
                      {fields::state_queued, 5, state.queued},
                      {fields::state_not_sent, 6, state.not_sent}});
        if (state.detailed())
            draw_numbers(root, place, "More of it",
                         {{fields::state_in_flight, 8, state.in_flight},
                          {fields::state_device_memory, 9, state.device_memory},
                          {fields::state_send_buffer, 11, state.send_buffer},
                          {fields::state_pacing_rate, 12, state.pacing_rate}});
    }
    if (event.receive_state)
        draw_numbers(root, find(tvb, kReceiveState), "Receiver's state right after the call",
                     {{fields::state_unread, 0, event.receive_state->unread},
                      {fields::state_low_water, 1, event.receive_state->low_water}});
    if (!event.congestion.empty())
        add_text(root, fields::state_congestion, find(tvb, kCongestion),
                 shown(pinfo, event.congestion));
}

}  // namespace seamark
