/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches this process, if the environment says to what: it stands above all that it sets up, so
 * that none of it has to know of another. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "connections.h"
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
