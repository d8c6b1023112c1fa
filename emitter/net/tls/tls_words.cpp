// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/tls/tls_words.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace seamark::net {
namespace {

std::string in_words(unsigned long error) {
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) == ERR_LIB_SSL) {
        if (reason > SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + 255) {
            return std::string("the peer sent the alert \"") +
                   SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET) + '"';
        }
        switch (reason) {
            case SSL_R_HTTP_REQUEST:
                return "the peer speaks plain HTTP (its URL begins with http://, and should with "
                       "https://)";
            case SSL_R_HTTPS_PROXY_REQUEST:
                return "the peer takes this for a proxy: it sent CONNECT";
            case SSL_R_WRONG_VERSION_NUMBER:
                return "what the peer sent is no TLS";
            case SSL_R_UNSUPPORTED_PROTOCOL:
            case SSL_R_VERSION_TOO_LOW:
                return "the peer has no version of TLS that may be spoken here";
            case SSL_R_NO_SHARED_CIPHER:
                return "the peer has no cipher that may be used here";
            default:
                break;
        }
    }
    const char* const text = ERR_reason_error_string(error);
    return text ? text : "unknown error";
}

}  // namespace

std::string take_tls_error() {
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    return in_words(error);
}

}  // namespace seamark::net
