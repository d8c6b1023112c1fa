/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_KERNEL_EVENT_H
#define SEAMARK_KERNEL_EVENT_H

/* What the program in the kernel hands to `seamark trace --kernel`, through a ring buffer: one
 * record for each call on a TCP socket that returned, for each connection that was opened or
 * closed, and for what TCP sent again. C, because the program in the kernel is C; the types are its, too, so this includes
 * nothing: <linux/types.h> comes first.
 *
 * Times are CLOCK_TAI in ns. Numbers are the machine's. */

enum {
    SEAMARK_KERNEL_SENT = 1,
    SEAMARK_KERNEL_RECEIVED = 2,
    SEAMARK_KERNEL_OPENED = 3,
    SEAMARK_KERNEL_CLOSED = 4,
    SEAMARK_KERNEL_SENT_AGAIN = 5, /* returned: bytes */
};

/* Bits of seamark_kernel_event.facts */
enum {
    SEAMARK_KERNEL_HAS_STATE = 1, /* what follows the event is a seamark_kernel_state */
    SEAMARK_KERNEL_CLIENT = 2,    /* of OPENED: this side connected */
    SEAMARK_KERNEL_NONBLOCKING = 4,
    SEAMARK_KERNEL_TLS = 8, /* the socket has an upper layer protocol: returned counts its bytes */
    SEAMARK_KERNEL_MPTCP = 16,     /* of Multipath TCP: no address, no sequence */
    SEAMARK_KERNEL_WORKER = 32,    /* in a worker of io_uring, which is in no system call */
    SEAMARK_KERNEL_FAST_OPEN = 64, /* data may have been on the SYN */
};

struct seamark_kernel_event {
    __u64 socket;    /* a number that is never used again */
    __u64 entered;   /* of the system call; 0: not known */
    __u64 left;      /* when the socket layer was done */
    __u64 requested; /* bytes; 2^64-1: not known */
    __s32 returned;  /* bytes, or -errno */
    /* write_seq or copied_seq after the call; of OPENED: the first to be written; of SENT_AGAIN: of
     * its first byte */
    __u32 sequence;
    __u32 read_sequence; /* of OPENED: the first to be read */
    __u32 process;
    __u32 thread;
    __s32 system_call; /* its number; -1: none */
    __s32 descriptor;  /* -1: not known */
    __u32 flags;       /* MSG_…, where the call has flags */
    __u32 network;     /* inode number of the network namespace */
    __u16 facts;
    __u8 kind;
    __u8 nonagle; /* 1: TCP_NODELAY, 2: TCP_CORK */
    __u8 local[16];
    __u8 remote[16];
    __u16 local_port;
    __u16 remote_port;
    __u8 family;    /* 4 or 6 */
    __u8 tcp_state; /* after the call */
    __u16 unused;
    char program[16]; /* the thread's name */
};

/* Of the socket when the call returned. Times are in jiffies. */
struct seamark_kernel_state {
    __u32 cwnd;
    __u32 packets_out;
    __u32 sacked_out;
    __u32 lost_out;
    __u32 retrans_out;
    __u32 mss;
    __u32 peer_window;
    __u32 rtt_us_8; /* eighths of a microsecond */
    __u32 not_acknowledged;
    __u32 not_sent;
    __u32 retransmits;
    __u32 device_memory;
    __u32 queue_memory;
    __u32 send_buffer;
    __u32 rwnd_limited;
    __u32 sndbuf_limited;
    __u32 recovery;
    __u32 pacing_status;
    __u64 pacing_rate;
    __u64 pacing_limit;
    __u32 autocorking;
    __u32 unread;
    __u32 low_water;
    __u32 receive_memory;
    __u32 receive_buffer;
    __u32 unused;
    char congestion[16];
};

/* What is recorded: of each kind that is asked for one has to fit, and all kinds. */
enum {
    SEAMARK_KERNEL_BY_PROCESS = 1,
    SEAMARK_KERNEL_BY_PORT = 2,
    SEAMARK_KERNEL_BY_PROGRAM = 4,
    SEAMARK_KERNEL_BY_NETWORK = 8,
};

/* In the map of processes. */
enum {
    SEAMARK_KERNEL_CHILDREN = 1, /* its children are recorded, itself is not */
    SEAMARK_KERNEL_RECORDED = 2, /* itself, and its children */
};

#endif
