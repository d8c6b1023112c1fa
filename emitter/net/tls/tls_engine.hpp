// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tls/tls_context.hpp"

namespace seamark::net {

/// Most bytes of plaintext that a record holds (RFC 8446 section 5.1).
inline constexpr std::size_t largest_record = 16'384;
/// Most bytes that a record of these ciphers has beside its plaintext.
inline constexpr std::size_t record_overhead = 32;

/// One TLS connection between bytes in memory: what the peer sent goes in by feed(), what is to be
/// sent to it comes out by pending(); the plaintext goes in by write() and comes out by read().
/// Whoever moves the bytes decides by which calls. Never throws but from its constructor.
class TlsEngine {
  public:
    enum class State {
        kHandshake,
        kOpen,
        kClosed,  ///< the peer has said that it sends nothing more
        kCut,     ///< the peer's stream ended, and it had not said so
        kFailed,  ///< problem() says why; an alert for the peer may be pending
    };

    /// A client (by the context) asks for `host`, a name or an address, and checks that the
    /// certificate is for it. Throws std::runtime_error.
    explicit TlsEngine(const TlsContext& context, const std::string& host = {});
    ~TlsEngine();
    TlsEngine(const TlsEngine&) = delete;
    TlsEngine& operator=(const TlsEngine&) = delete;

    /// A client's first bytes.
    void start();

    /// Takes bytes of the peer's, and goes on with the handshake where that is not done. Secrets
    /// that these bytes make known are given to the sink before it returns.
    void feed(std::span<const char> bytes);

    /// The peer's stream has ended.
    void end();

    /// Takes plaintext out; 0: none is at hand (see state()).
    std::size_t read(std::span<char> into);

    /// Encrypts all of it, in records of at most `record` bytes (1 to largest_record). False: the
    /// state is not kOpen or kClosed, or it failed.
    bool write(std::span<const char> bytes, std::size_t record = largest_record);

    /// Says that nothing more is sent (close_notify), once.
    void close();

    /// Bytes for the peer, until feed(), read(), write(), close() or sent() is called.
    std::span<const char> pending() const;
    /// The first so many of pending() are on their way.
    void sent(std::size_t bytes);

    State state() const { return state_; }
    /// May write: the handshake is done, and nothing failed.
    bool may_write() const { return established_ && state_ != State::kFailed && !closing_; }
    bool established() const { return established_; }
    const std::string& problem() const { return problem_; }
    /// The certificate is not believed: problem() is about that.
    bool untrusted() const { return untrusted_; }
    /// When established: "TLSv1.3".
    std::string version() const;
    /// When established: what ALPN chose, "" if nothing.
    std::string protocol() const;

  private:
    void shake_hands();
    void fail(int result);

    struct Connection;
    std::unique_ptr<Connection> connection_;
    State state_ = State::kHandshake;
    bool established_ = false;
    bool closing_ = false;
    bool untrusted_ = false;
    std::string problem_;
};

}  // namespace seamark::net
