/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_TLS_LIBRARY_H
#define SEAMARK_TLS_LIBRARY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* OpenSSL's calls, as far as they are wrapped or needed: found in the library that the caller is
 * linked with, and there may be two of them in one process. Nothing here is linked with OpenSSL. */

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
typedef struct bio_st BIO;
typedef void (*key_log_callback)(const SSL*, const char*);

/* A function's address as dlsym() returns it, whatever type the function is of. */
typedef void* __attribute__((may_alias)) function_address;

struct tls_library {
    int (*write)(SSL*, const void*, int);
    int (*write_ex)(SSL*, const void*, size_t, size_t*);
    int (*write_early_data)(SSL*, const void*, size_t, size_t*);
    ssize_t (*send_file)(SSL*, int, off_t, size_t, int);
    int (*read)(SSL*, void*, int);
    int (*read_ex)(SSL*, void*, size_t, size_t*);
    int (*read_early_data)(SSL*, void*, size_t, size_t*);
    void (*free)(SSL*);
    SSL_CTX* (*new_context)(const SSL_METHOD*);
    SSL_CTX* (*new_context_ex)(OSSL_LIB_CTX*, const char*, const SSL_METHOD*);
    void (*set_key_log)(SSL_CTX*, key_log_callback);
    key_log_callback (*get_key_log)(const SSL_CTX*);
    SSL_CTX* (*context)(const SSL*);
    int (*new_index)(int, long, void*, void*, void*, void*);
    int (*set_data)(SSL_CTX*, int, void*);
    void* (*get_data)(const SSL_CTX*, int);
    BIO* (*read_bio)(const SSL*);
    BIO* (*write_bio)(const SSL*);
    int (*read_descriptor)(const SSL*);
    int (*write_descriptor)(const SSL*);
    int (*want)(const SSL*);
    int (*shut_down)(const SSL*);
    size_t (*client_random)(const SSL*, unsigned char*, size_t);
    int slot; /* of this library among those of the process; -1: it has none */
};

#define MOST_TLS_LIBRARIES 4

/* That of the code at `caller`; of its functions those that it does not have are NULL. Keeps errno.
 * Valid until the thread calls again. */
const struct tls_library* tls_library_of(const void* caller);

/* Whether it has all that recording needs. */
static inline int is_recordable(const struct tls_library* tls) {
    return tls->read_bio != 0 && tls->write_bio != 0 && tls->read_descriptor != 0 &&
           tls->write_descriptor != 0 && tls->want != 0 && tls->shut_down != 0 &&
           tls->client_random != 0;
}

#endif
