/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_COUNT_CHECK_H
#define SEAMARK_COUNT_CHECK_H

#include <stdint.h>

#include "connections.h"
#include "record/kernel_state.h"

/* Holds the bytes that recorded calls handed to a socket against the kernel's own count. What the
 * kernel counts and no recorded call sent (C streams, dprintf, a system call made without the C
 * library, io_uring, a process without the library) is recorded as an event of its own, and offsets
 * go on after it.
 *
 * The two counts can be compared only while no recorded call is under way on the connection, by any
 * process. Where a call never came back (its thread was cancelled, its process killed in it) the
 * connection is not checked any more: a wrong difference would be worse than none.
 *
 * Asks at the first four writes, then at most every 10 ms, and at close; of a connection or process
 * in which bytes of other calls were found, at each call. In the same course the socket is asked
 * for the options that another process may have set. Keeps errno. */

struct transfer;

/* Before a write call that has been counted as under way. Its entry is taken anew. */
void check_before_write(struct transfer* transfer, int fd);

/* After it; `index` and `end` are those of the connection after it. `sent` is what the kernel has
 * said since, or NULL: then it is asked. True if bytes that no recorded call sent went over
 * meanwhile: then it is not known which are those of the call. */
int check_after_write(const struct transfer* transfer, int fd, uint64_t index, uint64_t end,
                      const struct seamark_sent* sent);

/* The descriptor is about to be closed, or its process to end. */
void check_at_close(struct seamark_trace* memory, struct seamark_connection* connection, int fd);

/* What is known of the settings, for the look of an event. */
void put_settings(const struct seamark_connection* connection, struct seamark_look* look);

/* A recorded call has changed an option of the socket: asks for what it is now. */
void learn_settings(struct seamark_connection* connection, int fd);

#endif
