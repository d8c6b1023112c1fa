// SPDX-License-Identifier: GPL-2.0-or-later
#include "scripted_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace seamark::testing {

Peer::Peer(Answer answer)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), answer_(std::move(answer)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

Peer::~Peer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

void Peer::serve() {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::string unread;
    char bytes[4096];
    bool more = true;
    for (ssize_t got = 1; got > 0;) {
        got = ::recv(socket, bytes, sizeof bytes, 0);
        if (got > 0) unread.append(bytes, static_cast<std::size_t>(got));
        for (std::size_t end; (end = unread.find("\r\n\r\n")) != std::string::npos;) {
            unread.erase(0, end + 4);
            ++requests_;
            if (more) more = answer_(requests_, socket);
        }
    }
    ::close(socket);
}

bool send(int socket, const std::string& bytes) {
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

Peer::Answer always(const std::string& bytes) {
    return [bytes](int, int socket) { return send(socket, bytes); };
}

}  // namespace seamark::testing
