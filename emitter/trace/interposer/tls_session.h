/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_TLS_SESSION_H
#define SEAMARK_TLS_SESSION_H

#include "connections.h"
#include "tls_library.h"

/* Which connection a session of OpenSSL's is of.
 *
 * Where its bytes go through a descriptor, OpenSSL is asked for that. Where they go through memory
 * (curl, Python's asyncio), it is the connection over which a ClientHello with this session's
 * random went: 32 bytes, which no other one has. It stays the same one through a renegotiation, and
 * is forgotten with the session. */

/* NULL: none is known (`is_told` is 0), or it is no TCP connection. `fd` becomes its descriptor.
 * Keeps errno and OpenSSL's error queue. */
struct seamark_connection* connection_of_session(struct seamark_trace* memory,
                                                 const struct tls_library* tls, const SSL* ssl,
                                                 int writes, int* fd, int* is_told);

/* The session's memory may be another's from now on. */
void forget_session(const SSL* ssl);

#endif
