/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The program in the kernel. It looks at each call on a TCP socket when the socket layer is done
 * with it, and changes nothing. What it says, and why it can be trusted: docs/kernel.md. */
#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "trace/kernel/kernel_event.h"
#include "trace/kernel/kernel_types.h"
#include "trace/kernel/socket_state_bpf.h"
#include "trace/kernel/system_call_bpf.h"

char kLicense[] SEC("license") = "GPL";

enum { INET6 = 10, MPTCP = 262 };
enum { ESTABLISHED = 1, SYN_SENT = 2, SYN_RECV = 3, FIN_WAIT1 = 4, CLOSE_WAIT = 8, LAST_ACK = 9 };
enum { OUT_OF_BAND = 0x1, PEEK = 0x2, ERROR_QUEUE = 0x2000 }; /* MSG_… */
enum { FIN_CAME = 1 << 1 };                                   /* SOCK_DONE, of a TCP socket */
enum { FIN = 0x1, SYN = 0x2 };                                /* of the TCP header's flags */

const volatile __u32 selects = 0;     /* SEAMARK_KERNEL_BY_… */
const volatile __u32 own_process = 0; /* which is not recorded */
const volatile __u8 looks = 0;        /* the socket's state with each call */

__u64 dropped = 0; /* records that found no room */

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 24);
} events SEC(".maps");

#define SEAMARK_SET(name, key_type)      \
    struct {                             \
        __uint(type, BPF_MAP_TYPE_HASH); \
        __uint(max_entries, 16384);      \
        __type(key, key_type);           \
        __type(value, __u32);            \
    } name SEC(".maps")
struct program_name {
    char text[16];
};
SEAMARK_SET(processes, __u32);
SEAMARK_SET(ports, __u16);
SEAMARK_SET(programs, struct program_name);
SEAMARK_SET(networks, __u32);

static __always_inline int fits_task(void) {
    const __u32 process = bpf_get_current_pid_tgid() >> 32;
    if (process == own_process) return 0;
    if (selects & SEAMARK_KERNEL_BY_PROCESS) {
        const __u32* role = bpf_map_lookup_elem(&processes, &process);
        if (!role || *role != SEAMARK_KERNEL_RECORDED) return 0;
    }
    if (selects & SEAMARK_KERNEL_BY_PROGRAM) {
        struct program_name name = {};
        bpf_get_current_comm(&name, sizeof name);
        if (!bpf_map_lookup_elem(&programs, &name)) return 0;
    }
    return 1;
}

/* Kept when the socket is closed, which the other one (skc_num) is not. */
static __always_inline __u16 own_port(const struct sock* sk, const struct tcp_sock* tcp) {
    return tcp ? bpf_ntohs(tcp->inet_conn.icsk_inet.inet_sport) : sk->__sk_common.skc_num;
}

static __always_inline int fits_socket(const struct sock* sk, const struct tcp_sock* tcp) {
    if (selects & SEAMARK_KERNEL_BY_PORT) {
        const __u16 own = own_port(sk, tcp);
        const __u16 peer = bpf_ntohs(sk->__sk_common.skc_dport);
        if (!bpf_map_lookup_elem(&ports, &own) && !bpf_map_lookup_elem(&ports, &peer)) return 0;
    }
    if (selects & SEAMARK_KERNEL_BY_NETWORK) {
        const __u32 network = sk->__sk_common.skc_net.net->ns.inum;
        if (!bpf_map_lookup_elem(&networks, &network)) return 0;
    }
    return 1;
}

static __always_inline void put_ends(struct seamark_kernel_event* event, const struct sock* sk,
                                     const struct tcp_sock* tcp) {
    event->local_port = own_port(sk, tcp);
    event->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
    event->network = sk->__sk_common.skc_net.net->ns.inum;
    const __u32 local = sk->__sk_common.skc_rcv_saddr;
    const __u32 remote = sk->__sk_common.skc_daddr;
    event->family = 4;
    if (sk->__sk_common.skc_family == INET6) {
        bpf_probe_read_kernel(event->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
        bpf_probe_read_kernel(event->remote, 16, &sk->__sk_common.skc_v6_daddr);
        event->family = 6;
        return;
    }
    __builtin_memcpy(event->local, &local, sizeof local);
    __builtin_memcpy(event->remote, &remote, sizeof remote);
}

/* Number of the byte after the last that was taken out. The FIN that a read meets at the end of
 * its data is taken out with them, and has a number, too. */
static __always_inline __u32 read_up_to(const struct sock* sk, const struct tcp_sock* tcp) {
    const __u32 next = tcp->copied_seq;
    const int met = (sk->__sk_common.skc_flags & FIN_CAME) && next == tcp->rcv_nxt;
    return next - met;
}

static __always_inline int record(struct sock* sk, __u8 kind, int returned, int flags) {
    struct tcp_sock* tcp = bpf_skc_to_tcp_sock(sk);
    if (!tcp && sk->sk_protocol != MPTCP) return 0;
    if (!fits_task() || !fits_socket(sk, tcp)) return 0;
    const __u32 state_size = looks && tcp ? sizeof(struct seamark_kernel_state) : 0;
    struct seamark_kernel_event* event;
    if (state_size)
        event =
            bpf_ringbuf_reserve(&events, sizeof *event + sizeof(struct seamark_kernel_state), 0);
    else
        event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
    if (!event) {
        __sync_fetch_and_add(&dropped, 1);
        return 0;
    }
    __builtin_memset(event, 0, sizeof *event);
    event->kind = kind;
    event->left = bpf_ktime_get_tai_ns();
    event->returned = returned;
    event->flags = flags;
    event->socket = bpf_get_socket_cookie(sk);
    const __u64 both = bpf_get_current_pid_tgid();
    event->process = both >> 32;
    event->thread = (__u32)both;
    event->tcp_state = sk->__sk_common.skc_state;
    bpf_get_current_comm(event->program, sizeof event->program);
    put_ends(event, sk, tcp);
    put_call(event, sk);
    if (tcp) {
        event->sequence = kind == SEAMARK_KERNEL_RECEIVED ? read_up_to(sk, tcp) : tcp->write_seq;
        event->nonagle = BPF_CORE_READ_BITFIELD(tcp, nonagle);
        if (tcp->inet_conn.icsk_ulp_ops) event->facts |= SEAMARK_KERNEL_TLS;
        if (state_size) {
            event->facts |= SEAMARK_KERNEL_HAS_STATE;
            put_state((struct seamark_kernel_state*)(event + 1), tcp);
        }
    } else {
        event->facts |= SEAMARK_KERNEL_MPTCP;
    }
    bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock* sk, int returned, int flags) {
    return record(sk, SEAMARK_KERNEL_SENT, returned, flags);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_receive, struct sock* sk, int returned, int flags) {
    if (flags & (PEEK | ERROR_QUEUE | OUT_OF_BAND)) return 0;
    return record(sk, SEAMARK_KERNEL_RECEIVED, returned, flags);
}

/* In whatever process the packet came to, unless it is closed by its own. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, const struct sock* sk, int before, int after) {
    const int opened = after == ESTABLISHED && (before == SYN_SENT || before == SYN_RECV);
    const int closed = (before == ESTABLISHED && after == FIN_WAIT1) ||
                       (before == CLOSE_WAIT && after == LAST_ACK);
    if (!opened && !closed) return 0;
    struct tcp_sock* tcp = bpf_skc_to_tcp_sock((void*)sk);
    if (!tcp || !fits_socket(sk, tcp) || (closed && !fits_task())) return 0;
    struct seamark_kernel_event* event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
    if (!event) {
        __sync_fetch_and_add(&dropped, 1);
        return 0;
    }
    __builtin_memset(event, 0, sizeof *event);
    event->kind = opened ? SEAMARK_KERNEL_OPENED : SEAMARK_KERNEL_CLOSED;
    event->left = bpf_ktime_get_tai_ns();
    event->socket = bpf_get_socket_cookie((void*)sk);
    event->sequence = tcp->write_seq;
    event->read_sequence = tcp->copied_seq;
    event->tcp_state = after;
    event->descriptor = -1;
    event->system_call = -1;
    put_ends(event, sk, tcp);
    if (opened) {
        if (before == SYN_SENT) event->facts |= SEAMARK_KERNEL_CLIENT;
        if (BPF_CORE_READ_BITFIELD(tcp, syn_data)) event->facts |= SEAMARK_KERNEL_FAST_OPEN;
    } else {
        const __u64 both = bpf_get_current_pid_tgid();
        event->process = both >> 32;
        event->thread = (__u32)both;
        bpf_get_current_comm(event->program, sizeof event->program);
        const struct pt_regs* registers =
            (const struct pt_regs*)bpf_task_pt_regs(bpf_get_current_task_btf());
        event->system_call = registers->orig_ax;
        event->nonagle = BPF_CORE_READ_BITFIELD(tcp, nonagle);
    }
    bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    return 0;
}

/* In whatever a timer or an acknowledgement interrupted, so no program is named. */
SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(on_sent_again, const struct sock* sk, const struct sk_buff* skb) {
    struct tcp_sock* tcp = bpf_skc_to_tcp_sock((void*)sk);
    if (!tcp || !fits_socket(sk, tcp)) return 0;
    /* Newer kernels come here with what they could not send, too. */
    if (bpf_core_field_exists(struct trace_event_raw_tcp_retransmit_skb___err, err) && (int)ctx[2] != 0)
        return 0;
    const struct tcp_skb_cb* place = (const struct tcp_skb_cb*)skb->cb;
    __u32 begin = BPF_CORE_READ(place, seq);
    __u32 length = BPF_CORE_READ(place, end_seq) - begin;
    const __u8 flags = BPF_CORE_READ(place, tcp_flags);
    if (flags & FIN) --length; /* which has a number, and is no byte */
    if (flags & SYN) ++begin, --length;
    if (length == 0) return 0;
    struct seamark_kernel_event* event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
    if (!event) {
        __sync_fetch_and_add(&dropped, 1);
        return 0;
    }
    __builtin_memset(event, 0, sizeof *event);
    event->kind = SEAMARK_KERNEL_SENT_AGAIN;
    event->left = bpf_ktime_get_tai_ns();
    event->socket = bpf_get_socket_cookie((void*)sk);
    event->sequence = begin;
    event->returned = length;
    event->tcp_state = sk->__sk_common.skc_state;
    event->descriptor = -1;
    event->system_call = -1;
    put_ends(event, sk, tcp);
    bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs* registers, long call) {
    (void)registers;
    if (!seamark_moves_bytes(call) || !fits_task()) return 0;
    struct entry* entry = bpf_task_storage_get(&entries, bpf_get_current_task_btf(), 0,
                                               BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (!entry) return 0;
    entry->time = bpf_ktime_get_tai_ns();
    entry->system_call = call;
    entry->calls = 0;
    return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct* parent, struct task_struct* child) {
    const __u32 from = parent->tgid;
    const __u32 to = child->tgid;
    const __u32 recorded = SEAMARK_KERNEL_RECORDED;
    if (!(selects & SEAMARK_KERNEL_BY_PROCESS) || from == to) return 0;
    if (bpf_map_lookup_elem(&processes, &from))
        bpf_map_update_elem(&processes, &to, &recorded, BPF_ANY);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct* task) {
    const __u32 process = task->tgid;
    if ((selects & SEAMARK_KERNEL_BY_PROCESS) && task->signal->live.counter == 0)
        bpf_map_delete_elem(&processes, &process);
    return 0;
}

/* Run by hand, twice, to see how long a jiffy is. */
__u64 jiffies_now = 0;
SEC("raw_tp/sys_enter")
int count_jiffies(void* context) {
    (void)context;
    jiffies_now = bpf_jiffies64();
    return 0;
}
