// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/tls_line.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Making a record takes as long as copying so many bytes.
constexpr std::uint64_t work_a_record = 1024;

}  // namespace

Outlet::Sent TlsOutlet::send(const Outgoing& outgoing) {
    if (!under_way_) {
        UpperCall call{.write = true,
                       .requested = outgoing.left(),
                       .returned = static_cast<std::int64_t>(outgoing.left())};
        call.times.entered = time_for(observer());
        if (!engine_.write(outgoing.bytes.subspan(outgoing.taken), record_)) return {0, EPROTO};
        call.times.returned_at = time_for(observer());
        call.index = count_write();
        tally_.bytes += outgoing.left();
        under_way_ = true;
        if (observer()) observer()->on_upper(call);
    }
    if (const int error = flush(outgoing.more); error != 0) return {0, error};
    under_way_ = false;
    return {outgoing.left(), 0};
}

std::uint64_t TlsOutlet::work(std::size_t bytes) const {
    return 2 * bytes + (bytes / record_ + 1) * work_a_record;
}

int TlsOutlet::flush(bool more) {
    while (!engine_.pending().empty()) {
        const auto [taken, error] = port_.send({.bytes = engine_.pending(), .more = more});
        engine_.sent(taken);
        if (error != 0) return error;
    }
    return 0;
}

/// Sends what is pending and takes what has come. 0 where something has, or the stream has ended.
int TlsInlet::step() {
    awaited_ = tcp::socket::wait_write;
    if (const int error = out_.flush(); error != 0) return error;
    awaited_ = tcp::socket::wait_read;
    std::array<char, largest_record + 512> bytes;
    const auto [taken, error] =
        port_.receive(bytes, [this](std::span<const char> got) { engine_.feed(got); });
    if (error == 0 && taken == 0) engine_.end();
    return error;
}

Inlet::Received TlsInlet::receive(std::span<char> into) {
    for (;;) {
        UpperCall call{.write = false, .requested = into.size()};
        call.times.entered = time_for(out_.observer());
        const std::size_t taken = engine_.read(into);
        call.times.returned_at = time_for(out_.observer());
        if (taken > 0) {
            call.returned = static_cast<std::int64_t>(taken);
            call.index = ++index_;
            if (out_.observer()) out_.observer()->on_upper(call);
            return {taken, 0};
        }
        switch (engine_.state()) {
            case TlsEngine::State::kFailed:
                out_.flush();  // an alert
                return {0, EPROTO};
            case TlsEngine::State::kClosed:
            case TlsEngine::State::kCut:
                return {0, 0};
            default:
                break;
        }
        if (const int error = step(); error != 0) return {0, error};
    }
}

asio::awaitable<int> TlsInlet::shake_hands() {
    while (!engine_.established()) {
        if (engine_.state() == TlsEngine::State::kFailed) {
            out_.flush();
            co_return EPROTO;
        }
        if (engine_.state() == TlsEngine::State::kCut) co_return ECONNABORTED;
        const int error = step();
        if (error == 0) continue;
        if (error != EAGAIN && error != EWOULDBLOCK) co_return error;
        const auto [failure] =
            co_await socket_.async_wait(awaited_, asio::as_tuple(asio::use_awaitable));
        if (failure) co_return failure.value();
    }
    // The last of it, which a full socket may leave for the first read or write.
    const int error = out_.flush();
    co_return error == EAGAIN ? 0 : error;
}

}  // namespace seamark::net
