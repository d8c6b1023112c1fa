/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "connections.h"
#include "real.h"

struct seamark_trace* trace_memory;
uint32_t* descriptor_table;

/* On a page that the kernel wipes in a forked child, however it was forked: 0 is "ask anew". */
static uint32_t* process_number;

static __thread uint32_t thread_number __attribute__((tls_model("initial-exec")));
static __thread uint32_t thread_process __attribute__((tls_model("initial-exec")));

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static uint32_t join(struct seamark_trace* memory) {
    const uint32_t process = (uint32_t)getpid();
    __atomic_store_n(process_number, process, __ATOMIC_RELAXED);
    const uint32_t place = __atomic_fetch_add(&memory->processes, 1, __ATOMIC_RELAXED);
    if (place < SEAMARK_PROCESS_SLOTS)
        __atomic_store_n(&memory->process[place], process, __ATOMIC_RELAXED);
    return process;
}

static uint32_t this_process(struct seamark_trace* memory) {
    const uint32_t process = __atomic_load_n(process_number, __ATOMIC_RELAXED);
    return process != 0 ? process : join(memory);
}

int in_vfork_child(void) {
    const uint32_t process = __atomic_load_n(process_number, __ATOMIC_RELAXED);
    return process != 0 && process != (uint32_t)getpid();
}

void record(struct seamark_trace* memory, struct seamark_event* event) {
    const uint32_t process = this_process(memory);
    if (thread_process != process) {
        thread_number = (uint32_t)real()->syscall(SYS_gettid);
        thread_process = process;
    }
    event->process = process;
    event->thread = thread_number;

    uint64_t place = __atomic_load_n(&memory->head, __ATOMIC_RELAXED);
    struct seamark_slot* slot;
    uint64_t lap;
    for (;;) {
        slot = &memory->slot[place % SEAMARK_RING_SLOTS];
        lap = place >> SEAMARK_RING_BITS;
        const uint64_t sequence = __atomic_load_n(&slot->sequence, __ATOMIC_ACQUIRE);
        if (sequence == 2 * lap) {
            if (__atomic_compare_exchange_n(&memory->head, &place, place + 1, 1, __ATOMIC_ACQ_REL,
                                            __ATOMIC_RELAXED))
                break;
        } else if (sequence < 2 * lap) { /* the tracer has not emptied the last lap's */
            __atomic_fetch_add(&memory->dropped, 1, __ATOMIC_RELAXED);
            return;
        } else {
            place = __atomic_load_n(&memory->head, __ATOMIC_RELAXED);
        }
    }
    __atomic_store_n(&slot->event.process, process, __ATOMIC_RELAXED);
    slot->event = *event;
    uint64_t free_place = 2 * lap; /* unless the tracer has given us up, and skipped it */
    if (!__atomic_compare_exchange_n(&slot->sequence, &free_place, 2 * lap + 1, 0, __ATOMIC_RELEASE,
                                     __ATOMIC_RELAXED))
        return;
}

static void* map(size_t length, int flags, int fd) {
    void* memory = mmap(0, length, PROT_READ | PROT_WRITE, flags, fd, 0);
    return memory == MAP_FAILED ? 0 : memory;
}

/* Attaches this process, if the environment says to what. Where that fails (another user's trace,
 * another root directory) the program runs as it would without us. */
__attribute__((constructor)) static void attach(void) {
    const int saved = errno;
    find_real_calls();
    const char* path = getenv(SEAMARK_TRACE_VARIABLE);
    const int fd = path != 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0 &&
        status.st_size == (off_t)sizeof(struct seamark_trace)) {
        struct seamark_trace* memory = map(sizeof *memory, MAP_SHARED, fd);
        const int private = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        descriptor_table = map(MAX_DESCRIPTORS * sizeof *descriptor_table, private, -1);
        process_number = map(sizeof *process_number, private, -1);
        if (memory != 0 && descriptor_table != 0 && process_number != 0 &&
            memory->magic == SEAMARK_TRACE_MAGIC) {
            madvise(process_number, sizeof *process_number, MADV_WIPEONFORK);
            join(memory);
            watch_forks();
            __atomic_store_n(&trace_memory, memory, __ATOMIC_RELEASE);
        }
    }
    if (fd >= 0) real()->close(fd);
    errno = saved;
}
