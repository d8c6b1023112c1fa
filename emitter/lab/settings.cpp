// SPDX-License-Identifier: GPL-2.0-or-later
//
// Long, for it is one table: each setting with how it is read and how it is written.
#include "lab/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "plan/duration_text.hpp"
#include "plan/number_text.hpp"

namespace seamark::lab {
namespace {

using std::chrono::microseconds;

template <typename Number>
bool put_number(std::string_view text, Number least, Number most, Number& to) {
    const auto value = plan::read_number<Number>(text, least, most);
    if (value) to = *value;
    return value.has_value();
}

bool read_time(std::string_view text, microseconds least, microseconds most, microseconds& to) {
    const auto value = plan::parse_duration(text);
    if (!value || *value < least || *value > most) return false;
    to = *value;
    return true;
}

bool read_rate(std::string_view text, std::uint64_t& to) {
    const auto value = text == "0" ? std::optional<std::uint64_t>(0) : parse_rate(text);
    if (!value) return false;
    to = *value;
    return true;
}

std::string write_rate(std::uint64_t rate) {
    constexpr std::pair<std::uint64_t, const char*> units[] = {
        {1'000'000'000, "gbit"}, {1'000'000, "mbit"}, {1'000, "kbit"}};
    for (const auto& [size, name] : units)
        if (rate >= size && rate % size == 0) return std::to_string(rate / size) + name;
    return "0";
}

bool read_percent(std::string_view text, double& to) {
    if (!text.empty() && text.back() == '%') text.remove_suffix(1);
    return put_number(text, 0.0, 50.0, to);
}

std::string write_percent(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return std::string(text.data(), end) + '%';
}

/// "tso,gso" switches these on and the others off; "none" switches all off.
bool read_offloads(std::string_view text, Offloads& to) {
    Offloads read{false, false, false};
    if (text != "none") {
        while (true) {
            const auto comma = text.find(',');
            const auto word = text.substr(0, comma);
            bool& one = word == "tso" ? read.tso : word == "gso" ? read.gso : read.gro;
            if ((word != "tso" && word != "gso" && word != "gro") || one) return false;
            one = true;
            if (comma == std::string_view::npos) break;
            text.remove_prefix(comma + 1);
        }
    }
    to = read;
    return true;
}

std::string write_offloads(const Offloads& offloads) {
    std::string text;
    const auto add = [&](bool on, const char* name) {
        if (on) text += (text.empty() ? "" : ",") + std::string(name);
    };
    add(offloads.tso, "tso");
    add(offloads.gso, "gso");
    add(offloads.gro, "gro");
    return text.empty() ? "none" : text;
}

bool is_word(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return !text.empty() && text.size() < 16 &&
           text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_command(std::string_view text) {
    return text.size() <= 4000 && text.find('\0') == std::string_view::npos;
}

std::string write_number(std::uint64_t value) {
    return std::to_string(value);
}

std::vector<std::string_view> pairs_of(std::string_view query) {
    std::vector<std::string_view> pairs;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        if (end > 0) pairs.push_back(query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return pairs;
}

std::string_view name_of(std::string_view pair) {
    return pair.substr(0, pair.find('='));
}

/// "plan" or "plan=": a plan of no name is no plan, and no default either.
bool has_empty_plan(std::string_view query) {
    const auto pairs = pairs_of(query);
    return std::any_of(pairs.begin(), pairs.end(), [](std::string_view pair) {
        return name_of(pair) == "plan" && pair.size() <= std::string_view("plan=").size();
    });
}

constexpr std::string_view offload_words = "none, or some of tso,gso,gro";
constexpr std::string_view rate_words =
    "0 (any), or a number with kbit, mbit or gbit, up to 100gbit";

constexpr Setting rows[] = {
    {"link", "Link", "KIND", "veth, loopback",
     "What joins server and client: veth (two hosts with a cable) or loopback (one host).",
     [](std::string_view t, Settings& s) {
         if (t != "veth" && t != "loopback") return false;
         s.link = t == "veth" ? Link::veth : Link::loopback;
         return true;
     },
     [](const Settings& s) -> std::string { return s.link == Link::veth ? "veth" : "loopback"; }},
    {"mtu", "Link", "BYTES", "a whole number from 576 to 65535",
     "Largest IP packet that the link carries (1500; loopback has 65536 where it is not set).",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint32_t>(t, 576, 65535, s.mtu) && (s.mtu_given = true);
     },
     [](const Settings& s) { return s.mtu_given ? write_number(s.mtu) : std::string(); }},
    {"server-offloads", "Link", "LIST", offload_words,
     "What the server's card does for its kernel: cut (TSO, GSO) and join (GRO). What is not named "
     "is off.",
     [](std::string_view t, Settings& s) { return read_offloads(t, s.server_offloads); },
     [](const Settings& s) { return write_offloads(s.server_offloads); }},
    {"client-offloads", "Link", "LIST", offload_words, "The same for the client's card.",
     [](std::string_view t, Settings& s) { return read_offloads(t, s.client_offloads); },
     [](const Settings& s) { return write_offloads(s.client_offloads); }},
    {"delay", "Link", "TIME", "0, or a number with a unit (us, ms, s), up to 5s",
     "How long each packet is under way, in each direction.",
     [](std::string_view t, Settings& s) {
         return read_time(t, microseconds{0}, microseconds{5'000'000}, s.delay);
     },
     [](const Settings& s) { return plan::to_text(s.delay); }},
    {"rate", "Link", "RATE", rate_words, "What the cable carries in each direction.",
     [](std::string_view t, Settings& s) { return read_rate(t, s.rate); },
     [](const Settings& s) { return write_rate(s.rate); }},
    {"card-rate", "Link", "RATE", rate_words,
     "At what rate the server's own card sends: what waits for it waits in the server.",
     [](std::string_view t, Settings& s) { return read_rate(t, s.card_rate); },
     [](const Settings& s) { return write_rate(s.card_rate); }},
    {"loss", "Link", "PERCENT", "0 to 50 percent: 2, 0.5%",
     "How many packets with data from server to client are lost.",
     [](std::string_view t, Settings& s) { return read_percent(t, s.loss); },
     [](const Settings& s) { return write_percent(s.loss); }},
    {"reorder", "Link", "PERCENT", "0 to 50 percent: 2, 0.5%",
     "How many packets with data from server to client are overtaken by later ones.",
     [](std::string_view t, Settings& s) { return read_percent(t, s.reorder); },
     [](const Settings& s) { return write_percent(s.reorder); }},
    {"seed", "Link", "N", "a whole number from 0 to 4294967295",
     "Chooses which packets are lost or overtaken: the same seed, the same choice.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint64_t>(t, 0, 4294967295, s.seed);
     },
     [](const Settings& s) { return write_number(s.seed); }},
    {"congestion", "Link", "NAME", "the name of a congestion control, such as cubic, reno, bbr",
     "Congestion control of both hosts.",
     [](std::string_view t, Settings& s) { return is_word(t) && (s.congestion = t, true); },
     [](const Settings& s) { return s.congestion; }},
    {"emit", "Response", "QUERY",
     "name=value&name=value, as /emit of `seamark serve` takes it; plan= needs a name",
     "What the server answers. On the command line it changes just the names it has; one without "
     "a value (gap=) goes back to its default.",
     [](std::string_view t, Settings& s) {
         if (t.find_first_of(" \t#?\"'\\") != std::string_view::npos) return false;
         if (has_empty_plan(t)) return false;
         s.emit = merge_query(s.emit, t);
         return true;
     },
     [](const Settings& s) { return s.emit; }},
    {"tls", "Response", "VERSION", "1.3, 1.2, off",
     "Server and client speak TLS, up to this version (1.3 where none is given). The certificate "
     "is made for the run, and the client does not check it. With a proxy it is the proxy that is "
     "to speak it ($SEAMARK_TLS is the version), and the server is asked in clear. The capture has "
     "the secrets, so it opens decrypted. Where no port is set it is 8443, since Wireshark takes "
     "8080 for HTTP in clear.",
     [](std::string_view t, Settings& s) {
         if (t != "1.2" && t != "1.3" && t != "off") return false;
         s.tls = t == "off" ? "" : t;
         if (!s.port_given) s.port = s.tls.empty() ? 8080 : 8443;
         return true;
     },
     [](const Settings& s) { return s.tls; }, "1.3"},
    {"record", "Response", "WHAT", "calls, stamps, state, all",
     "What is recorded of each call. state (the default): the kernel's state after it too, so "
     "that causes are known; it costs some 2 us a call, and writes back to back leave in three to "
     "six times as many segments. calls: the call alone; causes are inferred from the packets. "
     "stamps: when the kernel queued, sent and saw acknowledged what was written. all: everything.",
     [](std::string_view t, Settings& s) {
         if (t != "calls" && t != "stamps" && t != "state" && t != "all") return false;
         s.record = t;
         return true;
     },
     [](const Settings& s) { return s.record; }},
    {"kernel", "Response", "WHETHER", "yes, no",
     "Record in the kernel what server, proxy and client call, instead of in the programs: also "
     "commands that no library can be put under, such as a server in Go (as root; docs/kernel.md).",
     [](std::string_view t, Settings& s) {
         if (t != "yes" && t != "no") return false;
         s.kernel = t == "yes";
         return true;
     },
     [](const Settings& s) { return std::string(s.kernel ? "yes" : "no"); }, "yes"},
    {"requests", "Client", "N", "a whole number from 1 to 100000",
     "How often the client asks, one request after another on one connection.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint32_t>(t, 1, 100'000, s.requests);
     },
     [](const Settings& s) { return write_number(s.requests); }},
    {"read-size", "Client", "BYTES", "a whole number from 1 to 16777216",
     "Bytes that each of the client's reads asks for.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint32_t>(t, 1, 16777216, s.read_size);
     },
     [](const Settings& s) { return write_number(s.read_size); }},
    {"pace", "Client", "TIME", "0, or a number with a unit (us, ms, s), up to 60s",
     "Pause between the client's reads.",
     [](std::string_view t, Settings& s) {
         return read_time(t, microseconds{0}, microseconds{60'000'000}, s.pace);
     },
     [](const Settings& s) { return plan::to_text(s.pace); }},
    {"rcvbuf", "Client", "BYTES", "0 (the kernel's own), or a whole number up to 1073741824",
     "Receive buffer that the client asks for (SO_RCVBUF).",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint32_t>(t, 0, 1U << 30, s.receive_buffer);
     },
     [](const Settings& s) { return write_number(s.receive_buffer); }},
    {"server", "Commands", "CMD", "a shell command",
     "Run this under `seamark trace` instead of `seamark serve`. It is to listen on "
     "$SEAMARK_ADDRESS, port $SEAMARK_PORT.",
     [](std::string_view t, Settings& s) { return is_command(t) && (s.server = t, true); },
     [](const Settings& s) { return s.server; }},
    {"client", "Commands", "CMD", "a shell command",
     "Run this under `seamark trace` instead of `seamark get`. It gets $SEAMARK_URL.",
     [](std::string_view t, Settings& s) { return is_command(t) && (s.client = t, true); },
     [](const Settings& s) { return s.client; }},
    {"proxy", "Commands", "CMD", "a shell command",
     "Put a host between server and client and run this on it, under `seamark trace`. It is to "
     "listen on $SEAMARK_ADDRESS, port $SEAMARK_PORT, and to ask $SEAMARK_UPSTREAM.",
     [](std::string_view t, Settings& s) { return is_command(t) && (s.proxy = t, true); },
     [](const Settings& s) { return s.proxy; }},
    {"proxy-port", "Commands", "PORT", "a whole number from 1 to 65535", "The proxy's port.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint16_t>(t, 1, 65535, s.proxy_port);
     },
     [](const Settings& s) { return write_number(s.proxy_port); }},
    {"path", "Commands", "PATH", "a path that begins with /, without blanks",
     "What is asked of a server command.",
     [](std::string_view t, Settings& s) {
         if (!t.starts_with('/') || t.find_first_of(" \t") != std::string_view::npos) return false;
         s.path = t;
         return true;
     },
     [](const Settings& s) { return s.path; }},
    {"port", "Commands", "PORT", "a whole number from 1 to 65535", "The server's port.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint16_t>(t, 1, 65535, s.port) && (s.port_given = true);
     },
     [](const Settings& s) { return write_number(s.port); }},
    {"capture", "Capture", "SIDE", "server, client, both",
     "Whose card is captured; with a proxy, whether each leg is captured where it is sent (server) "
     "or received (client). With both, each packet is there twice, on two interfaces.",
     [](std::string_view t, Settings& s) {
         if (t != "server" && t != "client" && t != "both") return false;
         s.capture = t == "server" ? Place::server : t == "client" ? Place::client : Place::both;
         return true;
     },
     [](const Settings& s) -> std::string {
         return s.capture == Place::server   ? "server"
                : s.capture == Place::client ? "client"
                                             : "both";
     }},
    {"duration", "Capture", "TIME", "a number with a unit (ms, s) from 100ms to 3600s",
     "Longest time for all of it; what runs then is ended.",
     [](std::string_view t, Settings& s) {
         return read_time(t, microseconds{100'000}, microseconds{3'600'000'000}, s.duration);
     },
     [](const Settings& s) { return plan::to_text(s.duration); }},
    {"packets", "Capture", "N", "0 (no limit), or a whole number up to 1000000000",
     "Ends after so many packets.",
     [](std::string_view t, Settings& s) {
         return put_number<std::uint64_t>(t, 0, 1'000'000'000, s.packets);
     },
     [](const Settings& s) { return write_number(s.packets); }},
};

}  // namespace

std::span<const Setting> all_settings() {
    return rows;
}

const Setting* find_setting(std::string_view name) {
    const auto it = std::find_if(std::begin(rows), std::end(rows),
                                 [&](const Setting& row) { return row.name == name; });
    return it == std::end(rows) ? nullptr : it;
}

std::string merge_query(std::string_view query, std::string_view changes) {
    auto pairs = pairs_of(query);
    for (const auto change : pairs_of(changes)) {
        const auto same = [&](std::string_view pair) { return name_of(pair) == name_of(change); };
        const auto it = std::find_if(pairs.begin(), pairs.end(), same);
        const bool goes = change.ends_with('=');
        if (it != pairs.end() && goes) {
            pairs.erase(it);
        } else if (it != pairs.end()) {
            *it = change;
        } else if (!goes) {
            pairs.push_back(change);
        }
    }
    std::string merged;
    for (const auto pair : pairs) {
        if (!merged.empty()) merged += '&';
        merged += pair;
    }
    return merged;
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
    constexpr std::pair<std::string_view, std::uint64_t> units[] = {
        {"kbit", 1'000}, {"mbit", 1'000'000}, {"gbit", 1'000'000'000}};
    for (const auto& [unit, size] : units) {
        if (!text.ends_with(unit)) continue;
        const auto digits = text.substr(0, text.size() - unit.size());
        const auto value = plan::read_number<std::uint64_t>(digits, 1, 100'000'000'000 / size);
        if (!value) break;
        return *value * size;
    }
    return std::nullopt;
}

}  // namespace seamark::lab
