/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "count_check.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "transfer.h"

#define PERIOD 10000000 /* ns between checks of a connection */
#define FIRST_WRITES 4  /* of a connection, before each of which it is checked */
#define TRIES 4         /* to get two answers of the kernel that belong to one moment */

/* Linux's numbers of states. */
enum { ESTABLISHED = 1, FIN_WAIT1 = 4, FIN_WAIT2, TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK };
enum { CLOSING = 11 };

static int process_mixes; /* this process has made calls that are not recorded */

/* Where the kernel does TLS it counts what it encrypted, and calls count what they handed over. */
static int counts_plaintext(const struct seamark_connection* connection) {
    return __atomic_load_n(&connection->kernel_tls, __ATOMIC_RELAXED) != 0;
}

static struct seamark_progress written_so_far(const struct seamark_connection* connection) {
    return (struct seamark_progress){
        __atomic_load_n(&connection->written.index, __ATOMIC_ACQUIRE),
        __atomic_load_n(&connection->written.offset, __ATOMIC_ACQUIRE)};
}

/* Whether no recorded call but `own` was under way, and none has taken bytes since `before`. */
static int is_at_rest(const struct seamark_connection* connection, uint32_t own,
                      struct seamark_progress before) {
    const struct seamark_progress after = written_so_far(connection);
    return (uint32_t)__atomic_load_n(&connection->count.writing, __ATOMIC_ACQUIRE) == own &&
           after.index == before.index && after.offset == before.offset;
}

/* Bytes handed over, by what is queued and acknowledged: two answers, which an acknowledgement
 * between them would spoil. Never counts a byte twice, unlike seamark_sent.handed. */
static int count_exactly(const struct seamark_connection* connection, int fd, uint64_t* handed) {
    const uint32_t flags = __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
    for (int i = 0; i < TRIES; ++i) {
        struct seamark_sent before;
        struct seamark_sent after;
        uint64_t queued = 0;
        if (!seamark_read_sent(fd, &before) || !seamark_read_queued(fd, &queued) ||
            !seamark_read_sent(fd, &after))
            return 0;
        if (before.acknowledged != after.acknowledged || before.handed != after.handed ||
            before.state != after.state)
            continue;
        const uint8_t state = after.state;
        const int has_fin = state == FIN_WAIT1 || state == FIN_WAIT2 || state == TIME_WAIT ||
                            state == LAST_ACK || state == CLOSING;
        if (!has_fin && state != ESTABLISHED && state != CLOSE_WAIT) return 0;
        const uint64_t fin = has_fin ? 1 : 0;
        const uint64_t sum = queued + after.acknowledged;
        if (sum < fin + 1) return 0;
        const uint64_t with_syn = sum - fin;
        if ((flags & FLAG_SERVER) != 0) {
            *handed = with_syn;
        } else if ((flags & FLAG_CLIENT) != 0) {
            *handed = with_syn - 1;
        } else { /* which side it is was not seen: the other count decides, if it is one of both */
            if (after.handed != with_syn && after.handed != with_syn - 1) return 0;
            *handed = after.handed;
        }
        return 1;
    }
    return 0;
}

/* Bytes beyond those of recorded calls, or -1 where that cannot be said. `at` is how far recorded
 * calls had come before the kernel was asked for `sent`. */
static int64_t unrecorded(struct seamark_connection* connection, int fd, uint32_t own,
                          struct seamark_progress at, const struct seamark_sent* sent) {
    struct seamark_count* count = &connection->count;
    if (sent->state == 0) return -1;
    const uint64_t handed = sent->handed - __atomic_load_n(&count->overcount, __ATOMIC_RELAXED);
    if (handed == at.offset) return is_at_rest(connection, own, at) ? 0 : -1;
    uint64_t exactly = 0;
    if (!is_at_rest(connection, own, at) || !count_exactly(connection, fd, &exactly) ||
        !is_at_rest(connection, own, at) || exactly < at.offset)
        return -1;
    __atomic_store_n(&count->overcount, sent->handed > exactly ? sent->handed - exactly : 0,
                     __ATOMIC_RELAXED);
    return (int64_t)(exactly - at.offset);
}

/* Moves the offset of the next write on, if it is still `at`. */
static int skip(struct seamark_connection* connection, struct seamark_progress at, uint64_t bytes) {
#ifdef __GCC_HAVE_SYNC_COMPARE_AND_SWAP_16
    __extension__ typedef unsigned __int128 both;
    union {
        both whole;
        struct seamark_progress part;
    } before = {.part = at}, after = {.part = {at.index, at.offset + bytes}};
    return __sync_bool_compare_and_swap((both*)(void*)&connection->written, before.whole,
                                        after.whole);
#else
    return __atomic_compare_exchange_n(&connection->written.offset, &at.offset, at.offset + bytes,
                                       0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
#endif
}

/* The counts differ by `bytes`, at `moment`. */
static void note_difference(struct seamark_trace* memory, struct seamark_connection* connection,
                            int fd, struct seamark_progress at, int64_t bytes, int64_t moment) {
    struct seamark_count* count = &connection->count;
    const int64_t since = __atomic_load_n(&count->agreed, __ATOMIC_RELAXED);
    /* Where no call was recorded since, these bytes are the next ones. */
    const int is_placed = __atomic_load_n(&count->agreed_at, __ATOMIC_RELAXED) == at.index;
    if (bytes > 0) {
        if (!skip(connection, at, (uint64_t)bytes)) return;
        const uint32_t flags = __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
        /* Else they were sent before the connection was met. */
        if ((flags & FLAG_OFFSET_KNOWN) != 0 || __atomic_load_n(&count->is_known, __ATOMIC_RELAXED))
            __atomic_store_n(&process_mixes, 1, __ATOMIC_RELAXED);
        record_with_look(
            memory, connection,
            (struct seamark_event){.kind = KIND_UNSEEN_WRITE,
                                   .offset = at.offset,
                                   .returned = bytes,
                                   .descriptor = fd,
                                   .flags = (flags & ~(uint32_t)FLAG_OFFSET_KNOWN) |
                                            (is_placed ? FLAG_OWN_OFFSET_KNOWN : FLAG_AMBIGUOUS),
                                   .entered = since != 0 && since < moment ? since : moment,
                                   .left = moment},
            0);
    }
    __atomic_store_n(&count->agreed, moment, __ATOMIC_RELAXED);
    __atomic_store_n(&count->agreed_at, at.index, __ATOMIC_RELAXED);
    __atomic_store_n(&count->is_known, 1, __ATOMIC_RELAXED);
}

static int option(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1;
}

static void set_pacing(struct seamark_count* count, const struct seamark_sent* sent) {
    __atomic_store_n(&count->pacing_rate, sent->pacing_rate, __ATOMIC_RELAXED);
    __atomic_store_n(&count->pacing_limit, sent->pacing_limit, __ATOMIC_RELAXED);
}

/* The change lies between `since`, when it was asked for last, and now. */
static void record_found(struct seamark_trace* memory, struct seamark_connection* connection,
                         int fd, int64_t since, int level, int name, uint64_t value) {
    struct seamark_look look;
    put_settings(connection, &look);
    const uint32_t flags = __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
    record_with_look(memory, connection,
                     (struct seamark_event){.kind = KIND_OPTION,
                                            .call = CALL_GETSOCKOPT,
                                            .requested = value,
                                            .descriptor = fd,
                                            .flags = flags,
                                            .looked = SEAMARK_LOOKED_SETTINGS,
                                            .option_level = (uint16_t)level,
                                            .option_name = (uint16_t)name,
                                            .entered = since,
                                            .left = now()},
                     &look);
}

static void compare_flag(struct seamark_trace* memory, struct seamark_connection* connection,
                         int fd, int64_t since, int name, uint32_t flag) {
    const int value = option(fd, IPPROTO_TCP, name);
    const int was = (__atomic_load_n(&connection->flags, __ATOMIC_RELAXED) & flag) != 0;
    if (value < 0 || (value > 0) == was) return;
    if (value > 0)
        __atomic_fetch_or(&connection->flags, flag, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&connection->flags, ~flag, __ATOMIC_RELAXED);
    record_found(memory, connection, fd, since, IPPROTO_TCP, name, (uint64_t)value);
}

/* What another process may have set, or this one before the connection was there. */
static void ask_settings(struct seamark_trace* memory, struct seamark_connection* connection,
                         int fd, const struct seamark_sent* sent) {
    struct seamark_count* count = &connection->count;
    const int64_t asked = now();
    const int64_t before = __atomic_exchange_n(&count->asked, asked, __ATOMIC_RELAXED);
    const int is_first = before == 0;
    const int64_t since = is_first || before > asked ? asked : before;
    compare_flag(memory, connection, fd, since, TCP_NODELAY, FLAG_NODELAY);
    compare_flag(memory, connection, fd, since, TCP_CORK, FLAG_CORK);
    uint64_t network = 0;
    if (is_first && seamark_read_network(fd, &network))
        __atomic_store_n(&count->is_here, network != 0 && network == memory->network,
                         __ATOMIC_RELAXED);
    char name[SEAMARK_CONGESTION_NAME];
    const int has_name = seamark_read_congestion(fd, name);
    const int is_other = has_name && strcmp(name, count->congestion) != 0;
    if (is_other) memcpy(count->congestion, name, sizeof name);
    const uint64_t limit = is_first ? UINT64_MAX : count->pacing_limit;
    set_pacing(count, sent);
    if (is_other && !is_first)
        record_found(memory, connection, fd, since, IPPROTO_TCP, TCP_CONGESTION, 0);
    if (sent->pacing_limit != limit)
        record_found(memory, connection, fd, since, SOL_SOCKET, SO_MAX_PACING_RATE,
                     sent->pacing_limit);
}

void check_before_write(struct transfer* transfer, int fd) {
    if (is_confined() || counts_plaintext(transfer->connection)) return;
    const int saved = errno;
    struct seamark_connection* connection = transfer->connection;
    struct seamark_count* count = &connection->count;
    const struct seamark_progress at = written_so_far(connection);
    struct seamark_sent sent;
    int64_t moment = transfer->entered;
    if (seamark_read_sent(fd, &sent)) {
        const int is_first = __atomic_load_n(&count->asked, __ATOMIC_RELAXED) == 0;
        moment = now();
        const int64_t bytes = unrecorded(connection, fd, 1, at, &sent);
        if (bytes >= 0) note_difference(transfer->memory, connection, fd, at, bytes, moment);
        if (moment - __atomic_load_n(&count->asked, __ATOMIC_RELAXED) >= PERIOD) {
            ask_settings(transfer->memory, connection, fd, &sent);
            transfer->has_settings = is_first;
        }
        transfer->is_checked = 1;
    }
    const int mixes = __atomic_load_n(&process_mixes, __ATOMIC_RELAXED) ||
                      __atomic_load_n(&count->mixes, __ATOMIC_RELAXED);
    if (mixes) __atomic_store_n(&count->mixes, 1, __ATOMIC_RELAXED);
    const int is_always_due = mixes || at.index < FIRST_WRITES;
    __atomic_store_n(&count->due, is_always_due ? 0 : moment + PERIOD, __ATOMIC_RELAXED);
    errno = saved;
    transfer->entered = now();
}

int check_after_write(const struct transfer* transfer, int fd, uint64_t index, uint64_t end,
                      const struct seamark_sent* sent) {
    if (is_confined() || counts_plaintext(transfer->connection)) return 0;
    const struct seamark_progress at = {index, end};
    struct seamark_sent asked;
    if (sent == 0) {
        if (!seamark_read_sent(fd, &asked)) return 0;
        sent = &asked;
    }
    const int64_t moment = now();
    const int64_t bytes = unrecorded(transfer->connection, fd, 1, at, sent);
    if (bytes < 0) return 0;
    note_difference(transfer->memory, transfer->connection, fd, at, bytes, moment);
    if (bytes == 0) return 0;
    __atomic_store_n(&transfer->connection->count.mixes, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&transfer->connection->count.due, 0, __ATOMIC_RELAXED);
    return 1;
}

void check_at_close(struct seamark_trace* memory, struct seamark_connection* connection, int fd) {
    if (is_confined() || counts_plaintext(connection)) return;
    const int saved = errno;
    const struct seamark_progress at = written_so_far(connection);
    struct seamark_sent sent;
    if (seamark_read_sent(fd, &sent)) {
        const int64_t moment = now();
        const int64_t bytes = unrecorded(connection, fd, 0, at, &sent);
        if (bytes >= 0) note_difference(memory, connection, fd, at, bytes, moment);
        /* Of the writes since they were asked for last, in which nothing else would. */
        if (__atomic_load_n(&connection->count.asked, __ATOMIC_RELAXED) != 0)
            ask_settings(memory, connection, fd, &sent);
    }
    errno = saved;
}

void put_settings(const struct seamark_connection* connection, struct seamark_look* look) {
    memset(look, 0, sizeof *look);
    memcpy(look->congestion, connection->count.congestion, sizeof look->congestion);
    look->pacing_rate = connection->count.pacing_rate;
    look->pacing_limit = connection->count.pacing_limit;
}

void learn_settings(struct seamark_connection* connection, int fd) {
    if (is_confined()) return;
    struct seamark_count* count = &connection->count;
    struct seamark_sent sent;
    char name[SEAMARK_CONGESTION_NAME];
    if (seamark_read_congestion(fd, name)) memcpy(count->congestion, name, sizeof name);
    if (seamark_read_sent(fd, &sent)) set_pacing(count, &sent);
}
