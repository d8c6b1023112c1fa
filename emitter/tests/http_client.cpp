// SPDX-License-Identifier: GPL-2.0-or-later
#include "http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace seamark::testing {
namespace {

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

/// Reads the chunks of `text` behind those that `body` has.
void read_on(ReadBody& body, std::string_view text) {
    ReadBody rest = read_chunked(text, body.end);
    body.chunks.insert(body.chunks.end(), std::make_move_iterator(rest.chunks.begin()),
                       std::make_move_iterator(rest.chunks.end()));
    rest.chunks = std::move(body.chunks);
    body = std::move(rest);
}

}  // namespace

std::string Response::field(std::string_view name) const {
    const std::string key = "\r\n" + std::string(name) + ": ";
    const auto at = head.find(key);
    if (at == std::string::npos) return "";
    const auto value = at + key.size();
    return head.substr(value, head.find("\r\n", value) - value);
}

HttpClient::HttpClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) fail("socket");
    if (receive_buffer > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    local_port_ = ntohs(address.sin_port);
}

HttpClient::~HttpClient() {
    if (socket_ >= 0) ::close(socket_);
}

void HttpClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void HttpClient::get(std::string_view target, std::string_view fields) const {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
         "\r\n");
}

bool HttpClient::more(std::size_t size) {
    std::string buffer(size, '\0');
    const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0) fail("recv");
    unread_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
}

const std::string& HttpClient::unread(std::size_t size) {
    while (unread_.size() < size && more(size - unread_.size())) {
    }
    return unread_;
}

Response HttpClient::response(bool head_only) {
    Response result;
    while (unread_.find("\r\n\r\n") == std::string::npos) {
        if (!more()) throw std::runtime_error("closed before the end of a head: " + unread_);
    }
    result.head = unread_.substr(0, unread_.find("\r\n\r\n") + 4);
    result.status = std::stoi(result.head.substr(9, 3));
    const std::size_t body = result.head.size();
    std::size_t end = body;
    if (head_only || result.status == 100) {
        // no body
    } else if (result.field("Transfer-Encoding") == "chunked") {
        result.chunked.end = body;
        // From the last whole chunk on: a body of megabytes comes in pieces of a few bytes.
        for (read_on(result.chunked, unread_); !result.chunked.complete;
             read_on(result.chunked, unread_)) {
            if (!more()) throw std::runtime_error("chunked body is cut: " + result.chunked.fault);
        }
        result.data = result.chunked.data();
        end = result.chunked.end;
    } else if (!result.field("Content-Length").empty()) {
        end = body + std::stoull(result.field("Content-Length"));
        while (unread_.size() < end) {
            if (!more()) throw std::runtime_error("body is shorter than its Content-Length");
        }
        result.data = unread_.substr(body, end - body);
    } else {
        while (more()) {
        }
        end = unread_.size();
        result.data = unread_.substr(body);
    }
    result.raw = unread_.substr(body, end - body);
    unread_.erase(0, end);
    result.begin = taken_;
    taken_ += end;
    result.end = taken_;
    return result;
}

bool HttpClient::closed() {
    return unread_.empty() && !more();
}

void HttpClient::reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket_);
    socket_ = -1;
}

}  // namespace seamark::testing
