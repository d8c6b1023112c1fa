// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace seamark::net {

/// A certificate, those of its chain, and the private key: what a TLS server shows of itself.
class Identity {
  public:
    /// Made in memory, signed by itself, good for 30 days. For `names`, each a host name of
    /// letters, digits, "-", "_" and dots, or an address. Throws std::runtime_error.
    static Identity self_made(std::span<const std::string> names);

    /// Reads PEM: the certificate with those of its chain after it, and its key. Throws
    /// std::runtime_error that says which of the two is wrong, and how.
    static Identity read(std::string_view certificates, std::string_view key);

    Identity(Identity&&) noexcept;
    ~Identity();

    /// SHA-256 of the certificate, as "AB:CD:…".
    std::string fingerprint() const;

    /// The certificate as PEM, without its key.
    std::string certificate() const;

    /// Gives it to OpenSSL. Throws std::runtime_error.
    void use_in(ssl_ctx_st* context) const;

  private:
    struct Parts;
    explicit Identity(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace seamark::net
