/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "recorder.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "real.h"

struct seamark_trace* trace_memory;

/* On a page that the kernel wipes in a forked child, however it was forked: 0 is "ask anew". */
struct identity {
    uint32_t process;
    uint32_t ring_is_mapped;
};
static struct identity* identity;

static __thread uint32_t thread_number __attribute__((tls_model("initial-exec")));
static __thread uint32_t thread_process __attribute__((tls_model("initial-exec")));

static int confined;

void confine(void) {
    __atomic_store_n(&confined, 1, __ATOMIC_RELAXED);
}

int is_confined(void) {
    return __atomic_load_n(&confined, __ATOMIC_RELAXED);
}

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static uint32_t kind_of_process; /* 0, SEAMARK_PROCESS_IS_GO */

static uint32_t join(struct seamark_trace* memory) {
    const uint32_t process = (uint32_t)getpid();
    __atomic_store_n(&identity->process, process, __ATOMIC_RELAXED);
    const uint32_t place = __atomic_fetch_add(&memory->processes, 1, __ATOMIC_RELAXED);
    if (place < SEAMARK_PROCESS_SLOTS)
        __atomic_store_n(&memory->process[place], process | kind_of_process, __ATOMIC_RELAXED);
    return process;
}

static uint32_t this_process(struct seamark_trace* memory) {
    const uint32_t process = __atomic_load_n(&identity->process, __ATOMIC_RELAXED);
    return process != 0 ? process : join(memory);
}

int in_vfork_child(void) {
    const uint32_t process = __atomic_load_n(&identity->process, __ATOMIC_RELAXED);
    return process != 0 && process != (uint32_t)getpid();
}

/* Before the first of this thread's events in this process; the process's first event maps the
 * pages of the ring that are in use, which would cost a fault in every 32nd call otherwise. */
static void introduce_thread(struct seamark_trace* memory, uint32_t process) {
    const int saved = errno;
    if (__atomic_exchange_n(&identity->ring_is_mapped, 1, __ATOMIC_RELAXED) == 0)
        madvise(memory->slot, SEAMARK_RING_WINDOW * sizeof *memory->slot, MADV_POPULATE_WRITE);
    thread_number = (uint32_t)real()->syscall(SYS_gettid);
    thread_process = process;
    errno = saved;
}

struct seamark_slot* claim_slot(struct seamark_trace* memory, uint64_t* place) {
    const uint32_t process = this_process(memory);
    if (__builtin_expect(thread_process != process, 0)) introduce_thread(memory, process);
    uint64_t next = __atomic_load_n(&memory->head, __ATOMIC_RELAXED);
    do {
        const uint64_t tail = __atomic_load_n(&memory->tail, __ATOMIC_ACQUIRE);
        if ((int64_t)(next - tail) >= (int64_t)SEAMARK_RING_SLOTS) {
            __atomic_fetch_add(&memory->dropped, 1, __ATOMIC_RELAXED);
            return 0;
        }
    } while (!__atomic_compare_exchange_n(&memory->head, &next, next + 1, 1, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    struct seamark_slot* slot = &memory->slot[next % SEAMARK_RING_SLOTS];
    __atomic_store_n(&slot->event.process, process, __ATOMIC_RELAXED);
    __atomic_store_n(&slot->state, SEAMARK_CLAIMED(next), __ATOMIC_RELEASE);
    slot->event.thread = thread_number;
    *place = next;
    return slot;
}

void* map_private(size_t length) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* memory = mmap(0, length, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? 0 : memory;
}

int prepare_recorder(struct seamark_trace* memory, int is_go) {
    if (is_go) kind_of_process = SEAMARK_PROCESS_IS_GO;
    identity = map_private(sizeof *identity);
    if (identity == 0) return 0;
    madvise(identity, sizeof *identity, MADV_WIPEONFORK);
    join(memory);
    return 1;
}

void begin_to_record(struct seamark_trace* memory) {
    __atomic_store_n(&trace_memory, memory, __ATOMIC_RELEASE);
}
