// SPDX-License-Identifier: GPL-2.0-or-later
//
// A client that costs as little as a client can: asks for a target, takes whatever comes until the
// server closes, and prints the seconds from the first byte to the last, and the bytes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: drain PORT TARGET\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((in_port_t)atoi(argv[1])),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || connect(server, (struct sockaddr*)&address, sizeof address) != 0) {
        perror("drain: connect");
        return 1;
    }
    dprintf(server, "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n", argv[2]);

    static char buffer[256 * 1024];
    unsigned long long bytes = 0;
    double first = 0;
    double last = 0;
    ssize_t got;
    while ((got = recv(server, buffer, sizeof buffer, 0)) > 0) {
        last = now();
        if (bytes == 0) first = last;
        bytes += (unsigned long long)got;
    }
    if (got < 0) {
        perror("drain: recv");
        return 1;
    }
    printf("%.6f %llu\n", last - first, bytes);
    return 0;
}
