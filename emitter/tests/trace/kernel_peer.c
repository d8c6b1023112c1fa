/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: kernel_peer calls|threads|splice|uring|getpid ROUNDS: a server of one connection, linked
 * statically. (getpid: no server; prints the ns of CPU of a call of getpid.) It prints its port,
 * waits for a byte, makes calls of every kind on the connection, and prints what each of them
 * returned, a line each: "write 32", "read 1". */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#ifdef SEAMARK_HAS_URING
#include <liburing.h>
#endif

static char data[1 << 20];
static int peer;

static void say(const char* what, long moved) {
    if (moved > 0) printf("%s %ld\n", what, moved);
}

static void one_round(int number) {
    struct iovec parts[3] = {{data, 4}, {data, (size_t)(1 + number % 50)}, {data, 2}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
    struct mmsghdr two[2] = {{.msg_hdr = message},
                             {.msg_hdr = {.msg_iov = parts, .msg_iovlen = 1}}};
    const int file = open("/proc/self/exe", O_RDONLY);
    int pipes[2];
    say("write", syscall(SYS_sendto, peer, data, 32, 0, NULL, 0));
    say("write", syscall(SYS_write, peer, data, 7 + number % 100));
    say("write", syscall(SYS_writev, peer, parts, 3));
    say("write", syscall(SYS_sendmsg, peer, &message, number % 2 ? MSG_MORE : 0));
    const int sent = (int)syscall(SYS_sendmmsg, peer, two, 2, 0);
    for (int i = 0; i < sent; ++i) say("write", two[i].msg_len);
    say("write", sendfile(peer, file, NULL, 200000));
    if (pipe(pipes) == 0) {
        const long in_pipe = write(pipes[1], data, 5000);
        say("write", splice(pipes[0], NULL, peer, NULL, (size_t)in_pipe, 0));
        close(pipes[0]);
        close(pipes[1]);
    }
    const int on = number % 2;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    close(file);
}

static void* send_much(void* rounds) {
    for (long i = 0; i < (long)rounds; ++i)
        if (send(peer, data, 16 + (size_t)(i % 5), 0) < 0) return NULL;
    return NULL;
}

static void by_threads(long rounds) {
    pthread_t threads[4];
    for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, send_much, (void*)rounds);
    for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
}

/* What comes is moved to a pipe, which the kernel shows to no one. */
static void splice_in(void) {
    int pipes[2];
    if (pipe(pipes) != 0) return;
    say("read", read(peer, data, 10));
    const long moved = splice(peer, NULL, pipes[1], NULL, 1000, 0);
    if (moved > 0) printf("unseen %ld\n", moved);
    say("read", read(peer, data, sizeof data));
}

#ifdef SEAMARK_HAS_URING
static long by_ring(struct io_uring* ring, int reads, size_t size) {
    struct io_uring_sqe* entry = io_uring_get_sqe(ring);
    struct io_uring_cqe* done;
    if (reads)
        io_uring_prep_recv(entry, peer, data, size, 0);
    else
        io_uring_prep_send(entry, peer, data, size, 0);
    io_uring_submit(ring);
    if (io_uring_wait_cqe(ring, &done) != 0) return -1;
    const long moved = done->res;
    io_uring_cqe_seen(ring, done);
    return moved;
}

static int with_ring(int rounds, unsigned flags) {
    struct io_uring ring;
    const int error = io_uring_queue_init(8, &ring, flags);
    if (error != 0) {
        fprintf(stderr, "io_uring_queue_init: %s\n", strerror(-error));
        return 77;
    }
    for (int i = 0; i < rounds; ++i) say("write", by_ring(&ring, 0, 100 + (size_t)i));
    say("read", by_ring(&ring, 1, 10)); /* waits: the client answers late */
    io_uring_queue_exit(&ring);
    return 0;
}
#endif

static int time_getpid(int rounds) {
    struct timespec times[2];
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &times[0]);
    for (int i = 0; i < rounds; ++i) syscall(SYS_getpid);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &times[1]);
    const double passed = (double)(times[1].tv_sec - times[0].tv_sec) * 1e9 +
                          (double)(times[1].tv_nsec - times[0].tv_nsec);
    printf("%.1f\n", passed / rounds);
    return 0;
}

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const char* mode = arguments[1];
    const int rounds = atoi(arguments[2]);
    if (strcmp(mode, "getpid") == 0) return time_getpid(rounds);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr*)&at, length) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr*)&at, &length) != 0)
        return 1;
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    peer = accept(listener, NULL, NULL);
    char byte;
    say("read", read(peer, &byte, 1));
    if (strcmp(mode, "calls") == 0)
        for (int i = 0; i < rounds; ++i) one_round(i);
    if (strcmp(mode, "threads") == 0) by_threads(rounds);
    if (strcmp(mode, "splice") == 0) splice_in();
    int result = 0;
#ifdef SEAMARK_HAS_URING
    if (strcmp(mode, "uring") == 0) result = with_ring(rounds, 0);
    if (strcmp(mode, "sqpoll") == 0) result = with_ring(rounds, IORING_SETUP_SQPOLL);
#endif
    shutdown(peer, SHUT_WR);
    for (long got; (got = recv(peer, data, 77, 0)) > 0;) say("read", got);
    close(peer);
    return result;
}
