// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/connections.hpp"

#include <algorithm>
#include <utility>

#include "platform/first_pass.hpp"

namespace seamark {
namespace {

const tcp_analysis* tcp_of(packet_info* pinfo, const ObservedSegment& seen) {
    static const int proto_tcp = proto_get_id_by_filter_name("tcp");
    conversation_t* conversation =
        find_conversation(pinfo->num, &seen.source, &seen.destination, CONVERSATION_TCP,
                          seen.source_port, seen.destination_port, 0);
    if (conversation == nullptr) return nullptr;
    return static_cast<const tcp_analysis*>(conversation_get_proto_data(conversation, proto_tcp));
}

}  // namespace

void Connections::begin_frame(FrameNumber frame) {
    if (std::exchange(in_frame_, true) && frame == last_frame_) return;
    if (frame == last_frame_) forget_last_frame();
    last_frame_ = frame;
    last_touched_.clear();
    legs_.reopen();
    delays_.clear();
}

void Connections::forget_last_frame() {
    for (TrackedConnection* tracked : last_touched_) tracked->connection.forget(last_frame_);
    last_touched_.clear();
    if (router_) router_->forget(last_frame_);
}

TrackedConnection* Connections::find_in_order(packet_info* pinfo, const ObservedSegment& seen) {
    assert_first_pass(pinfo);
    TrackedConnection* tracked = look_up_in_order(pinfo, seen, true);
    if (tracked != nullptr) last_touched_.push_back(tracked);
    return tracked;
}

TrackedConnection* Connections::find_known(packet_info* pinfo, const ObservedSegment& seen) {
    assert_first_pass(pinfo);
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
    return slot = look_up(pinfo, seen, make);
}

const TrackedConnection* Connections::find(packet_info* pinfo, const ObservedSegment& seen) const {
    const tcp_analysis* tcp = tcp_of(pinfo, seen);
    if (tcp == nullptr || tcp->stream >= by_stream_.size()) return nullptr;
    return by_stream_[tcp->stream].get();
}

TrackedConnection* Connections::look_up(packet_info* pinfo, const ObservedSegment& seen,
                                        bool make) {
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
        slot->connection.set_decoding(&decoding_);
        if (router_) router_->know(*slot);
    }
    return slot.get();
}

void Connections::name_interface(packet_info* pinfo, std::uint64_t packed) {
    if (packed == last_interface_) return;
    last_interface_ = packed;
    const bool known = (pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) != 0;
    const std::uint32_t number =
        known ? pinfo->rec->rec_header.packet_header.interface_id : std::uint32_t{0};
    interfaces_.add(CaptureInterface::of(packed), number,
                    ws::interface_name(pinfo->epan, number, ws::section_number(pinfo)));
}

void Connections::add_event(packet_info* pinfo, const ObservedSegment& end_points,
                            const IoEvent& event, std::uint32_t interface) {
    assert_first_pass(pinfo);
    if (!router_) {
        router_.emplace();
        for (const auto& tracked : by_stream_)
            if (tracked) router_->know(*tracked);
    }
    router_->route(end_points, event, FrameNumber{pinfo->num}, interface);
}

void Connections::finish() {
    // After the last frame of the capture there is none that would take its number.
    if (confirmed_ != FrameNumber::kNone && confirmed_ < last_frame_) forget_last_frame();
    for (const auto& tracked : by_stream_)
        if (tracked) tracked->connection.finish();
    legs_.finish();
    delays_.clear();
}

const DelayBook::Entry* Connections::delay_of(const Leg& leg, std::uint32_t event) {
    if (legs_.final() == nullptr) return nullptr;
    if (!delays_.filled()) {
        std::vector<const Connection*> all;
        for (const CaptureEntry& entry : table()) all.push_back(entry.connection);
        delays_.fill(std::move(all), legs_.final());
    }
    return delays_.find(leg, event);
}

std::vector<CaptureEntry> Connections::table() const {
    std::vector<CaptureEntry> entries;
    for (const auto& tracked : by_stream_) {
        if (!tracked || !tracked->connection.has_payload()) continue;
        entries.push_back({tracked->stream, &tracked->connection, tracked->first.text(),
                           tracked->second.text(), &interfaces_});
        if (const Connection* plain = tracked->connection.plain(); plain && plain->has_payload())
            entries.push_back({tracked->stream, plain, tracked->first.text(),
                               tracked->second.text(), &interfaces_});
    }
    return entries;
}

}  // namespace seamark
