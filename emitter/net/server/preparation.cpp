// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/preparation.hpp"

#include <cerrno>

#include "net/socket/peer_state.hpp"

namespace seamark::net {

namespace asio = boost::asio;

namespace {

constexpr unsigned turns_for_half_closed = 64;

}  // namespace

asio::awaitable<EmissionEnd> prepare(Body& body, int socket, WorkTurns& turns, const Cut& cut) {
    EmissionEnd end;
    for (unsigned turn = 0;; ++turn) {
        std::uint64_t work = work_a_turn;
        try {
            if (body.make_ready(work)) co_return end;
        } catch (const plan::BodyError& e) {
            end.cut = true;
            end.reason = e.what();
            co_return end;
        }
        co_await turns.next();
        end.cut = cut.requested;
        const PeerState peer = peer_state(socket);
        if (peer == PeerState::gone) end.error = ECONNRESET;
        if (peer == PeerState::half_closed && turn >= turns_for_half_closed) {
            end.error = ECONNABORTED;
        }
        if (end.cut || end.error != 0) co_return end;
    }
}

}  // namespace seamark::net
