// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace seamark::net {

class Identity;

enum class TlsVersion { v1_2, v1_3 };

/// Is given the secrets of each connection, in lines of the NSS key log format without their end,
/// as soon as they are known: before anything is encrypted with them.
using SecretSink = std::function<void(std::string_view line)>;

/// Whom a client believes.
struct Trust {
    bool anyone = false;           ///< no certificate is checked
    std::string authorities = {};  ///< PEM of those that sign; empty: the system's
};

/// What the connections of a program have in common. TLS 1.2 and 1.3, ciphers that authenticate
/// what they encrypt, HTTP/1.1 alone in ALPN; no session is resumed and no ticket sent, so that
/// each connection is like the first, and none is renegotiated. Must outlive its engines. One
/// thread.
class TlsContext {
  public:
    /// Throws std::runtime_error.
    static TlsContext server(const Identity& identity, TlsVersion most = TlsVersion::v1_3);
    static TlsContext client(const Trust& trust);

    TlsContext(TlsContext&&) noexcept;
    ~TlsContext();

    /// From now on. Without it, no secret leaves an engine.
    void log_secrets(SecretSink sink);

    bool is_server() const;
    ssl_ctx_st* native() const;

  private:
    struct State;
    explicit TlsContext(bool server);
    std::unique_ptr<State> state_;
};

}  // namespace seamark::net
