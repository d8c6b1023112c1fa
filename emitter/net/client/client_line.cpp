// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/client_line.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "file/input_file.hpp"

namespace seamark::net {
namespace {

constexpr std::size_t longest_pem = 4 << 20;

}  // namespace

TlsContext client_context(const GetOptions& options) {
    Trust trust{.anyone = options.insecure};
    if (!options.authorities.empty()) {
        const std::string option = "--cacert " + options.authorities;
        try {
            trust.authorities = file::read_input(options.authorities, longest_pem);
        } catch (const std::runtime_error& e) {
            throw std::runtime_error(option + ' ' + e.what());
        }
        try {
            return TlsContext::client(trust);
        } catch (const std::runtime_error& e) {
            throw std::runtime_error(option + ": " + e.what());
        }
    }
    return TlsContext::client(trust);
}

ClientLine::ClientLine(WritePort& out, ReadPort& in, WaitLimits& limits, const TlsContext* tls,
                       const std::string& host)
    : out_(out), in_(in), limits_(limits), host_(host) {
    if (tls) engine_ = std::make_unique<TlsEngine>(*tls, host);
}

/// Sends what TLS has to say.
void ClientLine::flush(const std::string& what) {
    while (!engine_->pending().empty()) {
        const auto [taken, error] = out_.send(engine_->pending());
        engine_->sent(taken);
        if (error == EAGAIN) {
            limits_.for_peer(out_.native_handle(), POLLOUT, what);
        } else if (error != 0) {
            throw std::runtime_error(std::string("sending failed: ") + std::strerror(error));
        }
    }
}

void ClientLine::fail() const {
    std::string text = engine_->established() ? "TLS failed: " : "the TLS handshake failed: ";
    if (engine_->untrusted()) {
        text = "the certificate of " + host_ + " is not believed: " + engine_->problem() +
               ". --cacert FILE believes those in FILE (the server's own, or who signed it), "
               "--insecure believes any";
    } else {
        text += engine_->problem();
        if (!engine_->established()) {
            text +=
                ". Does the server speak https on this port? If not, the URL begins with http://";
        }
    }
    throw std::runtime_error(text);
}

/// With an alert, as far as the socket takes it.
void ClientLine::give_up() {
    const auto alert = engine_->pending();
    if (!alert.empty()) out_.send(alert);
    fail();
}

void ClientLine::begin() {
    if (!engine_) return;
    const std::string what = "the server did not do its part of the TLS handshake";
    engine_->start();
    std::array<char, largest_record + 512> buffer;
    while (!engine_->established()) {
        if (engine_->state() == TlsEngine::State::kFailed) {
            give_up();
        }
        flush(what);
        limits_.for_peer(out_.native_handle(), POLLIN, what);
        const auto [taken, error] =
            in_.receive(buffer, [this](std::span<const char> got) { engine_->feed(got); });
        if (error == EAGAIN) continue;
        if (error != 0) {
            throw std::runtime_error(std::string("the TLS handshake failed: ") +
                                     std::strerror(error));
        }
        if (taken == 0) {
            throw std::runtime_error(
                "the TLS handshake failed: the server closed in the middle of it");
        }
    }
    flush(what);
}

void ClientLine::send(std::string_view request) {
    const std::string what = "the server took nothing of the request";
    if (engine_) {
        UpperCall call{.write = true,
                       .index = ++upper_writes_,
                       .requested = request.size(),
                       .returned = static_cast<std::int64_t>(request.size())};
        call.times.entered = time_for(out_.observer());
        if (!engine_->write(request)) fail();
        call.times.returned_at = time_for(out_.observer());
        if (out_.observer()) out_.observer()->on_upper(call);
        return flush(what);
    }
    std::span<const char> rest(request);
    while (!rest.empty()) {
        const auto [taken, error] = out_.send(rest);
        rest = rest.subspan(taken);
        if (error == EAGAIN) {
            limits_.for_peer(out_.native_handle(), POLLOUT, what);
        } else if (error != 0) {
            throw std::runtime_error(std::string("the request could not be sent: ") +
                                     std::strerror(error));
        }
    }
}

/// All that is at hand.
void ClientLine::take_plaintext() {
    plaintext_.clear();
    std::array<char, largest_record> piece;
    for (;;) {
        UpperCall call{.write = false, .requested = piece.size()};
        call.times.entered = time_for(out_.observer());
        const std::size_t taken = engine_->read(piece);
        call.times.returned_at = time_for(out_.observer());
        if (taken == 0) return;
        call.index = ++upper_reads_;
        call.returned = static_cast<std::int64_t>(taken);
        if (out_.observer()) out_.observer()->on_upper(call);
        plaintext_.append(piece.data(), taken);
    }
}

ClientLine::Taken ClientLine::read(std::span<char> buffer, const std::string& what) {
    if (engine_) {
        if (const auto at_hand = what_is_at_hand()) return *at_hand;
    }
    limits_.for_peer(out_.native_handle(), POLLIN, what);
    if (!engine_) {
        const auto [taken, error] = in_.receive(buffer);
        return {.bytes = {buffer.data(), taken}, .error = error, .end = error == 0 && taken == 0};
    }
    const auto [taken, error] =
        in_.receive(buffer, [this](std::span<const char> got) { engine_->feed(got); });
    if (error != 0) return {.error = error};
    if (taken == 0) engine_->end();
    return what_is_at_hand().value_or(Taken{.error = EAGAIN});
}

/// Without a call: plaintext, or an end that was read already.
std::optional<ClientLine::Taken> ClientLine::what_is_at_hand() {
    take_plaintext();
    if (!plaintext_.empty()) {
        flush("the server took nothing");  // an answer to what TLS itself was asked
        return Taken{.bytes = plaintext_};
    }
    switch (engine_->state()) {
        case TlsEngine::State::kFailed:
            give_up();
        case TlsEngine::State::kClosed:
            return Taken{.end = true};
        case TlsEngine::State::kCut:
            return Taken{.end = true, .cut = true};
        default:
            return std::nullopt;
    }
}

void ClientLine::end() {
    if (!engine_) return;
    engine_->close();
    const auto last = engine_->pending();
    if (!last.empty()) out_.send(last);
}

std::string ClientLine::version() const {
    return engine_ ? ", " + engine_->version() : "";
}

}  // namespace seamark::net
