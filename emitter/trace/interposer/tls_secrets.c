/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The secrets of TLS sessions, where the tracer was asked for them and nowhere else: OpenSSL's
 * key-log callback is ours, and calls the program's own. */
#include <errno.h>
#include <string.h>

#include "recorder.h"
#include "tls_library.h"

#define INTERPOSED __attribute__((visibility("default")))
#define CALLER tls_library_of(__builtin_return_address(0))

enum { DATA_OF_CONTEXTS = 1 }; /* CRYPTO_EX_INDEX_SSL_CTX */

static struct seamark_trace* asking_trace(void) {
    struct seamark_trace* memory = trace();
    if (memory == 0 || __atomic_load_n(&memory->take_secrets, __ATOMIC_RELAXED) == 0) return 0;
    return memory;
}

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Reads bytes in hexadecimal, `most` of them at most, and how many there were. */
static size_t read_hex(const char* text, size_t most, uint8_t* to) {
    size_t count = 0;
    for (; count < most && digit(text[0]) >= 0 && digit(text[1]) >= 0; text += 2)
        to[count++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    return count;
}

/* 0 where it is none of the lines that are known. */
static int read_line(const char* line, struct seamark_secret* secret) {
    static const char* const labels[] = {
#define LABEL(text) text,
        SEAMARK_TLS_LABELS(LABEL)
#undef LABEL
    };
    memset(secret, 0, sizeof *secret);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; ++i) {
        const size_t length = strlen(labels[i]);
        if (strncmp(line, labels[i], length) != 0 || line[length] != ' ') continue;
        line += length + 1;
        secret->label = (uint8_t)i;
        if (read_hex(line, SEAMARK_CLIENT_RANDOM, secret->client_random) != SEAMARK_CLIENT_RANDOM ||
            line[(size_t)2 * SEAMARK_CLIENT_RANDOM] != ' ')
            return 0;
        line += (size_t)2 * SEAMARK_CLIENT_RANDOM + 1;
        const size_t bytes = read_hex(line, SEAMARK_LONGEST_SECRET, secret->secret);
        secret->length = (uint8_t)bytes;
        return bytes > 0 && line[2 * bytes] == 0;
    }
    return 0;
}

static void record_secret(struct seamark_trace* memory, const struct seamark_secret* secret) {
    uint64_t place = 0;
    struct seamark_slot* slot = claim_slot(memory, &place);
    if (slot == 0) return;
    memcpy(&memory->look[place % SEAMARK_RING_SLOTS], secret, sizeof *secret);
    slot->event.kind = SEAMARK_KIND_SECRET;
    publish_slot(slot, place);
}

/* By library: where a context keeps the program's own callback. */
static struct {
    int state; /* 0, 1: being made, 2: there */
    int index;
} kept[MOST_TLS_LIBRARIES];

static int index_of(const struct tls_library* tls) {
    if (tls->slot < 0 || tls->new_index == 0 || tls->set_data == 0 || tls->get_data == 0) return -1;
    int state = 0;
    if (__atomic_compare_exchange_n(&kept[tls->slot].state, &state, 1, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_ACQUIRE)) {
        kept[tls->slot].index = tls->new_index(DATA_OF_CONTEXTS, 0, 0, 0, 0, 0);
        __atomic_store_n(&kept[tls->slot].state, 2, __ATOMIC_RELEASE);
        state = 2;
    }
    return state == 2 ? kept[tls->slot].index : -1;
}

static const struct tls_library* library_in[MOST_TLS_LIBRARIES];

static key_log_callback own_callback(const struct tls_library* tls, const SSL_CTX* context) {
    key_log_callback own = 0;
    const int index = index_of(tls);
    if (index >= 0) *(function_address*)&own = tls->get_data(context, index);
    return own;
}

static void log_key(int slot, const SSL* ssl, const char* line) {
    const int saved = errno;
    struct seamark_trace* memory = asking_trace();
    struct seamark_secret secret;
    if (memory != 0 && read_line(line, &secret)) record_secret(memory, &secret);
    memset(&secret, 0, sizeof secret);
    errno = saved;
    const struct tls_library* tls = __atomic_load_n(&library_in[slot], __ATOMIC_ACQUIRE);
    const key_log_callback own = own_callback(tls, tls->context(ssl));
    if (own != 0) own(ssl, line);
}

/* A callback is not told its library: each has one of its own. */
#define CALLBACK(slot)                                             \
    static void log_key_##slot(const SSL* ssl, const char* line) { \
        log_key(slot, ssl, line);                                  \
    }
CALLBACK(0)
CALLBACK(1)
CALLBACK(2)
CALLBACK(3)
static const key_log_callback callbacks[MOST_TLS_LIBRARIES] = {log_key_0, log_key_1, log_key_2,
                                                               log_key_3};

/* Whether the context's callback is ours from now on. */
static int take_over(const struct tls_library* tls, SSL_CTX* context) {
    if (context == 0 || asking_trace() == 0 || tls->set_key_log == 0 || tls->context == 0 ||
        index_of(tls) < 0)
        return 0;
    __atomic_store_n(&library_in[tls->slot], tls, __ATOMIC_RELEASE);
    tls->set_key_log(context, callbacks[tls->slot]);
    return 1;
}

INTERPOSED SSL_CTX* SSL_CTX_new(const SSL_METHOD* method) {
    const struct tls_library* tls = CALLER;
    SSL_CTX* context = tls->new_context != 0 ? tls->new_context(method) : 0;
    take_over(tls, context);
    return context;
}

INTERPOSED SSL_CTX* SSL_CTX_new_ex(OSSL_LIB_CTX* library, const char* properties,
                                   const SSL_METHOD* method) {
    const struct tls_library* tls = CALLER;
    SSL_CTX* context =
        tls->new_context_ex != 0 ? tls->new_context_ex(library, properties, method) : 0;
    take_over(tls, context);
    return context;
}

INTERPOSED void SSL_CTX_set_keylog_callback(SSL_CTX* context, key_log_callback callback) {
    const struct tls_library* tls = CALLER;
    if (take_over(tls, context))
        tls->set_data(context, index_of(tls), *(function_address*)&callback);
    else if (tls->set_key_log != 0)
        tls->set_key_log(context, callback);
}

INTERPOSED key_log_callback SSL_CTX_get_keylog_callback(const SSL_CTX* context) {
    const struct tls_library* tls = CALLER;
    key_log_callback callback = tls->get_key_log != 0 ? tls->get_key_log(context) : 0;
    if (tls->slot >= 0 && callback == callbacks[tls->slot]) callback = own_callback(tls, context);
    return callback;
}
