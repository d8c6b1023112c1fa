// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "lab/netlink.hpp"

namespace seamark::lab {
namespace {

/// An ioctl on a card by its name.
void ask(const std::string& card, unsigned long request, ifreq& question, const char* what) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    card.copy(question.ifr_name, IFNAMSIZ - 1);
    const int result = socket < 0 ? -1 : ::ioctl(socket, request, &question);
    const int error = errno;
    ::close(socket);
    if (result != 0)
        throw std::system_error(error, std::generic_category(), what + (" of " + card));
}

std::uint32_t ethtool(const std::string& card, std::uint32_t command, std::uint32_t data,
                      const char* what) {
    ethtool_value value{command, data};
    ifreq question{};
    question.ifr_data = reinterpret_cast<char*>(&value);
    ask(card, SIOCETHTOOL, question, what);
    return value.data;
}

}  // namespace

void set_offloads(const std::string& card, const Offloads& offloads) {
    // GSO first on, last off: TSO rests on it.
    if (offloads.gso) ethtool(card, ETHTOOL_SGSO, 1, "set GSO");
    ethtool(card, ETHTOOL_STSO, offloads.tso, "set TSO");
    if (!offloads.gso) ethtool(card, ETHTOOL_SGSO, 0, "set GSO");
    ethtool(card, ETHTOOL_SGRO, offloads.gro, "set GRO");
}

Offloads offloads_of(const std::string& card) {
    return {ethtool(card, ETHTOOL_GTSO, 0, "read TSO") != 0,
            ethtool(card, ETHTOOL_GGSO, 0, "read GSO") != 0,
            ethtool(card, ETHTOOL_GGRO, 0, "read GRO") != 0};
}

void hardware_address(const std::string& card, std::uint8_t (&mac)[6]) {
    ifreq question{};
    ask(card, SIOCGIFHWADDR, question, "read the hardware address");
    std::memcpy(mac, question.ifr_hwaddr.sa_data, sizeof mac);
}

std::uint32_t mtu_of(const std::string& card) {
    ifreq question{};
    ask(card, SIOCGIFMTU, question, "read the MTU");
    return static_cast<std::uint32_t>(question.ifr_mtu);
}

}  // namespace seamark::lab
