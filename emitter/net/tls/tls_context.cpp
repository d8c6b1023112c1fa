// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "net/tls/identity.hpp"
#include "net/tls/openssl_handles.hpp"
#include "net/tls/tls_words.hpp"

namespace seamark::net {

struct TlsContext::State {
    std::unique_ptr<SSL_CTX, Released<SSL_CTX_free>> context;
    SecretSink sink;
    bool server = false;
};

namespace {

constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// A client that speaks something else alone gets an alert; one that says nothing is served.
int choose_protocol(SSL* /*connection*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* /*unused*/) {
    unsigned char* found = nullptr;
    const bool shared = SSL_select_next_proto(&found, size, http_1_1.data(), http_1_1.size(),
                                              offered, offered_size) == OPENSSL_NPN_NEGOTIATED;
    *chosen = found;
    return shared ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void add_authorities(SSL_CTX* context, const std::string& text) {
    const BioHandle memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    int count = 0;
    while (X509* const one = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)) {
        const CertificateHandle certificate(one);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one);
        ++count;
    }
    ERR_clear_error();
    if (count > 0) return;
    throw std::runtime_error(
        "no certificate is in it: a PEM file with BEGIN CERTIFICATE is wanted");
}

}  // namespace

TlsContext::TlsContext(bool server) : state_(std::make_unique<State>()) {
    ERR_clear_error();
    state_->server = server;
    state_->context.reset(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
    SSL_CTX* const context = native();
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
        throw std::runtime_error("TLS cannot be set up: " + take_tls_error());
    }
    SSL_CTX_set_app_data(context, state_.get());
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                     SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

TlsContext::TlsContext(TlsContext&&) noexcept = default;
TlsContext::~TlsContext() = default;

TlsContext TlsContext::server(const Identity& identity, TlsVersion most) {
    TlsContext made(true);
    SSL_CTX_set_max_proto_version(made.native(),
                                  most == TlsVersion::v1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(made.native(), 0);
    SSL_CTX_set_alpn_select_cb(made.native(), choose_protocol, nullptr);
    identity.use_in(made.native());
    return made;
}

TlsContext TlsContext::client(const Trust& trust) {
    TlsContext made(false);
    SSL_CTX* const context = made.native();
    SSL_CTX_set_verify(context, trust.anyone ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
    if (!trust.authorities.empty()) {
        add_authorities(context, trust.authorities);
    } else if (!trust.anyone && SSL_CTX_set_default_verify_paths(context) != 1) {
        throw std::runtime_error("the system's certificates cannot be had: " + take_tls_error());
    }
    SSL_CTX_set_alpn_protos(context, http_1_1.data(), http_1_1.size());
    return made;
}

void TlsContext::log_secrets(SecretSink sink) {
    state_->sink = std::move(sink);
    SSL_CTX_set_keylog_callback(native(), [](const SSL* connection, const char* line) {
        const auto* const state =
            static_cast<const State*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
        if (state && state->sink) state->sink(line);
    });
}

bool TlsContext::is_server() const {
    return state_->server;
}

SSL_CTX* TlsContext::native() const {
    return state_->context.get();
}

}  // namespace seamark::net
