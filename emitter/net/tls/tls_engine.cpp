// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/tls/tls_engine.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

#include "net/tls/openssl_handles.hpp"
#include "net/tls/tls_words.hpp"

namespace seamark::net {
namespace {

/// A memory BIO that has grown larger is not kept.
constexpr std::size_t kept_memory = 256UL * 1024;

bool is_address(const std::string& host) {
    const std::unique_ptr<ASN1_OCTET_STRING, Released<ASN1_OCTET_STRING_free>> octets(
        a2i_IPADDRESS(host.c_str()));
    ERR_clear_error();
    return octets != nullptr;
}

}  // namespace

struct TlsEngine::Connection {
    std::unique_ptr<SSL, Released<SSL_free>> ssl;
    BIO* in = nullptr;     ///< of the SSL
    BIO* out = nullptr;    ///< of the SSL
    std::size_t sent = 0;  ///< of what is in `out`
};

TlsEngine::TlsEngine(const TlsContext& context, const std::string& host)
    : connection_(std::make_unique<Connection>()) {
    ERR_clear_error();
    connection_->ssl.reset(SSL_new(context.native()));
    connection_->in = BIO_new(BIO_s_mem());
    connection_->out = BIO_new(BIO_s_mem());
    SSL* const ssl = connection_->ssl.get();
    if (!ssl || !connection_->in || !connection_->out) {
        throw std::runtime_error("TLS cannot begin: " + take_tls_error());
    }
    SSL_set_bio(ssl, connection_->in, connection_->out);
    if (context.is_server()) {
        SSL_set_accept_state(ssl);
        return;
    }
    SSL_set_connect_state(ssl);
    if (host.empty()) return;
    const bool set = is_address(host)
                         ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1
                         : SSL_set1_host(ssl, host.c_str()) == 1 &&
                               SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
    if (!set) throw std::runtime_error("TLS cannot ask for \"" + host + "\": " + take_tls_error());
}

TlsEngine::~TlsEngine() = default;

/// The call of OpenSSL that returned `result` wants something, or has ended the connection.
void TlsEngine::fail(int result) {
    switch (SSL_get_error(connection_->ssl.get(), result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return;
        case SSL_ERROR_ZERO_RETURN:
            state_ = State::kClosed;
            return;
        default:
            break;
    }
    if (state_ == State::kFailed) return;
    state_ = State::kFailed;
    const long verified = SSL_get_verify_result(connection_->ssl.get());
    untrusted_ = !established_ && verified != X509_V_OK &&
                 SSL_get_verify_mode(connection_->ssl.get()) != SSL_VERIFY_NONE;
    problem_ = take_tls_error();
    if (untrusted_) problem_ = X509_verify_cert_error_string(verified);
}

void TlsEngine::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(connection_->ssl.get());
    if (result != 1) return fail(result);
    established_ = true;
    state_ = State::kOpen;
}

void TlsEngine::start() {
    if (state_ == State::kHandshake) shake_hands();
}

void TlsEngine::feed(std::span<const char> bytes) {
    if (state_ == State::kFailed || bytes.empty()) return;
    BIO_write(connection_->in, bytes.data(), static_cast<int>(bytes.size()));
    if (state_ == State::kHandshake) shake_hands();
}

void TlsEngine::end() {
    if (state_ == State::kHandshake || state_ == State::kOpen) state_ = State::kCut;
}

std::size_t TlsEngine::read(std::span<char> into) {
    if (!established_ || state_ == State::kFailed || into.empty()) return 0;
    ERR_clear_error();
    std::size_t taken = 0;
    const int result = SSL_read_ex(connection_->ssl.get(), into.data(), into.size(), &taken);
    if (result == 1) return taken;
    fail(result);
    return 0;
}

bool TlsEngine::write(std::span<const char> bytes, std::size_t record) {
    if (!may_write()) return false;
    record = std::clamp<std::size_t>(record, 1, largest_record);
    while (!bytes.empty()) {
        ERR_clear_error();
        std::size_t taken = 0;
        const int result = SSL_write_ex(connection_->ssl.get(), bytes.data(),
                                        std::min(record, bytes.size()), &taken);
        if (result != 1) {
            fail(result);
            if (state_ != State::kFailed) {  // memory always has room: it waits for nothing
                state_ = State::kFailed;
                problem_ = "a record could not be made";
            }
            return false;
        }
        bytes = bytes.subspan(taken);
    }
    return true;
}

void TlsEngine::close() {
    if (!may_write()) return;
    closing_ = true;
    ERR_clear_error();
    SSL_shutdown(connection_->ssl.get());
    ERR_clear_error();
}

std::span<const char> TlsEngine::pending() const {
    char* data = nullptr;
    const long size = BIO_get_mem_data(connection_->out, &data);
    if (size <= 0) return {};
    return std::span<const char>(data, static_cast<std::size_t>(size)).subspan(connection_->sent);
}

void TlsEngine::sent(std::size_t bytes) {
    connection_->sent += bytes;
    if (!pending().empty()) return;
    connection_->sent = 0;
    BUF_MEM* memory = nullptr;
    BIO_get_mem_ptr(connection_->out, &memory);
    if (memory && memory->max > kept_memory) {
        if (BIO* const fresh = BIO_new(BIO_s_mem())) {
            SSL_set0_wbio(connection_->ssl.get(), fresh);  // frees the other
            connection_->out = fresh;
            return;
        }
    }
    BIO_reset(connection_->out);
}

std::string TlsEngine::version() const {
    return SSL_get_version(connection_->ssl.get());
}

std::string TlsEngine::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection_->ssl.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

}  // namespace seamark::net
