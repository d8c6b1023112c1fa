// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_state.hpp"

#include "platform/fields.hpp"
#include "platform/text.hpp"
#include "tree/record_places.hpp"

namespace seamark {
namespace {

struct Number {
    fields::Number field;
    int index;  // SEAMARK_SEND_… or SEAMARK_RECEIVE_…
    std::uint32_t value;
};

template <std::size_t kCount>
void draw_numbers(proto_tree* root, Place place, Shown name, const Number (&numbers)[kCount]) {
    proto_tree* tree = add_subtree(root, place, fields::tree_state, nullptr, name);
    constexpr int kSize = sizeof numbers[0].value;
    for (const Number& number : numbers) {
        const int at = number.index * kSize;
        const bool there = at + kSize <= place.length;
        add_number(tree, number.field,
                   there ? Place{place.tvb, place.at + at, kSize} : Place{place.tvb}, number.value);
    }
}

}  // namespace

void draw_state(packet_info* pinfo, proto_tree* root, tvbuff_t* tvb, const IoEvent& event) {
    const RecordPlaces record{tvb};
    if (event.state) {
        const KernelState& state = *event.state;
        const Place place = record.value(SEAMARK_TAG_SEND_STATE);
        draw_numbers(root, place, "Kernel state right after the call",
                     {{fields::state_cwnd, SEAMARK_SEND_cwnd, state.cwnd},
                      {fields::state_unacked, SEAMARK_SEND_unacked, state.unacked},
                      {fields::state_mss, SEAMARK_SEND_mss, state.mss},
                      {fields::state_window, SEAMARK_SEND_peer_window, state.peer_window},
                      {fields::state_rtt, SEAMARK_SEND_rtt_us, state.rtt_us},
                      {fields::state_queued, SEAMARK_SEND_queued, state.queued},
                      {fields::state_not_sent, SEAMARK_SEND_not_sent, state.not_sent}});
        if (state.detailed())
            draw_numbers(
                root, place, "More of it",
                {{fields::state_in_flight, SEAMARK_SEND_in_flight, state.in_flight},
                 {fields::state_device_memory, SEAMARK_SEND_device_memory, state.device_memory},
                 {fields::state_send_buffer, SEAMARK_SEND_send_buffer, state.send_buffer},
                 {fields::state_pacing_rate, SEAMARK_SEND_pacing_rate, state.pacing_rate}});
    }
    if (event.receive_state)
        draw_numbers(
            root, record.value(SEAMARK_TAG_RECEIVE_STATE), "Receiver's state right after the call",
            {{fields::state_unread, SEAMARK_RECEIVE_unread, event.receive_state->unread},
             {fields::state_low_water, SEAMARK_RECEIVE_low_water, event.receive_state->low_water}});
    if (!event.congestion.empty())
        add_text(root, fields::state_congestion, record.value(SEAMARK_TAG_CONGESTION),
                 shown(pinfo, event.congestion));
}

}  // namespace seamark
