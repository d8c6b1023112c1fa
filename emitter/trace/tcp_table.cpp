// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/tcp_table.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace seamark::trace {
namespace {

/// Words of 32 bits in the machine's own order, and the port.
std::string end_of(const std::uint8_t (&address)[16], std::uint16_t port, bool ipv6) {
    std::string text;
    char digits[16];
    for (int i = 0; i < (ipv6 ? 16 : 4); i += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, address + i, sizeof word);
        std::snprintf(digits, sizeof digits, "%08X", word);
        text += digits;
    }
    std::snprintf(digits, sizeof digits, ":%04X", port);
    return text + digits;
}

std::string as_ipv4(const std::string& end) {
    // ::ffff:0:0/96, the third word in network order.
    std::uint32_t word = 0;
    const unsigned char mapped[4] = {0, 0, 0xff, 0xff};
    std::memcpy(&word, mapped, sizeof word);
    char digits[16];
    std::snprintf(digits, sizeof digits, "%08X", word);
    const std::string prefix = std::string(16, '0') + digits;
    return end.starts_with(prefix) ? end.substr(prefix.size()) : end;
}

}  // namespace

std::string ends_of(const seamark_addresses& addresses) {
    const bool ipv6 = addresses.family == 6;
    return end_of(addresses.local, addresses.local_port, ipv6) + '>' +
           end_of(addresses.remote, addresses.remote_port, ipv6);
}

std::map<std::string, TcpSocket> tcp_sockets(pid_t process) {
    std::map<std::string, TcpSocket> sockets;
    for (const char* table : {"/net/tcp", "/net/tcp6"}) {
        std::ifstream lines("/proc/" + std::to_string(process) + table);
        std::string line;
        std::getline(lines, line);  // the headings
        while (std::getline(lines, line)) {
            std::istringstream fields(line);
            std::string number, local, remote, state, word, inode;
            fields >> number >> local >> remote >> state;
            for (int i = 0; i < 5; ++i) fields >> word;
            fields >> inode;
            // Established, the two states of waiting for the peer's FIN, and waiting for our close.
            const bool is_connected =
                state == "01" || state == "04" || state == "05" || state == "08";
            sockets[inode] = {as_ipv4(local) + '>' + as_ipv4(remote), is_connected};
        }
    }
    return sockets;
}

}  // namespace seamark::trace
