/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transfer.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "record/kernel_state.h"

/* Takes the next index and `taken` bytes, both or neither, so that two threads that write at once
 * get indices and offsets in one order. */
static struct seamark_progress advance(struct seamark_progress* progress, uint64_t taken) {
#ifdef __GCC_HAVE_SYNC_COMPARE_AND_SWAP_16
    __extension__ typedef unsigned __int128 both;
    union {
        both whole;
        struct seamark_progress part;
    } before = {.part = *progress}, after;
    for (;;) { /* a torn first look is put right by the first exchange */
        after.part = (struct seamark_progress){before.part.index + 1, before.part.offset + taken};
        const both found =
            __sync_val_compare_and_swap((both*)(void*)progress, before.whole, after.whole);
        if (found == before.whole) break;
        before.whole = found;
    }
    return (struct seamark_progress){before.part.index + 1, before.part.offset};
#else
    return (struct seamark_progress){
        __atomic_add_fetch(&progress->index, 1, __ATOMIC_RELAXED),
        __atomic_fetch_add(&progress->offset, taken, __ATOMIC_RELAXED)};
#endif
}

void look_for_hello(struct seamark_connection* connection, const uint8_t* data, size_t length) {
    (void)length;
    if (__atomic_load_n(&connection->has_hello, __ATOMIC_RELAXED) != 0) return;
    if (data[1] != 3 || data[5] != 1) return; /* version, ClientHello */
    memcpy(connection->client_random, data + 11, SEAMARK_CLIENT_RANDOM);
    uint32_t none = 0;
    struct seamark_trace* memory = trace();
    if (__atomic_compare_exchange_n(&connection->has_hello, &none, 1, 0, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED) &&
        memory != 0)
        __atomic_fetch_add(&memory->tls_hellos, 1, __ATOMIC_RELAXED);
}

void record_with_look(struct seamark_trace* memory, const struct seamark_connection* connection,
                      struct seamark_event event, const struct seamark_look* look) {
    const int saved = errno;
    uint64_t place = 0;
    struct seamark_slot* slot = claim_slot(memory, &place);
    if (slot != 0) {
        if (look != 0) memory->look[place % SEAMARK_RING_SLOTS] = *look;
        event.process = slot->event.process;
        event.thread = slot->event.thread;
        event.connection = connection->number;
        event.addresses = connection->addresses;
        slot->event = event;
        publish_slot(slot, place);
    }
    errno = saved;
}

void record_change(struct seamark_trace* memory, const struct seamark_connection* connection,
                   struct seamark_event event) {
    event.flags |= __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
    record_with_look(memory, connection, event, 0);
}

/* A connect that was left under way has succeeded: bytes went over. Its event says when it was
 * called. */
static void record_opened(struct seamark_trace* memory, struct seamark_connection* connection) {
    if (__atomic_exchange_n(&connection->connecting, 0, __ATOMIC_RELAXED) == 0) return;
    record_change(memory, connection,
                  (struct seamark_event){.kind = KIND_OPENED,
                                         .call = CALL_CONNECT,
                                         .descriptor = connection->connect_descriptor,
                                         .returned = -1,
                                         .error = EINPROGRESS,
                                         .entered = connection->connect_entered,
                                         .left = connection->connect_left});
}

/* Asks the kernel of the socket, for calls that moved bytes. What it returns belongs into `looked`.
 */
static __attribute__((noinline)) uint8_t look_at(struct seamark_look* look, uint8_t kind, int fd,
                                                 uint64_t index, int is_here,
                                                 struct seamark_sent* sent) {
    sent->state = 0;
    if (index == 0) return 0;
    if (kind == KIND_READ)
        return seamark_read_receive_state(fd, look->numbers) ? SEAMARK_LOOKED_RECEIVER : 0;
    if (!seamark_read_send_state_and_sent(fd, look->numbers, sent)) return 0;
    look->pacing_limit = sent->pacing_limit;
    return (uint8_t)(SEAMARK_LOOKED_SENDER | (is_here ? SEAMARK_LOOKED_HERE : 0));
}

/* What is seldom to be done after a call: looks, and the check of the kernel's count. `flags` are
 * those of the event, and lose that its offset is known where it is not. */
static __attribute__((noinline)) uint8_t look_behind(const struct transfer* transfer, uint8_t kind,
                                                     int fd, struct seamark_progress here,
                                                     uint64_t end, struct seamark_look* look,
                                                     uint32_t* flags) {
    uint8_t looked = 0;
    struct seamark_sent sent = {.state = 0};
    /* Not every look fills all of it, and all of it is copied. */
    *look = (struct seamark_look){0};
    if (transfer->has_settings) {
        put_settings(transfer->connection, look);
        looked |= SEAMARK_LOOKED_SETTINGS;
    }
    if (transfer->memory->look_behind_calls != 0)
        looked |= look_at(
            look, kind, fd, here.index,
            __atomic_load_n(&transfer->connection->count.is_here, __ATOMIC_RELAXED) != 0, &sent);
    if (kind != KIND_WRITE || here.index == 0) return looked;
    if (!transfer->is_checked && sent.state == 0) return looked;
    if (check_after_write(transfer, fd, here.index, end, sent.state != 0 ? &sent : 0)) {
        *flags &= ~(uint32_t)FLAG_OFFSET_KNOWN;
        *flags |= FLAG_AMBIGUOUS;
    }
    return looked;
}

static void record_upper(const struct transfer* transfer, struct seamark_progress* progress,
                         struct seamark_event event) {
    const struct seamark_connection* connection = transfer->connection;
    event.left = now();
    event.entered = transfer->entered;
    if (event.returned > 0) {
        const struct seamark_progress here = advance(progress, (uint64_t)event.returned);
        event.index = here.index;
        event.offset = here.offset;
    } else {
        event.offset = __atomic_load_n(&progress->offset, __ATOMIC_RELAXED);
    }
    if ((event.flags & FLAG_OWN_OFFSET_KNOWN) == 0) event.offset = 0;
    event.flags |= __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
    event.flags &= ~(uint32_t)FLAG_OFFSET_KNOWN;
    record_with_look(transfer->memory, connection, event, 0);
}

void finish_upper(const struct transfer* transfer, uint8_t kind, uint16_t call, int fd,
                  uint64_t requested, int64_t taken, int32_t error) {
    struct seamark_connection* connection = transfer->connection;
    uint32_t only_hello = 1;
    if (__atomic_compare_exchange_n(&connection->has_hello, &only_hello, 2, 0, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED))
        __atomic_fetch_add(&transfer->memory->tls_told, 1, __ATOMIC_RELAXED);
    record_upper(transfer,
                 kind == KIND_UPPER_WRITE ? &connection->upper_written : &connection->upper_read,
                 (struct seamark_event){.kind = kind,
                                        .call = call,
                                        .descriptor = fd,
                                        .requested = requested,
                                        .returned = taken,
                                        .error = taken < 0 ? error : 0,
                                        .flags = FLAG_OWN_OFFSET_KNOWN});
}

/* A call on a socket whose kernel encrypts or decrypts: its bytes are not TCP's, and what the
 * kernel made of them before is not known. */
static __attribute__((noinline)) void finish_kernel_tls(const struct transfer* transfer, int writes,
                                                        struct seamark_event event) {
    struct seamark_connection* connection = transfer->connection;
    event.kind = writes ? KIND_UPPER_WRITE : KIND_UPPER_READ;
    record_upper(transfer, writes ? &connection->written : &connection->read, event);
}

/* Whether another write was under way at the same time: then it is not known whose bytes the kernel
 * took first, nor whether the one's came between the other's. */
static inline int finish_write(const struct transfer* transfer) {
    const uint64_t begun = (transfer->writing >> 32) + 1;
    const uint64_t now_writing =
        __atomic_fetch_sub(&transfer->connection->count.writing, 1, __ATOMIC_ACQ_REL);
    return (uint32_t)transfer->writing != 0 || now_writing >> 32 != (begun & UINT32_MAX);
}

/* Written member by member, straight to where it stays: this is what a call is slowed down by. */
void finish_transfer(const struct transfer* transfer, uint8_t kind, uint16_t call, int fd,
                     uint64_t requested, int64_t taken, uint32_t flags) {
    const int saved = errno;
    struct seamark_connection* connection = transfer->connection;
    const uint32_t sealing =
        kind == KIND_WRITE ? SEAMARK_KERNEL_TLS_WRITES : SEAMARK_KERNEL_TLS_READS;
    if (__builtin_expect(
            (__atomic_load_n(&connection->kernel_tls, __ATOMIC_RELAXED) & sealing) != 0, 0)) {
        if (kind == KIND_WRITE) finish_write(transfer);
        finish_kernel_tls(transfer, kind == KIND_WRITE,
                          (struct seamark_event){.call = call,
                                                 .descriptor = fd,
                                                 .requested = requested,
                                                 .returned = taken,
                                                 .error = taken < 0 ? saved : 0});
        errno = saved;
        return;
    }
    const int64_t left = now();
    if (taken >= 0 && __atomic_load_n(&connection->connecting, __ATOMIC_RELAXED) != 0)
        record_opened(transfer->memory, connection);
    struct seamark_progress* progress =
        kind == KIND_WRITE ? &connection->written : &connection->read;
    struct seamark_progress here = {0, 0};
    if (taken > 0)
        here = advance(progress, (uint64_t)taken);
    else
        here.offset = __atomic_load_n(&progress->offset, __ATOMIC_RELAXED);

    flags |= __atomic_load_n(&connection->flags, __ATOMIC_RELAXED);
    if (kind == KIND_WRITE && __atomic_load_n(&connection->count.is_known, __ATOMIC_RELAXED))
        flags |= FLAG_OFFSET_KNOWN;
    struct seamark_look look;
    uint8_t looked = 0;
    if (__builtin_expect(transfer->memory->look_behind_calls != 0 || transfer->is_checked ||
                             transfer->has_settings,
                         0))
        looked = look_behind(transfer, kind, fd, here, here.offset + (taken > 0 ? taken : 0), &look,
                             &flags);
    if (kind == KIND_WRITE && finish_write(transfer) && taken > 0) {
        flags &= ~(uint32_t)FLAG_OFFSET_KNOWN;
        flags |= FLAG_AMBIGUOUS;
    }

    uint64_t place = 0;
    struct seamark_slot* slot = claim_slot(transfer->memory, &place);
    if (slot != 0) {
        struct seamark_event* event = &slot->event;
        if (looked != 0) transfer->memory->look[place % SEAMARK_RING_SLOTS] = look;
        event->looked = looked;
        event->index = here.index;
        event->offset = here.offset;
        event->requested = requested;
        event->returned = taken;
        event->entered = transfer->entered;
        event->left = left;
        event->error = taken < 0 ? saved : 0;
        event->descriptor = fd;
        event->flags = flags;
        event->connection = connection->number;
        event->call = call;
        event->kind = kind;
        event->option_level = 0;
        event->option_name = 0;
        event->addresses = connection->addresses;
        publish_slot(slot, place);
    }
    errno = saved;
}

uint64_t vector_length(const struct iovec* vector, size_t count) {
    uint64_t sum = 0;
    if (vector == 0 || count > IOV_MAX) return 0;
    for (size_t i = 0; i < count; ++i) sum += vector[i].iov_len;
    return sum;
}
