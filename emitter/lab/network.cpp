// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
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
constexpr const char* proxy_host_address = "192.0.2.3";
constexpr const char* network_address = "192.0.2.0";
constexpr unsigned prefix = 24;
constexpr const char* card = "eth0";
constexpr const char* second_card = "eth1";  // of the proxy, towards the client

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

std::optional<std::uint32_t> Namespace::number() const {
    struct stat found {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &found) != 0) return std::nullopt;
    return static_cast<std::uint32_t>(found.st_ino);
}

std::vector<std::uint32_t> Network::numbers() const {
    std::vector<std::uint32_t> all;
    for (const Namespace* host : {&server_, &client_, &proxy_})
        if (const auto number = host->number()) all.push_back(*number);
    return all;
}

Network::Network(const Settings& settings) : base_(Namespace::current()) {
    if (settings.link == Link::loopback) {
        join_by_loopback(settings);
    } else {
        join_by_cable(settings);
    }
}

Network::Network(ThisHost) {
    cards_.push_back({"server and client", "lo", words_of("lo"), &server_, Place::both});
    words_ = "this machine's own loopback";
}

void Network::add_card(const char* host, const Namespace& where, const std::string& name,
                       const std::string& congestion, Place side) {
    where.enter();
    cards_.push_back({host, name, words_of(name) + ", " + congestion, &where, side});
}

void Network::join_by_loopback(const Settings& settings) {
    server_ = Namespace::current();
    quieten();
    Netlink net;
    net.set_up("lo", settings.mtu_given ? settings.mtu : 0);
    if (!(settings.server_offloads == Offloads{})) set_offloads("lo", settings.server_offloads);
    net.set_congestion("lo", number("127.0.0.1"), 32, settings.congestion);
    add_card(settings.proxy.empty() ? "server and client" : "server, proxy and client", server_,
             "lo", settings.congestion, Place::both);
    words_ = "one host, over its loopback";
}

void Network::lay_cable(const Plug& one, const Plug& other, bool through_forwarder,
                        std::uint32_t mtu) {
    if (!through_forwarder) {
        one.where->enter();
        Netlink().make_veth(one.card, other.card, other.where->descriptor());
        return;
    }
    for (const auto& [plug, cable_name] : {std::pair{&one, "to-server"}, {&other, "to-client"}}) {
        plug->where->enter();
        Netlink().make_veth(plug->card, cable_name, base_.descriptor());
        base_.enter();
        // As on a wire, nothing larger than the MTU leaves the cable.
        set_offloads(cable_name, {false, false, false});
        Netlink().set_up(cable_name, mtu);
    }
}

void Network::plug_in(const Plug& plug, const Plug& peer, const Settings& settings) {
    std::uint8_t mac[6];
    peer.where->enter();
    hardware_address(peer.card, mac);
    plug.where->enter();
    Netlink net;
    net.set_up("lo", 0);
    set_offloads(plug.card, *plug.offloads);
    net.set_up(plug.card, settings.mtu);
    net.add_address(plug.card, number(plug.address), plug.own_prefix);
    net.add_neighbour(plug.card, number(peer.address), mac);
    net.set_congestion(plug.card, number(plug.reaches), plug.prefix, settings.congestion);
    add_card(plug.host, *plug.where, plug.card, settings.congestion, plug.side);
}

void Network::join_by_cable(const Settings& settings) {
    one_host_ = false;
    address_ = server_address;
    const bool proxied = !settings.proxy.empty();
    quieten();
    server_ = Namespace::make();
    quieten();
    client_ = Namespace::make();
    quieten();
    const bool forwards = settings.delay.count() > 0 || settings.rate > 0 || settings.loss > 0;
    const Plug server{"server",     &server_,        card,   server_address,
                      prefix,       network_address, prefix, &settings.server_offloads,
                      Place::server};
    const Plug client{"client",     &client_,        card,   client_address,
                      prefix,       network_address, prefix, &settings.client_offloads,
                      Place::client};
    // The proxy has one address on both cards, and asks the server from the one that the client
    // asks. Two networks of two addresses each show it where either is.
    const Plug asks{"proxy",      &proxy_,         card, proxy_host_address,
                    32,           network_address, 31,   &settings.client_offloads,
                    Place::client};
    const Plug answers{"proxy",      &proxy_,        second_card, proxy_host_address,
                       32,           client_address, 31,          &settings.server_offloads,
                       Place::server};
    if (proxied) {
        proxy_address_ = proxy_host_address;
        proxy_ = Namespace::make();
        quieten();
        lay_cable(server, asks, false, settings.mtu);
        lay_cable(answers, client, forwards, settings.mtu);
        plug_in(server, asks, settings);
        plug_in(asks, server, settings);
        plug_in(answers, client, settings);
        plug_in(client, answers, settings);
        words_ = "three hosts, the proxy between the two others";
    } else {
        lay_cable(server, client, forwards, settings.mtu);
        plug_in(server, client, settings);
        plug_in(client, server, settings);
        words_ = "two hosts";
    }
    if (settings.card_rate > 0) {
        server_.enter();
        Netlink().limit_rate(card, settings.card_rate);
        words_ += ", the server's card sends " + rate_words(settings.card_rate);
    }
    base_.enter();
    if (!forwards) {
        words_ += proxied ? ", joined by veth pairs" : ", joined by a veth pair";
        return;
    }
    const DelayQueue::Nature back{.delay = std::chrono::nanoseconds(settings.delay).count(),
                                  .rate = settings.rate};
    DelayQueue::Nature forth = back;
    forth.loss = settings.loss / 100;
    forth.reorder = settings.reorder / 100;
    forth.seed = settings.seed;
    cable_ = std::make_unique<Forwarder>("to-server", "to-client", forth, back);
    words_ += std::string(proxied ? "; the proxy and the client are" : ",") +
              " joined by a cable of " + plan::to_text(settings.delay) + " each way";
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
