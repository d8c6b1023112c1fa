/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_TRANSFER_H
#define SEAMARK_TRANSFER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "connections.h"

/* A write or read call on its way: begun before the real call, finished after it. A call that
 * never comes back (its thread is cancelled, its process killed) is not recorded. */
struct transfer {
    struct seamark_trace* memory;
    struct seamark_connection* connection; /* NULL: not to be recorded */
    int64_t entered;
};

static inline struct transfer begin_transfer(int fd) {
    struct transfer transfer = {trace(), 0, 0};
    if (transfer.memory == 0) return transfer;
    transfer.connection = connection_of(transfer.memory, fd);
    if (transfer.connection == 0) return transfer;
    prepare_to_record(transfer.memory);
    transfer.entered = now();
    return transfer;
}

/* `taken` is how many bytes went over, or -1 with errno. `flags` are those of this call alone:
 * FLAG_MORE, FLAG_NONBLOCKING. Keeps errno. */
void finish_transfer(const struct transfer* transfer, uint8_t kind, uint16_t call, int fd,
                     uint64_t requested, int64_t taken, uint32_t flags);

/* Emits an event of another kind: opened, closed, option. */
void record_change(struct seamark_trace* memory, const struct seamark_connection* connection,
                   struct seamark_event event);
/* Of TCP_CONGESTION, with the name of what is in force now; where the kernel does not say, without.
 */
void record_congestion(struct seamark_trace* memory, const struct seamark_connection* connection,
                       struct seamark_event event);

/* The bytes of a vector; 0 where it is none, and the kernel will say so. */
uint64_t vector_length(const struct iovec* vector, size_t count);

#endif
