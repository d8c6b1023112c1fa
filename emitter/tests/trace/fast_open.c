/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clients that send their first bytes with the SYN (TCP Fast Open), each over two connections to
 * this process: the first gets the cookie and so sends none, the second sends some. Prints each
 * call that took bytes, "CONNECTION OFFSET LENGTH", and each that took none, "CONNECTION none".
 *
 * usage: trace_fast_open WAY, WAY: sendto, sendmsg, connect. Exits with status 77 where the system
 * has no Fast Open, or not switched on for both sides (net.ipv4.tcp_fastopen 3). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char* what) {
    perror(what);
    exit(3);
}

static void* serve(void* argument) {
    char data[4096];
    for (int i = 0; i < 2; ++i) {
        const int fd = accept(*(int*)argument, 0, 0);
        if (fd < 0) die("accept");
        while (recv(fd, data, sizeof data, 0) > 0) {
        }
        close(fd);
    }
    return 0;
}

static void wait_for(int fd) {
    struct pollfd wanted = {fd, POLLOUT, 0};
    if (poll(&wanted, 1, 5000) != 1) die("poll");
}

static long first_bytes(const char* way, int fd, struct sockaddr_in* to, char* data,
                        size_t length) {
    if (strcmp(way, "sendto") == 0)
        return sendto(fd, data, length, MSG_FASTOPEN, (struct sockaddr*)to, sizeof *to);
    if (strcmp(way, "sendmsg") == 0) {
        struct iovec part = {data, length};
        const struct msghdr message = {
            .msg_name = to, .msg_namelen = sizeof *to, .msg_iov = &part, .msg_iovlen = 1};
        return sendmsg(fd, &message, MSG_FASTOPEN);
    }
    const int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on) != 0) exit(77);
    if (connect(fd, (struct sockaddr*)to, sizeof *to) != 0) {
        if (errno != EINPROGRESS) die("connect");
        wait_for(fd);
    }
    return send(fd, data, length, 0);
}

int main(int count, char** arguments) {
    if (count != 2) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    const int waiting = 5;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &waiting, sizeof waiting) != 0) return 77;
    if (bind(listener, (struct sockaddr*)&address, length) != 0 || listen(listener, 5) != 0 ||
        getsockname(listener, (struct sockaddr*)&address, &length) != 0)
        die("listen");
    pthread_t server;
    pthread_create(&server, 0, serve, &listener);
    char data[1000];
    memset(data, 'x', sizeof data);
    for (int i = 1; i <= 2; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        long offset = 0;
        long taken = first_bytes(arguments[1], fd, &address, data, 100);
        if (taken < 0 && errno != EINPROGRESS) return errno == EOPNOTSUPP ? 77 : 3;
        for (int call = 0; call < 4; ++call) {
            if (taken > 0)
                printf("%d %ld %ld\n", i, offset, taken);
            else
                printf("%d none\n", i);
            if (taken > 0) offset += taken;
            wait_for(fd);
            taken = send(fd, data, 200 + (size_t)call, 0);
            if (taken < 0) die("send");
        }
        printf("%d %ld %ld\n", i, offset, taken);
        close(fd);
    }
    pthread_join(server, 0);
    return 0;
}
