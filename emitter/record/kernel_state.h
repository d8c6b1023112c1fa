/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_KERNEL_STATE_H
#define SEAMARK_KERNEL_STATE_H

#include <stdint.h>

#include "core/event/event_layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the kernel says of a TCP socket: three system calls that take nothing from it and wait for
 * nothing. C, because the interposed library is C. The numbers are those of
 * event_layout.h, in their order there. errno is as it was. */
enum { SEAMARK_CONGESTION_NAME = 16 }; /* with its final zero */

/* What one call says of the bytes that a socket was handed, and of its pacing. */
struct seamark_sent {
    /* Sent at least once, and waiting to be. A packet that a queue below TCP refused counts twice:
     * then it is too much. */
    uint64_t handed;
    uint64_t acknowledged; /* a client's SYN and a FIN each count as one byte */
    uint64_t pacing_rate;  /* bytes a second; UINT64_MAX: none */
    uint64_t pacing_limit; /* likewise, SO_MAX_PACING_RATE */
    uint8_t state;         /* Linux's number: 1 established …; 0: the kernel does not count */
};

/* Each fills all numbers and returns 1, or returns 0 where the socket does not show. */
int seamark_read_send_state(
    int descriptor, uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS],
    uint64_t* pacing_limit); /* bytes a second; 2^64-1: none; 0: not known */
/* The numbers and the second structure at once, for the price of the first. */
int seamark_read_send_state_and_sent(int descriptor, uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS],
                                     struct seamark_sent* sent);
int seamark_read_sent(int descriptor, struct seamark_sent* sent);
/* Bytes that the peer has not acknowledged, those not sent and a FIN included; 0 before the
 * connection is established. */
int seamark_read_queued(int descriptor, uint64_t* bytes);
int seamark_read_receive_state(int descriptor, uint32_t numbers[SEAMARK_RECEIVE_STATE_NUMBERS]);
/* The network namespace of the socket: a number that is never used again. */
int seamark_read_network(int descriptor, uint64_t* cookie);
int seamark_read_congestion(int descriptor, char name[SEAMARK_CONGESTION_NAME]);

#ifdef __cplusplus
}
#endif

#endif
