/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_EVENT_LAYOUT_H
#define SEAMARK_EVENT_LAYOUT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of event records, described once: docs/event-format.md in numbers. C, because the
 * interposed library is C; C++ takes its enumerations from the same tables. Nothing here changes
 * any more but by additions at the end of a table; numbers are never used again.
 *
 * Tables of numbers have four columns, X(number, C name, C++ name, text). */

/* A reader reads every version below SEAMARK_EVENT_FOREIGN_VERSION, and skips what it does not
 * know. From there on a version is of another format. */
#define SEAMARK_EVENT_VERSION 1
#define SEAMARK_EVENT_FOREIGN_VERSION 16

/* The fixed part: X(name, offset, bytes). Numbers are big-endian. */
#define SEAMARK_EVENT_FIELDS(X) \
    X(version, 0, 1)            \
    X(kind, 1, 1)               \
    X(fixed_length, 2, 2)       \
    X(flags, 4, 4)              \
    X(index, 8, 8)              \
    X(offset, 16, 8)            \
    X(requested, 24, 8)         \
    X(returned, 32, 8)          \
    X(entered, 40, 8)           \
    X(left, 48, 8)              \
    X(error, 56, 4)             \
    X(descriptor, 60, 4)        \
    X(process, 64, 4)           \
    X(thread, 68, 4)            \
    X(connection, 72, 4)        \
    X(call, 76, 2)              \
    X(recorder, 78, 1)          \
    X(transmission, 79, 1)      \
    X(option_level, 80, 2)      \
    X(option_name, 82, 2)
#define SEAMARK_EVENT_FIXED_LENGTH 84

#define SEAMARK_EVENT_KINDS(X)                                \
    X(1, WRITE, kWrite, "write") /* or an attempt to */       \
    X(2, READ, kRead, "read")    /* or an attempt to */       \
    X(3, OPENED, kOpened, "opened")                           \
    X(4, CLOSED, kClosed, "closed") /* close or shutdown */   \
    X(5, OPTION, kOption, "option") /* a socket option */     \
    X(6, TIMESTAMP, kTimestamp, "timestamp")                  \
    X(7, END, kEnd, "end") /* of a record that is complete */ \
    /* Calls above the socket, whose bytes are not TCP's. */  \
    X(8, UPPER_WRITE, kUpperWrite, "upper write")             \
    X(9, UPPER_READ, kUpperRead, "upper read")                \
    /* Bytes of the socket that no recorded call moved. */    \
    X(10, UNSEEN_WRITE, kUnseenWrite, "unseen write")         \
    X(11, UNSEEN_READ, kUnseenRead, "unseen read")

#define SEAMARK_EVENT_FLAGS(X)                                                   \
    X(1U, NODELAY, kNodelay, "TCP_NODELAY")                                      \
    X(2U, CORK, kCork, "TCP_CORK")                                               \
    X(4U, MORE, kMore, "MSG_MORE")                                               \
    X(8U, OPTIONS_KNOWN, kOptionsKnown, "the three above mean something")        \
    X(16U, OFFSET_KNOWN, kOffsetKnown, "the connection was seen from its begin") \
    X(32U, NONBLOCKING, kNonblocking, "O_NONBLOCK or MSG_DONTWAIT")              \
    X(64U, CLIENT, kClient, "the recorded side connected")                       \
    X(128U, SERVER, kServer, "the recorded side accepted")                       \
    X(256U, AMBIGUOUS, kAmbiguous, "which bytes the call moved is not certain")  \
    X(512U, OWN_OFFSET_KNOWN, kOwnOffsetKnown, "of kinds 8 to 11: the offset is known") \
    X(1024U, ENTRY_UNKNOWN, kEntryUnknown, "the call began between its entry and its return")

#define SEAMARK_EVENT_CALLS(X)                                                        \
    X(1, SEND, kSend, "send")                                                         \
    X(2, SENDTO, kSendto, "sendto")                                                   \
    X(3, SENDMSG, kSendmsg, "sendmsg")                                                \
    X(4, SENDMMSG, kSendmmsg, "sendmmsg")                                             \
    X(5, WRITE, kWrite, "write")                                                      \
    X(6, WRITEV, kWritev, "writev")                                                   \
    X(7, SENDFILE, kSendfile, "sendfile")                                             \
    X(8, SPLICE, kSplice, "splice")                                                   \
    X(9, READ, kRead, "read")                                                         \
    X(10, READV, kReadv, "readv")                                                     \
    X(11, RECV, kRecv, "recv")                                                        \
    X(12, RECVFROM, kRecvfrom, "recvfrom")                                            \
    X(13, RECVMSG, kRecvmsg, "recvmsg")                                               \
    X(14, CONNECT, kConnect, "connect")                                               \
    X(15, ACCEPT, kAccept, "accept")                                                  \
    X(16, CLOSE, kClose, "close")                                                     \
    X(17, SHUTDOWN, kShutdown, "shutdown")                                            \
    X(18, SETSOCKOPT, kSetsockopt, "setsockopt")                                      \
    X(19, RECVMMSG, kRecvmmsg, "recvmmsg")                                            \
    X(20, PWRITEV, kPwritev, "pwritev")                                               \
    X(21, GETSOCKOPT, kGetsockopt, "getsockopt") /* a recorder asked for an option */ \
    X(22, SSL_WRITE, kSslWrite, "SSL_write")                                          \
    X(23, SSL_WRITE_EX, kSslWriteEx, "SSL_write_ex")                                  \
    X(24, SSL_READ, kSslRead, "SSL_read")                                             \
    X(25, SSL_READ_EX, kSslReadEx, "SSL_read_ex")                                     \
    X(26, IO_URING, kIoUring, "io_uring")                                             \
    X(27, SSL_WRITE_EARLY_DATA, kSslWriteEarlyData, "SSL_write_early_data")           \
    X(28, SSL_READ_EARLY_DATA, kSslReadEarlyData, "SSL_read_early_data")              \
    X(29, SSL_SENDFILE, kSslSendfile, "SSL_sendfile")

/* How an event was recorded, and so what it may have disturbed. */
#define SEAMARK_EVENT_RECORDERS(X)                         \
    X(1, INSIDE, kInside, "the program itself")            \
    X(2, INTERPOSED, kInterposed, "an interposed library") \
    X(3, KERNEL, kKernel, "a program in the kernel")       \
    X(4, IMPORTED, kImported, "a log of system calls")

#define SEAMARK_EVENT_TRANSMISSIONS(X)                                \
    X(1, SCHEDULED, kScheduled, "it entered the queue of the device") \
    X(2, SENT, kSent, "it was handed to the device")                  \
    X(3, ACKNOWLEDGED, kAcknowledged, "the peer acknowledged it")     \
    X(4, SENT_AGAIN, kSentAgain, "TCP sent it again")

/* The fields after the fixed part: X(tag, C name, C++ name, least bytes of the value). */
#define SEAMARK_EVENT_TAGS(X)                                          \
    X(1, SEND_STATE, kSendState, 32)       /* SEAMARK_SEND_STATE */    \
    X(2, PROGRAM, kProgram, 0)             /* text */                  \
    X(3, CONGESTION, kCongestion, 0)       /* text */                  \
    X(4, RECEIVE_STATE, kReceiveState, 16) /* SEAMARK_RECEIVE_STATE */ \
    X(5, SEQUENCE, kSequence, 4)                                       \
    X(6, LAYER, kLayer, 4)                /* SEAMARK_EVENT_LAYERS */   \
    X(7, PACING_STATUS, kPacingStatus, 4) /* SEAMARK_EVENT_PACINGS */  \
    X(8, PACING_RATE, kPacingRate, 8)     /* bytes a second */         \
    X(9, PACING_LIMIT, kPacingLimit, 8)   /* bytes a second */         \
    X(10, TCP_STATE, kTcpState, 4)        /* Linux's number */         \
    X(11, DROPPED, kDropped, 8)           /* events */                 \
    X(12, AUTOCORKING, kAutocorking, 4)   /* the system's setting; 0: off */
#define SEAMARK_EVENT_LONGEST_TEXT 255    /* bytes of a value that is text */

/* What the bytes of a call are bytes of. */
#define SEAMARK_EVENT_LAYERS(X)                \
    X(1, SOCKET, kSocket, "TCP")               \
    X(2, TLS, kTls, "TLS")                     \
    X(3, KERNEL_TLS, kKernelTls, "kernel TLS") \
    X(4, MPTCP, kMptcp, "MPTCP")

#define SEAMARK_EVENT_PACINGS(X)    \
    X(0, NONE, kNone, "not paced")  \
    X(1, TCP, kTcp, "paced by TCP") \
    X(2, QDISC, kQdisc, "paced by the queue discipline")

/* The numbers of 32 bits of SEND_STATE and RECEIVE_STATE, in their order. */
#define SEAMARK_SEND_STATE(X)                                    \
    X(cwnd)        /* packets */                                 \
    X(unacked)     /* packets */                                 \
    X(mss)         /* bytes, of what is sent */                  \
    X(peer_window) /* bytes */                                   \
    X(rtt_us)      /* smoothed */                                \
    X(queued)      /* bytes not acknowledged, unsent ones too */ \
    X(not_sent)    /* bytes */                                   \
    X(retransmits) /* in all; here the first release ended */    \
    X(in_flight)   /* packets: unacked less SACKed and lost */   \
    X(device_memory)                                             \
    X(queue_memory)                                              \
    X(send_buffer)                                               \
    X(pacing_rate)    /* KiB a second; 2^32-1: none */           \
    X(rwnd_limited)   /* microseconds, in all */                 \
    X(sndbuf_limited) /* microseconds, in all */                 \
    X(recovery)       /* tcpi_ca_state */
#define SEAMARK_RECEIVE_STATE(X) \
    X(unread)    /* bytes */     \
    X(low_water) /* bytes */     \
    X(memory)    /* bytes */     \
    X(buffer)    /* bytes */

/* Tags of the packet in front of the record, those of Wireshark's link type 252. */
enum {
    SEAMARK_PDU_END = 0,
    SEAMARK_PDU_DISSECTOR = 12,
    SEAMARK_PDU_IPV4_SOURCE = 20,
    SEAMARK_PDU_IPV4_DESTINATION = 21,
    SEAMARK_PDU_IPV6_SOURCE = 22,
    SEAMARK_PDU_IPV6_DESTINATION = 23,
    SEAMARK_PDU_PORT_TYPE = 24,
    SEAMARK_PDU_SOURCE_PORT = 25,
    SEAMARK_PDU_DESTINATION_PORT = 26,
    SEAMARK_PDU_PORT_TYPE_TCP = 2,
};
#define SEAMARK_PDU_DISSECTOR_NAME "seamark"

/* The tables as constants: SEAMARK_KIND_WRITE, SEAMARK_FLAG_CORK, SEAMARK_CALL_SEND … */
#define SEAMARK_KIND(number, c_name, name, text) SEAMARK_KIND_##c_name = (number),
#define SEAMARK_FLAG(number, c_name, name, text) SEAMARK_FLAG_##c_name = (number),
#define SEAMARK_CALL(number, c_name, name, text) SEAMARK_CALL_##c_name = (number),
#define SEAMARK_TAG(number, c_name, name, least) SEAMARK_TAG_##c_name = (number),
#define SEAMARK_LAYER(number, c_name, name, text) SEAMARK_LAYER_##c_name = (number),
#define SEAMARK_PACING(number, c_name, name, text) SEAMARK_PACING_##c_name = (number),
enum { SEAMARK_EVENT_KINDS(SEAMARK_KIND) };
enum { SEAMARK_EVENT_FLAGS(SEAMARK_FLAG) };
enum { SEAMARK_EVENT_CALLS(SEAMARK_CALL) };
enum { SEAMARK_EVENT_TAGS(SEAMARK_TAG) };
enum { SEAMARK_EVENT_LAYERS(SEAMARK_LAYER) };
enum { SEAMARK_EVENT_PACINGS(SEAMARK_PACING) };
#undef SEAMARK_KIND
#undef SEAMARK_FLAG
#undef SEAMARK_CALL
#undef SEAMARK_TAG
#undef SEAMARK_LAYER
#undef SEAMARK_PACING

#define SEAMARK_SEND(name) SEAMARK_SEND_##name,
#define SEAMARK_RECEIVE(name) SEAMARK_RECEIVE_##name,
enum { SEAMARK_SEND_STATE(SEAMARK_SEND) SEAMARK_SEND_STATE_NUMBERS };
enum { SEAMARK_RECEIVE_STATE(SEAMARK_RECEIVE) SEAMARK_RECEIVE_STATE_NUMBERS };
#undef SEAMARK_SEND
#undef SEAMARK_RECEIVE

/* The fixed part in memory, as in a file. */
struct seamark_event_record {
#define SEAMARK_FIELD(name, offset, bytes) uint8_t name[bytes];
    SEAMARK_EVENT_FIELDS(SEAMARK_FIELD)
#undef SEAMARK_FIELD
};
#define SEAMARK_FIELD(name, at, bytes) \
    static_assert(offsetof(struct seamark_event_record, name) == (at), "a field's offset");
SEAMARK_EVENT_FIELDS(SEAMARK_FIELD)
#undef SEAMARK_FIELD
static_assert(sizeof(struct seamark_event_record) == SEAMARK_EVENT_FIXED_LENGTH, "its length");

/* In front of each value after the fixed part, which is filled up to a multiple of 4 bytes. */
struct seamark_event_tag {
    uint8_t tag[2];
    uint8_t length[2]; /* of the value, without what fills it up */
};
static inline size_t seamark_padding(size_t length) {
    return (4 - length % 4) % 4;
}

/* Big-endian numbers of up to 8 bytes; of a negative one its two's complement. */
static inline void seamark_store(uint8_t* to, size_t bytes, uint64_t value) {
    for (size_t i = bytes; i > 0; --i, value >>= 8) to[i - 1] = (uint8_t)value;
}
static inline uint64_t seamark_load(const uint8_t* from, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) value = value << 8 | from[i];
    return value;
}

#endif
