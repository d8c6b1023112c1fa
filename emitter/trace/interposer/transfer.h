/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_TRANSFER_H
#define SEAMARK_TRANSFER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "connections.h"
#include "count_check.h"

/* A write or read call on its way: begun before the real call, finished after it. A call that
 * never comes back (its thread is cancelled, its process killed) is not recorded. */
struct transfer {
    struct seamark_trace* memory;
    struct seamark_connection* connection; /* NULL: not to be recorded */
    int64_t entered;
    int is_checked;   /* of a write: the kernel's count is asked for before it and after it */
    int has_settings; /* of a write: what was asked of the socket goes with it */
    uint64_t writing; /* of a write: seamark_count.writing just before it */
};

/* One more write is under way, and one more has begun. */
#define ONE_WRITE ((UINT64_C(1) << 32) + 1)

static inline struct transfer begin_transfer(int fd) {
    struct transfer transfer = {trace(), 0, 0, 0, 0, 0};
    if (transfer.memory == 0) return transfer;
    transfer.connection = connection_of(transfer.memory, fd);
    if (transfer.connection == 0) return transfer;
    prepare_to_record(transfer.memory);
    transfer.entered = now();
    return transfer;
}

/* A call that writes: counted as under way until it is finished, so that the kernel's count is
 * compared with ours only while no call is on its way. */
static inline struct transfer begin_write(int fd) {
    struct transfer transfer = {trace(), 0, 0, 0, 0, 0};
    if (transfer.memory == 0) return transfer;
    transfer.connection = connection_of(transfer.memory, fd);
    if (transfer.connection == 0) return transfer;
    prepare_to_record(transfer.memory);
    struct seamark_count* count = &transfer.connection->count;
    transfer.writing = __atomic_fetch_add(&count->writing, ONE_WRITE, __ATOMIC_ACQ_REL);
    transfer.entered = now();
    if (__builtin_expect(transfer.entered >= __atomic_load_n(&count->due, __ATOMIC_RELAXED), 0))
        check_before_write(&transfer, fd);
    return transfer;
}

/* `taken` is how many bytes went over, or -1 with errno. `flags` are those of this call alone:
 * FLAG_MORE, FLAG_NONBLOCKING. Keeps errno. */
void finish_transfer(const struct transfer* transfer, uint8_t kind, uint16_t call, int fd,
                     uint64_t requested, int64_t taken, uint32_t flags);

/* A call above the socket that moved `taken` bytes of the application's, or -1: kinds UPPER_WRITE
 * and UPPER_READ, whose bytes count for themselves. `error`: errno, or 0. Keeps errno. */
void finish_upper(const struct transfer* transfer, uint8_t kind, uint16_t call, int fd,
                  uint64_t requested, int64_t taken, int32_t error);

/* Bytes that a call moved. A ClientHello (RFC 8446 section 4.1.2) among the first of them is what a
 * TLS session that knows no descriptor is recognized by: its random is its own. */
void look_for_hello(struct seamark_connection* connection, const uint8_t* data, size_t length);
static inline void see_bytes(const struct transfer* transfer, const void* data, int64_t taken) {
    if (taken < 11 + SEAMARK_CLIENT_RANDOM) return;
    if (((const uint8_t*)data)[0] != 0x16) return; /* a record of the handshake */
    look_for_hello(transfer->connection, (const uint8_t*)data, (size_t)taken);
}
/* The same of a vector that the call has moved bytes of. */
static inline void see_vector(const struct transfer* transfer, const struct iovec* vector,
                              size_t count, int64_t taken) {
    if (taken <= 0 || count == 0) return;
    const int64_t first = (int64_t)vector[0].iov_len;
    see_bytes(transfer, vector[0].iov_base, taken < first ? taken : first);
}

/* Emits an event of another kind: opened, closed, option. */
void record_change(struct seamark_trace* memory, const struct seamark_connection* connection,
                   struct seamark_event event);
/* The same of an event that has a look, or flags of its own: nothing is added to them. */
void record_with_look(struct seamark_trace* memory, const struct seamark_connection* connection,
                      struct seamark_event event, const struct seamark_look* look);

/* The bytes of a vector; 0 where it is none, and the kernel will say so. */
uint64_t vector_length(const struct iovec* vector, size_t count);

#endif
