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
    std::uint64_t interface = 0;                  // CaptureInterface::packed(); 0: not known
    friend bool operator==(const PacketOrigin&, const PacketOrigin&) = default;
};

/// An interface of the file as PacketOrigin has it. `number`, from 1 and below 2^24, says which.
/// Where one program captured at all devices of a host ("any"), each device is an interface of its
/// own for each way that packets go there, since a packet that a host forwards is captured twice.
struct CaptureInterface {
    std::uint64_t number = 0;
    bool is_any = false;  // then these are known, too
    std::uint32_t device = 0;
    bool outgoing = false;

    static constexpr unsigned kNumberBits = 24;
    constexpr std::uint64_t packed() const {
        if (!is_any) return number;
        return number << 40U | std::uint64_t{device} << 8U | (outgoing ? 2U : 1U);
    }
    static constexpr CaptureInterface of(std::uint64_t packed) {
        if (packed >> 40U == 0) return {packed};
        return {packed >> 40U, true, static_cast<std::uint32_t>(packed >> 8U), (packed & 2U) != 0};
    }
    /// Both were stamped by the clock of one program.
    friend constexpr bool same_clock(const CaptureInterface& a, const CaptureInterface& b) {
        return a.number != 0 && a.number == b.number;
    }
    /// Captured at one device, whichever way packets went there.
    friend constexpr bool same_place(const CaptureInterface& a, const CaptureInterface& b) {
        return same_clock(a, b) && a.device == b.device;
    }
};

/// What a segment is to an earlier one that had the same bytes.
enum class Repeat : std::uint8_t {
    kNotSeen,     // no such segment among the last
    kSamePacket,  // the same packet, captured at another place: nothing was sent again
    kSentAgain,   // a packet that was made anew
    kLooksAlike,  // as one that was captured before; what would distinguish them is not there
    kOtherPoint,  // its bytes passed another interface before, and this one goes on with them
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
