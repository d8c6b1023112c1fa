// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/tls/identity.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "net/tls/openssl_handles.hpp"
#include "net/tls/tls_words.hpp"

namespace seamark::net {

struct Identity::Parts {
    std::vector<CertificateHandle> certificates;  ///< its own first
    KeyHandle key;
};

namespace {

constexpr long an_hour = 3600;
constexpr long thirty_days = 30L * 24 * an_hour;

void check(bool done) {
    if (!done) throw std::runtime_error("a certificate cannot be made: " + take_tls_error());
}

bool is_address(const std::string& name) {
    const std::unique_ptr<ASN1_OCTET_STRING, Released<ASN1_OCTET_STRING_free>> octets(
        a2i_IPADDRESS(name.c_str()));
    ERR_clear_error();
    return octets != nullptr;
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

BioHandle memory_of(std::string_view text) {
    return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// In place of OpenSSL's own, which would ask at the terminal.
int no_password(char* /*to*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

Identity::Identity(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Identity::Identity(Identity&&) noexcept = default;
Identity::~Identity() = default;

Identity Identity::self_made(std::span<const std::string> names) {
    auto parts = std::make_unique<Parts>();
    parts->key.reset(EVP_EC_gen("P-256"));
    CertificateHandle made(X509_new());
    check(parts->key && made);
    X509* const certificate = made.get();
    std::uint64_t serial = 0;
    check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    check(X509_set_version(certificate, X509_VERSION_3) == 1);
    check(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1);
    check(X509_gmtime_adj(X509_getm_notBefore(certificate), -an_hour) != nullptr);
    check(X509_gmtime_adj(X509_getm_notAfter(certificate), thirty_days) != nullptr);
    check(X509_set_pubkey(certificate, parts->key.get()) == 1);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* const text = reinterpret_cast<const unsigned char*>("seamark serve, self-made");
    check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
    check(X509_set_issuer_name(certificate, name) == 1);
    std::string alternatives;
    for (const std::string& one : names) {
        if (!alternatives.empty()) alternatives += ',';
        alternatives += (is_address(one) ? "IP:" : "DNS:") + one;
    }
    add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, NID_ext_key_usage, "serverAuth");
    add_extension(certificate, NID_subject_key_identifier, "hash");
    add_extension(certificate, NID_authority_key_identifier, "keyid");
    if (!alternatives.empty()) add_extension(certificate, NID_subject_alt_name, alternatives);
    check(X509_sign(certificate, parts->key.get(), EVP_sha256()) != 0);
    parts->certificates.push_back(std::move(made));
    return Identity(std::move(parts));
}

Identity Identity::read(std::string_view certificates, std::string_view key) {
    ERR_clear_error();
    auto parts = std::make_unique<Parts>();
    const BioHandle certificate_text = memory_of(certificates);
    while (X509* const one = PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr)) {
        parts->certificates.emplace_back(one);
    }
    if (parts->certificates.empty()) {
        ERR_clear_error();
        throw std::runtime_error(
            "the certificate cannot be read: a PEM file with BEGIN CERTIFICATE is wanted");
    }
    ERR_clear_error();  // its end is an error to OpenSSL
    bool encrypted = false;
    parts->key.reset(
        PEM_read_bio_PrivateKey(memory_of(key).get(), nullptr, no_password, &encrypted));
    ERR_clear_error();
    if (!parts->key) {
        throw std::runtime_error(
            encrypted ? "the key is encrypted, and no password is asked for. `openssl pkey -in KEY "
                        "-out PLAIN` takes it off"
                      : "the key cannot be read: a PEM file with BEGIN PRIVATE KEY is wanted");
    }
    if (X509_check_private_key(parts->certificates.front().get(), parts->key.get()) != 1) {
        ERR_clear_error();
        throw std::runtime_error("the key is not that of the certificate");
    }
    return Identity(std::move(parts));
}

std::string Identity::fingerprint() const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    check(X509_digest(parts_->certificates.front().get(), EVP_sha256(), digest.data(), &size) == 1);
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

std::string Identity::certificate() const {
    const BioHandle out(BIO_new(BIO_s_mem()));
    check(out && PEM_write_bio_X509(out.get(), parts_->certificates.front().get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void Identity::use_in(SSL_CTX* context) const {
    bool good = SSL_CTX_use_certificate(context, parts_->certificates.front().get()) == 1 &&
                SSL_CTX_use_PrivateKey(context, parts_->key.get()) == 1;
    for (std::size_t i = 1; good && i < parts_->certificates.size(); ++i) {
        good = SSL_CTX_add1_chain_cert(context, parts_->certificates[i].get()) == 1;
    }
    if (!good) throw std::runtime_error("the certificate cannot be used: " + take_tls_error());
}

}  // namespace seamark::net
