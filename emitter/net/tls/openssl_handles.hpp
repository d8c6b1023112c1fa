// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace seamark::net {

template <auto release>
struct Released {
    template <typename Object>
    void operator()(Object* object) const {
        release(object);
    }
};

using BioHandle = std::unique_ptr<BIO, Released<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, Released<X509_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, Released<X509_EXTENSION_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Released<EVP_PKEY_free>>;

}  // namespace seamark::net
