/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connections.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "real.h"

/* Values of the table: these, or IS_TCP | generation | place. */
enum { UNKNOWN = 0, NO_TCP = 1 };
#define IS_TCP 0x80000000U
#define PLACES_TRIED 64U

static uint32_t* descriptor_table; /* of MAX_DESCRIPTORS */
static int highest;

static uint32_t entry_for(struct seamark_trace* memory, struct seamark_connection* connection) {
    const uint32_t generation = __atomic_load_n(&connection->generation, __ATOMIC_ACQUIRE);
    return IS_TCP | (generation >> 1 & 0x7fff) << 16 | (uint32_t)(connection - memory->connection);
}

static void set(int fd, uint32_t entry) {
    if (fd < 0 || fd >= MAX_DESCRIPTORS) return;
    int before = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    while (fd > before && !__atomic_compare_exchange_n(&highest, &before, fd, 1, __ATOMIC_RELAXED,
                                                       __ATOMIC_RELAXED)) {
    }
    __atomic_store_n(&descriptor_table[fd], entry, __ATOMIC_RELAXED);
}

int highest_descriptor(void) {
    return __atomic_load_n(&highest, __ATOMIC_RELAXED);
}

/* The connection of an entry, unless its place has been given to another since. */
static struct seamark_connection* resolve(struct seamark_trace* memory, uint32_t entry) {
    if ((entry & IS_TCP) == 0) return 0;
    struct seamark_connection* connection = &memory->connection[entry & 0xffff];
    return entry_for(memory, connection) == entry ? connection : 0;
}

static int store_address(const struct sockaddr_storage* from, uint8_t* address, uint16_t* port) {
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in* in = (const struct sockaddr_in*)from;
        memcpy(address, &in->sin_addr, 4);
        *port = ntohs(in->sin_port);
        return 4;
    }
    if (from->ss_family != AF_INET6) return 0;
    const struct sockaddr_in6* in = (const struct sockaddr_in6*)from;
    *port = ntohs(in->sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr)) {
        memcpy(address, in->sin6_addr.s6_addr + 12, 4);
        return 4;
    }
    memcpy(address, &in->sin6_addr, 16);
    return 6;
}

/* `remote` as given to connect, or NULL. A socket that is bound to any address has none that the
 * peer could be reached from until it is connected; then its family follows its peer's. */
static int find_addresses(int fd, const void* remote, uint32_t remote_length,
                          struct seamark_addresses* addresses) {
    memset(addresses, 0, sizeof *addresses);
    struct sockaddr_storage end = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof end;
    if (remote != 0 && remote_length <= sizeof end)
        memcpy(&end, remote, remote_length);
    else if (getpeername(fd, (struct sockaddr*)&end, &length) != 0)
        return 0;
    const int family = store_address(&end, addresses->remote, &addresses->remote_port);
    length = sizeof end;
    if (family == 0 || getsockname(fd, (struct sockaddr*)&end, &length) != 0) return 0;
    addresses->family = (uint8_t)family;
    return store_address(&end, addresses->local, &addresses->local_port) == family;
}

static int option(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1;
}

static int is_tcp(int fd) {
    return option(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP;
}

static uint32_t options_in_force(int fd) {
    uint32_t flags = FLAG_OPTIONS_KNOWN;
    if (option(fd, IPPROTO_TCP, TCP_NODELAY) > 0) flags |= FLAG_NODELAY;
    if (option(fd, IPPROTO_TCP, TCP_CORK) > 0) flags |= FLAG_CORK;
    const int status = real()->fcntl(fd, F_GETFL);
    if (status >= 0 && (status & O_NONBLOCK) != 0) flags |= FLAG_NONBLOCKING;
    return flags;
}

static uint32_t first_place(uint64_t inode) {
    return (uint32_t)(inode * 0x9e3779b97f4a7c15U >> 48);
}

static struct seamark_connection* find(struct seamark_trace* memory, uint64_t inode) {
    for (uint32_t i = 0; i < PLACES_TRIED; ++i) {
        struct seamark_connection* place =
            &memory->connection[(first_place(inode) + i) % SEAMARK_CONNECTION_SLOTS];
        if (__atomic_load_n(&place->inode, __ATOMIC_ACQUIRE) == inode) return place;
    }
    return 0;
}

/* A place that is no one's, or whose connection is closed; its generation is odd afterwards. */
static struct seamark_connection* claim(struct seamark_trace* memory, uint64_t inode) {
    for (int closed_too = 0; closed_too < 2; ++closed_too) {
        for (uint32_t i = 0; i < PLACES_TRIED; ++i) {
            struct seamark_connection* place =
                &memory->connection[(first_place(inode) + i) % SEAMARK_CONNECTION_SLOTS];
            uint64_t before = __atomic_load_n(&place->inode, __ATOMIC_ACQUIRE);
            uint32_t generation = __atomic_load_n(&place->generation, __ATOMIC_ACQUIRE);
            if ((generation & 1) != 0) continue;
            if (before != 0 &&
                (!closed_too || __atomic_load_n(&place->references, __ATOMIC_RELAXED) > 0))
                continue;
            if (__atomic_compare_exchange_n(&place->generation, &generation, generation + 1, 0,
                                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
                __atomic_store_n(&place->inode, inode, __ATOMIC_RELEASE);
                return place;
            }
        }
    }
    return 0;
}

static struct seamark_connection* fill(struct seamark_trace* memory, int fd, uint64_t inode,
                                       uint32_t flags, const struct seamark_addresses* addresses) {
    struct seamark_connection* place = find(memory, inode);
    if (place != 0 && (flags & FLAG_OFFSET_KNOWN) != 0) { /* connect again, on the same socket */
        uint32_t generation = __atomic_load_n(&place->generation, __ATOMIC_ACQUIRE);
        if ((generation & 1) != 0 ||
            !__atomic_compare_exchange_n(&place->generation, &generation, generation + 1, 0,
                                         __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return 0;
    } else {
        place = claim(memory, inode);
    }
    if (place == 0) {
        __atomic_fetch_add(&memory->connections_lost, 1, __ATOMIC_RELAXED);
        return 0;
    }
    place->written = (struct seamark_progress){0, 0};
    place->read = (struct seamark_progress){0, 0};
    place->addresses = *addresses;
    place->connecting = 0;
    memset(&place->count, 0, sizeof place->count);
    place->upper_written = (struct seamark_progress){0, 0};
    place->upper_read = (struct seamark_progress){0, 0};
    place->kernel_tls = 0;
    place->has_hello = 0;
    place->count.agreed = now();
    place->number = __atomic_add_fetch(&memory->connections, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&place->flags, flags | options_in_force(fd), __ATOMIC_RELAXED);
    __atomic_store_n(&place->references, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&place->generation, 1, __ATOMIC_RELEASE);
    set(fd, entry_for(memory, place));
    return place;
}

/* What the kernel says of a descriptor that the table does not know. A TCP socket that is not
 * connected stays unknown: it may be by the next call. */
static struct seamark_connection* discover(struct seamark_trace* memory, int fd) {
    struct stat status;
    if (fstat(fd, &status) != 0) return 0;
    if (!S_ISSOCK(status.st_mode) || !is_tcp(fd)) {
        set(fd, NO_TCP);
        return 0;
    }
    struct seamark_connection* place = find(memory, status.st_ino);
    if (place != 0) {
        if ((__atomic_load_n(&place->generation, __ATOMIC_ACQUIRE) & 1) != 0) return 0;
        __atomic_fetch_add(&place->references, 1, __ATOMIC_RELAXED);
        set(fd, entry_for(memory, place));
        return place;
    }
    struct seamark_addresses addresses;
    if (!find_addresses(fd, 0, 0, &addresses)) return 0;
    return fill(memory, fd, status.st_ino, 0, &addresses);
}

struct seamark_connection* connection_of(struct seamark_trace* memory, int fd) {
    if (fd < 0) return 0;
    if (fd >= MAX_DESCRIPTORS) {
        __atomic_fetch_add(&memory->descriptors_lost, 1, __ATOMIC_RELAXED);
        return 0;
    }
    const uint32_t entry = __atomic_load_n(&descriptor_table[fd], __ATOMIC_RELAXED);
    if (entry == NO_TCP) return 0;
    struct seamark_connection* connection = resolve(memory, entry);
    if (connection != 0) return connection;
    const int saved = errno;
    connection = discover(memory, fd);
    errno = saved;
    return connection;
}

struct seamark_connection* known_connection(struct seamark_trace* memory, int fd) {
    if (fd < 0 || fd >= MAX_DESCRIPTORS) return 0;
    return resolve(memory, __atomic_load_n(&descriptor_table[fd], __ATOMIC_RELAXED));
}

struct seamark_connection* begin_connection(struct seamark_trace* memory, int fd, uint32_t side,
                                            const void* remote, uint32_t remote_length) {
    const int saved = errno;
    struct seamark_connection* connection = 0;
    struct stat status;
    struct seamark_addresses addresses;
    if (fd >= 0 && fd < MAX_DESCRIPTORS && is_tcp(fd) && fstat(fd, &status) == 0 &&
        find_addresses(fd, remote, remote_length, &addresses))
        connection = fill(memory, fd, status.st_ino, side | FLAG_OFFSET_KNOWN, &addresses);
    errno = saved;
    return connection;
}

void share_descriptor(int from, int to) {
    struct seamark_trace* memory = trace();
    if (memory == 0 || from < 0 || from >= MAX_DESCRIPTORS) return;
    const uint32_t entry = __atomic_load_n(&descriptor_table[from], __ATOMIC_RELAXED);
    struct seamark_connection* connection = resolve(memory, entry);
    if (connection != 0) __atomic_fetch_add(&connection->references, 1, __ATOMIC_RELAXED);
    set(to, connection != 0 || entry == NO_TCP ? entry : UNKNOWN);
}

struct seamark_connection* drop_descriptor(struct seamark_trace* memory, int fd) {
    if (fd < 0 || fd >= MAX_DESCRIPTORS) return 0;
    const uint32_t entry = __atomic_exchange_n(&descriptor_table[fd], UNKNOWN, __ATOMIC_RELAXED);
    struct seamark_connection* connection = resolve(memory, entry);
    if (connection == 0) return 0;
    const int32_t left = __atomic_sub_fetch(&connection->references, 1, __ATOMIC_RELAXED);
    return left <= 0 ? connection : 0;
}

void forget_descriptor(int fd) {
    struct seamark_trace* memory = trace();
    if (memory != 0) drop_descriptor(memory, fd);
}

/* Before the fork, because the parent may close its copy before the child has run at all. */
static void before_fork(void) {
    struct seamark_trace* memory = trace();
    if (memory == 0) return;
    for (int fd = 0; fd <= highest_descriptor(); ++fd) {
        struct seamark_connection* connection =
            resolve(memory, __atomic_load_n(&descriptor_table[fd], __ATOMIC_RELAXED));
        if (connection != 0) __atomic_fetch_add(&connection->references, 1, __ATOMIC_RELAXED);
    }
}

int prepare_connections(void) {
    descriptor_table = map_private(MAX_DESCRIPTORS * sizeof *descriptor_table);
    if (descriptor_table == 0) return 0;
    pthread_atfork(before_fork, 0, 0);
    return 1;
}
