// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>

namespace seamark::net {
namespace {

/// 0, or the errno.
int try_set(int socket, OptionCall call, const void* value, std::size_t size,
            CallObserver* observer) {
    call.times.entered = time_for(observer);
    if (::setsockopt(socket, call.level, call.name, value, static_cast<socklen_t>(size)) != 0) {
        return errno;
    }
    call.times.returned_at = time_for(observer);
    if (observer) observer->on_option(call);
    return 0;
}

template <typename Value>
void set(int socket, int level, int option, const Value& value, const char* name, int said,
         CallObserver* observer) {
    const int error = try_set(socket, {.level = level, .name = option, .value = said}, &value,
                              sizeof value, observer);
    if (error != 0) {
        throw std::system_error(error, std::system_category(), std::string("setsockopt ") + name);
    }
}

}  // namespace

void set_nodelay(int socket, bool on, CallObserver* observer) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, static_cast<int>(on), "TCP_NODELAY", on, observer);
}

void set_cork(int socket, bool on, CallObserver* observer) {
    set(socket, IPPROTO_TCP, TCP_CORK, static_cast<int>(on), "TCP_CORK", on, observer);
}

void set_send_buffer(int socket, int bytes, CallObserver* observer) {
    set(socket, SOL_SOCKET, SO_SNDBUF, bytes, "SO_SNDBUF", bytes, observer);
}

void set_pacing(int socket, std::uint64_t rate, CallObserver* observer) {
    constexpr std::uint64_t most = std::numeric_limits<int>::max();
    set(socket, SOL_SOCKET, SO_MAX_PACING_RATE, rate, "SO_MAX_PACING_RATE",
        static_cast<int>(std::min(rate, most)), observer);
}

std::optional<std::uint64_t> pacing_limit(int socket) {
    std::uint64_t rate = 0;
    socklen_t size = sizeof rate;
    if (::getsockopt(socket, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &size) != 0 ||
        size != sizeof rate)
        return std::nullopt;
    return rate;
}

int set_congestion_control(int socket, const std::string& name, CallObserver* observer) {
    OptionCall call{.level = IPPROTO_TCP, .name = TCP_CONGESTION};
    std::memcpy(&call.value, name.data(), std::min(name.size(), sizeof call.value));
    return try_set(socket, call, name.data(), name.size(), observer);
}

std::string congestion_controls() {
    const int trial = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::ifstream available("/proc/sys/net/ipv4/tcp_available_congestion_control");
    std::string list;
    for (std::string name; available >> name;) {
        if (set_congestion_control(trial, name, nullptr) != 0) continue;
        list += (list.empty() ? "" : ", ") + name;
    }
    if (trial >= 0) ::close(trial);
    return list;
}

void reset_on_close(int socket, CallObserver* observer) {
    set(socket, SOL_SOCKET, SO_LINGER, linger{.l_onoff = 1, .l_linger = 0}, "SO_LINGER", 0,
        observer);
}

std::string congestion_control(int socket) {
    std::array<char, 16> name{};  // TCP_CA_NAME_MAX
    socklen_t size = name.size();
    if (::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name.data(), &size) != 0) return "?";
    return {name.data(), ::strnlen(name.data(), size)};
}

}  // namespace seamark::net
