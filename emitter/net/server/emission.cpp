// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/emission.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <span>
#include <utility>

#include "net/socket/peer_state.hpp"
#include "net/socket/socket_options.hpp"

namespace seamark::net {

namespace asio = boost::asio;

namespace {

// Others wait for at most so many writes, some 0.2 ms, and so many bytes, or one write that is
// larger.
constexpr unsigned writes_in_a_row = 256;
constexpr std::uint64_t bytes_in_a_row = work_a_turn;

/// What was done since others had their turn.
struct Row {
    unsigned writes = 0;
    std::uint64_t volume = 0;          ///< bytes of these
    std::uint64_t work = work_a_turn;  ///< left for making further ones
};

/// Bytes of the body among those of [from, to) of an encoded write.
std::uint64_t data_between(const plan::PlannedWrite& write, std::span<const std::size_t> ends,
                           std::size_t from, std::size_t to) {
    std::uint64_t data = 0;
    const std::size_t head = ends.size() - write.pieces.size();  // a piece that is no planned one
    for (std::size_t i = 0; i < write.pieces.size(); ++i) {
        if (write.pieces[i].kind != plan::PieceKind::data) continue;
        const std::size_t begin = std::max(from, ends[head + i] - write.pieces[i].length);
        const std::size_t end = std::min(to, ends[head + i]);
        if (begin < end) data += end - begin;
    }
    return data;
}

/// A step of a plan that is no write. Whether the body goes on.
bool take_step(const plan::PlannedWrite& step, const Outlet& port, EmissionEnd& end) {
    switch (step.action) {
        case plan::Action::nodelay:
            set_nodelay(port.native_handle(), step.on, port.observer());
            return true;
        case plan::Action::cork:
            set_cork(port.native_handle(), step.on, port.observer());
            return true;
        case plan::Action::reset:
            end.cut = true;
            end.reason = "the plan says reset";
            return false;
        default:
            end.closed = true;
            return false;
    }
}

}  // namespace

asio::awaitable<EmissionEnd> emit_body(Outlet& port, asio::steady_timer& timer, WorkTurns& turns,
                                       const Cut& cut, Emission emission) {
    EmissionEnd end;
    plan::PlannedWrite write;
    plan::EncodedWrite encoded;
    Row row;

    // A body whose bytes cannot be had is not to pass for the whole.
    const auto sourced = [&](const auto& action) {
        try {
            return action();
        } catch (const plan::BodyError& e) {
            end.cut = true;
            end.reason = e.what();
            return false;
        }
    };

    const auto is_ready = [&] { return emission.writes.ready(row.work); };

    for (;;) {
        while (!sourced(is_ready) && !end.cut) {
            co_await turns.next();
            row = {};
            end.cut = cut.requested;
            if (peer_state(port.native_handle()) == PeerState::gone) end.error = ECONNRESET;
            if (end.error != 0) co_return end;
        }
        if (end.cut || !sourced([&] { return emission.writes.next(write); })) break;
        if (cut.requested) {
            // no wait, which no one would end
        } else if (write.pause.count() > 0 && emission.head.empty()) {
            timer.expires_after(write.pause);
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            row = {};
        }
        if (!cut.requested && (++row.writes > writes_in_a_row || row.volume > bytes_in_a_row ||
                               write.size > bytes_in_a_row)) {
            co_await turns.next();
            row = {.writes = 1};
            // What is costly to make is made only for a client that is there.
            if (peer_state(port.native_handle()) == PeerState::gone) end.error = ECONNRESET;
            if (end.error != 0) co_return end;
        }
        end.cut = cut.requested;
        if (end.cut) break;
        if (write.action != plan::Action::write) {
            if (take_step(write, port, end)) continue;
            break;
        }

        if (!sourced([&] {
                encoded = emission.encoder.encode(write, port.next_index(),
                                                  std::exchange(emission.head, {}));
                return true;
            })) {
            break;
        }
        Outgoing outgoing{.bytes = encoded.bytes, .more = write.more};
        if (emission.gather) outgoing.ends = encoded.ends;
        row.volume += port.work(encoded.bytes.size());
        while (outgoing.left() > 0) {
            const std::size_t before = outgoing.taken;
            const auto [taken, error] = port.send(outgoing);
            outgoing.taken += taken;
            if (emission.report && taken > 0) {
                emission.report->add(port.next_index() - 1, outgoing.bytes.size() - before, taken,
                                     data_between(write, encoded.ends, before, outgoing.taken));
            }
            if (error == 0) continue;
            end.error = error == EAGAIN ? co_await port.room() : error;
            if (end.error != 0) co_return end;
        }
        if (write.number != 0) end.data_writes = write.number;
    }
    co_return end;
}

}  // namespace seamark::net
