// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "lab/settings.hpp"

namespace seamark::lab {

/// A setting that this kernel does not have; what() says which, and the remedy.
struct SettingRefused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The network settings of the network namespace that the calling thread is in, by rtnetlink and
/// ioctl: no other program is run. Each throws std::system_error whose text names what was wanted.
/// Addresses are IPv4 in network order.
class Netlink {
  public:
    Netlink();
    ~Netlink();
    Netlink(const Netlink&) = delete;
    Netlink& operator=(const Netlink&) = delete;

    /// Two cards joined by a cable: `name` here, `peer_name` in the namespace `peer_namespace`.
    void make_veth(const std::string& name, const std::string& peer_name, int peer_namespace);
    void set_up(const std::string& card, std::uint32_t mtu);
    void add_address(const std::string& card, std::uint32_t address, unsigned prefix);
    /// So that no one asks by ARP.
    void add_neighbour(const std::string& card, std::uint32_t address,
                       const std::uint8_t (&mac)[6]);
    /// Throws SettingRefused. Connections to that network use this congestion control unless a
    /// program sets another. It needs no privilege beyond the namespace, as the sysctl may.
    void set_congestion(const std::string& card, std::uint32_t network, unsigned prefix,
                        const std::string& name);
    /// Throws SettingRefused. A token bucket in front of the card, bit/s.
    void limit_rate(const std::string& card, std::uint64_t rate);

  private:
    class Request;
    void ask(Request& request, const std::string& what);

    int socket_ = -1;
    std::uint32_t sequence_ = 0;
};

void set_offloads(const std::string& card, const Offloads& offloads);
Offloads offloads_of(const std::string& card);
void hardware_address(const std::string& card, std::uint8_t (&mac)[6]);
std::uint32_t mtu_of(const std::string& card);

}  // namespace seamark::lab
