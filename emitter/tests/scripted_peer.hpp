// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace seamark::testing {

/// Serves one connection by a function, and counts what comes on it. The function is given the
/// number of each request, from 1, and the socket; it returns whether more may come.
class Peer {
  public:
    using Answer = std::function<bool(int number, int socket)>;

    explicit Peer(Answer answer);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    int requests() const { return requests_; }

  private:
    void serve();

    int listener_;
    Answer answer_;
    std::uint16_t port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

/// Whether all of it went out.
bool send(int socket, const std::string& bytes);

/// The same to each request.
Peer::Answer always(const std::string& bytes);

}  // namespace seamark::testing
