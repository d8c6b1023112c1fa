// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the plugin's own types refuse: a field of another type than what adds it, and a callback
// that an exception may leave. A test by compiling.
#include <type_traits>

#include "platform/items.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"

namespace seamark {
namespace {

template <typename Field, typename Value>
concept AddsNumber = requires(Field field, Value value) {
    add_number(nullptr, field, Place{}, value);
};
template <typename Field>
concept AddsText = requires(Field field) {
    add_text(nullptr, field, Place{}, "text");
};
template <typename Field>
concept AddsFrame = requires(Field field) {
    add_frame(nullptr, field, nullptr, FrameNumber::kNone);
};
template <typename Field>
concept AddsTime = requires(Field field) {
    add_time(nullptr, field, Place{}, 0);
};

static_assert(AddsNumber<decltype(fields::segment_len), std::uint32_t>);
static_assert(AddsNumber<decltype(fields::segment_offset), std::uint64_t>);
static_assert(AddsText<decltype(fields::framing)>);
static_assert(AddsFrame<decltype(fields::chunk_frame)>);
static_assert(AddsTime<decltype(fields::held)>);

static_assert(!AddsNumber<decltype(fields::framing), std::uint32_t>);
static_assert(!AddsNumber<decltype(fields::chunk_frame), std::uint32_t>);
static_assert(!AddsText<decltype(fields::segment_len)>);
static_assert(!AddsFrame<decltype(fields::chunk_frames)>);
static_assert(!AddsTime<decltype(fields::segment_offset)>);
static_assert(!AddsText<int>);

void throws() {}
int dissects(tvbuff_t*, packet_info*, proto_tree*) {
    return 0;
}

static_assert(std::is_convertible_v<decltype(shell<throws>), registration::Routine>);
static_assert(!std::is_convertible_v<decltype(&throws), registration::Routine>);
static_assert(std::is_convertible_v<decltype(dissector_shell<dissects>), registration::Dissect>);

}  // namespace
}  // namespace seamark
