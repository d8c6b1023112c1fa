/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends over one connection by calls that seamark trace records and by calls that it cannot see, in
 * turn, and prints each on standard output: "seen OFFSET LENGTH" or "unseen OFFSET LENGTH".
 *
 * usage: trace_mixed_calls WAY GAP_MS ROUNDS FIRST, WAY: dprintf, stdio, raw, helper, io_uring; the
 * first FIRST calls are recorded ones. Exits with status 77 where the system has no such way. */
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long sent;

static void die(const char* what) {
    perror(what);
    exit(3);
}

static void* take_all(void* argument) {
    char room[65536];
    while (recv(*(int*)argument, room, sizeof room, 0) > 0) {
    }
    return 0;
}

static void note(const char* how, long length) {
    printf("%s %ld %ld\n", how, sent, length);
    fflush(stdout);
    sent += length;
}

static void seen(int fd, long length) {
    char data[4096];
    memset(data, 's', sizeof data);
    if (send(fd, data, (size_t)length, 0) != length) die("send");
    note("seen", length);
}

/* A system call made without the C library. */
static long bare_write(int fd, const void* data, size_t length) {
#ifdef __x86_64__
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(SYS_write), "D"(fd), "S"(data), "d"(length)
                     : "rcx", "r11", "memory");
    return result;
#else
    (void)fd;
    (void)data;
    (void)length;
    exit(77);
#endif
}

/* One IORING_OP_SEND, in a ring of its own. */
static void uring_send(int fd, const void* data, unsigned length) {
    static int ring = -1;
    static struct io_uring_params p;
    static char* queue;
    static struct io_uring_sqe* entries;
    if (ring < 0) {
        ring = (int)syscall(SYS_io_uring_setup, 4, &p);
        if (ring < 0) exit(77);
        if ((p.features & IORING_FEAT_SINGLE_MMAP) == 0) exit(77);
        size_t size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
        if (size < p.sq_off.array + p.sq_entries * sizeof(unsigned))
            size = p.sq_off.array + p.sq_entries * sizeof(unsigned);
        queue = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
        entries = mmap(0, p.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring,
                       IORING_OFF_SQES);
        if (queue == MAP_FAILED || entries == MAP_FAILED) die("mmap");
    }
    unsigned* tail = (unsigned*)(queue + p.sq_off.tail);
    const unsigned place = *tail & *(unsigned*)(queue + p.sq_off.ring_mask);
    memset(&entries[place], 0, sizeof *entries);
    entries[place].opcode = IORING_OP_SEND;
    entries[place].fd = fd;
    entries[place].addr = (unsigned long)data;
    entries[place].len = length;
    ((unsigned*)(queue + p.sq_off.array))[place] = place;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) != 1)
        die("io_uring_enter");
    unsigned* head = (unsigned*)(queue + p.cq_off.head);
    struct io_uring_cqe* answers = (struct io_uring_cqe*)(queue + p.cq_off.cqes);
    if (answers[*head & *(unsigned*)(queue + p.cq_off.ring_mask)].res != (int)length)
        die("IORING_OP_SEND");
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
}

static void unseen(int fd, const char* way, long length) {
    static FILE* stream;
    char data[4096];
    memset(data, 'u', sizeof data);
    if (strcmp(way, "dprintf") == 0) {
        if (dprintf(fd, "%.*s", (int)length, data) != length) die("dprintf");
    } else if (strcmp(way, "stdio") == 0) {
        if (stream == 0) stream = fdopen(dup(fd), "w");
        if (fwrite(data, 1, (size_t)length, stream) != (size_t)length || fflush(stream) != 0)
            die("fwrite");
    } else if (strcmp(way, "raw") == 0) {
        if (bare_write(fd, data, (size_t)length) != length) die("write");
    } else if (strcmp(way, "helper") == 0) {
        char line[64];
        snprintf(line, sizeof line, "printf '%%0%ldd' 0 >&%d", length, fd);
        const pid_t child = fork();
        if (child == 0) {
            execlp("bash", "bash", "-c", line, (char*)0);
            _exit(77);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) exit(77);
    } else if (strcmp(way, "io_uring") == 0) {
        uring_send(fd, data, (unsigned)length);
    } else {
        exit(2);
    }
    note("unseen", length);
}

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const long gap = atol(arguments[2]);
    const int rounds = atoi(arguments[3]);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr*)&address, length) != 0 || listen(listener, 5) != 0 ||
        getsockname(listener, (struct sockaddr*)&address, &length) != 0)
        die("listen");
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr*)&address, length) != 0) die("connect");
    int server = accept(listener, 0, 0);
    pthread_t reader;
    pthread_create(&reader, 0, take_all, &server);
    const struct timespec pause = {gap / 1000, gap % 1000 * 1000000};
    for (int i = atoi(arguments[4]); i > 0; --i) seen(client, 20 + i);
    for (int i = 0; i < rounds; ++i) {
        seen(client, 100 + i);
        nanosleep(&pause, 0);
        if (i % 2 == 0) seen(client, 10 + i);
        unseen(client, arguments[1], 33 + i);
        if (i % 3 == 0) unseen(client, arguments[1], 7 + i);
        nanosleep(&pause, 0);
    }
    shutdown(client, SHUT_WR);
    close(client);
    pthread_join(reader, 0);
    return 0;
}
