/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that make, copy and close descriptors: they keep the table right. Those of a child of
 * vfork() concern the child's descriptors and are not to change its parent's table. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "real.h"
#include "transfer.h"

#define INTERPOSED __attribute__((visibility("default")))

/* The trace, if this process's table is to be changed. */
static struct seamark_trace* table_owner(void) {
    struct seamark_trace* memory = trace();
    return memory != 0 && !in_vfork_child() ? memory : 0;
}

static void closed(struct seamark_trace* memory, int fd, int64_t entered, int result) {
    struct seamark_connection* last = drop_descriptor(memory, fd);
    if (last == 0) return;
    record_change(memory, last,
                  (struct seamark_event){.kind = KIND_CLOSED,
                                         .call = CALL_CLOSE,
                                         .descriptor = fd,
                                         .returned = result,
                                         .error = result < 0 ? errno : 0,
                                         .entered = entered,
                                         .left = now()});
}

/* The same of one that is still open. */
static void closing(struct seamark_trace* memory, int fd) {
    struct seamark_connection* connection = known_connection(memory, fd);
    if (connection != 0) check_at_close(memory, connection, fd);
    closed(memory, fd, now(), 0);
}

/* The table forgets a descriptor before it is closed: afterwards another thread may have it. */
INTERPOSED int close(int fd) {
    struct seamark_trace* memory = table_owner();
    if (memory != 0) closing(memory, fd);
    return real()->close(fd);
}

/* What the stream has not written goes over before the count is checked. */
INTERPOSED int fclose(FILE* file) {
    struct seamark_trace* memory = table_owner();
    if (memory != 0) {
        if (known_connection(memory, fileno(file)) != 0 && __fpending(file) > 0) fflush(file);
        closing(memory, fileno(file));
    }
    return real()->fclose(file);
}

static void closed_range(struct seamark_trace* memory, unsigned first, unsigned last) {
    const unsigned highest = (unsigned)highest_descriptor();
    for (unsigned fd = first; fd <= last && fd <= highest; ++fd) closing(memory, (int)fd);
}

INTERPOSED int close_range(unsigned first, unsigned last, int flags) {
    struct seamark_trace* memory = table_owner();
    if (memory != 0 && (flags & (int)CLOSE_RANGE_CLOEXEC) == 0) closed_range(memory, first, last);
    return real()->close_range(first, last, flags);
}

INTERPOSED void closefrom(int first) {
    struct seamark_trace* memory = table_owner();
    if (memory != 0) closed_range(memory, first > 0 ? (unsigned)first : 0, ~0U);
    real()->closefrom(first);
}

INTERPOSED int socket(int domain, int type, int protocol) {
    const int result = real()->socket(domain, type, protocol);
    if (result >= 0 && table_owner() != 0) forget_descriptor(result);
    return result;
}

static void copied(int from, int to, int64_t entered) {
    struct seamark_trace* memory = table_owner();
    if (memory == 0 || from == to) return;
    closed(memory, to, entered, 0);
    share_descriptor(from, to);
}

INTERPOSED int dup(int fd) {
    const int64_t entered = now();
    const int result = real()->dup(fd);
    if (result >= 0) copied(fd, result, entered);
    return result;
}

INTERPOSED int dup2(int from, int to) {
    const int64_t entered = now();
    const int result = real()->dup2(from, to);
    if (result >= 0) copied(from, to, entered);
    return result;
}

INTERPOSED int dup3(int from, int to, int flags) {
    const int64_t entered = now();
    const int result = real()->dup3(from, to, flags);
    if (result >= 0) copied(from, to, entered);
    return result;
}

/* Every command's argument is an int or a pointer; either goes through as a pointer. */
INTERPOSED int fcntl(int fd, int command, ...) {
    __builtin_va_list list;
    __builtin_va_start(list, command);
    void* argument = __builtin_va_arg(list, void*);
    __builtin_va_end(list);
    const int result = real()->fcntl(fd, command, argument);
    if (result < 0) return result;
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
        copied(fd, result, now());
    } else if (command == F_SETFL) {
        struct seamark_trace* memory = trace();
        struct seamark_connection* connection = memory != 0 ? connection_of(memory, fd) : 0;
        if (connection != 0) {
            if (((intptr_t)argument & O_NONBLOCK) != 0)
                __atomic_fetch_or(&connection->flags, FLAG_NONBLOCKING, __ATOMIC_RELAXED);
            else
                __atomic_fetch_and(&connection->flags, ~(uint32_t)FLAG_NONBLOCKING,
                                   __ATOMIC_RELAXED);
        }
    }
    return result;
}

/* Node closes its sockets this way; and it is one of the ways to io_uring. Declared with the
 * greatest number of arguments there is: the real one takes what it needs. */
INTERPOSED long syscall(long number, ...) {
    long a[6];
    __builtin_va_list list;
    __builtin_va_start(list, number);
    for (int i = 0; i < 6; ++i) a[i] = __builtin_va_arg(list, long);
    __builtin_va_end(list);
    if (number == SYS_close) {
        struct seamark_trace* memory = table_owner();
        if (memory != 0) closing(memory, (int)a[0]);
    } else if (number == SYS_io_uring_setup) {
        struct seamark_trace* memory = trace();
        if (memory != 0) __atomic_fetch_add(&memory->uring, 1, __ATOMIC_RELAXED);
    }
    const long result = real()->syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (result == 0 && ((number == SYS_seccomp && a[0] != SECCOMP_GET_ACTION_AVAIL) ||
                        (number == SYS_prctl && a[0] == PR_SET_SECCOMP)))
        confine();
    return result;
}

/* A mode that allows next to nothing is in force when the call returns. */
INTERPOSED int prctl(int option, ...) {
    unsigned long a[4];
    __builtin_va_list list;
    __builtin_va_start(list, option);
    for (int i = 0; i < 4; ++i) a[i] = __builtin_va_arg(list, unsigned long);
    __builtin_va_end(list);
    const int result = real()->prctl(option, a[0], a[1], a[2], a[3]);
    if (result == 0 && option == PR_SET_SECCOMP) confine();
    return result;
}

INTERPOSED __attribute__((alias("close"))) int __close(int);
INTERPOSED __attribute__((alias("dup2"))) int __dup2(int, int) __THROW;
INTERPOSED __attribute__((alias("fcntl"))) int fcntl64(int, int, ...);
INTERPOSED __attribute__((alias("fcntl"))) int __fcntl(int, int, ...);
