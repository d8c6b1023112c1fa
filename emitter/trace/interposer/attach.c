/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches this process, if the environment says to what: it stands above all that it sets up, so
 * that none of it has to know of another. */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "connections.h"
#include "count_check.h"
#include "real.h"
#include "recorder.h"

static struct seamark_trace* map_trace(int fd) {
    struct stat status;
    if (fstat(fd, &status) != 0) return 0;
    if (status.st_size != (off_t)sizeof(struct seamark_trace)) {
        errno = EINVAL;
        return 0;
    }
    void* memory = mmap(0, sizeof(struct seamark_trace), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) return 0;
    if (((struct seamark_trace*)memory)->magic == SEAMARK_TRACE_MAGIC) return memory;
    errno = EINVAL;
    return 0;
}

/* To the tracer, if there is a way; with errno. */
static void say_failure(const char* path, uint32_t step) {
    const struct seamark_failure failure = {SEAMARK_TRACE_MAGIC, step, errno};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = seamark_failure_address(path, address.sun_path, sizeof address.sun_path);
    const int fd = real()->socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return;
    if (length > 0)
        real()->sendto(fd, &failure, sizeof failure, MSG_NOSIGNAL,
                       (__CONST_SOCKADDR_ARG){.__sockaddr__ = (const struct sockaddr*)&address},
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    real()->close(fd);
}

static int is_go_note(const char* at, size_t length) {
    const ElfW(Nhdr)* note = (const ElfW(Nhdr)*)(const void*)at;
    return length >= sizeof *note + 4 && note->n_namesz == 4 && memcmp(note + 1, "Go\0", 4) == 0;
}

/* Of the program, which comes first: whether it has Go's build number. */
static int find_go(struct dl_phdr_info* file, size_t size, void* found) {
    (void)size;
    for (int i = 0; i < file->dlpi_phnum; ++i) {
        const ElfW(Phdr)* part = &file->dlpi_phdr[i];
        const char* at = (const char*)(file->dlpi_addr + part->p_vaddr);
        if (part->p_type != PT_NOTE) continue;
        for (size_t done = 0; done + sizeof(ElfW(Nhdr)) <= part->p_memsz;) {
            const ElfW(Nhdr)* note = (const ElfW(Nhdr)*)(const void*)(at + done);
            if (is_go_note(at + done, part->p_memsz - done)) *(int*)found = 1;
            done += sizeof *note + ((size_t)note->n_namesz + 3) / 4 * 4 +
                    ((size_t)note->n_descsz + 3) / 4 * 4;
        }
    }
    return 1;
}

/* Where it fails (another user's trace, another root directory) the program runs as it would
 * without us, and says why to the tracer. */
__attribute__((constructor)) static void attach(void) {
    const int saved = errno;
    find_real_calls();
    const char* path = getenv(SEAMARK_TRACE_VARIABLE);
    const int fd = path != 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        int is_go = 0;
        struct seamark_trace* memory = map_trace(fd);
        if (memory != 0) dl_iterate_phdr(find_go, &is_go);
        if (memory != 0 && prepare_connections() && prepare_recorder(memory, is_go))
            begin_to_record(memory);
        else
            say_failure(path, SEAMARK_FAILED_TO_MAP);
        real()->close(fd);
    } else if (path != 0) {
        say_failure(path, SEAMARK_FAILED_TO_OPEN);
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
