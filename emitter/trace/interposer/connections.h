/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_CONNECTIONS_H
#define SEAMARK_CONNECTIONS_H

#include <stdint.h>

#include "recorder.h"

/* Which descriptors of this process are TCP connections.
 *
 * A table by descriptor (private to the process) holds, for each, "unknown", "no TCP connection",
 * or the place and generation of a connection in the shared table. What is unknown is asked of the
 * kernel at first use. Calls that make or close descriptors keep the table right. */

#define MAX_DESCRIPTORS (1 << 20)

/* Makes the table, and counts descriptors at each fork, since children inherit them. 0 where there
 * is no memory for it. */
int prepare_connections(void);

/* The connection of a descriptor, or NULL. Keeps errno. */
struct seamark_connection* connection_of(struct seamark_trace* memory, int fd);

/* The same of one that this process has used already: asks nothing of the kernel. */
struct seamark_connection* known_connection(struct seamark_trace* memory, int fd);

/* A connection that begins now, seen from its first byte; NULL if it is not TCP, or there is no
 * place. `side` is FLAG_CLIENT or FLAG_SERVER; `remote` may be NULL: then the kernel is asked. */
struct seamark_connection* begin_connection(struct seamark_trace* memory, int fd, uint32_t side,
                                            const void* remote, uint32_t remote_length);

/* `to` is a new descriptor for what `from` is. What `to` was before must have been dropped. */
void share_descriptor(int from, int to);

/* Forget what the descriptor was. `drop` returns the connection of which it was the last known
 * descriptor, for its event, else NULL. */
struct seamark_connection* drop_descriptor(struct seamark_trace* memory, int fd);
void forget_descriptor(int fd);

/* The highest descriptor that was ever in the table. */
int highest_descriptor(void);

#endif
