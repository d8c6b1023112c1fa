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

/* Each fills all numbers and returns 1, or returns 0 where the socket does not tell. */
int seamark_read_send_state(
    int descriptor, uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS],
    uint64_t* pacing_limit); /* bytes a second; 2^64-1: none; 0: not known */
int seamark_read_receive_state(int descriptor, uint32_t numbers[SEAMARK_RECEIVE_STATE_NUMBERS]);
int seamark_read_congestion(int descriptor, char name[SEAMARK_CONGESTION_NAME]);

#ifdef __cplusplus
}
#endif

#endif
