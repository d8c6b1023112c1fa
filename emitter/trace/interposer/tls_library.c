/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>

/* Slots are filled once, by who claims them first, and never change again: a lock could be held by
 * a thread that is not there any more after a fork. */
enum { EMPTY = 0, CLAIMED, FILLED };
#define MOST_CALLERS 32

static struct {
    int state;
    const struct link_map* object;
    const struct tls_library* library;
} callers[MOST_CALLERS];

static struct {
    int state;
    struct tls_library library;
} libraries[MOST_TLS_LIBRARIES];

static __thread struct tls_library spare __attribute__((tls_model("initial-exec")));
/* That of this thread's last call. OpenSSL calls itself through the linker, as a jump at the end of
 * a function: then it is we who seem to be the caller. */
static __thread const struct tls_library* last __attribute__((tls_model("initial-exec")));

static const struct link_map* object_of(const void* address) {
#if __GLIBC_PREREQ(2, 35)
    struct dl_find_object found;
    if (_dl_find_object((void*)(uintptr_t)address, &found) == 0) return found.dlfo_link_map;
#endif
    Dl_info information;
    struct link_map* map = 0;
    if (dladdr1(address, &information, (void**)&map, RTLD_DL_LINKMAP) == 0) return 0;
    return map;
}

static const struct link_map* own_object(void) {
    return object_of((const void*)(uintptr_t)&tls_library_of);
}

/* A library's own handle finds what it is linked with, and not what was put in front of it. */
static void* symbol(void* handle, const char* name) {
    void* found = handle != 0 ? dlsym(handle, name) : 0;
    if (found != 0 && object_of(found) != own_object()) return found;
    return dlsym(RTLD_NEXT, name);
}

static void find_calls(const struct link_map* object, struct tls_library* to) {
    /* The program itself has no name, and its handle would find us first. */
    void* handle =
        object != 0 && object->l_name[0] != 0 ? dlopen(object->l_name, RTLD_LAZY | RTLD_NOLOAD) : 0;
    memset(to, 0, sizeof *to);
    to->slot = -1;
#define FIND(member, name) *(function_address*)&to->member = symbol(handle, name)
    FIND(write, "SSL_write");
    FIND(write_ex, "SSL_write_ex");
    FIND(write_early_data, "SSL_write_early_data");
    FIND(send_file, "SSL_sendfile");
    FIND(read, "SSL_read");
    FIND(read_ex, "SSL_read_ex");
    FIND(read_early_data, "SSL_read_early_data");
    FIND(free, "SSL_free");
    FIND(new_context, "SSL_CTX_new");
    FIND(new_context_ex, "SSL_CTX_new_ex");
    FIND(set_key_log, "SSL_CTX_set_keylog_callback");
    FIND(get_key_log, "SSL_CTX_get_keylog_callback");
    FIND(context, "SSL_get_SSL_CTX");
    FIND(set_data, "SSL_CTX_set_ex_data");
    FIND(get_data, "SSL_CTX_get_ex_data");
    FIND(new_index, "CRYPTO_get_ex_new_index");
    FIND(read_bio, "SSL_get_rbio");
    FIND(write_bio, "SSL_get_wbio");
    FIND(read_descriptor, "SSL_get_rfd");
    FIND(write_descriptor, "SSL_get_wfd");
    FIND(want, "SSL_want");
    FIND(shut_down, "SSL_get_shutdown");
    FIND(client_random, "SSL_get_client_random");
#undef FIND
    if (handle != 0) dlclose(handle);
}

/* The slot of the library that was found; `found` itself where there is none. */
static const struct tls_library* remember(struct tls_library* found) {
    for (int i = 0; i < MOST_TLS_LIBRARIES; ++i) {
        int state = EMPTY;
        if (__atomic_compare_exchange_n(&libraries[i].state, &state, CLAIMED, 0, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
            found->slot = i;
            libraries[i].library = *found;
            __atomic_store_n(&libraries[i].state, FILLED, __ATOMIC_RELEASE);
            return &libraries[i].library;
        }
        if (state == FILLED && libraries[i].library.write == found->write)
            return &libraries[i].library;
    }
    return found;
}

static const struct tls_library* library_for(const struct link_map* object) {
    int free_slot = -1;
    for (int i = 0; i < MOST_CALLERS; ++i) {
        const int state = __atomic_load_n(&callers[i].state, __ATOMIC_ACQUIRE);
        if (state == FILLED && callers[i].object == object) return callers[i].library;
        if (state == EMPTY) {
            free_slot = i;
            break;
        }
    }
    find_calls(object, &spare);
    const struct tls_library* library = remember(&spare);
    int state = EMPTY;
    if (library != &spare && free_slot >= 0 &&
        __atomic_compare_exchange_n(&callers[free_slot].state, &state, CLAIMED, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
        callers[free_slot].object = object;
        callers[free_slot].library = library;
        __atomic_store_n(&callers[free_slot].state, FILLED, __ATOMIC_RELEASE);
    }
    return library;
}

const struct tls_library* tls_library_of(const void* caller) {
    const int saved = errno;
    const struct link_map* object = object_of(caller);
    if (last == 0 || object != own_object()) last = library_for(object);
    errno = saved;
    return last;
}
