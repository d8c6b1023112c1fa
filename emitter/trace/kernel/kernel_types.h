/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_KERNEL_TYPES_H
#define SEAMARK_KERNEL_TYPES_H

/* The members of Linux's structures that the program in the kernel reads, by their names there.
 * Where they lie is looked up in the running kernel's BTF when the program is loaded, so these need
 * not be whole, nor in order, and no header that is made of one kernel (vmlinux.h) is needed. */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
    unsigned int inum;
};

struct netns_ipv4 {
    __u8 sysctl_tcp_autocorking;
};

struct net {
    struct ns_common ns;
    struct netns_ipv4 ipv4;
};

typedef struct {
    struct net* net;
} possible_net_t;

struct in6_addr {
    union {
        __u8 u6_addr8[16];
    } in6_u;
};

struct sock_common {
    __be32 skc_daddr;
    __be32 skc_rcv_saddr;
    __be16 skc_dport;
    __u16 skc_num;
    unsigned short skc_family;
    volatile unsigned char skc_state;
    possible_net_t skc_net;
    struct in6_addr skc_v6_daddr;
    struct in6_addr skc_v6_rcv_saddr;
    unsigned long skc_flags;
};

typedef struct {
    int counter;
} atomic_t;

typedef struct refcount_struct {
    atomic_t refs;
} refcount_t;

struct file {
    unsigned int f_flags;
};

struct socket {
    struct file* file;
};

struct sock {
    struct sock_common __sk_common;
    struct {
        atomic_t rmem_alloc;
    } sk_backlog;
    int sk_rcvbuf;
    int sk_rcvlowat;
    struct socket* sk_socket;
    int sk_wmem_queued;
    refcount_t sk_wmem_alloc;
    __u32 sk_pacing_status;
    unsigned long sk_pacing_rate;
    unsigned long sk_max_pacing_rate;
    __u16 sk_protocol;
    int sk_sndbuf;
};

struct inet_sock {
    struct sock sk;
    __be16 inet_sport;
};

struct tcp_congestion_ops {
    char name[16];
};

struct tcp_ulp_ops {
    char name[16];
};

struct inet_connection_sock {
    struct inet_sock icsk_inet;
    const struct tcp_congestion_ops* icsk_ca_ops;
    const struct tcp_ulp_ops* icsk_ulp_ops;
    __u8 icsk_ca_state : 5;
};

struct tcp_sock {
    struct inet_connection_sock inet_conn;
    __u32 snd_wnd;
    __u32 mss_cache;
    __u32 snd_cwnd;
    __u32 lost_out;
    __u32 sacked_out;
    __u32 copied_seq;
    __u32 retrans_out;
    __u32 chrono_start;
    __u32 chrono_stat[3];
    __u8 chrono_type : 2;
    __u32 write_seq;
    __u8 nonagle : 4;
    __u32 rcv_nxt;
    __u32 snd_nxt;
    __u32 snd_una;
    __u32 srtt_us;
    __u32 packets_out;
    __u8 syn_data : 1;
    __u32 total_retrans;
};

struct sk_buff {
    char cb[48];
};

struct tcp_skb_cb {
    __u32 seq;
    __u32 end_seq;
    __u8 tcp_flags; /* the low byte, where there are more */
};

struct trace_event_raw_tcp_retransmit_skb___err { /* as it is where the tracepoint tells a failure */
    int err;
};

struct pt_regs {
    unsigned long orig_ax;
    unsigned long di;
    unsigned long si;
    unsigned long dx;
    unsigned long r10;
    unsigned long r8;
};

struct signal_struct {
    atomic_t live;
};

struct task_struct {
    unsigned int flags;
    int pid;
    int tgid;
    struct signal_struct* signal;
};

#pragma clang attribute pop

#endif
