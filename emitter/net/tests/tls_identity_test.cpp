// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>
#include <stdexcept>
#include <string>

#include "net/tls/identity.hpp"
#include "net/tls/tls_context.hpp"

namespace seamark::testing {
namespace {

using net::Identity;

using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// A certificate and its key as people have them in files, made anew in each run.
struct Files {
    Files() {
        const KeyPtr pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const CertificatePtr made(X509_new(), X509_free);
        X509_set_version(made.get(), X509_VERSION_3);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        X509_set_pubkey(made.get(), pair.get());
        X509_sign(made.get(), pair.get(), EVP_sha256());
        const auto pem = [](const auto& write) {
            const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
            EXPECT_EQ(write(bio.get()), 1);
            return text_of(bio.get());
        };
        certificate = pem([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); });
        key = pem([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
        encrypted_key = pem([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, pair.get(), EVP_aes_128_cbc(),
                                            reinterpret_cast<const unsigned char*>("password"), 8,
                                            nullptr, nullptr);
        });
        std::array<unsigned char, 32> digest{};
        X509_digest(made.get(), EVP_sha256(), digest.data(), nullptr);
        for (const unsigned char byte : digest) {
            std::array<char, 4> hex{};
            std::snprintf(hex.data(), hex.size(), "%02X:", byte);
            fingerprint += hex.data();
        }
        fingerprint.pop_back();
    }
    std::string certificate;
    std::string key;
    std::string encrypted_key;
    std::string fingerprint;
};

std::string problem_of(const std::string& certificates, const std::string& with_key) {
    try {
        Identity::read(certificates, with_key);
        return "";
    } catch (const std::runtime_error& e) {
        return e.what();
    }
}

TEST(TlsIdentity, APemPairIsReadAndHasItsFingerprint) {
    const Files files;
    const Identity identity = Identity::read(files.certificate, files.key);
    EXPECT_EQ(identity.fingerprint(), files.fingerprint);
    EXPECT_NO_THROW(net::TlsContext::server(identity));
    EXPECT_EQ(identity.certificate(), files.certificate);
}

TEST(TlsIdentity, WhatIsWrongOfThePairIsNamed) {
    const Files files;
    EXPECT_NE(problem_of("nothing", files.key).find("the certificate cannot be read"),
              std::string::npos);
    EXPECT_NE(problem_of(files.key, files.key).find("the certificate cannot be read"),
              std::string::npos);
    EXPECT_NE(problem_of(files.certificate, "nothing").find("the key cannot be read"),
              std::string::npos);
    EXPECT_NE(problem_of(files.certificate, files.certificate).find("the key cannot be read"),
              std::string::npos);
    EXPECT_NE(problem_of(files.certificate, files.encrypted_key).find("the key is encrypted"),
              std::string::npos);
    const Identity other = Identity::self_made({});
    EXPECT_NE(problem_of(other.certificate(), files.key).find("not that of the certificate"),
              std::string::npos);
}

TEST(TlsIdentity, EachSelfMadeOneIsAnother) {
    const std::array<std::string, 3> names{"localhost", "127.0.0.1", "::1"};
    const Identity one = Identity::self_made(names);
    const Identity two = Identity::self_made(names);
    EXPECT_NE(one.fingerprint(), two.fingerprint());
    EXPECT_TRUE(std::regex_match(one.fingerprint(), std::regex("([0-9A-F]{2}:){31}[0-9A-F]{2}")));
}

TEST(TlsIdentity, AuthoritiesWithoutACertificateAreNamed) {
    EXPECT_THROW(net::TlsContext::client({.authorities = "nothing"}), std::runtime_error);
}

}  // namespace
}  // namespace seamark::testing
