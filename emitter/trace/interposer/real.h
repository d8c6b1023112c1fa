/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_REAL_H
#define SEAMARK_REAL_H

#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/* The calls that ours wrap: the C library's, or those of another interposed library. */
struct real_calls {
    ssize_t (*send)(int, const void*, size_t, int);
    ssize_t (*sendto)(int, const void*, size_t, int, __CONST_SOCKADDR_ARG, socklen_t);
    ssize_t (*sendmsg)(int, const struct msghdr*, int);
    int (*sendmmsg)(int, struct mmsghdr*, unsigned, int);
    ssize_t (*write)(int, const void*, size_t);
    ssize_t (*writev)(int, const struct iovec*, int);
    ssize_t (*pwritev2)(int, const struct iovec*, int, off_t, int);
    ssize_t (*sendfile)(int, int, off_t*, size_t);
    ssize_t (*splice)(int, off_t*, int, off_t*, size_t, unsigned);
    ssize_t (*read)(int, void*, size_t);
    ssize_t (*readv)(int, const struct iovec*, int);
    ssize_t (*preadv2)(int, const struct iovec*, int, off_t, int);
    ssize_t (*recv)(int, void*, size_t, int);
    ssize_t (*recvfrom)(int, void*, size_t, int, __SOCKADDR_ARG, socklen_t*);
    ssize_t (*recvmsg)(int, struct msghdr*, int);
    int (*recvmmsg)(int, struct mmsghdr*, unsigned, int, struct timespec*);
    ssize_t (*read_chk)(int, void*, size_t, size_t);
    ssize_t (*recv_chk)(int, void*, size_t, size_t, int);
    ssize_t (*recvfrom_chk)(int, void*, size_t, size_t, int, __SOCKADDR_ARG, socklen_t*);
    int (*connect)(int, __CONST_SOCKADDR_ARG, socklen_t);
    int (*accept)(int, __SOCKADDR_ARG, socklen_t*);
    int (*accept4)(int, __SOCKADDR_ARG, socklen_t*, int);
    int (*socket)(int, int, int);
    int (*close)(int);
    int (*close_range)(unsigned, unsigned, int);
    void (*closefrom)(int);
    int (*fclose)(FILE*);
    int (*shutdown)(int, int);
    int (*dup)(int);
    int (*dup2)(int, int);
    int (*dup3)(int, int, int);
    int (*fcntl)(int, int, ...);
    int (*ioctl)(int, unsigned long, ...);
    int (*setsockopt)(int, int, int, const void*, socklen_t);
    int (*prctl)(int, ...);
    long (*syscall)(long, ...);
};

extern struct real_calls real_table;
extern int real_ready;

/* Looks them all up. May be called again, and by several threads at once: it stores the same. */
void find_real_calls(void);

/* Other libraries' constructors make calls before ours has run. */
static inline const struct real_calls* real(void) {
    if (__builtin_expect(!__atomic_load_n(&real_ready, __ATOMIC_ACQUIRE), 0)) find_real_calls();
    return &real_table;
}

#endif
