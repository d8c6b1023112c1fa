// SPDX-License-Identifier: GPL-2.0-or-later
#include "draw_state.hpp"

#include "fields.hpp"
#include "text.hpp"

namespace seamark {
namespace {

struct Number {
    int field;
    std::uint32_t value;
};

template <std::size_t kCount>
void draw_numbers(proto_tree* root, tvbuff_t* tvb, const char* name,
                  const Number (&numbers)[kCount]) {
    proto_tree* tree = proto_tree_add_subtree(root, tvb, 84, -1, fields::tree_state, nullptr, name);
    for (const Number& number : numbers)
        proto_tree_add_uint(tree, number.field, tvb, 84, -1, number.value);
}

}  // namespace

void draw_state(packet_info* pinfo, proto_tree* root, tvbuff_t* tvb, const IoEvent& event) {
    if (event.state) {
        const KernelState& state = *event.state;
        draw_numbers(root, tvb, "Kernel state right after the call",
                     {{fields::state_cwnd, state.cwnd},
                      {fields::state_unacked, state.unacked},
                      {fields::state_mss, state.mss},
                      {fields::state_window, state.peer_window},
                      {fields::state_rtt, state.rtt_us},
                      {fields::state_queued, state.queued},
                      {fields::state_not_sent, state.not_sent}});
        if (state.detailed())
            draw_numbers(root, tvb, "More of it",
                         {{fields::state_in_flight, state.in_flight},
                          {fields::state_device_memory, state.device_memory},
                          {fields::state_send_buffer, state.send_buffer},
                          {fields::state_pacing_rate, state.pacing_rate}});
    }
    if (event.receive_state)
        draw_numbers(root, tvb, "Receiver's state right after the call",
                     {{fields::state_unread, event.receive_state->unread},
                      {fields::state_low_water, event.receive_state->low_water}});
    if (!event.congestion.empty())
        proto_tree_add_string(root, fields::state_congestion, tvb, 84, -1,
                              keep(pinfo, event.congestion));
}

}  // namespace seamark
