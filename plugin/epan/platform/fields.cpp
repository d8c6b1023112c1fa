// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {

void register_all() {
    static int* subtrees[] = {&tree_root,  &tree_segment, &tree_record, &tree_message,
                              &tree_chunk, &tree_item,    &tree_call,   &tree_frames,
                              &tree_cause, &tree_state,   &tree_leg};
    proto = proto_register_protocol("Seamark (boundaries of an HTTP stream)", "Seamark", "seamark");
    // The order in which `tshark -G fields` and docs/fields.md list them.
    register_stream_fields();
    register_record_fields();
    register_call_fields();
    register_cause_fields();
    register_leg_fields();
    proto_register_subtree_array(subtrees, array_length(subtrees));
    register_expert_infos();
}

}  // namespace seamark::fields
