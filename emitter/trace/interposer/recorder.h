/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_RECORDER_H
#define SEAMARK_RECORDER_H

#include <stdint.h>

#include "../shared_trace.h"

/* This process's part in the trace: the shared memory, who we are, and the way an event gets in.
 * Nothing here waits, locks or allocates once attached; all of it may run in a signal handler. */

/* Numbers of docs/event-format.md (plugin/core/event/io_event.hpp has them as enumerations). */
enum {
    KIND_WRITE = 1,
    KIND_READ = 2,
    KIND_OPENED = 3,
    KIND_CLOSED = 4,
    KIND_OPTION = 5,

    FLAG_NODELAY = 1,
    FLAG_CORK = 2,
    FLAG_MORE = 4,
    FLAG_OPTIONS_KNOWN = 8,
    FLAG_OFFSET_KNOWN = 16,
    FLAG_NONBLOCKING = 32,
    FLAG_CLIENT = 64,
    FLAG_SERVER = 128,

    CALL_SEND = 1,
    CALL_SENDTO = 2,
    CALL_SENDMSG = 3,
    CALL_SENDMMSG = 4,
    CALL_WRITE = 5,
    CALL_WRITEV = 6,
    CALL_SENDFILE = 7,
    CALL_SPLICE = 8,
    CALL_READ = 9,
    CALL_READV = 10,
    CALL_RECV = 11,
    CALL_RECVFROM = 12,
    CALL_RECVMSG = 13,
    CALL_CONNECT = 14,
    CALL_ACCEPT = 15,
    CALL_CLOSE = 16,
    CALL_SHUTDOWN = 17,
    CALL_SETSOCKOPT = 18,
    CALL_RECVMMSG = 19,
    CALL_PWRITEV = 20,
};

#define MAX_DESCRIPTORS (1 << 20)

extern struct seamark_trace* trace_memory; /* NULL: not attached, record nothing */
extern uint32_t* descriptor_table;         /* of MAX_DESCRIPTORS; see connections.h */

/* The trace, or NULL where nothing is to be recorded. */
static inline struct seamark_trace* trace(void) {
    struct seamark_trace* memory = __atomic_load_n(&trace_memory, __ATOMIC_ACQUIRE);
    if (memory == 0 || __atomic_load_n(&memory->closed, __ATOMIC_RELAXED) != 0) return 0;
    return memory;
}

/* CLOCK_REALTIME in ns: the clock of packet captures. */
int64_t now(void);

/* True in a child of vfork(), whose descriptors are its own but whose memory is its parent's: it
 * must not change what we know of the parent's descriptors. Costs a system call. */
int in_vfork_child(void);

/* Fetches the memory that the next event goes to, which the tracer's processor had last, while the
 * call that it is about goes on. */
static inline void prepare_to_record(struct seamark_trace* memory) {
    const uint64_t place = __atomic_load_n(&memory->head, __ATOMIC_RELAXED);
    const char* slot = (const char*)&memory->slot[place % SEAMARK_RING_SLOTS];
    __builtin_prefetch(slot, 1);
    __builtin_prefetch(slot + 64, 1);
}

/* Takes the next place for an event, whose process and thread are filled in; the rest holds what an
 * earlier event left there. NULL if the ring is full: the event is counted as dropped. */
struct seamark_slot* claim_slot(struct seamark_trace* memory, uint64_t* place);

/* The event is complete. */
static inline void publish_slot(struct seamark_slot* slot, uint64_t place) {
    __atomic_store_n(&slot->state, SEAMARK_FILLED(place), __ATOMIC_RELEASE);
}

#endif
