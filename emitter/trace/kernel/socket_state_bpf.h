/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_SOCKET_STATE_BPF_H
#define SEAMARK_SOCKET_STATE_BPF_H

/* The state of a TCP socket, as the kernel holds it: read with no lock, so that two numbers may be
 * of two moments where the socket is used meanwhile. Part of recorder.bpf.c. */

enum { RWND_LIMITED = 2, SNDBUF_LIMITED = 3 }; /* of tcp_sock.chrono_type */

static __always_inline __u32 limited(const struct tcp_sock* tcp, int type, __u32 now) {
    __u32 time = tcp->chrono_stat[type - 1];
    if ((int)BPF_CORE_READ_BITFIELD(tcp, chrono_type) == type) time += now - tcp->chrono_start;
    return time;
}

static __always_inline void put_state(struct seamark_kernel_state* state,
                                      const struct tcp_sock* tcp) {
    const struct inet_connection_sock* connection = &tcp->inet_conn;
    const struct sock* sk = &connection->icsk_inet.sk;
    const __u32 now = bpf_jiffies64();
    state->cwnd = tcp->snd_cwnd;
    state->packets_out = tcp->packets_out;
    state->sacked_out = tcp->sacked_out;
    state->lost_out = tcp->lost_out;
    state->retrans_out = tcp->retrans_out;
    state->mss = tcp->mss_cache;
    state->peer_window = tcp->snd_wnd;
    state->rtt_us_8 = tcp->srtt_us;
    state->not_acknowledged = tcp->write_seq - tcp->snd_una;
    state->not_sent = tcp->write_seq - tcp->snd_nxt;
    state->retransmits = tcp->total_retrans;
    state->device_memory = sk->sk_wmem_alloc.refs.counter;
    state->queue_memory = sk->sk_wmem_queued;
    state->send_buffer = sk->sk_sndbuf;
    state->rwnd_limited = limited(tcp, RWND_LIMITED, now);
    state->sndbuf_limited = limited(tcp, SNDBUF_LIMITED, now);
    state->recovery = BPF_CORE_READ_BITFIELD(connection, icsk_ca_state);
    state->pacing_status = sk->sk_pacing_status;
    state->pacing_rate = sk->sk_pacing_rate;
    state->pacing_limit = sk->sk_max_pacing_rate;
    state->autocorking = sk->__sk_common.skc_net.net->ipv4.sysctl_tcp_autocorking;
    state->unread = tcp->rcv_nxt - tcp->copied_seq;
    state->low_water = sk->sk_rcvlowat;
    state->receive_memory = sk->sk_backlog.rmem_alloc.counter;
    state->receive_buffer = sk->sk_rcvbuf;
    state->unused = 0;
    bpf_probe_read_kernel(state->congestion, sizeof state->congestion,
                          connection->icsk_ca_ops->name);
}

#endif
