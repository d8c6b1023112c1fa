/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_session.h"

#include <errno.h>
#include <string.h>

/* Sessions without a descriptor, by a hash of their address. `place` is the number of the
 * connection and the descriptor; it is written while `ssl` is NULL. */
#define SESSIONS 4096
static struct {
    const SSL* ssl;
    uint64_t place;
} sessions[SESSIONS];

static uint32_t slot_of(const SSL* ssl) {
    return (uint32_t)(((uint64_t)(uintptr_t)ssl * 0x9e3779b97f4a7c15U) >> 52) % SESSIONS;
}

static struct seamark_connection* at_place(struct seamark_trace* memory, uint64_t place, int* fd) {
    *fd = (int)(place & 0xffffffff);
    struct seamark_connection* connection = known_connection(memory, *fd);
    return connection != 0 && connection->number == place >> 32 ? connection : 0;
}

static struct seamark_connection* remembered(struct seamark_trace* memory, const SSL* ssl,
                                             int* fd) {
    const uint32_t slot = slot_of(ssl);
    if (__atomic_load_n(&sessions[slot].ssl, __ATOMIC_ACQUIRE) != ssl) return 0;
    const uint64_t place = __atomic_load_n(&sessions[slot].place, __ATOMIC_ACQUIRE);
    if (__atomic_load_n(&sessions[slot].ssl, __ATOMIC_ACQUIRE) != ssl) return 0;
    return at_place(memory, place, fd);
}

static void remember(const SSL* ssl, const struct seamark_connection* connection, int fd) {
    const uint32_t slot = slot_of(ssl);
    __atomic_store_n(&sessions[slot].ssl, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&sessions[slot].place, (uint64_t)connection->number << 32 | (uint32_t)fd,
                     __ATOMIC_RELEASE);
    __atomic_store_n(&sessions[slot].ssl, ssl, __ATOMIC_RELEASE);
}

void forget_session(const SSL* ssl) {
    const SSL* expected = ssl;
    __atomic_compare_exchange_n(&sessions[slot_of(ssl)].ssl, &expected, 0, 0, __ATOMIC_ACQ_REL,
                                __ATOMIC_RELAXED);
}

/* Among the descriptors that this process has used. */
static struct seamark_connection* with_hello(struct seamark_trace* memory,
                                             const unsigned char* client_random, int* fd) {
    for (*fd = highest_descriptor(); *fd >= 0; --*fd) {
        struct seamark_connection* connection = known_connection(memory, *fd);
        if (connection != 0 && __atomic_load_n(&connection->has_hello, __ATOMIC_ACQUIRE) != 0 &&
            memcmp(connection->client_random, client_random, SEAMARK_CLIENT_RANDOM) == 0)
            return connection;
    }
    return 0;
}

struct seamark_connection* connection_of_session(struct seamark_trace* memory,
                                                 const struct tls_library* tls, const SSL* ssl,
                                                 int writes, int* fd, int* is_told) {
    *is_told = 1;
    /* Without a BIO to look at, OpenSSL would put an error into its queue. */
    if ((writes ? tls->write_bio(ssl) : tls->read_bio(ssl)) != 0)
        *fd = writes ? tls->write_descriptor(ssl) : tls->read_descriptor(ssl);
    else
        *fd = -1;
    if (*fd >= 0) return connection_of(memory, *fd);
    struct seamark_connection* connection = remembered(memory, ssl, fd);
    if (connection != 0) return connection;
    unsigned char client_random[SEAMARK_CLIENT_RANDOM];
    if (tls->client_random(ssl, client_random, sizeof client_random) == sizeof client_random)
        connection = with_hello(memory, client_random, fd);
    if (connection != 0)
        remember(ssl, connection, *fd);
    else
        *is_told = 0;
    return connection;
}
