/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: hostile ATTACK: a traced program that means harm. It maps the memory of the recording, as
 * any traced process can, does to it what ATTACK says, and makes ten honest sends of 32 bytes,
 * before and after. Prints "ready" once the tracer has taken the first ten, "done" on its way out.
 * For hostile.py. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile_memory.h"

static void head_huge(void) {
    memory->head = (uint64_t)1 << 60;
}
static void head_back(void) {
    memory->head = 0;
}
static void head_last(void) {
    memory->head = ~(uint64_t)0;
}
static void head_full(void) {
    memory->head += SEAMARK_RING_SLOTS - 1;
}
static void tail_huge(void) {
    memory->tail = (uint64_t)1 << 60;
}
static void tail_back(void) {
    memory->tail = (uint64_t)0 - SEAMARK_RING_SLOTS;
}

static void spin_on(uint64_t* counter) {
    for (const int64_t until = now() + 2000000000; now() < until;)
        for (int i = 0; i < 10000; ++i)
            __atomic_store_n(counter, random_number(), __ATOMIC_RELAXED);
}
static void head_spins(void) {
    spin_on(&memory->head);
}
static void tail_spins(void) {
    spin_on(&memory->tail);
}

/* Claims what it never fills, and lives on: a stop in mid-slot. */
static void hole(void) {
    uint64_t place;
    claim((uint32_t)getpid(), &place);
}
static void holes(void) {
    for (int i = 0; i < 100000; ++i) hole();
}
/* The same in the names of processes that are none, or others'. */
static void foreign_holes(void) {
    uint64_t place;
    for (uint32_t i = 0; i < 100000; ++i) claim(i % 3 == 0 ? 1 : (uint32_t)random_number(), &place);
}
static void unclaimed_holes(void) {
    __atomic_fetch_add(&memory->head, 50000, __ATOMIC_RELAXED);
}

/* A child that is stopped between taking its place and filling it. */
static void stopped_in_slot(void) {
    const pid_t child = fork();
    if (child == 0) {
        hole();
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, NULL, WUNTRACED);
    printf("stopped %d\n", child);
}

static void garbage(void) {
    for (int i = 0; i < 20000; ++i) {
        uint64_t place;
        struct seamark_slot* slot = claim((uint32_t)random_number(), &place);
        uint64_t* words = (uint64_t*)&slot->event;
        for (size_t word = 0; word < sizeof slot->event / 8; ++word) words[word] = random_number();
        publish(slot, place);
    }
}

/* Each field in turn has a value that it cannot have. */
static void impossible(void) {
    const struct seamark_event good = possible_event();
    struct seamark_event bad;
#define BAD(change) bad = good, bad.change, put(bad)
    BAD(kind = 0);
    BAD(kind = 6);
    BAD(kind = 255);
    BAD(call = 0);
    BAD(call = 21);
    BAD(process = 0);
    BAD(process = ~0U);
    BAD(thread = 0);
    BAD(connection = 0);
    BAD(descriptor = -1);
    BAD(flags = 1U << 31);
    BAD(error = -1);
    BAD(error = 1 << 20);
    BAD(returned = INT64_MIN);
    BAD(returned = INT64_MAX);
    BAD(index = 0);
    BAD(returned = 0);
    BAD(offset = ~(uint64_t)0);
    BAD(entered = 0);
    BAD(entered = INT64_MIN);
    BAD(left = INT64_MAX);
    BAD(addresses.family = 0);
    BAD(addresses.family = 255);
#undef BAD
}

/* Possible events, of as many processes and connections as there can be. */
static void crowd(void) {
    for (uint32_t i = 0; i < 80000; ++i) {
        struct seamark_event event = possible_event();
        event.process = 1 + i * 17 % (1U << 22);
        event.connection = (uint32_t)random_number() | 1;
        while (memory->head - memory->tail > SEAMARK_RING_SLOTS / 2) pause_ms(1);
        put(event);
    }
}

/* Names that would reach a terminal, or end no string. */
static void names(void) {
    for (int i = 0; i < 3; ++i) {
        struct seamark_event event = possible_event();
        uint64_t place;
        struct seamark_slot* slot = claim(event.process, &place);
        event.looked = SEAMARK_LOOKED_SENDER;
        memset(memory->look[place % SEAMARK_RING_SLOTS].congestion,
               i == 0   ? 0xff
               : i == 1 ? 27
                        : 'b',
               sizeof memory->look->congestion);
        slot->event = event;
        publish(slot, place);
    }
}

static void generations(void) {
    for (uint32_t i = 0; i < SEAMARK_CONNECTION_SLOTS; ++i) {
        memory->connection[i].generation = (uint32_t)random_number();
        memory->connection[i].inode = random_number();
        memory->connection[i].references = (int32_t)random_number();
        memory->connection[i].connecting = 1;
        memory->connection[i].connect_entered = INT64_MIN;
    }
}

static void processes(void) {
    memory->processes = ~0U;
    for (uint32_t i = 0; i < SEAMARK_PROCESS_SLOTS; ++i)
        memory->process[i] = (uint32_t)random_number();
}

static void counts(void) {
    memory->dropped = ~(uint64_t)0;
    memory->connections = memory->connections_lost = memory->descriptors_lost = ~0U;
    memory->uring = ~0U;
}

/* The memory itself: none of these may work. */
static void resize(void) {
    const off_t size = sizeof *memory;
    struct stat status;
    if (ftruncate(memory_fd, 0) == 0 || ftruncate(memory_fd, size / 2) == 0 ||
        ftruncate(memory_fd, size * 2) == 0)
        die("the memory could be resized");
    if (errno != EPERM) die("ftruncate");
    if (fallocate(memory_fd, 0, size, 4096) == 0) die("the memory could be made larger");
    if (fcntl(memory_fd, F_ADD_SEALS, F_SEAL_WRITE) == 0) die("the memory could be sealed");
    const int again = open(getenv(SEAMARK_TRACE_VARIABLE), O_RDWR | O_TRUNC);
    if (fstat(memory_fd, &status) != 0 || status.st_size != size)
        die("the memory has another size");
    close(again);
}

/* Its pages can be taken out; they come back as zeros. */
static void punch(void) {
    fallocate(memory_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)sizeof *memory);
}

static void all_ones(void) {
    memset(memory->slot, 0xff, sizeof memory->slot);
    memory->head += 100000;
}

static void everything(void) {
    for (uint64_t* word = (uint64_t*)memory; word < (uint64_t*)(memory + 1);
         word += 1 + random_number() % 7)
        *word = random_number();
}

static void* spin_slots(void* unused) {
    (void)unused;
    for (const int64_t until = now() + 2000000000; now() < until;)
        for (int i = 0; i < 1000; ++i)
            ((uint64_t*)&memory->slot[random_number() % 256])[random_number() % 16] =
                random_number();
    return NULL;
}
static void slots_spin(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, spin_slots, NULL);
    for (int i = 0; i < 20; ++i) honest_sends();
    pthread_join(thread, NULL);
}

/* Events without an end, after the tracer has said that it ends. */
static void deaf(void) {
    signal(SIGTERM, SIG_IGN);
    printf("deaf\n");
    fflush(stdout);
    for (const int64_t until = now() + 30000000000; now() < until;) put(possible_event());
}

static const struct {
    const char* name;
    void (*run)(void);
} attacks[] = {{"head-huge", head_huge},
               {"head-back", head_back},
               {"head-last", head_last},
               {"head-full", head_full},
               {"head-spins", head_spins},
               {"tail-huge", tail_huge},
               {"tail-back", tail_back},
               {"tail-spins", tail_spins},
               {"hole", hole},
               {"holes", holes},
               {"foreign-holes", foreign_holes},
               {"unclaimed-holes", unclaimed_holes},
               {"stopped-in-slot", stopped_in_slot},
               {"garbage", garbage},
               {"impossible", impossible},
               {"crowd", crowd},
               {"names", names},
               {"generations", generations},
               {"processes", processes},
               {"counts", counts},
               {"resize", resize},
               {"punch", punch},
               {"all-ones", all_ones},
               {"everything", everything},
               {"slots-spin", slots_spin},
               {"deaf", deaf}};

int main(int count, char** arguments) {
    if (count != 2) return 2;
    setbuf(stdout, NULL);
    if (strcmp(arguments[1], "list") == 0) {
        for (size_t i = 0; i < sizeof attacks / sizeof *attacks; ++i) puts(attacks[i].name);
        return 0;
    }
    attach();
    honest_sends();
    wait_for_the_tracer();
    puts("ready");
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; ++i) {
        if (strcmp(attacks[i].name, arguments[1]) != 0) continue;
        attacks[i].run();
        pause_ms(50);
        honest_sends();
        printf("done\n");
        return 0;
    }
    return 1;
}
