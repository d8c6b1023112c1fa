// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lines of a connection in the log.
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "net/server/session.hpp"
#include "net/socket/socket_options.hpp"

namespace seamark::net {
namespace {

std::string milliseconds(Session::Clock::duration time) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f ms",
                  std::chrono::duration<double, std::milli>(time).count());
    return text.data();
}

}  // namespace

void Session::log_exchange(const std::string& what, Clock::time_point started) {
    const Tally& tally = out_.tally();
    std::string line = what + ": " + std::to_string(tally.writes) + " writes (" +
                       std::to_string(tally.first_index) + '-' +
                       std::to_string(out_.next_index() - 1) + "), " + std::to_string(tally.bytes) +
                       " bytes, " + milliseconds(Clock::now() - started);
    if (tally.short_writes > 0) {
        const SendCall& call = tally.first_short;
        log_.warn(what + ": write " + std::to_string(call.index) + " was short, " +
                  std::to_string(call.returned) + " of " + std::to_string(call.requested) +
                  " bytes taken; the rest is a further write, so tags that were out by then can be "
                  "too low (short writes in this response: " +
                  std::to_string(tally.short_writes) + ')');
    }
    line += ", " + congestion_control(socket_.native_handle());
    if (tls_) {
        const Tally& below = port_.tally();
        line += ", " + tls_->engine.version() + " in " + std::to_string(below.writes) +
                " writes to the socket (" + std::to_string(below.first_index) + '-' +
                std::to_string(port_.next_index() - 1) + "), " + std::to_string(below.bytes) +
                " bytes";
    }
    log_.note(line);
}

void Session::log_early_end(const std::string& what, const EmissionEnd& end,
                            std::uint64_t planned) const {
    const Tally& tally = out_.tally();
    std::string how_far =
        std::to_string(tally.writes) + " writes and " + std::to_string(tally.bytes) + " bytes";
    if (planned > 0) {
        how_far += ", " + std::to_string(end.data_writes) + " of " + std::to_string(planned) +
                   " data writes";
    }
    if (end.cut) {
        log_.warn(what + ": cut after " + how_far + ": " +
                  (end.reason.empty() ? cut_.reason : end.reason));
    } else {
        log_.warn(what + ": ended by the peer at write " + std::to_string(out_.next_index()) +
                  ", after " + how_far + ": " +
                  (end.error == ECONNABORTED ? "it has closed its half, and was sent nothing since"
                                             : std::strerror(end.error)));
    }
}

}  // namespace seamark::net
