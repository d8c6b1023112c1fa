#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server of events for hops.py: origin.py KIND PORT. One thread a connection, each event a call of its own."""

import socket
import sys
import threading
import time
import zlib

EVENTS = 40
GAP = 0.03  # s
PAUSE = 0.48  # s, of the slow provider after every tenth event
SIZE = 240  # bytes of an event, about
LARGE = 20000  # bytes, where a window is to be filled


def event(number, size=SIZE):
    return f"id: {number}\ndata: ".encode() + b"x" * size + b"\n\n"


def chunk(data):
    return b"%x\r\n" % len(data) + data + b"\r\n"


def answer(connection, kind):
    request = b""
    while b"\r\n\r\n" not in request:
        more = connection.recv(65536)
        if not more:
            return
        request += more
    chunked = b" HTTP/1.1\r\n" in request
    coded = kind == "gzip"
    head = [b"HTTP/1.1 200 OK", b"Content-Type: text/event-stream", b"Cache-Control: no-cache"]
    head += [b"Transfer-Encoding: chunked"] * chunked + [b"Content-Encoding: gzip"] * coded + [b"", b""]
    connection.sendall(b"\r\n".join(head))
    packer = zlib.compressobj(6, zlib.DEFLATED, 31) if coded else None

    def send(data):
        if data:
            connection.sendall(chunk(data) if chunked else data)
    for number in range(1, EVENTS + 1):
        data = event(number, LARGE if kind == "large" else SIZE)
        send(packer.compress(data) if coded else data)
        time.sleep(PAUSE if kind == "pauses" and number % 10 == 0 else GAP)
    if coded:
        send(packer.flush())
    if chunked:
        connection.sendall(b"0\r\n\r\n")


def serve(connection, kind):
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            answer(connection, kind)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError:
            pass


def main():
    kind, port = sys.argv[1], int(sys.argv[2])
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, kind), daemon=True).start()


if __name__ == "__main__":
    main()
