// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "lab/netlink.hpp"
#include "plan/duration_text.hpp"

namespace seamark::lab {
namespace {

// The addresses that RFC 5737 keeps for examples.
constexpr const char* server_address = "192.0.2.1";
constexpr const char* client_address = "192.0.2.2";
constexpr const char* network_address = "192.0.2.0";
constexpr unsigned prefix = 24;
constexpr const char* card = "eth0";

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::uint32_t number(const char* address) {
    return ::inet_addr(address);
}

/// A sysctl of the network namespace; where the kernel has no such, there is nothing to set.
void set_sysctl(const std::string& name, const std::string& value) {
    std::ofstream("/proc/sys/net/" + name) << value << std::flush;
}

/// Nothing but the lab's own traffic on its cards, and any port for any program.
void quieten() {
    set_sysctl("ipv6/conf/all/disable_ipv6", "1");
    set_sysctl("ipv6/conf/default/disable_ipv6", "1");
    set_sysctl("ipv4/ip_unprivileged_port_start", "0");
}

std::string words_of(const std::string& name) {
    const Offloads offloads = offloads_of(name);
    const auto on = [](bool is) { return is ? "on" : "off"; };
    return "MTU " + std::to_string(mtu_of(name)) + ", TSO " + on(offloads.tso) + ", GSO " +
           on(offloads.gso) + ", GRO " + on(offloads.gro);
}

std::string rate_words(std::uint64_t rate) {
    return std::to_string(rate / 1000) + " kbit/s";
}

}  // namespace

Namespace Namespace::current() {
    Namespace one;
    one.descriptor_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (one.descriptor_ < 0) fail("open the network namespace");
    return one;
}

Namespace Namespace::make() {
    if (::unshare(CLONE_NEWNET) != 0) fail("make a network namespace");
    return current();
}

Namespace::~Namespace() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Namespace::enter() const {
    if (descriptor_ >= 0 && ::setns(descriptor_, CLONE_NEWNET) != 0)
        fail("enter a network namespace");
}

Network::Network(const Settings& settings) : base_(Namespace::current()) {
    if (settings.link == Link::loopback) {
        join_by_loopback(settings);
    } else {
        join_by_cable(settings);
    }
}

Network::Network(ThisHost) {
    cards_.push_back({"server and client", "lo", words_of("lo"), &server_});
    words_ = "this machine's own loopback";
}

void Network::add_card(const char* host, const Namespace& where, const std::string& name,
                       const std::string& congestion) {
    where.enter();
    cards_.push_back({host, name, words_of(name) + ", " + congestion, &where});
}

void Network::join_by_loopback(const Settings& settings) {
    server_ = Namespace::current();
    quieten();
    Netlink net;
    net.set_up("lo", settings.mtu_given ? settings.mtu : 0);
    if (!(settings.server_offloads == Offloads{})) set_offloads("lo", settings.server_offloads);
    net.set_congestion("lo", number("127.0.0.1"), 32, settings.congestion);
    add_card("server and client", server_, "lo", settings.congestion);
    words_ = "one host, over its loopback";
}

void Network::make_cards(bool needs_forwarder, std::uint32_t mtu) {
    const auto one = [&](const Namespace& host, const char* cable_name) {
        host.enter();
        Netlink().make_veth(card, cable_name, base_.descriptor());
        base_.enter();
        // As on a wire, nothing larger than the MTU leaves the cable.
        set_offloads(cable_name, {false, false, false});
        Netlink().set_up(cable_name, mtu);
    };
    if (needs_forwarder) {
        one(server_, "to-server");
        one(client_, "to-client");
    } else {
        server_.enter();
        Netlink().make_veth(card, card, client_.descriptor());
    }
}

void Network::join_by_cable(const Settings& settings) {
    one_host_ = false;
    address_ = server_address;
    quieten();
    server_ = Namespace::make();
    quieten();
    client_ = Namespace::make();
    quieten();
    const bool forwards = settings.delay.count() > 0 || settings.rate > 0 || settings.loss > 0;
    make_cards(forwards, settings.mtu);

    std::uint8_t server_mac[6];
    std::uint8_t client_mac[6];
    server_.enter();
    hardware_address(card, server_mac);
    client_.enter();
    hardware_address(card, client_mac);
    const auto set = [&](const char* name, const Namespace& host, const char* own, const char* peer,
                         const std::uint8_t(&mac)[6], const Offloads& offloads) {
        host.enter();
        Netlink net;
        net.set_up("lo", 0);
        set_offloads(card, offloads);
        net.set_up(card, settings.mtu);
        net.add_address(card, number(own), prefix);
        net.add_neighbour(card, number(peer), mac);
        net.set_congestion(card, number(network_address), prefix, settings.congestion);
        add_card(name, host, card, settings.congestion);
    };
    set("server", server_, server_address, client_address, client_mac, settings.server_offloads);
    set("client", client_, client_address, server_address, server_mac, settings.client_offloads);
    words_ = "two hosts";
    if (settings.card_rate > 0) {
        server_.enter();
        Netlink().limit_rate(card, settings.card_rate);
        words_ += ", the server's card sends " + rate_words(settings.card_rate);
    }
    base_.enter();
    if (!forwards) {
        words_ += ", joined by a veth pair";
        return;
    }
    const DelayQueue::Nature back{.delay = std::chrono::nanoseconds(settings.delay).count(),
                                  .rate = settings.rate};
    DelayQueue::Nature forth = back;
    forth.loss = settings.loss / 100;
    forth.reorder = settings.reorder / 100;
    forth.seed = settings.seed;
    cable_ = std::make_unique<Forwarder>("to-server", "to-client", forth, back);
    words_ += ", joined by a cable of " + plan::to_text(settings.delay) + " each way";
    if (settings.rate > 0) words_ += ", " + rate_words(settings.rate);
}

bool is_listening(std::uint16_t port) {
    for (const char* table : {"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);  // the headings
        while (std::getline(file, line)) {
            std::istringstream fields(line);
            std::string slot;
            std::string local;
            std::string remote;
            std::string state;
            fields >> slot >> local >> remote >> state;
            const auto colon = local.rfind(':');
            if (colon == std::string::npos || state != "0A") continue;  // TCP_LISTEN
            if (std::stoul(local.substr(colon + 1), nullptr, 16) == port) return true;
        }
    }
    return false;
}

}  // namespace seamark::lab
