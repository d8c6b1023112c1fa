// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
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
