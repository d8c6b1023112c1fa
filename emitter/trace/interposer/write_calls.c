/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that hand bytes to the kernel. Each begins, makes the real call, and finishes; on
 * anything but a TCP connection it only makes the real call. */
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "real.h"
#include "transfer.h"

#define INTERPOSED __attribute__((visibility("default")))

static uint32_t flags_of(int flags) {
    return ((flags & MSG_MORE) != 0 ? FLAG_MORE : 0U) |
           ((flags & MSG_DONTWAIT) != 0 ? FLAG_NONBLOCKING : 0U);
}

/* A vector's addresses may be wrong: only where the kernel took them are they read. */
static uint64_t asked(const struct iovec* vector, int count, ssize_t result) {
    if (result < 0 && errno == EFAULT) return 0;
    return count > 0 ? vector_length(vector, (size_t)count) : 0;
}

/* The first bytes of a client that connects by sending them (TCP Fast Open). The connection is
 * there from then on, with the bytes that were taken, or with none: EINPROGRESS. */
static void opened_by_write(struct transfer* transfer, int fd, int flags, const void* address,
                            socklen_t length, ssize_t result) {
    if (transfer->connection != 0 || (flags & MSG_FASTOPEN) == 0 || address == 0) return;
    if (trace() == 0 || (result < 0 && errno != EINPROGRESS)) return;
    const int saved = errno;
    struct seamark_connection* connection =
        begin_connection(transfer->memory, fd, FLAG_CLIENT, address, length);
    if (connection != 0) {
        connection->connect_descriptor = fd;
        connection->connect_entered = transfer->entered;
        connection->connect_left = now();
        __atomic_store_n(&connection->connecting, 1, __ATOMIC_RELEASE);
        transfer->writing =
            __atomic_fetch_add(&connection->count.writing, ONE_WRITE, __ATOMIC_ACQ_REL);
        transfer->connection = connection;
    }
    errno = saved;
}

INTERPOSED ssize_t send(int fd, const void* data, size_t length, int flags) {
    const struct transfer transfer = begin_write(fd);
    const ssize_t result = real()->send(fd, data, length, flags);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_WRITE, CALL_SEND, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t sendto(int fd, const void* data, size_t length, int flags,
                          __CONST_SOCKADDR_ARG address, socklen_t address_length) {
    struct transfer transfer = begin_write(fd);
    if ((flags & MSG_FASTOPEN) != 0 && transfer.connection == 0) transfer.entered = now();
    const ssize_t result = real()->sendto(fd, data, length, flags, address, address_length);
    opened_by_write(&transfer, fd, flags, address.__sockaddr__, address_length, result);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_WRITE, CALL_SENDTO, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
    struct transfer transfer = begin_write(fd);
    if ((flags & MSG_FASTOPEN) != 0 && transfer.connection == 0) transfer.entered = now();
    const ssize_t result = real()->sendmsg(fd, message, flags);
    if ((flags & MSG_FASTOPEN) != 0 && (result >= 0 || errno == EINPROGRESS))
        opened_by_write(&transfer, fd, flags, message->msg_name, message->msg_namelen, result);
    if (transfer.connection != 0) {
        const int fault = result < 0 && errno == EFAULT;
        if (result > 0) see_vector(&transfer, message->msg_iov, message->msg_iovlen, result);
        finish_transfer(&transfer, KIND_WRITE, CALL_SENDMSG, fd,
                        fault ? 0 : vector_length(message->msg_iov, message->msg_iovlen), result,
                        flags_of(flags));
    }
    return result;
}

/* One event for the call: what all its messages asked, and what the kernel took of them. */
INTERPOSED int sendmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags) {
    const struct transfer transfer = begin_write(fd);
    const int result = real()->sendmmsg(fd, messages, count, flags);
    if (transfer.connection != 0) {
        uint64_t requested = 0;
        int64_t taken = result < 0 ? -1 : 0;
        if (result >= 0 || errno != EFAULT)
            for (unsigned i = 0; i < count; ++i)
                requested +=
                    vector_length(messages[i].msg_hdr.msg_iov, messages[i].msg_hdr.msg_iovlen);
        for (int i = 0; i < result; ++i) taken += messages[i].msg_len;
        finish_transfer(&transfer, KIND_WRITE, CALL_SENDMMSG, fd, requested, taken,
                        flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t write(int fd, const void* data, size_t length) {
    const struct transfer transfer = begin_write(fd);
    const ssize_t result = real()->write(fd, data, length);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_WRITE, CALL_WRITE, fd, length, result, 0);
    }
    return result;
}

INTERPOSED ssize_t writev(int fd, const struct iovec* vector, int count) {
    const struct transfer transfer = begin_write(fd);
    const ssize_t result = real()->writev(fd, vector, count);
    if (transfer.connection != 0) {
        if (result > 0) see_vector(&transfer, vector, (size_t)count, result);
        finish_transfer(&transfer, KIND_WRITE, CALL_WRITEV, fd, asked(vector, count, result),
                        result, 0);
    }
    return result;
}

/* On a socket this works with offset -1 alone, and pwrite and pwritev never do. */
INTERPOSED ssize_t pwritev2(int fd, const struct iovec* vector, int count, off_t offset,
                            int flags) {
    const struct transfer transfer = begin_write(fd);
    const ssize_t result = real()->pwritev2(fd, vector, count, offset, flags);
    if (transfer.connection != 0)
        finish_transfer(&transfer, KIND_WRITE, CALL_PWRITEV, fd, asked(vector, count, result),
                        result, (flags & RWF_NOWAIT) != 0 ? FLAG_NONBLOCKING : 0U);
    return result;
}

INTERPOSED ssize_t sendfile(int to, int from, off_t* offset, size_t count) {
    const struct transfer transfer = begin_write(to);
    const ssize_t result = real()->sendfile(to, from, offset, count);
    if (transfer.connection != 0)
        finish_transfer(&transfer, KIND_WRITE, CALL_SENDFILE, to, count, result, 0);
    return result;
}

/* A write where it goes to a connection, a read where it comes from one. */
INTERPOSED ssize_t splice(int from, off_t* from_offset, int to, off_t* to_offset, size_t length,
                          unsigned flags) {
    struct transfer transfer = begin_write(to);
    const int is_write = transfer.connection != 0;
    if (!is_write) transfer = begin_transfer(from);
    const ssize_t result = real()->splice(from, from_offset, to, to_offset, length, flags);
    if (transfer.connection != 0)
        finish_transfer(&transfer, is_write ? KIND_WRITE : KIND_READ, CALL_SPLICE,
                        is_write ? to : from, length, result,
                        (is_write && (flags & SPLICE_F_MORE) != 0 ? FLAG_MORE : 0U) |
                            ((flags & SPLICE_F_NONBLOCK) != 0 ? FLAG_NONBLOCKING : 0U));
    return result;
}

/* Other names of the same. */
#define ALSO(name, result, arguments, ...) \
    INTERPOSED __attribute__((alias(#name))) result __VA_ARGS__ arguments

ALSO(send, ssize_t, (int, const void*, size_t, int), __send);
ALSO(write, ssize_t, (int, const void*, size_t), __write);
ALSO(pwritev2, ssize_t, (int, const struct iovec*, int, off_t, int), pwritev64v2);
ALSO(sendfile, ssize_t, (int, int, off_t*, size_t), sendfile64);
