/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: send_cost WRITES SIZE: sends back to back over loopback to a reader of its own, which is
 * never traced (it starts with an empty environment), and prints µs a send: of time, of this
 * thread's CPU; and how many segments the kernel made of them. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double microseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static unsigned segments_out(int fd) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
    return info.tcpi_data_segs_out;
}

static int drain(int fd) {
    static char data[1 << 20];
    while (read(fd, data, sizeof data) > 0) {
    }
    return 0;
}

int main(int count, char** arguments) {
    if (count == 2) return drain(atoi(arguments[1]));
    if (count != 3) return 2;
    const int writes = atoi(arguments[1]);
    const size_t size = (size_t)atoi(arguments[2]);
    char* data = calloc(1, size);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (data == NULL || bind(listener, (struct sockaddr*)&at, length) != 0 ||
        listen(listener, 1) != 0 || getsockname(listener, (struct sockaddr*)&at, &length) != 0)
        return 1;
    const int sender = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sender, (struct sockaddr*)&at, length) != 0) return 1;
    const int reader = accept(listener, NULL, NULL);
    if (fork() == 0) {
        char number[16];
        char* nothing[] = {NULL};
        close(sender);
        snprintf(number, sizeof number, "%d", reader);
        execle("/proc/self/exe", arguments[0], number, (char*)NULL, nothing);
        _exit(1);
    }
    close(reader);
    for (int i = 0; i < 100; ++i) /* what the first calls cost is not what all cost */
        if (send(sender, data, size, 0) < 0) return 1;
    usleep(50000);
    const unsigned before = segments_out(sender);
    const double begin = microseconds(CLOCK_MONOTONIC);
    const double cpu = microseconds(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < writes; ++i)
        if (send(sender, data, size, 0) != (ssize_t)size) return 1;
    const double cpu_end = microseconds(CLOCK_THREAD_CPUTIME_ID);
    const double end = microseconds(CLOCK_MONOTONIC);
    shutdown(sender, SHUT_WR);
    wait(NULL); /* until the reader has it all, and so all was sent */
    printf("%.3f %.3f %u\n", (end - begin) / writes, (cpu_end - cpu) / writes,
           segments_out(sender) - before);
    close(sender);
    return 0;
}
