/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of which seamark trace records nothing, or no more: each opens a connection to itself.
 *
 * usage: trace_silent HOW [COMMAND …], HOW:
 *   raw        all system calls without the C library, as Go makes them; holds the connection 1 s
 *   plain      by the C library
 *   nobody     becomes user 65534, then runs COMMAND
 *   no-proc    runs COMMAND where /proc is empty
 *   memory     runs COMMAND with little memory
 *   daemon     leaves a process in the background that listens, for 3 s
 *   late       the same, and it listens only after a while
 *   filtered   runs COMMAND where no file can be opened for writing (seccomp)
 * Exits with status 77 where the system does not let it. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A system call of the program's own. */
static long call(long number, long a, long b, long c, long d, long e, long f) {
#ifdef __x86_64__
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    if (result < 0) exit(3);
    return result;
#else
    (void)number, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    exit(77);
#endif
}

static void pause_ms(long ms) {
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, 0);
}

static int raw(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    const long at = (long)&address;
    char data[32] = "raw";
    const long listener = call(SYS_socket, AF_INET, SOCK_STREAM, 0, 0, 0, 0);
    call(SYS_bind, listener, at, length, 0, 0, 0);
    call(SYS_listen, listener, 5, 0, 0, 0, 0);
    call(SYS_getsockname, listener, at, (long)&length, 0, 0, 0);
    const long client = call(SYS_socket, AF_INET, SOCK_STREAM, 0, 0, 0, 0);
    call(SYS_connect, client, at, length, 0, 0, 0);
    const long server = call(SYS_accept, listener, 0, 0, 0, 0, 0);
    call(SYS_write, client, (long)data, sizeof data, 0, 0, 0);
    call(SYS_read, server, (long)data, sizeof data, 0, 0, 0);
    pause_ms(1000);
    return 0;
}

static int listening(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    return bind(listener, (struct sockaddr*)&address, sizeof address) == 0 &&
                   listen(listener, 5) == 0
               ? listener
               : -1;
}

static int plain(void) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    char data[32] = "plain";
    const int listener = listening();
    if (getsockname(listener, (struct sockaddr*)&address, &length) != 0) return 3;
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr*)&address, length) != 0) return 3;
    const int server = accept(listener, 0, 0);
    const int well = send(client, data, sizeof data, 0) == sizeof data &&
                     recv(server, data, sizeof data, 0) == sizeof data;
    return well ? 0 : 3;
}

static int in_background(long before_listening) {
    /* As daemon(1, 1), but that the parent leaves once the session is made: on a busy machine a
     * look between the two would see a process of the command's own session. */
    int made[2];
    char byte = 0;
    if (pipe(made) != 0) return 3;
    const pid_t child = fork();
    if (child < 0) return 3;
    if (child > 0) _exit(read(made[0], &byte, 1) == 1 ? 0 : 3);
    if (setsid() < 0 || write(made[1], &byte, 1) != 1) return 3;
    close(made[0]);
    close(made[1]);
    close(0);
    close(1);
    close(2);
    pause_ms(before_listening);
    if (listening() < 0) return 3;
    pause_ms(3000 - before_listening);
    return 0;
}

/* openat for writing is refused from the next program on, but for the terminal's null device. */
static int filter(void) {
#ifdef __x86_64__
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_RDWR, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
    return 0;
#endif
}

int main(int count, char** arguments) {
    if (count < 2) return 2;
    const char* how = arguments[1];
    if (strcmp(how, "raw") == 0) return raw();
    if (strcmp(how, "plain") == 0) return plain();
    if (strcmp(how, "daemon") == 0) return in_background(0);
    if (strcmp(how, "late") == 0) return in_background(1000);
    if (count < 3) return 2;
    if (strcmp(how, "nobody") == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0) return 77;
    } else if (strcmp(how, "no-proc") == 0) {
        if (unshare(CLONE_NEWNS) != 0 || mount("", "/", 0, MS_REC | MS_PRIVATE, 0) != 0 ||
            mount("empty", "/proc", "tmpfs", 0, 0) != 0)
            return 77;
    } else if (strcmp(how, "memory") == 0) {
        const struct rlimit little = {60 << 20, 60 << 20};
        if (setrlimit(RLIMIT_AS, &little) != 0) return 77;
    } else if (strcmp(how, "filtered") == 0) {
        if (!filter()) return 77;
    } else {
        return 2;
    }
    execv(arguments[2], arguments + 2);
    return 3;
}
