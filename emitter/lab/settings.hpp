// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::lab {

/// Which hosts there are and what joins them.
enum class Link {
    veth,      ///< two hosts, each with a network card, joined by a cable
    loopback,  ///< one host, over lo
};

/// Where packets are captured: at the host that serves, at the one that asks, or at both; of each
/// of two legs where there is a proxy. On a loopback link all three are the same.
enum class Place { server, client, both };

/// What a host's network card does for its kernel.
struct Offloads {
    bool tso = true;
    bool gso = true;
    bool gro = false;  ///< a veth pair hands on what it gets; with GRO it joins segments first
    friend bool operator==(const Offloads&, const Offloads&) = default;
};

/// What one run of the lab is to be. A scenario is a text of such settings.
struct Settings {
    Link link = Link::veth;
    std::uint32_t mtu = 1500;  ///< bytes, on both sides; of lo 65536 where not set
    bool mtu_given = false;
    Offloads server_offloads;
    Offloads client_offloads;
    std::chrono::microseconds delay{0};  ///< each way
    std::uint64_t rate = 0;              ///< bit/s that the cable carries; 0: any
    std::uint64_t card_rate = 0;         ///< bit/s at which the server's own card sends; 0: any
    double loss = 0;                     ///< of the packets from server to client, percent
    double reorder = 0;                  ///< the same: how many are overtaken
    std::uint64_t seed = 1;              ///< of the choice of these packets
    std::string congestion = "cubic";
    Place capture = Place::server;
    std::chrono::microseconds duration{60'000'000};  ///< longest time for it all
    std::uint64_t packets = 0;                       ///< stop after so many; 0: do not
    std::uint16_t port = 8080;
    bool port_given = false;
    std::string emit;  ///< the query of /emit, one name=value after another
    /// Highest version of TLS that is spoken to the client, "1.2" or "1.3"; "": in clear.
    std::string tls;
    /// A proxy that speaks it asks the server in clear.
    bool tls_at_server() const { return !tls.empty() && proxy.empty(); }
    std::string path = "/";             ///< what is got of a server that is a command
    std::string plan;                   ///< lines of a plan, each with its line end
    std::uint32_t requests = 1;         ///< of the client, one after another on its connection
    std::uint32_t read_size = 65536;    ///< bytes that each read of the client asks for
    std::chrono::microseconds pace{0};  ///< between the client's reads
    std::uint32_t receive_buffer = 0;   ///< the client's SO_RCVBUF; 0: the kernel's own
    std::string record = "state";       ///< what of each call; a lab is there to explain
    bool kernel = false;                ///< recorded in the kernel, whichever program calls
    std::string server;                 ///< shell command in place of `seamark serve`
    std::string client;                 ///< shell command in place of `seamark get`
    std::string proxy;                  ///< shell command between the two; "": none
    std::uint16_t proxy_port = 8000;    ///< where it listens
    std::string proxy_config;           ///< text of a file for it, each line with its line end
    std::string title;
    std::vector<std::string> see;   ///< what one should see, a sentence or two each
    std::vector<std::string> vary;  ///< what to try next: options and what they change
};

/// One setting: its name is the key in a scenario and, with two dashes, the option of `seamark
/// lab`. Parser, command line, `--explain` and Wireshark's dialog all come from this one table.
struct Setting {
    std::string_view name;
    std::string_view group;     ///< "Link", "Response" …: the tab of the dialog
    std::string_view argument;  ///< what its value is called
    std::string_view allowed;   ///< a phrase that goes on from "allowed: "
    std::string_view meaning;
    bool (*read)(std::string_view text, Settings& to);  ///< false: not allowed, nothing changed
    std::string (*write)(const Settings& from);         ///< as read() takes it; "" if not set
    std::string_view alone = {};  ///< what the option means without a value; "": it needs one
};

std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view name);

/// Puts the name=value pairs of `changes` into `query`, in place of those of the same name; a name
/// without a value ("gap=") takes that away.
std::string merge_query(std::string_view query, std::string_view changes);

/// "10mbit", "512kbit", "1gbit" in bit/s.
std::optional<std::uint64_t> parse_rate(std::string_view text);

/// What is wrong with settings that are each right by themselves, and what to do about it.
std::optional<std::string> check_together(const Settings& settings);

}  // namespace seamark::lab
