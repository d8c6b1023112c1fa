// SPDX-License-Identifier: GPL-2.0-or-later
//
// The fastest that a program can do what `seamark serve` does: answers one client with the same
// writes (a head, `writes` chunks of `size` bytes with a tag, a last chunk), each one blocking
// send() of bytes that are made beforehand. The lengths are those of the emitter to the byte; the
// number in the tag has the right count of digits, but stays the same. Prints the port, then serves
// once.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char* what) {
    perror(what);
    exit(1);
}

static void send_once(int to, const char* bytes, size_t size) {
    const ssize_t taken = send(to, bytes, size, MSG_NOSIGNAL);
    if (taken < 0) fail("send");
    if ((size_t)taken != size) {
        fprintf(stderr, "send_loop: a blocking send was short\n");
        exit(1);
    }
}

static void set(int socket, int option, int value, const char* name) {
    if (setsockopt(socket, IPPROTO_TCP, option, &value, sizeof value) != 0) fail(name);
}

int main(int argc, char** argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: send_loop WRITES SIZE NODELAY CORK\n");
        return 2;
    }
    const unsigned long writes = strtoul(argv[1], NULL, 10);
    const unsigned long size = strtoul(argv[2], NULL, 10);

    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr*)&address, sizeof address) != 0 ||
        listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr*)&address, &length) != 0) {
        fail("listen");
    }
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);

    const int client = accept(listener, NULL, NULL);
    if (client < 0) fail("accept");
    char request[4096];
    size_t got = 0;
    while (got < sizeof request && !memmem(request, got, "\r\n\r\n", 4)) {
        const ssize_t more = recv(client, request + got, sizeof request - got, 0);
        if (more <= 0) fail("recv");
        got += (size_t)more;
    }

    char* const bytes = malloc(size + 64);
    if (!bytes) fail("malloc");
    set(client, TCP_NODELAY, atoi(argv[3]), "TCP_NODELAY");
    static const char head[] =
        "HTTP/1.1 200 OK\r\nServer: seamark/0.0.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "X-Content-Type-Options: nosniff\r\nCache-Control: no-store, no-transform\r\n"
        "X-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\nSeamark: tag=w; "
        "id=0123456789abcdef\r\n"
        "Connection: close\r\n\r\n";
    send_once(client, head, sizeof head - 1);
    set(client, TCP_CORK, atoi(argv[4]), "TCP_CORK");

    size_t chunk = 0;
    unsigned long longer_at = 2;  // the index at which the tag next has one digit more
    for (unsigned long index = 2; index < writes + 2; ++index) {
        if (index == longer_at) {
            const int line = sprintf(bytes, "%lx;w=%lu\r\n", size, index);
            memset(bytes + line, 'x', size);
            bytes[(size_t)line + size] = '\r';
            bytes[(size_t)line + size + 1] = '\n';
            chunk = (size_t)line + size + 2;
            longer_at = index == 2 ? 10 : index * 10;
        }
        send_once(client, bytes, chunk);
    }
    const int last = sprintf(bytes, "0;w=%lu\r\n\r\n", writes + 2);
    send_once(client, bytes, (size_t)last);
    set(client, TCP_CORK, 0, "TCP_CORK");
    close(client);
    free(bytes);
    return 0;
}
