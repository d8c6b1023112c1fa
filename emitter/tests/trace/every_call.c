/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes every call that the interposed library stands before, good ones and bad ones, over
 * loopback, and prints what each returned. Run with and without the library it must print the
 * same, descriptors included. Ends with status 7. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

ssize_t __read_chk(int, void*, size_t, size_t);
ssize_t __recv_chk(int, void*, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, struct sockaddr*, socklen_t*);

static char data[4096];
static int client;
static int server;

#define SHOW(call)                                             \
    do {                                                       \
        errno = 4242; /* a call that succeeds must leave it */ \
        const long result = (long)(call);                      \
        printf("%s = %ld, errno %d\n", #call, result, errno);  \
    } while (0)

/* Both ends; the client's non-blocking connect is what most programs do. */
static void connect_pair(int non_blocking) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr*)&at, sizeof at);
    listen(listener, 5);
    getsockname(listener, (struct sockaddr*)&at, &length);
    client = socket(AF_INET, SOCK_STREAM | (non_blocking ? SOCK_NONBLOCK : 0), 0);
    SHOW(connect(client, (struct sockaddr*)&at, sizeof at));
    server = non_blocking ? accept4(listener, 0, 0, SOCK_CLOEXEC) : accept(listener, 0, 0);
    if (non_blocking) fcntl(client, F_SETFL, 0);
    printf("client %d, server %d\n", client, server);
    SHOW(close(listener));
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

static void all_writes(void) {
    struct iovec two[2] = {{data, 10}, {data, 20}};
    struct msghdr message = {.msg_iov = two, .msg_iovlen = 2};
    struct mmsghdr messages[2] = {{.msg_hdr = message}, {.msg_hdr = message}};
    int pipes[2];
    const int file = open("/proc/self/exe", O_RDONLY);
    SHOW(pipe(pipes));
    SHOW(write(pipes[1], data, 50));
    SHOW(send(client, data, 32, 0));
    SHOW(send(client, data, 8, MSG_MORE | MSG_DONTWAIT));
    SHOW(sendto(client, data, 33, 0, NULL, 0));
    SHOW(sendmsg(client, &message, 0));
    SHOW(sendmmsg(client, messages, 2, 0));
    SHOW(write(client, data, 34));
    SHOW(writev(client, two, 2));
    SHOW(pwritev2(client, two, 2, -1, 0));
    SHOW(sendfile(client, file, NULL, 1000));
    SHOW(splice(pipes[0], NULL, client, NULL, 50, 0));
    SHOW(write(client, data, 0));
    take(server, 32 + 8 + 33 + 30 + 60 + 34 + 30 + 30 + 1000 + 50);
    SHOW(close(file));
    SHOW(close(pipes[0]));
    SHOW(close(pipes[1]));
}

static void all_reads(void) {
    struct iovec two[2] = {{data, 10}, {data, 20}};
    struct msghdr message = {.msg_iov = two, .msg_iovlen = 2};
    struct mmsghdr messages[1] = {{.msg_hdr = message}};
    int pipes[2];
    SHOW(pipe(pipes));
    SHOW(recv(client, data, 5, MSG_DONTWAIT));
    SHOW(send(server, data, 400, 0));
    SHOW(recv(client, data, 300, MSG_PEEK));
    SHOW(read(client, data, 31));
    SHOW(readv(client, two, 2));
    SHOW(preadv2(client, two, 2, -1, 0));
    SHOW(recv(client, data, 33, 0));
    SHOW(recvfrom(client, data, 34, 0, NULL, NULL));
    SHOW(recvmsg(client, &message, 0));
    SHOW(recvmmsg(client, messages, 1, 0, NULL));
    SHOW(__read_chk(client, data, 35, sizeof data));
    SHOW(__recv_chk(client, data, 36, sizeof data, 0));
    SHOW(__recvfrom_chk(client, data, 37, sizeof data, 0, NULL, NULL));
    SHOW(splice(client, NULL, pipes[1], NULL, 38, 0));
    take(client, 400 - 31 - 30 - 30 - 33 - 34 - 30 - 30 - 35 - 36 - 37 - 38);
    SHOW(close(pipes[0]));
    SHOW(close(pipes[1]));
}

static void errors(void) {
    SHOW(send(-1, data, 1, 0));
    SHOW(write(999, data, 1));
    SHOW(recv(client, data, 1, MSG_DONTWAIT));
    SHOW(write(client, (void*)1, 10));
    SHOW(writev(client, (void*)1, 2));
    SHOW(writev(client, NULL, -1));
    SHOW(sendmsg(client, NULL, 0));
    SHOW(recvmsg(client, NULL, MSG_DONTWAIT));
    SHOW(close(999));
    SHOW(dup2(999, 50));
    SHOW(fcntl(999, F_DUPFD, 5));
    SHOW(shutdown(999, SHUT_WR));
    SHOW(accept(client, NULL, NULL));
    SHOW(setsockopt(client, IPPROTO_TCP, 9999, NULL, 0));
}

static void* hundred_writes(void* unused) {
    for (int i = 0; i < 100; ++i)
        if (write(client, data, 32) != 32) exit(1);
    return unused;
}

static void threads(void) {
    pthread_t thread[4];
    for (int i = 0; i < 4; ++i) pthread_create(&thread[i], 0, hundred_writes, 0);
    for (int i = 0; i < 4; ++i) pthread_join(thread[i], 0);
    take(server, (size_t)4 * 100 * 32);
}

static void* blocked(void* unused) {
    recv(client, data, 1, 0);
    return unused;
}

static void cancellation(void) {
    pthread_t thread;
    void* result = 0;
    pthread_create(&thread, 0, blocked, 0);
    usleep(20000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("cancelled: %d\n", result == PTHREAD_CANCELED);
}

static volatile int from_handler;

static void handler(int number) {
    (void)number;
    const int saved = errno;
    if (write(client, data, 7) == 7) from_handler += 7;
    errno = saved;
}

static void signals(void) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, 0);
    for (int i = 0; i < 10; ++i) {
        raise(SIGUSR1);
        send(client, data, 32, 0);
    }
    take(server, (size_t)10 * 32 + (size_t)from_handler);
    printf("from the handler: %d\n", from_handler);
}

static int wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void children(char* self) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(server);
        write(client, data, 100);
        _exit(3);
    }
    SHOW(wait_for(child));
    take(server, 100);
    child = vfork(); /* its descriptors are not its parent's */
    if (child == 0) {
        close(client);
        close(server);
        _exit(4);
    }
    SHOW(wait_for(child));
    child = fork();
    if (child == 0) {
        for (;;) write(client, data, 1);
    }
    take(server, 50);
    kill(child, SIGKILL);
    SHOW(wait_for(child));
    SHOW(write(client, data, 101));
    shutdown(client, SHUT_WR);
    while (recv(server, data, sizeof data, 0) > 0) {
    }
    close(client);
    close(server);
    connect_pair(1);
    fcntl(client, F_SETFD, 0);
    child = fork();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", client);
        execl(self, self, number, (char*)0);
        _exit(127);
    }
    SHOW(wait_for(child));
    SHOW(send(client, data, 32, 0));
    take(server, 32 + 32);
    close(client);
    close(server);
}

static void copies(void) {
    const int one = 1;
    SHOW(dup(client));
    SHOW(dup2(client, 60));
    SHOW(dup3(client, 61, O_CLOEXEC));
    SHOW(fcntl(client, F_DUPFD, 62));
    SHOW(fcntl(client, F_DUPFD_CLOEXEC, 63));
    SHOW(write(60, data, 11));
    SHOW(write(61, data, 12));
    SHOW(write(62, data, 13));
    SHOW(write(63, data, 14));
    SHOW(close(62));
    SHOW(syscall(SYS_close, 63));
    SHOW(open("/dev/null", O_WRONLY)); /* likely a number that was a connection */
    SHOW(dup2(1, 63));
    SHOW(write(62, data, 1));
    SHOW(close_range(60, 63, 0));
    SHOW(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    SHOW(write(client, data, 15));
    take(server, 11 + 12 + 13 + 14 + 15);
    SHOW(shutdown(client, SHUT_WR));
    SHOW(recv(server, data, 10, 0));
    SHOW(close(server));
    SHOW(send(client, data, 10, MSG_NOSIGNAL));
    FILE* file = fdopen(client, "r");
    SHOW(fclose(file));
    SHOW(open("/dev/null", O_WRONLY));
    SHOW(write(client, data, 10));
}

int main(int count, char** arguments) {
    if (count > 1) return write(atoi(arguments[1]), data, 32) == 32 ? 5 : 6;
    signal(SIGPIPE, SIG_IGN);
    connect_pair(0);
    all_writes();
    all_reads();
    errors();
    threads();
    cancellation();
    signals();
    children(arguments[0]);
    connect_pair(1);
    copies();
    return 7;
}
