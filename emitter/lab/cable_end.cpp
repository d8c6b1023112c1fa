// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/cable_end.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace seamark::lab {
namespace {

constexpr std::size_t slot_size =
    std::size_t{17} * 4096;  // the largest frame and its headers, whole pages
constexpr std::size_t slots = 512;

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

void set_option(int socket, int name, int value, const char* what) {
    if (::setsockopt(socket, SOL_PACKET, name, &value, sizeof value) != 0)
        fail(errno, std::string("set up the cable (") + what + ')');
}

}  // namespace

CableEnd::CableEnd(const std::string& card)
    : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) fail(errno, "open a socket for the cable");
    try {
        set_option(socket_, PACKET_VERSION, TPACKET_V2, "PACKET_VERSION");
        set_option(socket_, PACKET_VNET_HDR, 1, "PACKET_VNET_HDR");
        set_option(socket_, PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
        const tpacket_req ring{slot_size, slots, slot_size, slots};
        if (::setsockopt(socket_, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0)
            fail(errno, "set up the cable (PACKET_RX_RING)");
        void* const at =
            ::mmap(nullptr, slot_size * slots, PROT_READ | PROT_WRITE, MAP_SHARED, socket_, 0);
        if (at == MAP_FAILED) fail(errno, "map the memory of the cable");
        memory_ = static_cast<std::uint8_t*>(at);
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_protocol = htons(ETH_P_ALL);
        address.sll_ifindex = static_cast<int>(::if_nametoindex(card.c_str()));
        if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            fail(errno, "receive on " + card);
    } catch (...) {
        if (memory_) ::munmap(memory_, slot_size * slots);
        ::close(socket_);
        throw;
    }
}

CableEnd::~CableEnd() {
    ::munmap(memory_, slot_size * slots);
    ::close(socket_);
}

void CableEnd::drain(const std::function<void(std::span<const std::uint8_t>)>& take) {
    for (std::size_t i = 0; i < slots; ++i) {
        std::uint8_t* const slot = memory_ + next_ * slot_size;
        auto* const header = reinterpret_cast<tpacket2_hdr*>(slot);
        std::atomic_ref status(header->tp_status);
        if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return;
        if (header->tp_snaplen == header->tp_len)
            take({slot + header->tp_mac - header_size, header->tp_snaplen + header_size});
        else
            ++dropped_;
        status.store(TP_STATUS_KERNEL, std::memory_order_release);
        next_ = (next_ + 1) % slots;
    }
}

void CableEnd::send(std::span<const std::uint8_t> packet) {
    while (::send(socket_, packet.data(), packet.size(), 0) < 0) {
        if (errno == EINTR) continue;
        ++dropped_;
        return;
    }
}

std::uint64_t CableEnd::dropped() {
    tpacket_stats statistics{};
    socklen_t size = sizeof statistics;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0)
        dropped_ += statistics.tp_drops;
    return dropped_;
}

bool has_tcp_data(std::span<const std::uint8_t> frame) {
    constexpr std::size_t ip = ETH_HLEN;
    if (frame.size() < ip + 20 || frame[12] != 0x08 || frame[13] != 0x00) return false;
    const std::size_t ip_header = std::size_t{frame[ip] & 15U} * 4;
    const std::size_t total = std::size_t{frame[ip + 2]} * 256 + frame[ip + 3];
    if (frame[ip + 9] != IPPROTO_TCP || frame.size() < ip + ip_header + 20) return false;
    const std::size_t tcp_header = std::size_t{frame[ip + ip_header + 12]} / 16 * 4;
    return total > ip_header + tcp_header;
}

}  // namespace seamark::lab
