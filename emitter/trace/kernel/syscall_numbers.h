/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_SYSCALL_NUMBERS_H
#define SEAMARK_SYSCALL_NUMBERS_H

/* The system calls that move bytes of sockets, or end a connection: numbers of x86-64, from
 * asm/unistd_64.h. */
enum {
    SEAMARK_SYS_READ = 0,
    SEAMARK_SYS_WRITE = 1,
    SEAMARK_SYS_CLOSE = 3,
    SEAMARK_SYS_READV = 19,
    SEAMARK_SYS_WRITEV = 20,
    SEAMARK_SYS_SENDFILE = 40,
    SEAMARK_SYS_SENDTO = 44,
    SEAMARK_SYS_RECVFROM = 45,
    SEAMARK_SYS_SENDMSG = 46,
    SEAMARK_SYS_RECVMSG = 47,
    SEAMARK_SYS_SHUTDOWN = 48,
    SEAMARK_SYS_SPLICE = 275,
    SEAMARK_SYS_PREADV = 295,
    SEAMARK_SYS_PWRITEV = 296,
    SEAMARK_SYS_RECVMMSG = 299,
    SEAMARK_SYS_SENDMMSG = 307,
    SEAMARK_SYS_PREADV2 = 327,
    SEAMARK_SYS_PWRITEV2 = 328,
    SEAMARK_SYS_IO_URING_ENTER = 426,
};

static inline int seamark_moves_bytes(long call) {
    switch (call) {
        case SEAMARK_SYS_READ:
        case SEAMARK_SYS_WRITE:
        case SEAMARK_SYS_READV:
        case SEAMARK_SYS_WRITEV:
        case SEAMARK_SYS_SENDFILE:
        case SEAMARK_SYS_SENDTO:
        case SEAMARK_SYS_RECVFROM:
        case SEAMARK_SYS_SENDMSG:
        case SEAMARK_SYS_RECVMSG:
        case SEAMARK_SYS_SPLICE:
        case SEAMARK_SYS_PREADV:
        case SEAMARK_SYS_PWRITEV:
        case SEAMARK_SYS_RECVMMSG:
        case SEAMARK_SYS_SENDMMSG:
        case SEAMARK_SYS_PREADV2:
        case SEAMARK_SYS_PWRITEV2:
        case SEAMARK_SYS_IO_URING_ENTER:
            return 1;
        default:
            return 0;
    }
}

#endif
