/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that take bytes out of a connection, as write_calls.c. A look that leaves the bytes
 * where they are (MSG_PEEK), and the error queue, take none: they are not recorded. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "real.h"
#include "transfer.h"

#define INTERPOSED __attribute__((visibility("default")))

static struct transfer begin_receive(int fd, int flags) {
    if ((flags & (MSG_PEEK | MSG_ERRQUEUE)) != 0) return (struct transfer){.memory = 0};
    return begin_transfer(fd);
}

static uint32_t flags_of(int flags) {
    return (flags & MSG_DONTWAIT) != 0 ? FLAG_NONBLOCKING : 0U;
}

static uint64_t asked(const struct iovec* vector, int count, ssize_t result) {
    if (result < 0 && errno == EFAULT) return 0;
    return count > 0 ? vector_length(vector, (size_t)count) : 0;
}

/* Descriptors that another process sent are new here, whatever the table remembers of them. */
static void forget_received(struct msghdr* message) {
    for (struct cmsghdr* part = CMSG_FIRSTHDR(message); part != 0;
         part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        for (size_t at = 0; at + sizeof(int) <= part->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(part) + at, sizeof fd);
            forget_descriptor(fd);
        }
    }
}

INTERPOSED ssize_t read(int fd, void* data, size_t length) {
    const struct transfer transfer = begin_transfer(fd);
    const ssize_t result = real()->read(fd, data, length);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_READ, fd, length, result, 0);
    }
    return result;
}

INTERPOSED ssize_t readv(int fd, const struct iovec* vector, int count) {
    const struct transfer transfer = begin_transfer(fd);
    const ssize_t result = real()->readv(fd, vector, count);
    if (transfer.connection != 0) {
        if (result > 0) see_vector(&transfer, vector, (size_t)count, result);
        finish_transfer(&transfer, KIND_READ, CALL_READV, fd, asked(vector, count, result), result,
                        0);
    }
    return result;
}

/* On a socket this works with offset -1 alone. */
INTERPOSED ssize_t preadv2(int fd, const struct iovec* vector, int count, off_t offset, int flags) {
    const struct transfer transfer = begin_transfer(fd);
    const ssize_t result = real()->preadv2(fd, vector, count, offset, flags);
    if (transfer.connection != 0)
        finish_transfer(&transfer, KIND_READ, CALL_READV, fd, asked(vector, count, result), result,
                        (flags & RWF_NOWAIT) != 0 ? FLAG_NONBLOCKING : 0U);
    return result;
}

INTERPOSED ssize_t recv(int fd, void* data, size_t length, int flags) {
    const struct transfer transfer = begin_receive(fd, flags);
    const ssize_t result = real()->recv(fd, data, length, flags);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_RECV, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t recvfrom(int fd, void* data, size_t length, int flags, __SOCKADDR_ARG address,
                            socklen_t* address_length) {
    const struct transfer transfer = begin_receive(fd, flags);
    const ssize_t result = real()->recvfrom(fd, data, length, flags, address, address_length);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_RECVFROM, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
    const struct transfer transfer = begin_receive(fd, flags);
    const ssize_t result = real()->recvmsg(fd, message, flags);
    if (transfer.connection != 0) {
        const int fault = result < 0 && errno == EFAULT;
        if (result > 0) see_vector(&transfer, message->msg_iov, message->msg_iovlen, result);
        finish_transfer(&transfer, KIND_READ, CALL_RECVMSG, fd,
                        fault ? 0 : vector_length(message->msg_iov, message->msg_iovlen), result,
                        flags_of(flags));
    } else if (result >= 0 && message->msg_controllen > 0) {
        forget_received(message);
    }
    return result;
}

INTERPOSED int recvmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags,
                        struct timespec* timeout) {
    const struct transfer transfer = begin_receive(fd, flags);
    const int result = real()->recvmmsg(fd, messages, count, flags, timeout);
    if (transfer.connection != 0) {
        uint64_t requested = 0;
        int64_t taken = result < 0 ? -1 : 0;
        if (result >= 0 || errno != EFAULT)
            for (unsigned i = 0; i < count; ++i)
                requested +=
                    vector_length(messages[i].msg_hdr.msg_iov, messages[i].msg_hdr.msg_iovlen);
        for (int i = 0; i < result; ++i) taken += messages[i].msg_len;
        finish_transfer(&transfer, KIND_READ, CALL_RECVMMSG, fd, requested, taken, flags_of(flags));
    }
    return result;
}

/* What the calls above become in a program built with _FORTIFY_SOURCE. */
INTERPOSED ssize_t __read_chk(int fd, void* data, size_t length, size_t room) {
    const struct transfer transfer = begin_transfer(fd);
    const ssize_t result = real()->read_chk(fd, data, length, room);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_READ, fd, length, result, 0);
    }
    return result;
}

INTERPOSED ssize_t __recv_chk(int fd, void* data, size_t length, size_t room, int flags) {
    const struct transfer transfer = begin_receive(fd, flags);
    const ssize_t result = real()->recv_chk(fd, data, length, room, flags);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_RECV, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED ssize_t __recvfrom_chk(int fd, void* data, size_t length, size_t room, int flags,
                                  __SOCKADDR_ARG address, socklen_t* address_length) {
    const struct transfer transfer = begin_receive(fd, flags);
    const ssize_t result =
        real()->recvfrom_chk(fd, data, length, room, flags, address, address_length);
    if (transfer.connection != 0) {
        see_bytes(&transfer, data, result);
        finish_transfer(&transfer, KIND_READ, CALL_RECVFROM, fd, length, result, flags_of(flags));
    }
    return result;
}

INTERPOSED __attribute__((alias("read"))) ssize_t __read(int, void*, size_t);
INTERPOSED __attribute__((alias("preadv2"))) ssize_t preadv64v2(int, const struct iovec*, int,
                                                                off_t, int);
