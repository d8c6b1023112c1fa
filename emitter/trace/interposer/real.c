/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "real.h"

#include <dlfcn.h>
#include <errno.h>

struct real_calls real_table;
int real_ready;

void find_real_calls(void) {
    const int saved = errno;
    /* The one conversion of void* to a function that POSIX grants, member by member. */
#define FIND(member, name) *(void**)&real_table.member = dlsym(RTLD_NEXT, name)
    FIND(send, "send");
    FIND(sendto, "sendto");
    FIND(sendmsg, "sendmsg");
    FIND(sendmmsg, "sendmmsg");
    FIND(write, "write");
    FIND(writev, "writev");
    FIND(pwritev2, "pwritev2");
    FIND(sendfile, "sendfile");
    FIND(splice, "splice");
    FIND(read, "read");
    FIND(readv, "readv");
    FIND(preadv2, "preadv2");
    FIND(recv, "recv");
    FIND(recvfrom, "recvfrom");
    FIND(recvmsg, "recvmsg");
    FIND(recvmmsg, "recvmmsg");
    FIND(read_chk, "__read_chk");
    FIND(recv_chk, "__recv_chk");
    FIND(recvfrom_chk, "__recvfrom_chk");
    FIND(connect, "connect");
    FIND(accept, "accept");
    FIND(accept4, "accept4");
    FIND(socket, "socket");
    FIND(close, "close");
    FIND(close_range, "close_range");
    FIND(closefrom, "closefrom");
    FIND(fclose, "fclose");
    FIND(shutdown, "shutdown");
    FIND(dup, "dup");
    FIND(dup2, "dup2");
    FIND(dup3, "dup3");
    FIND(fcntl, "fcntl64");
    FIND(ioctl, "ioctl");
    FIND(setsockopt, "setsockopt");
    FIND(prctl, "prctl");
    FIND(syscall, "syscall");
#undef FIND
    __atomic_store_n(&real_ready, 1, __ATOMIC_RELEASE);
    errno = saved;
}
