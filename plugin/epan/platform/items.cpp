// SPDX-License-Identifier: GPL-2.0-or-later
#define SEAMARK_WRAPS_LIBWIRESHARK  // wireshark.hpp
#include "platform/items.hpp"

#include <ctime>

namespace seamark {

proto_item* add_protocol(proto_tree* tree, Place place) {
    return proto_tree_add_item(tree, fields::proto, place.tvb, place.at, place.length, ENC_NA);
}

proto_item* add_bytes(proto_tree* tree, fields::Bytes field, Place place) {
    return proto_tree_add_item(tree, field.id, place.tvb, place.at, place.length, ENC_NA);
}

proto_item* add_number(proto_tree* tree, fields::Number field, Place place, std::uint32_t value) {
    return proto_tree_add_uint(tree, field.id, place.tvb, place.at, place.length, value);
}

proto_item* add_number(proto_tree* tree, fields::Number64 field, Place place, std::uint64_t value) {
    return proto_tree_add_uint64(tree, field.id, place.tvb, place.at, place.length, value);
}

proto_item* add_number(proto_tree* tree, fields::Signed field, Place place, std::int32_t value) {
    return proto_tree_add_int(tree, field.id, place.tvb, place.at, place.length, value);
}

proto_item* add_truth(proto_tree* tree, fields::Truth field, Place place, bool value) {
    return proto_tree_add_boolean(tree, field.id, place.tvb, place.at, place.length, value);
}

proto_item* add_frame(proto_tree* tree, fields::FrameLink field, tvbuff_t* tvb, FrameNumber value) {
    return proto_tree_add_uint(tree, field.id, tvb, 0, 0, static_cast<std::uint32_t>(value));
}

proto_item* add_time(proto_tree* tree, fields::Time field, Place place, std::int64_t nanoseconds) {
    constexpr std::int64_t kSecond = 1000000000;
    const nstime_t value{static_cast<std::time_t>(nanoseconds / kSecond),
                         static_cast<int>(nanoseconds % kSecond)};
    return proto_tree_add_time(tree, field.id, place.tvb, place.at, place.length, &value);
}

}  // namespace seamark
