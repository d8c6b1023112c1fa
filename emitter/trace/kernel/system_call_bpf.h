/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_SYSTEM_CALL_BPF_H
#define SEAMARK_SYSTEM_CALL_BPF_H

/* The system call that the current thread is in: which one, since when, on which descriptor, for
 * how many bytes. Part of recorder.bpf.c. */

#include "trace/kernel/syscall_numbers.h"

enum { NONBLOCK = 04000 };                           /* O_NONBLOCK */
enum { IO_WORKER = 0x10, KERNEL_THREAD = 0x200000 }; /* of task_struct.flags */
enum { MOST_PARTS = 64 };         /* of a vector of buffers whose lengths are added up */
enum { MESSAGE_OF_SEVERAL = 64 }; /* bytes of struct mmsghdr */

/* The system call that a thread is in. */
struct entry {
    __u64 time;
    __s32 system_call;
    __u32 calls; /* on sockets, that it has made since */
};
struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct entry);
} entries SEC(".maps");

/* As the system's headers have them. */
struct user_vector {
    __u64 base;
    __u64 length;
};
struct user_message {
    __u64 name;
    __u64 name_length;
    __u64 vectors;
    __u64 vector_count;
    __u64 control;
    __u64 control_length;
    __u64 flags;
};
static __always_inline __u64 sum_of(__u64 vectors, __u64 count) {
    __u64 sum = 0;
    if (count > MOST_PARTS) return ~0ULL;
    for (__u32 i = 0; i < MOST_PARTS; ++i) {
        struct user_vector one;
        if (i >= count) break;
        if (bpf_probe_read_user(&one, sizeof one, (void*)(vectors + i * sizeof one))) return ~0ULL;
        sum += one.length;
    }
    return sum;
}

static __always_inline __u64 asked_of_message(__u64 address) {
    struct user_message message;
    if (bpf_probe_read_user(&message, sizeof message, (void*)address)) return ~0ULL;
    return sum_of(message.vectors, message.vector_count);
}

/* What the registers of the system call say, where it is one that is known. */
static __always_inline void put_call(struct seamark_kernel_event* event, const struct sock* sk) {
    struct task_struct* task = bpf_get_current_task_btf();
    event->system_call = -1;
    event->descriptor = -1;
    event->requested = ~0ULL;
    const struct socket* socket = sk->sk_socket;
    if (socket && socket->file && (socket->file->f_flags & NONBLOCK))
        event->facts |= SEAMARK_KERNEL_NONBLOCKING;
    if (task->flags & IO_WORKER) event->facts |= SEAMARK_KERNEL_WORKER;
    if (task->flags & (IO_WORKER | KERNEL_THREAD)) return;
    const struct pt_regs* registers = (const struct pt_regs*)bpf_task_pt_regs(task);
    const __s32 call = registers->orig_ax;
    event->system_call = call;
    __u32 earlier = 0;
    struct entry* entry = bpf_task_storage_get(&entries, task, 0, 0);
    if (entry && entry->system_call == call) {
        event->entered = entry->time;
        earlier = entry->calls++;
    }
    switch (call) {
        case SEAMARK_SYS_SENDTO:
        case SEAMARK_SYS_RECVFROM:
            event->flags |= registers->r10; /* fall through */
        case SEAMARK_SYS_READ:
        case SEAMARK_SYS_WRITE:
            event->requested = registers->dx;
            break;
        case SEAMARK_SYS_READV:
        case SEAMARK_SYS_PREADV:
        case SEAMARK_SYS_PREADV2:
        case SEAMARK_SYS_WRITEV:
        case SEAMARK_SYS_PWRITEV:
        case SEAMARK_SYS_PWRITEV2:
            event->requested = sum_of(registers->si, registers->dx);
            break;
        case SEAMARK_SYS_SENDMSG:
        case SEAMARK_SYS_RECVMSG:
            event->flags |= registers->dx;
            event->requested = asked_of_message(registers->si);
            break;
        case SEAMARK_SYS_SENDMMSG:
        case SEAMARK_SYS_RECVMMSG:
            event->flags |= registers->r10;
            if (entry)
                event->requested = asked_of_message(registers->si + earlier * MESSAGE_OF_SEVERAL);
            break;
        case SEAMARK_SYS_SENDFILE:
            event->requested = registers->r10;
            break;
        case SEAMARK_SYS_SPLICE:
            event->requested = registers->r8;
            event->descriptor = registers->dx; /* where it goes to */
            return;
        default:
            return;
    }
    event->descriptor = registers->di;
}

#endif
