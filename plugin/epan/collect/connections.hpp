// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "collect/call_router.hpp"
#include "collect/tracked_connection.hpp"
#include "core/delay/delay_book.hpp"
#include "core/proxy/leg_book.hpp"
#include "core/report/chunk_table.hpp"

namespace seamark {

/// All connections of the capture that is open. One at a time: made anew for each file (and for
/// each redissection), dropped with it.
class Connections {
  public:
    /// pair_legs: look for legs of proxies; else no body is looked at, and legs() has none.
    Connections(WaitingBudget budget, DecodingBudget decoding, bool pair_legs)
        : budget_(budget), decoding_(decoding), pair_legs_(pair_legs) {}

    /// A frame of the first pass begins, or goes on where it was not ended. A read filter drops
    /// frames after they were dissected, and the next frame takes the number: then what came last
    /// under this number is forgotten.
    void begin_frame(FrameNumber frame);
    void end_frame() { in_frame_ = false; }
    /// A frame that a later pass visits is one of the capture.
    void confirm_frame(FrameNumber frame) { confirmed_ = std::max(confirmed_, frame); }

    /// The connection of this segment; null where none is recorded.
    const TrackedConnection* find(packet_info* pinfo, const ObservedSegment& seen) const;

    // What only a first pass may do. Each asserts that it is one, by a longjmp: no caller has an
    // object with a destructor at that point.

    /// The connection of a packet of the first pass, in order of capture; made where Wireshark has
    /// a new one, null where it has none. Between two SYNs a 4-tuple stays with its connection, so
    /// Wireshark's own table is asked less often.
    TrackedConnection* find_in_order(packet_info* pinfo, const ObservedSegment& seen);
    /// The same for a packet without payload: nothing is made for it, null where it is the first.
    TrackedConnection* find_known(packet_info* pinfo, const ObservedSegment& seen);
    /// Keeps what the file calls the interface of the packet. packed: PacketOrigin::interface.
    void name_interface(packet_info* pinfo, std::uint64_t packed);
    /// Puts a recorded call into the lanes of its connection, now or once that is seen.
    void add_event(packet_info* pinfo, const ObservedSegment& end_points, const IoEvent& event,
                   std::uint32_t interface);

    /// The connection of a recorded call; null where none was seen (yet).
    TrackedConnection* find_event(const ObservedSegment& end_points, const IoEvent& event) const {
        return router_ ? router_->find(end_points, event) : nullptr;
    }
    /// What is wanting in recorded calls, a line each.
    std::vector<std::string> event_complaints() const {
        return router_ ? router_->complaints() : std::vector<std::string>{};
    }
    /// The capture has ended: every hole is given up.
    void finish();
    /// Those with payload, sorted by stream, for the tables. Valid until the next
    /// find_in_order().
    std::vector<CaptureEntry> table() const;
    /// Which exchanges are legs of one, as far as it can be determined now.
    LegBook& legs() { return legs_; }
    /// What held an event of a message's body; known at the end only, null before. Valid until
    /// reading goes on.
    const DelayBook::Entry* delay_of(const Leg& leg, std::uint32_t event);
    /// As DelayBook::hop().
    auto hop_of(const Leg& leg, const DelayBook::Entry& delay) const {
        return delays_.hop(leg, delay);
    }
    const InterfaceNames& interfaces() const { return interfaces_; }

    /// A frame, and the stream that it is of, where it is known.
    struct Drawn {
        FrameNumber frame = FrameNumber::kNone;
        std::optional<std::uint32_t> stream;
    };
    /// The frame whose tree was drawn last to be looked at: in Wireshark, the selected packet.
    const Drawn& last_drawn() const { return last_drawn_; }
    void note_drawn(FrameNumber frame, const TrackedConnection* of) {
        if (last_drawn_.frame != frame) last_drawn_ = {frame, std::nullopt};
        if (of != nullptr) last_drawn_.stream = of->stream;
    }

  private:
    TrackedConnection* look_up_in_order(packet_info* pinfo, const ObservedSegment& seen, bool make);
    TrackedConnection* look_up(packet_info* pinfo, const ObservedSegment& seen, bool make);
    void forget_last_frame();

    static constexpr std::size_t kRecent = 256;

    std::optional<CallRouter> router_;  // once there was an event
    WaitingBudget budget_;
    DecodingBudget decoding_;
    bool pair_legs_;
    InterfaceNames interfaces_;
    Drawn last_drawn_;
    std::uint64_t last_interface_ = 0;                  // that was named
    LegBook legs_;                                      // the connections point at it
    DelayBook delays_;                                  // filled when first asked at the end
    std::array<TrackedConnection*, kRecent> recent_{};  // by ports
    std::vector<std::unique_ptr<TrackedConnection>> by_stream_;

    bool in_frame_ = false;
    FrameNumber last_frame_ = FrameNumber::kNone;
    FrameNumber confirmed_ = FrameNumber::kNone;    // kNone in a first pass
    std::vector<TrackedConnection*> last_touched_;  // those with a segment in last_frame_
};

}  // namespace seamark
