/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches this process, if the environment says to what: it stands above all that it sets up, so
 * that none of it has to know of another. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "connections.h"
#include "count_check.h"
#include "real.h"
#include "recorder.h"

static struct seamark_trace* map_trace(int fd) {
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size != (off_t)sizeof(struct seamark_trace)) return 0;
    void* memory = mmap(0, sizeof(struct seamark_trace), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) return 0;
    return ((struct seamark_trace*)memory)->magic == SEAMARK_TRACE_MAGIC ? memory : 0;
}

/* Where it fails (another user's trace, another root directory) the program runs as it would
 * without us. */
__attribute__((constructor)) static void attach(void) {
    const int saved = errno;
    find_real_calls();
    const char* path = getenv(SEAMARK_TRACE_VARIABLE);
    const int fd = path != 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        struct seamark_trace* memory = map_trace(fd);
        if (memory != 0 && prepare_connections() && prepare_recorder(memory))
            begin_to_record(memory);
        real()->close(fd);
    }
    errno = saved;
}

/* What is still open when the program ends: the kernel's count is held against ours once more. */
__attribute__((destructor)) static void leave(void) {
    struct seamark_trace* memory = trace();
    if (memory == 0 || in_vfork_child()) return;
    for (int fd = 0; fd <= highest_descriptor(); ++fd) {
        struct seamark_connection* connection = known_connection(memory, fd);
        if (connection != 0) check_at_close(memory, connection, fd);
    }
}
