// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/netlink.hpp"

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace seamark::lab {
namespace {

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

int index_of(const std::string& card) {
    const unsigned index = ::if_nametoindex(card.c_str());
    if (index == 0) fail(errno, "find the network card " + card);
    return static_cast<int>(index);
}

}  // namespace

/// A message under construction: header, the fixed part of its kind, attributes.
class Netlink::Request {
  public:
    template <typename Fixed>
    Request(std::uint16_t type, std::uint16_t flags, const Fixed& fixed) {
        nlmsghdr header{};
        header.nlmsg_type = type;
        header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
        put(&header, sizeof header);
        put(&fixed, sizeof fixed);
    }

    void add(std::uint16_t type, const void* data, std::size_t size) {
        const auto at = begin(type);
        put(data, size);
        end(at);
    }
    void add(std::uint16_t type, const std::string& text) {
        add(type, text.c_str(), text.size() + 1);
    }
    template <typename Number>
    void add_number(std::uint16_t type, Number number) {
        add(type, &number, sizeof number);
    }

    /// An attribute whose value is put between these two.
    std::size_t begin(std::uint16_t type) {
        const std::size_t at = bytes_.size();
        const rtattr attribute{0, type};
        put(&attribute, sizeof attribute);
        return at;
    }
    void end(std::size_t at) {
        const auto length = static_cast<unsigned short>(bytes_.size() - at);
        std::memcpy(bytes_.data() + at, &length, sizeof length);
        bytes_.resize(RTA_ALIGN(bytes_.size()));
    }
    template <typename Fixed>
    void put_fixed(const Fixed& fixed) {
        put(&fixed, sizeof fixed);
    }

    const std::vector<char>& finish(std::uint32_t sequence) {
        auto* header = reinterpret_cast<nlmsghdr*>(bytes_.data());
        header->nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
        header->nlmsg_seq = sequence;
        return bytes_;
    }

  private:
    void put(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const char*>(data);
        bytes_.insert(bytes_.end(), bytes, bytes + size);
    }
    std::vector<char> bytes_;
};

Netlink::Netlink() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    if (socket_ < 0) fail(errno, "open a netlink socket");
}

Netlink::~Netlink() {
    ::close(socket_);
}

void Netlink::ask(Request& request, const std::string& what) {
    const auto& bytes = request.finish(++sequence_);
    if (::send(socket_, bytes.data(), bytes.size(), 0) < 0) fail(errno, what);
    std::array<char, 8192> answer{};
    const auto size = ::recv(socket_, answer.data(), answer.size(), 0);
    if (size < 0) fail(errno, what);
    nlmsghdr header{};
    nlmsgerr error{};
    if (static_cast<std::size_t>(size) < sizeof header + sizeof error) fail(EPROTO, what);
    std::memcpy(&header, answer.data(), sizeof header);
    std::memcpy(&error, answer.data() + sizeof header, sizeof error);
    if (header.nlmsg_type != NLMSG_ERROR) fail(EPROTO, what);
    if (error.error != 0) fail(-error.error, what);
}

void Netlink::make_veth(const std::string& name, const std::string& peer_name, int peer_namespace) {
    Request request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});
    request.add(IFLA_IFNAME, name);
    const auto info = request.begin(IFLA_LINKINFO);
    request.add(IFLA_INFO_KIND, std::string("veth"));
    const auto data = request.begin(IFLA_INFO_DATA);
    const auto peer = request.begin(VETH_INFO_PEER);
    request.put_fixed(ifinfomsg{});
    request.add(IFLA_IFNAME, peer_name);
    request.add_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(peer_namespace));
    request.end(peer);
    request.end(data);
    request.end(info);
    ask(request, "make a pair of network cards (veth)");
}

void Netlink::set_up(const std::string& card, std::uint32_t mtu) {
    ifinfomsg link{};
    link.ifi_index = index_of(card);
    link.ifi_flags = link.ifi_change = IFF_UP;
    Request request(RTM_NEWLINK, 0, link);
    if (mtu > 0) request.add_number(IFLA_MTU, mtu);
    ask(request, "switch " + card + " on with an MTU of " + std::to_string(mtu));
}

void Netlink::add_address(const std::string& card, std::uint32_t address, unsigned prefix) {
    ifaddrmsg message{};
    message.ifa_family = AF_INET;
    message.ifa_prefixlen = static_cast<std::uint8_t>(prefix);
    message.ifa_index = static_cast<std::uint32_t>(index_of(card));
    Request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, message);
    request.add_number(IFA_LOCAL, address);
    request.add_number(IFA_ADDRESS, address);
    ask(request, "give " + card + " its address");
}

void Netlink::add_neighbour(const std::string& card, std::uint32_t address,
                            const std::uint8_t (&mac)[6]) {
    ndmsg message{};
    message.ndm_family = AF_INET;
    message.ndm_ifindex = index_of(card);
    message.ndm_state = NUD_PERMANENT;
    Request request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, message);
    request.add_number(NDA_DST, address);
    request.add(NDA_LLADDR, mac, sizeof mac);
    ask(request, "set the hardware address of the neighbour of " + card);
}

void Netlink::set_congestion(const std::string& card, std::uint32_t network, unsigned prefix,
                             const std::string& name) {
    const bool is_host = prefix == 32;
    rtmsg message{};
    message.rtm_family = AF_INET;
    message.rtm_dst_len = static_cast<std::uint8_t>(prefix);
    message.rtm_table = is_host ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
    message.rtm_protocol = RTPROT_BOOT;
    message.rtm_scope = is_host ? RT_SCOPE_HOST : RT_SCOPE_LINK;
    message.rtm_type = is_host ? RTN_LOCAL : RTN_UNICAST;
    Request request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, message);
    request.add_number(RTA_DST, network);
    request.add_number(RTA_OIF, index_of(card));
    const auto metrics = request.begin(RTA_METRICS);
    request.add(RTAX_CC_ALGO, name);
    request.end(metrics);
    try {
        ask(request, "use it");
    } catch (const std::system_error& error) {
        throw SettingRefused("congestion control " + name + ": " + error.code().message() +
                             ". This kernel has those in /proc/sys/net/ipv4/"
                             "tcp_available_congestion_control; root loads another with modprobe "
                             "tcp_" +
                             name);
    }
}

void Netlink::limit_rate(const std::string& card, std::uint64_t rate) {
    tcmsg message{};
    message.tcm_family = AF_UNSPEC;
    message.tcm_ifindex = index_of(card);
    message.tcm_parent = TC_H_ROOT;
    Request request(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, message);
    request.add(TCA_KIND, std::string("tbf"));
    const auto options = request.begin(TCA_OPTIONS);
    // A bucket of one large packet: nothing leaves sooner than the rate allows.
    const std::uint64_t bytes = rate / 8;
    const std::uint32_t burst = 66'000;
    tc_tbf_qopt limits{};
    limits.rate.rate = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, 0xffffffff));
    limits.rate.linklayer = TC_LINKLAYER_ETHERNET;
    limits.limit = 16'000'000;
    // In ticks of 64 ns (the kernel's PSCHED_SHIFT): the time that a full bucket lasts.
    limits.buffer = static_cast<std::uint32_t>(burst * 1e9 / static_cast<double>(bytes) / 64);
    request.add(TCA_TBF_PARMS, &limits, sizeof limits);
    request.add_number(TCA_TBF_BURST, burst);
    if (bytes > 0xffffffff) request.add_number(TCA_TBF_RATE64, bytes);
    request.end(options);
    try {
        ask(request, "use it");
    } catch (const std::system_error& error) {
        throw SettingRefused(
            "card-rate: " + error.code().message() +
            ". It needs the queueing discipline tbf, which this kernel seems not to "
            "have: root loads it with modprobe sch_tbf. rate does without");
    }
}

}  // namespace seamark::lab
