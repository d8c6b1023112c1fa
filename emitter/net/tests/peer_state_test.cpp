// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/peer_state.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace seamark::net {
namespace {

/// Both ends of a TCP connection over loopback.
class Connected {
  public:
    Connected() {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{.sin_family = AF_INET,
                            .sin_port = 0,
                            .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                            .sin_zero = {}};
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener, any, size), 0);
        EXPECT_EQ(::listen(listener, 1), 0);
        EXPECT_EQ(::getsockname(listener, any, &size), 0);
        peer = ::socket(AF_INET, SOCK_STREAM, 0);
        EXPECT_EQ(::connect(peer, any, size), 0);
        own = ::accept(listener, nullptr, nullptr);
        ::close(listener);
    }
    ~Connected() {
        ::close(own);
        if (peer >= 0) ::close(peer);
    }
    Connected(const Connected&) = delete;
    Connected& operator=(const Connected&) = delete;

    /// A time stamp waits in the error queue.
    void stamp() const {
        const int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
                          SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
        ASSERT_EQ(::setsockopt(own, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags), 0);
        ASSERT_EQ(::send(own, "x", 1, 0), 1);
        pollfd state{.fd = own, .events = 0, .revents = 0};
        ASSERT_EQ(::poll(&state, 1, 5000), 1);
        ASSERT_EQ(state.revents, POLLERR);
    }

    int own = -1;
    int peer = -1;
};

PeerState state_after_wait(int socket) {
    pollfd state{.fd = socket, .events = POLLRDHUP, .revents = 0};
    ::poll(&state, 1, 5000);
    return peer_state(socket);
}

TEST(PeerState, ATimeStampThatWaitsIsNoBrokenConnection) {
    const Connected both;
    EXPECT_EQ(peer_state(both.own), PeerState::there);
    both.stamp();
    EXPECT_EQ(peer_state(both.own), PeerState::there);
    ::shutdown(both.peer, SHUT_WR);
    while (state_after_wait(both.own) == PeerState::there) ::usleep(1000);
    EXPECT_EQ(peer_state(both.own), PeerState::half_closed);
}

TEST(PeerState, AResetIsSeen) {
    for (const bool stamped : {false, true}) {
        Connected both;
        if (stamped) both.stamp();
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ASSERT_EQ(::setsockopt(both.peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
        ::close(both.peer);
        both.peer = -1;
        while (state_after_wait(both.own) == PeerState::there) ::usleep(1000);
        EXPECT_EQ(peer_state(both.own), PeerState::gone);
    }
}

}  // namespace
}  // namespace seamark::net
