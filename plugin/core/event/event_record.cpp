// SPDX-License-Identifier: GPL-2.0-or-later
//
// Events to bytes and back, by the tables of event_layout.h.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/base/moment.hpp"
#include "core/event/io_event.hpp"

namespace seamark {
namespace {

#define SEAMARK_ENUMERATOR(number, c_name, name, least) name = (number),
enum class Tag : std::uint16_t { SEAMARK_EVENT_TAGS(SEAMARK_ENUMERATOR) };
#undef SEAMARK_ENUMERATOR

/// Bytes that the value of a tag has at least; more of a tag that is not known than there can be.
constexpr std::size_t least_length(Tag tag) {
#define SEAMARK_LEAST(number, c_name, name, least) \
    case number:                                   \
        return least;
    // NOLINTNEXTLINE(bugprone-branch-clone): two fields may be of the same length
    switch (static_cast<std::uint16_t>(tag)) { SEAMARK_EVENT_TAGS(SEAMARK_LEAST) }
#undef SEAMARK_LEAST
    return ~std::size_t{0};
}

/// The members that have a field of the fixed part each.
template <typename Record, typename Event, typename Visit>
void each_field(Record& record, Event& event, Visit visit) {
    visit(record.kind, event.kind);
    visit(record.flags, event.flags);
    visit(record.index, event.index);
    visit(record.offset, event.offset);
    visit(record.requested, event.requested);
    visit(record.returned, event.returned);
    visit(record.entered, event.entered);
    visit(record.left, event.left);
    visit(record.error, event.error);
    visit(record.descriptor, event.descriptor);
    visit(record.process, event.process);
    visit(record.thread, event.thread);
    visit(record.connection, event.connection);
    visit(record.call, event.call);
    visit(record.recorder, event.recorder);
    visit(record.transmission, event.transmission);
    visit(record.option_level, event.option_level);
    visit(record.option_name, event.option_name);
}

/// The optional fields that are one number each, in the order in which they are written.
template <typename Event, typename Visit>
void each_number_field(Event& event, Visit visit) {
    visit(Tag::kSequence, event.sequence);
    visit(Tag::kLayer, event.layer);
    visit(Tag::kPacingStatus, event.pacing);
    visit(Tag::kPacingRate, event.pacing_rate);
    visit(Tag::kPacingLimit, event.pacing_limit);
    visit(Tag::kTcpState, event.tcp_state);
    visit(Tag::kDropped, event.dropped);
    visit(Tag::kAutocorking, event.autocorking);
}

template <typename State, typename Visit>
requires std::same_as<std::remove_const_t<State>, KernelState>
void each_number(State& state, Visit visit) {
#define SEAMARK_VISIT(name) visit(SEAMARK_SEND_##name, state.name);
    SEAMARK_SEND_STATE(SEAMARK_VISIT)
#undef SEAMARK_VISIT
}
template <typename State, typename Visit>
requires std::same_as<std::remove_const_t<State>, ReceiveState>
void each_number(State& state, Visit visit) {
#define SEAMARK_VISIT(name) visit(SEAMARK_RECEIVE_##name, state.name);
    SEAMARK_RECEIVE_STATE(SEAMARK_VISIT)
#undef SEAMARK_VISIT
}

// The recorders fill these structures number by number, in the order of the tables.
#define SEAMARK_IN_ORDER(name) \
    static_assert(offsetof(KernelState, name) == sizeof(std::uint32_t) * SEAMARK_SEND_##name);
SEAMARK_SEND_STATE(SEAMARK_IN_ORDER)
#undef SEAMARK_IN_ORDER
#define SEAMARK_IN_ORDER(name) \
    static_assert(offsetof(ReceiveState, name) == sizeof(std::uint32_t) * SEAMARK_RECEIVE_##name);
SEAMARK_RECEIVE_STATE(SEAMARK_IN_ORDER)
#undef SEAMARK_IN_ORDER
static_assert(sizeof(KernelState) == sizeof(std::uint32_t) * SEAMARK_SEND_STATE_NUMBERS);
static_assert(sizeof(ReceiveState) == sizeof(std::uint32_t) * SEAMARK_RECEIVE_STATE_NUMBERS);

template <std::size_t kBytes, typename Number>
void store(std::uint8_t (&field)[kBytes], Number value) {
    static_assert(sizeof value == kBytes);
    seamark_store(field, kBytes, static_cast<std::uint64_t>(value));
}

template <std::size_t kBytes, typename Number>
void load(const std::uint8_t (&field)[kBytes], Number& value) {
    static_assert(sizeof value == kBytes);
    value = static_cast<Number>(seamark_load(field, kBytes));
}

void put_bytes(std::vector<std::uint8_t>& out, const void* bytes, std::size_t count) {
    const auto* const first = static_cast<const std::uint8_t*>(bytes);
    out.insert(out.end(), first, first + count);
}

void put_value(std::vector<std::uint8_t>& out, Tag tag, std::span<const std::uint8_t> value) {
    seamark_event_tag head;
    store(head.tag, tag);
    store(head.length, static_cast<std::uint16_t>(value.size()));
    put_bytes(out, &head, sizeof head);
    put_bytes(out, value.data(), value.size());
    out.insert(out.end(), seamark_padding(value.size()), 0);
}

template <typename State>
void put_state(std::vector<std::uint8_t>& out, Tag tag, const State& state) {
    std::array<std::uint8_t, sizeof state> value;
    each_number(state, [&](std::size_t place, std::uint32_t number) {
        seamark_store(&value[place * sizeof number], sizeof number, number);
    });
    put_value(out, tag, value);
}

void put_text(std::vector<std::uint8_t>& out, Tag tag, std::string_view text) {
    if (text.empty()) return;
    put_value(out, tag,
              {reinterpret_cast<const std::uint8_t*>(text.data()),
               std::min<std::size_t>(text.size(), SEAMARK_EVENT_LONGEST_TEXT)});
}

template <typename State>
void read_state(std::span<const std::uint8_t> value, std::optional<State>& state) {
    each_number(state.emplace(), [&](std::size_t place, std::uint32_t& number) {
        const std::size_t at = place * sizeof number;  // what an older recorder left out stays 0
        if (at + sizeof number <= value.size())
            number = static_cast<std::uint32_t>(seamark_load(&value[at], sizeof number));
    });
}

void read_text(std::span<const std::uint8_t> value, std::string& text) {
    const auto kept = value.first(std::min<std::size_t>(value.size(), SEAMARK_EVENT_LONGEST_TEXT));
    text.assign(kept.begin(), kept.end());
}

/// One that is too short for its tag is as if it were not there.
void read_value(Tag tag, std::span<const std::uint8_t> value, IoEvent& event) {
    if (value.size() < least_length(tag)) return;
    if (tag == Tag::kSendState) return read_state(value, event.state);
    if (tag == Tag::kReceiveState) return read_state(value, event.receive_state);
    if (tag == Tag::kProgram) return read_text(value, event.program);
    if (tag == Tag::kCongestion) return read_text(value, event.congestion);
    each_number_field(event, [&]<typename Number>(Tag own, std::optional<Number>& number) {
        if (own == tag) number = static_cast<Number>(seamark_load(value.data(), sizeof(Number)));
    });
}

void read_tags(std::span<const std::uint8_t> rest, IoEvent& event) {
    seamark_event_tag head;
    while (rest.size() >= sizeof head) {
        std::memcpy(&head, rest.data(), sizeof head);
        rest = rest.subspan(sizeof head);
        Tag tag;
        std::uint16_t length;
        load(head.tag, tag);
        load(head.length, length);
        if (length > rest.size()) return;
        read_value(tag, rest.first(length), event);
        rest = rest.subspan(std::min(rest.size(), length + seamark_padding(length)));
    }
}

/// Whether flag kOffsetKnown means what it says: nothing else may be joined with segments.
bool counts_bytes_of_tcp(const IoEvent& event) {
    return event.kind <= EventKind::kEnd && !event.has(EventFlags::kAmbiguous) &&
           event.layer.value_or(Layer::kSocket) == Layer::kSocket;
}

}  // namespace

void encode(const IoEvent& event, std::vector<std::uint8_t>& out) {
    seamark_event_record record;
    store(record.version, std::uint8_t{SEAMARK_EVENT_VERSION});
    store(record.fixed_length, std::uint16_t{SEAMARK_EVENT_FIXED_LENGTH});
    each_field(record, event, [](auto& field, const auto& member) { store(field, member); });
    put_bytes(out, &record, sizeof record);
    if (event.state) put_state(out, Tag::kSendState, *event.state);
    if (event.receive_state) put_state(out, Tag::kReceiveState, *event.receive_state);
    put_text(out, Tag::kProgram, event.program);
    put_text(out, Tag::kCongestion, event.congestion);
    each_number_field(event, [&]<typename Number>(Tag tag, const std::optional<Number>& number) {
        if (!number) return;
        std::uint8_t value[sizeof(Number)];
        store(value, *number);
        put_value(out, tag, value);
    });
}

RecordFault fault_of(std::span<const std::uint8_t> bytes) {
    seamark_event_record record;
    if (bytes.empty()) return RecordFault::kCut;
    const std::uint8_t version = bytes[offsetof(seamark_event_record, version)];
    if (version == 0) return RecordFault::kNoVersion;
    if (version >= SEAMARK_EVENT_FOREIGN_VERSION) return RecordFault::kForeignVersion;
    if (bytes.size() < sizeof record) return RecordFault::kCut;
    std::memcpy(&record, bytes.data(), sizeof record);
    std::uint16_t fixed_length;
    load(record.fixed_length, fixed_length);
    if (fixed_length < sizeof record) return RecordFault::kShortFixedPart;
    return fixed_length > bytes.size() ? RecordFault::kCut : RecordFault::kNone;
}

std::optional<IoEvent> decode(std::span<const std::uint8_t> bytes) {
    if (fault_of(bytes) != RecordFault::kNone) return std::nullopt;
    seamark_event_record record;
    std::memcpy(&record, bytes.data(), sizeof record);
    IoEvent event;
    each_field(record, event, [](const auto& field, auto& member) { load(field, member); });
    event.entered = moment_of(event.entered);
    event.left = moment_of(event.left);
    std::uint16_t fixed_length;
    load(record.fixed_length, fixed_length);
    read_tags(bytes.subspan(fixed_length), event);
    if (!counts_bytes_of_tcp(event)) event.flags &= ~EventFlags::kOffsetKnown;
    return event;
}

std::string_view describe(RecordFault fault) {
    switch (fault) {
        case RecordFault::kNone:
            return "An event record";
        case RecordFault::kCut:
            return "Not a whole event record";
        case RecordFault::kNoVersion:
            return "Not an event record: its version is 0";
        case RecordFault::kForeignVersion:
            return "An event record of a later format: a newer Seamark reads it";
        case RecordFault::kShortFixedPart:
            return "Not an event record: its fixed part is too short";
    }
    return "";
}

}  // namespace seamark
