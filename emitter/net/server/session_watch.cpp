// SPDX-License-Identifier: GPL-2.0-or-later
//
// What ends a connection from outside its own course: the server's stop, time, a peer that left.
#include <cerrno>

#include "net/server/session.hpp"
#include "net/socket/peer_state.hpp"

namespace seamark::net {

using boost::asio::ip::tcp;

namespace {

constexpr std::chrono::seconds closing_limit{2};

}  // namespace

/// Ends a read that waits, and every later one: unlike a cancel, the end of the stream cannot come
/// too late.
void Session::stop_reading() {
    boost::system::error_code gone;  // then reading has ended already
    socket_.shutdown(tcp::socket::shutdown_receive, gone);
    if (tls_) socket_.cancel(gone);  // reading may wait for room: to send its part of the handshake
}

void Session::stop() {
    stopping_ = true;
    if (phase_ != Phase::responding) stop_reading();
}

void Session::cut(const std::string& reason) {
    if (cut_.requested) return;
    stopping_ = true;
    cut_.requested = true;
    cut_.reason = reason;
    timer_.cancel();
    port_.abandon();
    stop_reading();
}

/// The peer has left a response that is under way.
void Session::leave(int error) {
    if (cut_.requested) return;
    cut("the peer has left");
    cut_.peer_left = error;
}

/// For a response that waits for no reader, and so would not hear of one that has left.
void Session::watch_peer(Clock::time_point now, std::chrono::milliseconds limit, bool progress) {
    const PeerState peer = peer_state(socket_.native_handle());
    if (peer == PeerState::gone) return leave(ECONNRESET);
    if (peer == PeerState::there || progress) {
        half_closed_since_ = now;
    } else if (now - half_closed_since_ >= limit) {
        leave(ECONNABORTED);
    }
}

void Session::sweep(Clock::time_point now, std::chrono::milliseconds limit) {
    if (phase_ == Phase::reading && now - since_ >= limit) {
        timed_out_ = true;
        stop_reading();
    }
    if (phase_ == Phase::closing && now - since_ >= closing_limit) stop_reading();
    if (phase_ != Phase::responding) return;
    const bool progress = port_.next_index() != swept_index_;
    if (!port_.waiting()) watch_peer(now, limit, progress);
    if (!port_.waiting() || progress) {
        swept_index_ = port_.next_index();
        since_ = now;
    } else if (now - since_ >= limit) {
        cut("the peer has read nothing for too long");
    }
}

}  // namespace seamark::net
