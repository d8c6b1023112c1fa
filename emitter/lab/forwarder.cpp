// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/forwarder.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <vector>

#include "lab/time_order.hpp"

namespace seamark::lab {
namespace {

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Leaving {
    CableEnd* out;
    std::vector<std::uint8_t> packet;
};

}  // namespace

Forwarder::Forwarder(const std::string& server_card, const std::string& client_card,
                     const DelayQueue::Nature& to_client, const DelayQueue::Nature& to_server)
    : server_(server_card),
      client_(client_card),
      to_client_(to_client),
      to_server_(to_server),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Forwarder::~Forwarder() {
    ::eventfd_write(stop_, 1);
    thread_.join();
    ::close(stop_);
}

void Forwarder::run() {
    ::prctl(PR_SET_TIMERSLACK, 1);  // ns: packets are to leave on time
    TimeOrder<Leaving> under_way;
    const auto take = [&](CableEnd& in, DelayQueue& queue, CableEnd& out) {
        in.drain([&](std::span<const std::uint8_t> packet) {
            const auto frame = packet.subspan(CableEnd::header_size);
            const auto time = queue.leaves_at(now_ns(), frame.size(), has_tcp_data(frame));
            if (time) {
                under_way.push(*time, {&out, {packet.begin(), packet.end()}});
            } else {
                ++lost_;
            }
        });
    };
    while (true) {
        pollfd ready[] = {{server_.descriptor(), POLLIN, 0},
                          {client_.descriptor(), POLLIN, 0},
                          {stop_, POLLIN, 0}};
        timespec wait{};
        if (const auto next = under_way.next()) {
            const std::int64_t left = std::max<std::int64_t>(0, *next - now_ns());
            wait = {left / 1'000'000'000, left % 1'000'000'000};
        }
        ::ppoll(ready, 3, under_way.waiting() > 0 ? &wait : nullptr, nullptr);
        if (ready[2].revents != 0) return;
        take(server_, to_client_, client_);
        take(client_, to_server_, server_);
        under_way.give(now_ns(),
                       [](std::int64_t, const Leaving& one) { one.out->send(one.packet); });
        dropped_ = server_.dropped() + client_.dropped();
    }
}

}  // namespace seamark::lab
