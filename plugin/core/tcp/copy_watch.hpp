// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/tcp/tcp_header.hpp"

namespace seamark {

/// What the packet around a segment says, as far as it shows a copy of a packet from one that was
/// sent again.
struct PacketOrigin {
    std::optional<std::uint16_t> identification;  // of IPv4; 0 says nothing: many send no other
    std::uint8_t hops_left = 0;                   // TTL or hop limit; 0: not known
    std::uint64_t interface = 0;  // of capture, as a number of its own; 0: not known
    friend bool operator==(const PacketOrigin&, const PacketOrigin&) = default;
};

/// What a segment is to an earlier one that had the same bytes.
enum class Repeat : std::uint8_t {
    kNotSeen,     // no such segment among the last
    kSamePacket,  // the same packet, captured at another place: nothing was sent again
    kSentAgain,   // a packet that was made anew
    kLooksAlike,  // as one that was captured before; what would distinguish them is not there
};

/// The last segments of one direction, to recognise copies. Constant memory.
class CopyWatch {
  public:
    /// A segment, in order of capture; length: payload bytes on the wire; time: ns since 1970.
    Repeat note(const TcpHeader& header, std::uint32_t length, std::int64_t time,
                const PacketOrigin& origin) {
        const Packet packet{header.acknowledged,   length, header.window, header.psh, header.fin,
                            header.options_length, time,   origin};
        Repeat found = Repeat::kNotSeen;
        for (std::size_t i = 0; begins_in(header.sequence) && i < count_; ++i) {
            const Packet& earlier = packets_[i];
            if (sequences_[i] != header.sequence || earlier.length != length) continue;
            found = packet.compare(earlier);
            if (found != Repeat::kSentAgain) break;
        }
        if (found != Repeat::kSamePacket) {
            packets_[next_] = packet;
            sequences_[next_] = header.sequence;
            next_ = (next_ + 1) % packets_.size();
            if (count_ < packets_.size()) ++count_;
        }
        return found;
    }

  private:
    struct Packet {
        RawSequence acknowledged{};
        std::uint32_t length = 0;
        std::uint16_t window = 0;
        bool psh = false;
        bool fin = false;
        std::uint8_t options_length = 0;
        std::int64_t time = 0;
        PacketOrigin origin = {};

        Repeat compare(const Packet& earlier) const {
            const bool alike = acknowledged == earlier.acknowledged && window == earlier.window &&
                               psh == earlier.psh && fin == earlier.fin &&
                               options_length == earlier.options_length;
            if (!alike) return Repeat::kSentAgain;
            const auto& mine = origin.identification;
            const auto& before = earlier.origin.identification;
            if (mine && before && (*mine != 0 || *before != 0))
                return *mine == *before ? Repeat::kSamePacket : Repeat::kSentAgain;
            // Nothing is sent again that soon, and then comes by another way.
            constexpr std::int64_t kSoon = 1'000'000;
            const bool elsewhere = origin.hops_left != earlier.origin.hops_left ||
                                   origin.interface != earlier.origin.interface;
            return elsewhere && time - earlier.time <= kSoon && time >= earlier.time
                       ? Repeat::kSamePacket
                       : Repeat::kLooksAlike;
        }
    };

    /// Whether one of them may have that number: without a branch, as nearly none has.
    bool begins_in(RawSequence sequence) const {
        bool any = false;
        for (const RawSequence one : sequences_) any |= one == sequence;
        return any;
    }

    static constexpr std::size_t kMost = 16;
    std::array<Packet, kMost> packets_{};
    std::array<RawSequence, kMost> sequences_{};  // of these packets
    std::size_t count_ = 0;
    std::size_t next_ = 0;
};

}  // namespace seamark
