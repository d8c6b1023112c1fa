// SPDX-License-Identifier: GPL-2.0-or-later
#include "epan/collect/connections.hpp"

#include <algorithm>
#include <utility>

namespace seamark {

SocketAddress endpoint(const address& where, std::uint16_t port) {
    char* text = address_to_str(nullptr, &where);
    SocketAddress result{text, port};
    wmem_free(nullptr, text);
    return result;
}

namespace {

ConnectionEnds ends_of(std::uint32_t number, const EndpointKey& first, const EndpointKey& second) {
    return {
        number, {first.hash_of_address(), second.hash_of_address()}, {first.hash(), second.hash()}};
}

const tcp_analysis* tcp_of(packet_info* pinfo, const ObservedSegment& seen) {
    static const int proto_tcp = proto_get_id_by_filter_name("tcp");
    conversation_t* conversation =
        find_conversation(pinfo->num, &seen.source, &seen.destination, CONVERSATION_TCP,
                          seen.source_port, seen.destination_port, 0);
    if (conversation == nullptr) return nullptr;
    return static_cast<const tcp_analysis*>(conversation_get_proto_data(conversation, proto_tcp));
}

}  // namespace

TrackedConnection::TrackedConnection(std::uint32_t number, const ObservedSegment& seen,
                                     std::int64_t time, WaitingBudget& budget, LegIndex* legs)
    : stream(number),
      first(seen.source, seen.source_port),
      second(seen.destination, seen.destination_port),
      began(time),
      connection(budget, ends_of(number, first, second), legs) {}

Side TrackedConnection::sender(const ObservedSegment& seen) const {
    return first.matches(seen.source, seen.source_port) ? Side::kFirst : Side::kSecond;
}

EndpointKey::EndpointKey(const address& where, std::uint16_t port)
    : type_(where.type), length_(static_cast<std::uint16_t>(where.len)), port_(port) {
    std::copy_n(static_cast<const std::uint8_t*>(where.data), compared(length_), bytes_.begin());
}

SocketAddress EndpointKey::text() const {
    address where;
    set_address(&where, type_, static_cast<int>(compared(length_)), bytes_.data());
    return endpoint(where, port_);
}

void Connections::begin_frame(FrameNumber frame) {
    if (std::exchange(in_frame_, true) && frame == last_frame_) return;
    if (frame == last_frame_) forget_last_frame();
    last_frame_ = frame;
    last_touched_.clear();
    legs_.reopen();
}

void Connections::forget_last_frame() {
    for (TrackedConnection* tracked : last_touched_) tracked->connection.forget(last_frame_);
    last_touched_.clear();
    if (router_) router_->forget(last_frame_);
}

TrackedConnection* Connections::find_in_order(packet_info* pinfo, const ObservedSegment& seen) {
    TrackedConnection* tracked = look_up_in_order(pinfo, seen, true);
    if (tracked != nullptr) last_touched_.push_back(tracked);
    return tracked;
}

TrackedConnection* Connections::find_known(packet_info* pinfo, const ObservedSegment& seen) {
    return look_up_in_order(pinfo, seen, false);
}

TrackedConnection* Connections::look_up_in_order(packet_info* pinfo, const ObservedSegment& seen,
                                                 bool make) {
    TrackedConnection*& slot = recent_[(seen.source_port ^ seen.destination_port) % kRecent];
    if (slot != nullptr && !seen.header.syn) {
        const bool there = slot->first.matches(seen.source, seen.source_port) &&
                           slot->second.matches(seen.destination, seen.destination_port);
        const bool back = slot->first.matches(seen.destination, seen.destination_port) &&
                          slot->second.matches(seen.source, seen.source_port);
        if (there || back) return slot;
    }
    return slot = find(pinfo, seen, make);
}

TrackedConnection* Connections::find(packet_info* pinfo, const ObservedSegment& seen, bool make) {
    const tcp_analysis* tcp = tcp_of(pinfo, seen);
    if (tcp == nullptr) return nullptr;
    if (tcp->stream >= by_stream_.size()) {
        if (!make) return nullptr;
        by_stream_.resize(tcp->stream + std::size_t{1});
    }
    auto& slot = by_stream_[tcp->stream];
    if (!slot && make) {
        slot = std::make_unique<TrackedConnection>(tcp->stream, seen, nanoseconds(pinfo->abs_ts),
                                                   budget_, pair_legs_ ? &legs_.index() : nullptr);
        if (router_) router_->know(*slot);
    }
    return slot.get();
}

void Connections::add_event(const ObservedSegment& end_points, const IoEvent& event,
                            FrameNumber frame, std::uint32_t interface) {
    if (!router_) {
        router_.emplace();
        for (const auto& tracked : by_stream_)
            if (tracked) router_->know(*tracked);
    }
    router_->route(end_points, event, frame, interface);
}

void Connections::finish() {
    // Behind the last frame of the capture there is none that would take its number.
    if (confirmed_ != FrameNumber::kNone && confirmed_ < last_frame_) forget_last_frame();
    for (const auto& tracked : by_stream_)
        if (tracked) tracked->connection.finish();
    legs_.finish();
}

std::vector<CaptureEntry> Connections::table() const {
    std::vector<CaptureEntry> entries;
    for (const auto& tracked : by_stream_)
        if (tracked && tracked->connection.has_message())
            entries.push_back({tracked->stream, &tracked->connection, tracked->first.text(),
                               tracked->second.text()});
    return entries;
}

}  // namespace seamark
