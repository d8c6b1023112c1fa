/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hostile_memory.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct seamark_trace* memory;
int memory_fd;

void die(const char* what) {
    perror(what);
    exit(3);
}

void attach(void) {
    const char* path = getenv(SEAMARK_TRACE_VARIABLE);
    memory_fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (memory_fd < 0) die("open the memory of the recording");
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
    if (memory == MAP_FAILED) die("map the memory of the recording");
}

void honest_sends(void) {
    static char data[4096];
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr*)&at, length) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr*)&at, &length) != 0)
        die("listen");
    const int sender = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sender, (struct sockaddr*)&at, length) != 0) die("connect");
    const int reader = accept(listener, NULL, NULL);
    for (int i = 0; i < 10; ++i)
        if (send(sender, data, 32, 0) != 32 || recv(reader, data, 32, MSG_WAITALL) != 32)
            die("send");
    close(sender);
    close(reader);
    close(listener);
}

void pause_ms(long ms) {
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

void wait_for_the_tracer(void) {
    for (int i = 0; i < 20000; ++i) {
        if (__atomic_load_n(&memory->tail, __ATOMIC_ACQUIRE) >=
            __atomic_load_n(&memory->head, __ATOMIC_ACQUIRE))
            return;
        pause_ms(1);
    }
    die("the tracer takes no events");
}

uint64_t random_number(void) {
    static uint64_t state = 88172645463325252U;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct seamark_slot* claim(uint32_t process, uint64_t* place) {
    *place = __atomic_fetch_add(&memory->head, 1, __ATOMIC_ACQ_REL);
    struct seamark_slot* slot = &memory->slot[*place % SEAMARK_RING_SLOTS];
    slot->event.process = process;
    __atomic_store_n(&slot->state, SEAMARK_CLAIMED(*place), __ATOMIC_RELEASE);
    return slot;
}

void publish(struct seamark_slot* slot, uint64_t place) {
    __atomic_store_n(&slot->state, SEAMARK_FILLED(place), __ATOMIC_RELEASE);
}

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct seamark_event possible_event(void) {
    struct seamark_event event = {.index = 1,
                                  .requested = 32,
                                  .returned = 32,
                                  .entered = now(),
                                  .left = now(),
                                  .descriptor = 5,
                                  .process = (uint32_t)getpid(),
                                  .thread = (uint32_t)getpid(),
                                  .connection = 1,
                                  .call = 1,
                                  .kind = 1};
    event.addresses.family = 4;
    return event;
}

void put(struct seamark_event event) {
    uint64_t place;
    struct seamark_slot* slot = claim(event.process, &place);
    slot->event = event;
    publish(slot, place);
}
