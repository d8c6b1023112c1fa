// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/client/client.hpp"
#include "net/client/wait_limits.hpp"
#include "net/socket/read_port.hpp"
#include "net/socket/write_port.hpp"
#include "net/tls/tls_context.hpp"
#include "net/tls/tls_engine.hpp"

namespace seamark::net {

/// Whom a client believes, as the options say. Throws std::runtime_error with the option and the
/// remedy.
TlsContext client_context(const GetOptions& options);

/// What a client sends and reads over one connection: as it is, or in TLS. Waits where it must,
/// within the limits. Borrows all of it.
class ClientLine {
  public:
    /// In clear where `tls` is null.
    ClientLine(WritePort& out, ReadPort& in, WaitLimits& limits, const TlsContext* tls,
               const std::string& host);

    /// TLS's own beginning. Throws std::runtime_error that says why there is none, and the remedy.
    void begin();

    void send(std::string_view request);

    struct Taken {
        std::string_view bytes = {};  ///< of the response, until the next read(); may be empty
        int error = 0;                ///< errno of the call
        bool end = false;             ///< the server has ended its stream
        bool cut = false;  ///< and has not said so in TLS: what came may not be the whole
    };
    /// Waits (`what`: what the server has not done, for the error), then makes one call into
    /// `buffer`; none where TLS has something at hand. EAGAIN: ask again. Throws std::runtime_error
    /// where TLS fails.
    Taken read(std::span<char> buffer, const std::string& what);

    /// TLS's own end, as far as the socket takes it.
    void end();

    /// ", TLSv1.3"; in clear "".
    std::string version() const;

  private:
    void flush(const std::string& what);
    void take_plaintext();
    std::optional<Taken> what_is_at_hand();
    [[noreturn]] void give_up();
    [[noreturn]] void fail() const;

    WritePort& out_;
    ReadPort& in_;
    WaitLimits& limits_;
    std::unique_ptr<TlsEngine> engine_;
    std::string host_;
    std::string plaintext_;
    std::uint64_t upper_writes_ = 0;
    std::uint64_t upper_reads_ = 0;
};

}  // namespace seamark::net
