/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs do seldom with connections: hand them to others in other ways than fork, close all
 * they have, send without a copy, be interrupted. Prints the same with and without the library, and
 * ends with status 9. With an argument it is one of its own children. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

extern char** environ;

static char data[1 << 16];
static int client;
static int server;

#define SHOW(call)                                             \
    do {                                                       \
        errno = 4242; /* a call that succeeds must leave it */ \
        const long result = (long)(call);                      \
        printf("%s = %ld, errno %d\n", #call, result, errno);  \
        fflush(stdout);                                        \
    } while (0)

static int listen_at(struct sockaddr_in* at, int share) {
    socklen_t length = sizeof *at;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &share, sizeof share);
    if (bind(listener, (struct sockaddr*)at, sizeof *at) != 0 || listen(listener, 5) != 0) exit(1);
    getsockname(listener, (struct sockaddr*)at, &length);
    return listener;
}

static void connect_pair(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int listener = listen_at(&at, 0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr*)&at, sizeof at) != 0) exit(1);
    server = accept(listener, 0, 0);
    close(listener);
}

static void take(int fd, size_t count) {
    while (count > 0) {
        const ssize_t got = recv(fd, data, count < sizeof data ? count : sizeof data, 0);
        if (got <= 0) {
            printf("take: %zd, %zu wanting\n", got, count);
            exit(1);
        }
        count -= (size_t)got;
    }
}

static void wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    printf("child: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    fflush(stdout);
}

/* A child writes 5 bytes to the descriptor that it is given, which it has by inheritance. */
static void spawned(char* self) {
    char number[16];
    snprintf(number, sizeof number, "%d", client);
    char* arguments[] = {self, "write", number, NULL};
    pid_t child = 0;
    SHOW(posix_spawn(&child, self, NULL, NULL, arguments, environ));
    wait_for(child);
    take(server, 5);
    /* The library is not there: what such a child writes is not recorded, so none does. */
    char* nothing[] = {"A=1", NULL};
    char* quiet[] = {self, "silent", number, NULL};
    SHOW(posix_spawn(&child, self, NULL, NULL, quiet, nothing));
    wait_for(child);
    child = vfork();
    if (child == 0) {
        execve(self, arguments, environ);
        _exit(1);
    }
    wait_for(child);
    take(server, 5);
}

/* Another process, which never had the connection, is handed it. */
static void handed_over(void) {
    int pair[2];
    int turn[2]; /* the child prints when the parent has */
    char go = 0;
    if (pipe(turn) != 0) exit(1);
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    struct iovec one = {data, 1};
    struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    const pid_t child = fork();
    if (child == 0) {
        close(client);
        close(server);
        if (read(turn[0], &go, 1) != 1) _exit(7);
        SHOW(recvmsg(pair[1], &message, 0));
        int fd = -1;
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
        SHOW(write(fd, data, 6));
        fflush(stdout);
        _exit(3);
    }
    struct cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(part), &client, sizeof client);
    SHOW(sendmsg(pair[0], &message, 0));
    if (write(turn[1], &go, 1) != 1) exit(1);
    wait_for(child);
    take(server, 6);
    close(turn[0]);
    close(turn[1]);
    close(pair[0]);
    close(pair[1]);
}

static void without_copy(void) {
    const int on = 1;
    SHOW(setsockopt(client, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on));
    SHOW(send(client, data, sizeof data, MSG_ZEROCOPY));
    take(server, sizeof data);
    char room[128];
    struct msghdr message = {.msg_control = room, .msg_controllen = sizeof room};
    SHOW(recvmsg(client, &message, MSG_ERRQUEUE));
    const int file = open("/proc/self/exe", O_RDONLY);
    off_t from = 100;
    SHOW(sendfile64(client, file, &from, 5000));
    take(server, 5000);
    close(file);
}

static void nothing(int number) {
    (void)number;
}

static void interrupted(void) {
    const struct sigaction act = {.sa_handler = nothing};
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    const struct itimerval never = {.it_value = {.tv_usec = 0}};
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    SHOW(read(client, data, 10));
    setitimer(ITIMER_REAL, &never, NULL);
    SHOW(fcntl(client, F_SETFL, O_NONBLOCK));
    SHOW(read(client, data, 10));
    long written = 0;
    for (ssize_t got = 0; got >= 0; written += got > 0 ? got : 0) got = write(client, data, sizeof data);
    printf("full: errno %d\n", errno);
    take(server, (size_t)written);
    SHOW(fcntl(client, F_SETFL, 0));
}

/* Two processes that listen on one port: whichever takes the connection answers 7 bytes. */
static void shared_port(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int first = listen_at(&at, 1);
    pid_t children[2];
    for (int i = 0; i < 2; ++i) {
        children[i] = fork();
        if (children[i] != 0) continue;
        const int own = i == 0 ? first : listen_at(&at, 1);
        alarm(20);
        if (i == 1) close(first);
        for (int one = 0;;) {
            one = accept(own, 0, 0);
            if (one < 0) _exit(4);
            if (write(one, data, 7) != 7) _exit(5);
            close(one);
        }
    }
    close(first);
    usleep(100000);
    for (int i = 0; i < 20; ++i) {
        const int caller = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(caller, (struct sockaddr*)&at, sizeof at) != 0) exit(1);
        take(caller, 7);
        /* Closed by the other end: its write() has returned, and it can be killed. */
        if (recv(caller, data, 1, 0) != 0) exit(1);
        close(caller);
    }
    for (int i = 0; i < 2; ++i) {
        kill(children[i], SIGKILL);
        wait_for(children[i]);
    }
}

/* What daemons do first. The numbers are used again at once. */
static void close_all(void) {
    SHOW(close_range(3, 63, 0));
    SHOW(write(client, data, 8));
    connect_pair();
    SHOW(write(client, data, 9));
    take(server, 9);
    closefrom(3);
    SHOW(write(client, data, 10));
    connect_pair();
    SHOW(write(client, data, 11));
    take(server, 11);
}

int main(int count, char** arguments) {
    if (count == 3) return strcmp(arguments[1], "write") == 0 ? (int)write(atoi(arguments[2]), data, 5) : 6;
    connect_pair();
    spawned(arguments[0]);
    handed_over();
    without_copy();
    interrupted();
    shared_port();
    close_all();
    return 9;
}
