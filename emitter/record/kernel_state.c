/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record/kernel_state.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h> /* glibc's <netinet/tcp.h> knows half of struct tcp_info */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static uint32_t clamp(uint64_t value) {
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static int get(int descriptor, int level, int option, void* value, socklen_t size) {
    memset(value, 0, size);
    return getsockopt(descriptor, level, option, value, &size) == 0;
}

/* A kernel older than these numbers fills less of the structure: then there is nothing to say. */
static int get_info(int descriptor, struct tcp_info* info, int* counts_bytes) {
    socklen_t size = sizeof *info;
    memset(info, 0, sizeof *info);
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, info, &size) != 0) return 0;
    *counts_bytes = size >= offsetof(struct tcp_info, tcpi_bytes_retrans) + sizeof(uint64_t);
    return 1;
}

static void fill_sent(const struct tcp_info* info, struct seamark_sent* sent) {
    sent->handed = info->tcpi_bytes_sent - info->tcpi_bytes_retrans + info->tcpi_notsent_bytes;
    sent->acknowledged = info->tcpi_bytes_acked;
    /* A kernel that is too old to know them leaves the 0. */
    sent->pacing_rate = info->tcpi_pacing_rate;
    sent->pacing_limit = info->tcpi_max_pacing_rate;
    sent->state = info->tcpi_state;
}

int seamark_read_sent(int descriptor, struct seamark_sent* sent) {
    const int before = errno;
    struct tcp_info info;
    int counts_bytes = 0;
    const int known = get_info(descriptor, &info, &counts_bytes) && counts_bytes;
    errno = before;
    if (known) fill_sent(&info, sent);
    return known;
}

int seamark_read_network(int descriptor, uint64_t* cookie) {
    enum { NETNS_COOKIE = 71 }; /* SO_NETNS_COOKIE, Linux 5.14 */
    const int before = errno;
    const int known = get(descriptor, SOL_SOCKET, NETNS_COOKIE, cookie, sizeof *cookie);
    errno = before;
    return known;
}

int seamark_read_queued(int descriptor, uint64_t* bytes) {
    const int before = errno;
    int queued = 0;
    const int known = ioctl(descriptor, SIOCOUTQ, &queued) == 0;
    errno = before;
    *bytes = (uint32_t)queued;
    return known;
}

int seamark_read_send_state(int descriptor, uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS],
                            uint64_t* pacing_limit) {
    struct seamark_sent sent;
    if (!seamark_read_send_state_and_sent(descriptor, numbers, &sent)) return 0;
    *pacing_limit = sent.pacing_limit;
    return 1;
}

int seamark_read_send_state_and_sent(int descriptor, uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS],
                                     struct seamark_sent* sent) {
    const int before = errno;
    struct tcp_info info;
    int counts_bytes = 0;
    uint32_t memory[SK_MEMINFO_VARS];
    int queued = 0;
    /* TCP_INFO is one consistent look; the other two are taken as near to it as can be. */
    const int known = ioctl(descriptor, SIOCOUTQ, &queued) == 0 &&
                      get_info(descriptor, &info, &counts_bytes) &&
                      get(descriptor, SOL_SOCKET, SO_MEMINFO, memory, sizeof memory);
    errno = before;
    if (!known) return 0;
    fill_sent(&info, sent);
    if (!counts_bytes) sent->state = 0;
    const uint32_t gone = info.tcpi_sacked + info.tcpi_lost;
    const uint32_t rate =
        info.tcpi_pacing_rate == UINT64_MAX ? UINT32_MAX : clamp(info.tcpi_pacing_rate / 1024);
    const uint32_t all[SEAMARK_SEND_STATE_NUMBERS] = {
        [SEAMARK_SEND_cwnd] = info.tcpi_snd_cwnd,
        [SEAMARK_SEND_unacked] = info.tcpi_unacked,
        [SEAMARK_SEND_mss] = info.tcpi_snd_mss,
        [SEAMARK_SEND_peer_window] = info.tcpi_snd_wnd,
        [SEAMARK_SEND_rtt_us] = info.tcpi_rtt,
        [SEAMARK_SEND_queued] = (uint32_t)queued,
        [SEAMARK_SEND_not_sent] = info.tcpi_notsent_bytes,
        [SEAMARK_SEND_retransmits] = info.tcpi_total_retrans,
        [SEAMARK_SEND_in_flight] =
            (info.tcpi_unacked > gone ? info.tcpi_unacked - gone : 0) + info.tcpi_retrans,
        [SEAMARK_SEND_device_memory] = memory[SK_MEMINFO_WMEM_ALLOC],
        [SEAMARK_SEND_queue_memory] = memory[SK_MEMINFO_WMEM_QUEUED],
        [SEAMARK_SEND_send_buffer] = memory[SK_MEMINFO_SNDBUF],
        [SEAMARK_SEND_pacing_rate] = rate,
        [SEAMARK_SEND_rwnd_limited] = clamp(info.tcpi_rwnd_limited),
        [SEAMARK_SEND_sndbuf_limited] = clamp(info.tcpi_sndbuf_limited),
        [SEAMARK_SEND_recovery] = info.tcpi_ca_state,
    };
    memcpy(numbers, all, sizeof all);
    return 1;
}

int seamark_read_receive_state(int descriptor, uint32_t numbers[SEAMARK_RECEIVE_STATE_NUMBERS]) {
    const int before = errno;
    uint32_t memory[SK_MEMINFO_VARS];
    int unread = 0;
    int low_water = 0;
    const int known = ioctl(descriptor, SIOCINQ, &unread) == 0 &&
                      get(descriptor, SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water) &&
                      get(descriptor, SOL_SOCKET, SO_MEMINFO, memory, sizeof memory);
    errno = before;
    if (!known) return 0;
    numbers[SEAMARK_RECEIVE_unread] = (uint32_t)unread;
    numbers[SEAMARK_RECEIVE_low_water] = (uint32_t)low_water;
    numbers[SEAMARK_RECEIVE_memory] = memory[SK_MEMINFO_RMEM_ALLOC];
    numbers[SEAMARK_RECEIVE_buffer] = memory[SK_MEMINFO_RCVBUF];
    return 1;
}

int seamark_read_congestion(int descriptor, char name[SEAMARK_CONGESTION_NAME]) {
    const int before = errno;
    const int known = get(descriptor, IPPROTO_TCP, TCP_CONGESTION, name, SEAMARK_CONGESTION_NAME);
    errno = before;
    name[SEAMARK_CONGESTION_NAME - 1] = '\0';
    return known;
}
