/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_SHARED_TRACE_H
#define SEAMARK_SHARED_TRACE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event/event_layout.h"

/* The memory that `seamark trace` shares with every process it records: C, because the interposed
 * library is C; read by C++ as well.
 *
 * Every number here is written by any process at any time, with atomic operations and no lock, so
 * that a process that is killed in mid-call, or interrupted by a signal handler that writes too,
 * holds no one up. All memory begins as zeros, which is a valid state: nothing recorded yet.
 *
 * Owned by the tracer, which makes it (a memfd) and names it in the environment as
 * SEAMARK_TRACE=/proc/PID/fd/N; so no descriptor of the traced program is taken, and nothing is
 * left behind. */

#define SEAMARK_TRACE_VARIABLE "SEAMARK_TRACE"
#define SEAMARK_TRACE_MAGIC 0x6b72616d61657309U /* changes with this layout */

#define SEAMARK_RING_BITS 18
#define SEAMARK_RING_SLOTS (1U << SEAMARK_RING_BITS)
#define SEAMARK_RING_WINDOW 8192U /* the slots in use while the tracer keeps up */
#define SEAMARK_CONNECTION_SLOTS 65536U
#define SEAMARK_PROCESS_SLOTS 4096U

/* What a process says that cannot reach this memory, in one datagram to an abstract address that
 * follows from the memory's name. */
struct seamark_failure {
    uint64_t magic; /* SEAMARK_TRACE_MAGIC */
    uint32_t step;
    int32_t error; /* errno */
};
#define SEAMARK_FAILED_TO_OPEN 1
#define SEAMARK_FAILED_TO_MAP 2

/* Fills in what follows the family in that address, and returns its length; 0 where there is no
 * room. */
static inline size_t seamark_failure_address(const char* memory_name, char* to, size_t room) {
    static const char prefix[] = "\0seamark";
    size_t length = sizeof prefix - 1;
    if (room < length) return 0;
    for (size_t i = 0; i < length; ++i) to[i] = prefix[i];
    for (; *memory_name != 0; ++memory_name) {
        if (length == room) return 0;
        to[length++] = *memory_name;
    }
    return length;
}

/* In a process's place of the table: it runs a Go program, whose calls are made without the C
 * library. Numbers of processes end below. */
#define SEAMARK_PROCESS_IS_GO 0x80000000U

/* One end of a connection, or both: addresses as in the packets (an IPv4 address that a program
 * sees as mapped IPv6 is stored as IPv4, in the first 4 bytes). */
struct seamark_addresses {
    uint8_t local[16];
    uint8_t remote[16];
    uint16_t local_port; /* host order, as its peer's */
    uint16_t remote_port;
    uint8_t family; /* 4 or 6 */
    uint8_t unused;
};

/* One call. The numbers of kind, call and flags are those of event_layout.h. */
struct seamark_event {
    uint64_t index;
    uint64_t offset;
    uint64_t requested;
    int64_t returned;
    int64_t entered; /* ns, CLOCK_REALTIME */
    int64_t left;
    int32_t error;
    int32_t descriptor;
    uint32_t process;
    uint32_t thread;
    uint32_t flags;
    uint32_t connection;
    uint16_t call;
    uint8_t kind;
    uint8_t looked; /* bits SEAMARK_LOOKED_…: what the look of the same place holds */
    uint16_t option_level;
    uint16_t option_name;
    struct seamark_addresses addresses;
};

/* The room for one event. Places count the events of the whole trace; place P is slot P modulo
 * SEAMARK_RING_SLOTS. Whoever moves `head` over a place writes the event's process and claims the
 * slot, so that it is known whose death explains a slot that is never filled; then come the rest of
 * the event, and that it is filled. What a slot holds of earlier places is neither. Two cache
 * lines, which the tracer only reads. */
struct seamark_slot {
    uint64_t state; /* SEAMARK_CLAIMED(P), SEAMARK_FILLED(P) */
    struct seamark_event event;
} __attribute__((aligned(128)));

/* What the kernel said of the socket; where that is asked for. Place P has look P modulo
 * SEAMARK_RING_SLOTS. Its pages are not touched where nothing is. */
struct seamark_look {
    uint32_t numbers[SEAMARK_SEND_STATE_NUMBERS]; /* of record/kernel_state.h */
    char congestion[16];                          /* name; empty: not known */
    uint64_t pacing_rate;                         /* bytes a second; UINT64_MAX: none */
    uint64_t pacing_limit;                        /* likewise, SO_MAX_PACING_RATE */
} __attribute__((aligned(64)));

/* Of a connection. */
#define SEAMARK_KERNEL_TLS_WRITES 1
#define SEAMARK_KERNEL_TLS_READS 2

#define SEAMARK_LOOKED_SENDER 1   /* numbers, of a write */
#define SEAMARK_LOOKED_RECEIVER 2 /* numbers, of a read */
#define SEAMARK_LOOKED_SETTINGS 4 /* what follows the numbers */
#define SEAMARK_LOOKED_HERE 8     /* with SENDER: the socket is in the tracer's network namespace */

/* Secrets of a TLS session on their way to the tracer: an event of this kind, which is none of the
 * format, whose look holds them. It is a line of a key log in numbers, so that no text of a program
 * goes into the file. */
#define SEAMARK_KIND_SECRET 255
#define SEAMARK_TLS_LABELS(X)            \
    X("CLIENT_RANDOM")                   \
    X("CLIENT_EARLY_TRAFFIC_SECRET")     \
    X("CLIENT_HANDSHAKE_TRAFFIC_SECRET") \
    X("SERVER_HANDSHAKE_TRAFFIC_SECRET") \
    X("CLIENT_TRAFFIC_SECRET_0")         \
    X("SERVER_TRAFFIC_SECRET_0")         \
    X("EXPORTER_SECRET")                 \
    X("EARLY_EXPORTER_SECRET")
#define SEAMARK_CLIENT_RANDOM 32 /* bytes, RFC 8446 section 4.1.2 */
#define SEAMARK_LONGEST_SECRET 64
struct seamark_secret {
    uint8_t label;  /* place in the list above, from 0 */
    uint8_t length; /* of the secret */
    uint8_t client_random[SEAMARK_CLIENT_RANDOM];
    uint8_t secret[SEAMARK_LONGEST_SECRET];
};
static_assert(sizeof(struct seamark_secret) <= sizeof(struct seamark_look), "it has room there");

#define SEAMARK_CLAIMED(place) (2 * (place) + 1)
#define SEAMARK_FILLED(place) (2 * (place) + 2)

/* How far one direction has come: 16 bytes that change at once. */
struct seamark_progress {
    uint64_t index;
    uint64_t offset;
} __attribute__((aligned(16)));

/* What the kernel said of a connection's sending side, and when: interposer/count_check.c. All
 * zeros: never asked. */
struct seamark_count {
    uint64_t writing;   /* low half: recorded write calls under way, of all processes; high half:
                           those begun so far */
    uint32_t is_here;   /* 1: the socket is in the tracer's network namespace */
    uint32_t mixes;     /* 1: bytes went over that no recorded call sent */
    uint32_t is_known;  /* 1: offsets of writes are those of the kernel's count */
    int64_t due;        /* when to ask next, ns */
    int64_t agreed;     /* when the two counts last agreed, or the connection was met */
    uint64_t agreed_at; /* index of the last write then */
    uint64_t overcount; /* bytes that the kernel counts twice */
    int64_t asked;      /* when the settings below were asked for; 0: never */
    uint64_t pacing_rate;
    uint64_t pacing_limit;
    char congestion[16];
};

/* A TCP connection, found by its socket's inode: so fork, exec, dup and a descriptor handed over
 * share one count. Free where inode is 0. `generation` is odd while the rest is filled in. A place
 * whose last descriptor was closed (references 0) keeps its state until another needs it. */
struct seamark_connection {
    struct seamark_progress written;
    struct seamark_progress read;
    uint64_t inode;
    uint32_t generation;
    int32_t references; /* descriptors, of all processes, as far as known */
    uint32_t flags;     /* EventFlags that do not change with the call */
    uint32_t number;    /* from 1, over the whole trace */
    struct seamark_addresses addresses;
    uint32_t connecting; /* 1: connect is under way, its event still to come */
    int32_t connect_descriptor;
    int64_t connect_entered;
    int64_t connect_left;
    struct seamark_count count;
    /* What the application handed to OpenSSL, and took from it. */
    struct seamark_progress upper_written;
    struct seamark_progress upper_read;
    uint32_t kernel_tls; /* bits SEAMARK_KERNEL_TLS_…: directions in which the kernel does TLS */
    uint32_t has_hello;  /* 1: client_random is that of the ClientHello that went over; 2: and a
                            call into OpenSSL was recorded */
    uint8_t client_random[SEAMARK_CLIENT_RANDOM];
};

struct seamark_trace {
    uint64_t magic;
    uint32_t closed;    /* the tracer has ended: stop recording */
    uint32_t processes; /* images that the library was loaded into, and forks of them */
    uint64_t dropped;   /* events, because the ring was full */
    uint32_t connections;
    uint32_t connections_lost;  /* no place in the table */
    uint32_t descriptors_lost;  /* too high for the table */
    uint32_t uring;             /* calls of io_uring_setup that were seen */
    uint32_t kernel_tls;        /* connections on which the kernel does TLS */
    uint32_t tls_hellos;        /* connections over which a ClientHello went */
    uint32_t tls_told;          /* those of them of which a call into OpenSSL was recorded */
    uint64_t tls_unplaced;      /* calls into OpenSSL, of connections that could not be told */
    uint32_t take_secrets;      /* the tracer's: 1: give it the secrets of TLS sessions */
    uint64_t network;           /* the tracer's network namespace (SO_NETNS_COOKIE); 0: not known */
    uint32_t look_behind_calls; /* the tracer's: 1: fill in a look with each write and read */
    uint32_t process[SEAMARK_PROCESS_SLOTS]; /* number, SEAMARK_PROCESS_IS_GO */
    /* Places from tail to head hold events, or will at once. What is drained is skipped: where the
     * ring is empty the tracer moves both back to slot 0, whose neighbours are in the caches. */
    uint64_t head __attribute__((aligned(128)));
    uint64_t tail __attribute__((aligned(128))); /* the tracer's */
    struct seamark_connection connection[SEAMARK_CONNECTION_SLOTS] __attribute__((aligned(128)));
    /* On a page of its own: madvise refuses any other address, and no one would notice. */
    struct seamark_slot slot[SEAMARK_RING_SLOTS] __attribute__((aligned(4096)));
    struct seamark_look look[SEAMARK_RING_SLOTS];
};

#endif
