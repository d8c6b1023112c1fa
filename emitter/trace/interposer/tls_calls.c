/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls with which an application writes into OpenSSL and reads from it, above those on the
 * socket: recorded as calls of their own kind, whose bytes are plaintext.
 *
 * Seen are calls that a program, or a library of it, makes through the dynamic linker. Those of an
 * OpenSSL that is linked statically, through an address from dlsym(), or of OpenSSL's own BIOs of
 * type "ssl" are not. */
#include <errno.h>

#include "tls_session.h"
#include "transfer.h"

#define INTERPOSED __attribute__((visibility("default")))
#define CALLER tls_library_of(__builtin_return_address(0))

/* OpenSSL's numbers. */
enum { RECEIVED_SHUTDOWN = 2, WANTS_WRITE = 2, WANTS_READ = 3 };
enum { EARLY_DATA_ERROR = 0, EARLY_DATA_SUCCESS = 1 };

/* A library whose calls go through the linker would call us again: the inner one counts for none.
 */
static __thread int depth __attribute__((tls_model("initial-exec")));

struct upper {
    const struct tls_library* tls;
    const SSL* ssl;
    struct transfer transfer;
    int fd;
    int writes;
    int is_on; /* to be recorded, if its connection is known */
};

static struct upper begin_upper(const struct tls_library* tls, const SSL* ssl, int writes) {
    struct upper call = {tls, ssl, {trace(), 0, 0, 0, 0, 0}, -1, writes, 0};
    if (depth++ > 0 || call.transfer.memory == 0 || ssl == 0 || !is_recordable(tls)) return call;
    int is_told = 0;
    call.is_on = 1;
    call.transfer.connection =
        connection_of_session(call.transfer.memory, tls, ssl, writes, &call.fd, &is_told);
    /* Its hello may be still to come; of what is no TCP connection nothing is. */
    if (call.transfer.connection == 0 && is_told) call.is_on = 0;
    call.transfer.entered = now();
    return call;
}

/* `taken`: bytes, or -1. */
static void end_upper(struct upper* call, uint16_t number, uint64_t requested, int64_t taken) {
    --depth;
    if (!call->is_on) return;
    const int saved = errno;
    int is_told = 0;
    if (call->transfer.connection == 0)
        call->transfer.connection = connection_of_session(
            call->transfer.memory, call->tls, call->ssl, call->writes, &call->fd, &is_told);
    if (call->transfer.connection == 0) {
        if (taken > 0)
            __atomic_fetch_add(&call->transfer.memory->tls_unplaced, 1, __ATOMIC_RELAXED);
    } else {
        const int want = taken < 0 ? call->tls->want(call->ssl) : 0;
        const int is_end = taken < 0 && !call->writes &&
                           (call->tls->shut_down(call->ssl) & RECEIVED_SHUTDOWN) != 0;
        finish_upper(&call->transfer, call->writes ? KIND_UPPER_WRITE : KIND_UPPER_READ, number,
                     call->fd, requested, is_end ? 0 : taken,
                     want == WANTS_WRITE || want == WANTS_READ ? EAGAIN : 0);
    }
    errno = saved;
}

static uint64_t positive(int64_t number) {
    return number > 0 ? (uint64_t)number : 0;
}

INTERPOSED int SSL_write(SSL* ssl, const void* data, int length) {
    const struct tls_library* tls = CALLER;
    if (tls->write == 0) return -1;
    struct upper call = begin_upper(tls, ssl, 1);
    const int result = tls->write(ssl, data, length);
    end_upper(&call, CALL_SSL_WRITE, positive(length), result > 0 ? result : -1);
    return result;
}

INTERPOSED int SSL_write_ex(SSL* ssl, const void* data, size_t length, size_t* written) {
    const struct tls_library* tls = CALLER;
    if (tls->write_ex == 0) return 0;
    struct upper call = begin_upper(tls, ssl, 1);
    const int result = tls->write_ex(ssl, data, length, written);
    end_upper(&call, CALL_SSL_WRITE_EX, length, result > 0 ? (int64_t)*written : -1);
    return result;
}

INTERPOSED int SSL_write_early_data(SSL* ssl, const void* data, size_t length, size_t* written) {
    const struct tls_library* tls = CALLER;
    if (tls->write_early_data == 0) return 0;
    struct upper call = begin_upper(tls, ssl, 1);
    const int result = tls->write_early_data(ssl, data, length, written);
    end_upper(&call, CALL_SSL_WRITE_EARLY_DATA, length, result > 0 ? (int64_t)*written : -1);
    return result;
}

INTERPOSED ssize_t SSL_sendfile(SSL* ssl, int from, off_t offset, size_t length, int flags) {
    const struct tls_library* tls = CALLER;
    if (tls->send_file == 0) return -1;
    struct upper call = begin_upper(tls, ssl, 1);
    const ssize_t result = tls->send_file(ssl, from, offset, length, flags);
    end_upper(&call, CALL_SSL_SENDFILE, length, result > 0 ? result : -1);
    return result;
}

INTERPOSED int SSL_read(SSL* ssl, void* data, int length) {
    const struct tls_library* tls = CALLER;
    if (tls->read == 0) return -1;
    struct upper call = begin_upper(tls, ssl, 0);
    const int result = tls->read(ssl, data, length);
    end_upper(&call, CALL_SSL_READ, positive(length), result > 0 ? result : -1);
    return result;
}

INTERPOSED int SSL_read_ex(SSL* ssl, void* data, size_t length, size_t* taken) {
    const struct tls_library* tls = CALLER;
    if (tls->read_ex == 0) return 0;
    struct upper call = begin_upper(tls, ssl, 0);
    const int result = tls->read_ex(ssl, data, length, taken);
    end_upper(&call, CALL_SSL_READ_EX, length, result > 0 ? (int64_t)*taken : -1);
    return result;
}

INTERPOSED int SSL_read_early_data(SSL* ssl, void* data, size_t length, size_t* taken) {
    const struct tls_library* tls = CALLER;
    if (tls->read_early_data == 0) return EARLY_DATA_ERROR;
    struct upper call = begin_upper(tls, ssl, 0);
    const int result = tls->read_early_data(ssl, data, length, taken);
    if (result != EARLY_DATA_SUCCESS) call.is_on = 0; /* there was none, or no more */
    end_upper(&call, CALL_SSL_READ_EARLY_DATA, length,
              result == EARLY_DATA_SUCCESS ? (int64_t)*taken : -1);
    return result;
}

INTERPOSED void SSL_free(SSL* ssl) {
    const struct tls_library* tls = CALLER;
    forget_session(ssl);
    if (tls->free != 0) tls->free(ssl);
}
