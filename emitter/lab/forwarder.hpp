// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "lab/cable_end.hpp"
#include "lab/delay_queue.hpp"

namespace seamark::lab {

/// The cable between two hosts, where it is to be slow or bad: takes what comes in at one card and
/// sends it out at the other, later. A thread of its own. Super-segments and unfinished checksums
/// go through as they are, so that the hosts' offloads stay as they were set.
class Forwarder {
  public:
    struct Count {
        std::uint64_t lost = 0;     ///< as wanted
        std::uint64_t dropped = 0;  ///< not as wanted: for want of room
    };

    /// The cards are in the network namespace that the caller is in. Throws std::system_error.
    Forwarder(const std::string& server_card, const std::string& client_card,
              const DelayQueue::Nature& to_client, const DelayQueue::Nature& to_server);
    ~Forwarder();
    Forwarder(const Forwarder&) = delete;
    Forwarder& operator=(const Forwarder&) = delete;

    Count count() const { return {lost_.load(), dropped_.load()}; }

  private:
    void run();

    CableEnd server_;
    CableEnd client_;
    DelayQueue to_client_;
    DelayQueue to_server_;
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> dropped_{0};
    int stop_;  ///< an eventfd
    std::thread thread_;
};

}  // namespace seamark::lab
