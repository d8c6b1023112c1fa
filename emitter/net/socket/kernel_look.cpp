// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/kernel_look.hpp"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <bit>
#include <cstring>

#include "record/kernel_state.h"

namespace seamark::net {
namespace {

Transmission transmission(std::uint32_t info) {
    switch (info) {
        case SCM_TSTAMP_SCHED:
            return Transmission::kScheduled;
        case SCM_TSTAMP_SND:
            return Transmission::kSent;
        case SCM_TSTAMP_ACK:
            return Transmission::kAcknowledged;
        default:
            return Transmission::kUnknown;
    }
}

/// The kernel counts bytes in 32 bits: the last position up to `sent` with these low bits.
std::uint64_t widen(std::uint32_t low, std::uint64_t sent) {
    return sent - static_cast<std::uint32_t>(static_cast<std::uint32_t>(sent) - low);
}

}  // namespace

std::optional<SendLook> send_state(int socket) {
    std::array<std::uint32_t, SEAMARK_SEND_STATE_NUMBERS> numbers;
    static_assert(sizeof(KernelState) == sizeof numbers);
    std::uint64_t limit = 0;
    if (seamark_read_send_state(socket, numbers.data(), &limit) == 0) return std::nullopt;
    return SendLook{std::bit_cast<KernelState>(numbers),
                    limit != 0 ? std::optional(limit) : std::nullopt};
}

std::optional<ReceiveState> receive_state(int socket) {
    std::array<std::uint32_t, SEAMARK_RECEIVE_STATE_NUMBERS> numbers;
    static_assert(sizeof(ReceiveState) == sizeof numbers);
    if (seamark_read_receive_state(socket, numbers.data()) == 0) return std::nullopt;
    return std::bit_cast<ReceiveState>(numbers);
}

void TransmitStamps::enable(int socket) {
    const unsigned flags = SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE |
                           SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_SOFTWARE |
                           SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
    enabled_ = ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags) == 0;
}

void TransmitStamps::drain(int socket, std::uint64_t sent,
                           const std::function<void(const Stamp&)>& take) {
    constexpr int most = 256;  // so that a write is never held up for long
    for (int i = 0; enabled_ && i < most; ++i) {
        alignas(cmsghdr) std::array<char, 256> control;
        msghdr message{};
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
        std::int64_t at = 0;
        std::optional<sock_extended_err> what;
        for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
             part = CMSG_NXTHDR(&message, part)) {
            if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPING) {
                scm_timestamping times;
                std::memcpy(&times, CMSG_DATA(part), sizeof times);
                at = std::int64_t{times.ts[0].tv_sec} * 1'000'000'000 + times.ts[0].tv_nsec;
            } else if ((part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) ||
                       (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR)) {
                std::memcpy(&what.emplace(), CMSG_DATA(part), sizeof *what);
            }
        }
        if (at == 0 || !what || what->ee_origin != SO_EE_ORIGIN_TIMESTAMPING) continue;
        take({transmission(what->ee_info), widen(what->ee_data + 1, sent), at});
    }
}

}  // namespace seamark::net
