// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/packet_capture.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace seamark::lab {
namespace {

constexpr std::size_t block_size = 1 << 20;  // the largest packet, 64 KiB, fits many times
constexpr unsigned block_timeout_ms = 8;     // after which a block that is not full is handed over

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

template <typename Value>
void set_option(int socket, int name, const Value& value, const char* what) {
    if (::setsockopt(socket, SOL_PACKET, name, &value, sizeof value) == 0) return;
    const int error = errno;
    std::string call = "set up capturing (";
    call.append(what).append(")");
    fail(error, call);
}

}  // namespace

PacketCapture::PacketCapture(const std::string& card, std::size_t memory)
    // Protocol 0: nothing comes until it is bound to its card.
    : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)), blocks_(memory / block_size) {
    if (socket_ < 0) fail(errno, "open a socket that captures");
    try {
        set_option(socket_, PACKET_VERSION, static_cast<int>(TPACKET_V3), "PACKET_VERSION");
        if (card == "lo") set_option(socket_, PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
        tpacket_req3 ring{};
        ring.tp_block_size = block_size;
        ring.tp_block_nr = static_cast<unsigned>(blocks_);
        ring.tp_frame_size = block_size;
        ring.tp_frame_nr = ring.tp_block_nr;
        ring.tp_retire_blk_tov = block_timeout_ms;
        set_option(socket_, PACKET_RX_RING, ring, "PACKET_RX_RING");
        void* const at =
            ::mmap(nullptr, blocks_ * block_size, PROT_READ | PROT_WRITE, MAP_SHARED, socket_, 0);
        if (at == MAP_FAILED) fail(errno, "map the memory of the capture");
        memory_ = static_cast<std::uint8_t*>(at);
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_protocol = htons(ETH_P_ALL);
        address.sll_ifindex = static_cast<int>(::if_nametoindex(card.c_str()));
        if (address.sll_ifindex == 0) fail(errno, "find the network card " + card);
        if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            fail(errno, "capture on " + card);
    } catch (...) {
        if (memory_) ::munmap(memory_, blocks_ * block_size);
        ::close(socket_);
        throw;
    }
}

PacketCapture::~PacketCapture() {
    ::munmap(memory_, blocks_ * block_size);
    ::close(socket_);
}

void PacketCapture::drain(const std::function<void(const Packet&)>& take) {
    for (std::size_t round = 0; round < blocks_; ++round) {
        auto* block = reinterpret_cast<tpacket_block_desc*>(memory_ + next_ * block_size);
        std::atomic_ref status(block->hdr.bh1.block_status);
        if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return;
        const std::uint8_t* at =
            reinterpret_cast<std::uint8_t*>(block) + block->hdr.bh1.offset_to_first_pkt;
        for (std::uint32_t i = 0; i < block->hdr.bh1.num_pkts; ++i) {
            const auto* header = reinterpret_cast<const tpacket3_hdr*>(at);
            const auto* from =
                reinterpret_cast<const sockaddr_ll*>(at + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
            take({.time = std::int64_t{header->tp_sec} * 1'000'000'000 + header->tp_nsec,
                  .bytes = {at + header->tp_mac, header->tp_snaplen},
                  .original_size = header->tp_len,
                  .outgoing = from->sll_pkttype == PACKET_OUTGOING});
            at += header->tp_next_offset;
        }
        status.store(TP_STATUS_KERNEL, std::memory_order_release);
        next_ = (next_ + 1) % blocks_;
    }
}

PacketCapture::Count PacketCapture::count() {
    tpacket_stats_v3 statistics{};
    socklen_t size = sizeof statistics;
    // What is read is counted from zero again.
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0) {
        count_.received += statistics.tp_packets;
        count_.dropped += statistics.tp_drops;
    }
    return count_;
}

}  // namespace seamark::lab
