#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A client for hops.py: client.py PORT KIND. It reads to the end of the body; `slow` sleeps between reads, `small` besides
has a small receive buffer; `gzip` says that it takes gzip."""

import socket
import sys
import time


def main():
    port, kind = int(sys.argv[1]), sys.argv[2]
    with socket.socket() as connection:
        if kind == "small":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        coding = "Accept-Encoding: gzip\r\n" if kind == "gzip" else ""
        connection.sendall(f"GET /events HTTP/1.1\r\nHost: server\r\n{coding}Connection: close\r\n\r\n".encode())
        while True:
            if kind in ("slow", "small"):
                time.sleep(0.4)
            data = connection.recv(65536)
            if not data:
                return


if __name__ == "__main__":
    main()
