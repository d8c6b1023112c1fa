// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>

namespace seamark::net {
namespace {

template <typename Value>
void set(int socket, int level, int option, const Value& value, const char* name, int said,
         CallObserver* observer) {
    OptionCall call{.level = level, .name = option, .value = said};
    call.times.entered = time_for(observer);
    if (::setsockopt(socket, level, option, &value, sizeof value) != 0) {
        throw std::system_error(errno, std::system_category(), std::string("setsockopt ") + name);
    }
    call.times.returned_at = time_for(observer);
    if (observer) observer->on_option(call);
}

}  // namespace

void set_nodelay(int socket, bool on, CallObserver* observer) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, static_cast<int>(on), "TCP_NODELAY", on, observer);
}

void set_cork(int socket, bool on, CallObserver* observer) {
    set(socket, IPPROTO_TCP, TCP_CORK, static_cast<int>(on), "TCP_CORK", on, observer);
}

void set_send_buffer(int socket, std::uint32_t bytes, CallObserver* observer) {
    const int value = static_cast<int>(bytes);
    set(socket, SOL_SOCKET, SO_SNDBUF, value, "SO_SNDBUF", value, observer);
}

void set_pacing_rate(int socket, std::uint64_t rate, CallObserver* observer) {
    const std::uint64_t value = rate == 0 ? ~std::uint64_t{0} : rate;
    set(socket, SOL_SOCKET, SO_MAX_PACING_RATE, value, "SO_MAX_PACING_RATE",
        static_cast<int>(std::min<std::uint64_t>(rate, std::numeric_limits<int>::max())), observer);
}

bool set_congestion_control(int socket, const std::string& name, CallObserver* observer) {
    OptionCall call{.level = IPPROTO_TCP, .name = TCP_CONGESTION};
    call.times.entered = time_for(observer);
    const auto size = static_cast<socklen_t>(name.size());
    if (::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name.data(), size) != 0) return false;
    call.times.returned_at = time_for(observer);
    if (observer) observer->on_option(call);
    return true;
}

std::string allowed_congestion_controls() {
    std::ifstream file("/proc/sys/net/ipv4/tcp_allowed_congestion_control");
    std::string names;
    std::getline(file, names);
    return names;
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
