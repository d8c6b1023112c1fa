/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_RECORDER_H
#define SEAMARK_RECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "../shared_trace.h"
#include "core/event/event_layout.h"

/* This process's part in the trace: the shared memory, who we are, and the way an event gets in.
 * Nothing here waits, locks or allocates once attached; all of it may run in a signal handler. */

/* The numbers of event_layout.h by shorter names: KIND_WRITE, FLAG_CORK, CALL_SEND … */
#define SHORT_KIND(number, c_name, name, text) KIND_##c_name = SEAMARK_KIND_##c_name,
#define SHORT_FLAG(number, c_name, name, text) FLAG_##c_name = SEAMARK_FLAG_##c_name,
#define SHORT_CALL(number, c_name, name, text) CALL_##c_name = SEAMARK_CALL_##c_name,
enum {
    SEAMARK_EVENT_KINDS(SHORT_KIND) SEAMARK_EVENT_FLAGS(SHORT_FLAG) SEAMARK_EVENT_CALLS(SHORT_CALL)
};
#undef SHORT_KIND
#undef SHORT_FLAG
#undef SHORT_CALL

extern struct seamark_trace* trace_memory; /* NULL: not attached, record nothing */

/* Zeroed memory of this process alone, which a child has as it was at the fork; NULL: none. */
void* map_private(size_t length);

/* Says in the trace that this process takes part; 0 where it cannot. Nothing is recorded yet.
 * is_go: the program's own calls are made without the C library. */
int prepare_recorder(struct seamark_trace* memory, int is_go);

/* From here on trace() is `memory`: the last step of attach.c. */
void begin_to_record(struct seamark_trace* memory);

/* The trace, or NULL where nothing is to be recorded. */
static inline struct seamark_trace* trace(void) {
    struct seamark_trace* memory = __atomic_load_n(&trace_memory, __ATOMIC_ACQUIRE);
    if (memory == 0 || __atomic_load_n(&memory->closed, __ATOMIC_RELAXED) != 0) return 0;
    return memory;
}

/* The process has put a filter on its own system calls (seccomp): from then on nothing is asked of
 * the kernel beyond what the program's own calls need. */
void confine(void);
int is_confined(void);

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
