/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that begin and end connections and change their options. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "real.h"
#include "transfer.h"

#define INTERPOSED __attribute__((visibility("default")))

static void accepted(struct seamark_trace* memory, int fd, int64_t entered) {
    const int64_t left = now();
    forget_descriptor(fd);
    struct seamark_connection* connection = begin_connection(memory, fd, FLAG_SERVER, 0, 0);
    if (connection != 0)
        record_change(memory, connection,
                      (struct seamark_event){.kind = KIND_OPENED,
                                             .call = CALL_ACCEPT,
                                             .descriptor = fd,
                                             .returned = fd,
                                             .entered = entered,
                                             .left = left});
}

INTERPOSED int accept(int fd, __SOCKADDR_ARG address, socklen_t* length) {
    struct seamark_trace* memory = trace();
    const int64_t entered = memory != 0 ? now() : 0;
    const int result = real()->accept(fd, address, length);
    if (memory != 0 && result >= 0) accepted(memory, result, entered);
    return result;
}

INTERPOSED int accept4(int fd, __SOCKADDR_ARG address, socklen_t* length, int flags) {
    struct seamark_trace* memory = trace();
    const int64_t entered = memory != 0 ? now() : 0;
    const int result = real()->accept4(fd, address, length, flags);
    if (memory != 0 && result >= 0) accepted(memory, result, entered);
    return result;
}

/* Where connect returns before the connection is there, its event waits for the first byte: a
 * connection that is refused was never opened. */
INTERPOSED int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length) {
    struct seamark_trace* memory = trace();
    const int64_t entered = memory != 0 ? now() : 0;
    const int result = real()->connect(fd, address, length);
    const int under_way = result < 0 && (errno == EINPROGRESS || errno == EINTR);
    if (memory == 0 || (result != 0 && !under_way)) return result;
    const int64_t left = now();
    struct seamark_connection* connection =
        begin_connection(memory, fd, FLAG_CLIENT, address.__sockaddr__, length);
    if (connection == 0) {
        forget_descriptor(fd);
    } else if (under_way) {
        connection->connect_descriptor = fd;
        connection->connect_entered = entered;
        connection->connect_left = left;
        __atomic_store_n(&connection->connecting, 1, __ATOMIC_RELEASE);
    } else {
        record_change(memory, connection,
                      (struct seamark_event){.kind = KIND_OPENED,
                                             .call = CALL_CONNECT,
                                             .descriptor = fd,
                                             .entered = entered,
                                             .left = left});
    }
    return result;
}

INTERPOSED int shutdown(int fd, int how) {
    const struct transfer transfer = begin_transfer(fd);
    if (transfer.connection != 0 && how != SHUT_RD)
        check_at_close(transfer.memory, transfer.connection, fd);
    const int result = real()->shutdown(fd, how);
    if (transfer.connection != 0)
        record_change(transfer.memory, transfer.connection,
                      (struct seamark_event){.kind = KIND_CLOSED,
                                             .call = CALL_SHUTDOWN,
                                             .descriptor = fd,
                                             .returned = result,
                                             .error = result < 0 ? errno : 0,
                                             .entered = transfer.entered,
                                             .left = now()});
    return result;
}

static void set_flag(struct seamark_connection* connection, uint32_t flag, int on) {
    if (on)
        __atomic_fetch_or(&connection->flags, flag, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&connection->flags, ~flag, __ATOMIC_RELAXED);
}

/* linux/tls.h, which is not everywhere: secrets of one direction are handed to the kernel, which
 * does TLS from then on. */
enum { LEVEL_TLS = 282, TLS_FOR_WRITES = 1, TLS_FOR_READS = 2 };

/* The value of an option that was set, as far as it is a number. */
static uint32_t option_value(int level, int name, const void* value, socklen_t length) {
    if (value == 0 || length == 0 || level == LEVEL_TLS) return 0; /* of which some are secret */
    uint64_t rate = 0;
    if (level == SOL_SOCKET && name == SO_MAX_PACING_RATE && length >= sizeof rate) {
        memcpy(&rate, value, sizeof rate);
        return rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate;
    }
    uint32_t number = 0;
    memcpy(&number, value, length < sizeof number ? length : sizeof number);
    return number;
}

static void note_kernel_tls(struct seamark_trace* memory, struct seamark_connection* connection,
                            int name) {
    const uint32_t bit = name == TLS_FOR_WRITES  ? SEAMARK_KERNEL_TLS_WRITES
                         : name == TLS_FOR_READS ? SEAMARK_KERNEL_TLS_READS
                                                 : 0U;
    if (__atomic_fetch_or(&connection->kernel_tls, bit, __ATOMIC_RELAXED) == 0 && bit != 0)
        __atomic_fetch_add(&memory->kernel_tls, 1, __ATOMIC_RELAXED);
}

INTERPOSED int setsockopt(int fd, int level, int name, const void* value, socklen_t length) {
    const struct transfer transfer = begin_transfer(fd);
    const int result = real()->setsockopt(fd, level, name, value, length);
    if (transfer.connection == 0) return result;
    const uint32_t number = result == 0 ? option_value(level, name, value, length) : 0;
    if (result == 0 && level == IPPROTO_TCP && name == TCP_NODELAY)
        set_flag(transfer.connection, FLAG_NODELAY, number != 0);
    if (result == 0 && level == IPPROTO_TCP && name == TCP_CORK)
        set_flag(transfer.connection, FLAG_CORK, number != 0);
    if (result == 0 && level == LEVEL_TLS)
        note_kernel_tls(transfer.memory, transfer.connection, name);
    struct seamark_event event = {
        .kind = KIND_OPTION,
        .call = CALL_SETSOCKOPT,
        .descriptor = fd,
        .requested = (uint32_t)number,
        .returned = result,
        .error = result < 0 ? errno : 0,
        .flags = __atomic_load_n(&transfer.connection->flags, __ATOMIC_RELAXED),
        .option_level = (uint16_t)level,
        .option_name = (uint16_t)name,
        .entered = transfer.entered,
        .left = now()};
    /* What came of it, which is not always what was asked. */
    struct seamark_look look;
    const int changes = result == 0 && ((level == IPPROTO_TCP && name == TCP_CONGESTION) ||
                                        (level == SOL_SOCKET && name == SO_MAX_PACING_RATE));
    if (changes) {
        learn_settings(transfer.connection, fd);
        put_settings(transfer.connection, &look);
        event.looked = SEAMARK_LOOKED_SETTINGS;
    }
    record_with_look(transfer.memory, transfer.connection, event, changes ? &look : 0);
    return result;
}

/* FIONBIO is how Python and libuv make a socket non-blocking. */
INTERPOSED int ioctl(int fd, unsigned long request, ...) {
    __builtin_va_list list;
    __builtin_va_start(list, request);
    void* argument = __builtin_va_arg(list, void*);
    __builtin_va_end(list);
    const int result = real()->ioctl(fd, request, argument);
    struct seamark_trace* memory = trace();
    if (request == FIONBIO && result == 0 && memory != 0) {
        struct seamark_connection* connection = connection_of(memory, fd);
        if (connection != 0) set_flag(connection, FLAG_NONBLOCKING, *(const int*)argument != 0);
    }
    return result;
}

INTERPOSED __attribute__((alias("connect"))) int __connect(int, __CONST_SOCKADDR_ARG, socklen_t);
