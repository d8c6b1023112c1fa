// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/base/byte_range.hpp"
#include "platform/fields.hpp"

namespace seamark {

/// A stretch of a tvb, for an item to stand on.
struct Place {
    tvbuff_t* tvb;
    int at = 0;
    int length = 0;
};

/// Whether somebody looks at the tree as a whole: not where it is made for the values of some fields.
inline bool is_visible(const proto_tree* tree) {
    return tree != nullptr && PTREE_DATA(tree)->visible;
}

/// Whether somebody looks at the tree as a whole, or at the values of this field.
template <ftenum kType>
bool is_wanted(proto_tree* tree, const fields::Field<kType>& field) {
    return tree != nullptr && proto_field_is_referenced(tree, field.id);
}

// libwireshark's functions that add items, for fields of the type that each takes; a field of
// another type does not compile. Trees may be null. Text is added by text.hpp.
proto_item* add_protocol(proto_tree* tree, Place place);
proto_item* add_bytes(proto_tree* tree, fields::Bytes field, Place place);
proto_item* add_number(proto_tree* tree, fields::Number field, Place place, std::uint32_t value);
proto_item* add_number(proto_tree* tree, fields::Number64 field, Place place, std::uint64_t value);
proto_item* add_number(proto_tree* tree, fields::Signed field, Place place, std::int32_t value);
proto_item* add_truth(proto_tree* tree, fields::Truth field, Place place, bool value);
/// A link to a frame; stands on no bytes.
proto_item* add_frame(proto_tree* tree, fields::FrameLink field, tvbuff_t* tvb, FrameNumber value);
proto_item* add_time(proto_tree* tree, fields::Time field, Place place, std::int64_t nanoseconds);

}  // namespace seamark
