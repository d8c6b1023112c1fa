#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server for `seamark lab --server` that answers one request by the steps that it is given, so that the cause of each
boundary is the parameter. Steps, in their order:

  nodelay=0|1 cork=0|1 sndbuf=BYTES pacing=BYTES (a second; 0: none) congestion=NAME lowat=BYTES (TCP_NOTSENT_LOWAT):
      an option of the connection; listener-NAME=VALUE before all: of the listening socket
      (fastopen=COUNT: as root, in a network namespace of its own)
  unseen-NAME=VALUE: the same, set by a process that no recorder sees
  send:COUNTxSIZE[@SECONDS] (between them), and for `send` also more, zerocopy, polled (non-blocking: waits for room),
      sendfile (of a file of SIZE), long-sendfile (it asks for more than there is), threads (two, in turn),
      racing (two, at once), sendmmsg (COUNT calls of 3 messages)
  wait=SECONDS
  shutdown

The head is sent first of all; the connection is shut down after the last step."""

import ctypes
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

SO_MAX_PACING_RATE, SO_ZEROCOPY, MSG_ZEROCOPY, TCP_NOTSENT_LOWAT = 47, 60, 0x4000000, 25
MESSAGES = 3
OPTIONS = {
    "nodelay": (socket.IPPROTO_TCP, socket.TCP_NODELAY), "cork": (socket.IPPROTO_TCP, socket.TCP_CORK),
    "sndbuf": (socket.SOL_SOCKET, socket.SO_SNDBUF), "pacing": (socket.SOL_SOCKET, SO_MAX_PACING_RATE),
    "congestion": (socket.IPPROTO_TCP, socket.TCP_CONGESTION), "lowat": (socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT),
    "defer": (socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT), "fastopen": (socket.IPPROTO_TCP, socket.TCP_FASTOPEN),
}
FAST_OPEN = "/proc/sys/net/ipv4/tcp_fastopen"  # of the network namespace
FAST_OPEN_WITHOUT_COOKIES = 0x1 | 0x2 | 0x4 | 0x200
WRITES = re.compile(r"([a-z-]+):(\d+)x(\d+)(?:@([\d.]+))?$")


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Message(ctypes.Structure):
    """struct mmsghdr of 64-bit Linux."""
    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint), ("vectors", ctypes.POINTER(Vector)),
                ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
                ("flags", ctypes.c_int), ("padding", ctypes.c_int), ("length", ctypes.c_uint)]


def set_option(of, name, value):
    level, number = OPTIONS[name]
    if name == "fastopen":
        with open(FAST_OPEN, "w", encoding="ascii") as file:
            file.write(str(FAST_OPEN_WITHOUT_COOKIES))
    if name == "congestion":
        of.setsockopt(level, number, value.encode())
    elif name == "pacing":
        of.setsockopt(level, number, (int(value) or 2**32 - 1).to_bytes(4, sys.byteorder))
    else:
        of.setsockopt(level, number, int(value))


def set_unseen(connection, name, value):
    """A child without the recorder's library sets the option on the socket that it inherits."""
    environment = {key: text for key, text in os.environ.items() if key not in ("LD_PRELOAD", "SEAMARK_TRACE")}
    subprocess.run([sys.executable, __file__, "--set", str(connection.fileno()), name, value], check=True,
                   pass_fds=[connection.fileno()], env=environment)


def send_messages(connection, parts):
    libc = ctypes.CDLL(None, use_errno=True)
    buffers = [ctypes.create_string_buffer(part, len(part)) for part in parts]
    vectors = [Vector(ctypes.cast(buffer, ctypes.c_void_p), len(part)) for buffer, part in zip(buffers, parts)]
    messages = (Message * len(parts))(*(Message(None, 0, ctypes.pointer(vector), 1, None, 0, 0, 0, 0)
                                        for vector in vectors))
    if libc.sendmmsg(connection.fileno(), messages, len(parts), 0) != len(parts):
        raise OSError(ctypes.get_errno(), "sendmmsg")


def by_threads(connection, piece, count, gap, at_once):
    turn = threading.Lock()

    def write():
        for _ in range(count // 2):
            if at_once:
                connection.sendall(piece)
                time.sleep(gap)
            else:
                with turn:
                    connection.sendall(piece)
                    time.sleep(gap)

    workers = [threading.Thread(target=write) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def send_file(connection, piece, beyond):
    with tempfile.TemporaryFile() as file:
        file.write(piece)
        file.flush()
        sent = 0
        while sent < len(piece):
            sent += os.sendfile(connection.fileno(), file.fileno(), sent, len(piece) - sent + beyond)


def send_where_room_is(connection, piece):
    connection.setblocking(False)
    rest = memoryview(piece)
    while rest:
        try:
            rest = rest[connection.send(rest):]
        except BlockingIOError:
            select.select([], [connection], [])


def write(connection, calls, count, piece, gap):
    if calls in ("threads", "racing"):
        by_threads(connection, piece, count, gap, calls == "racing")
        return
    for _ in range(count):
        if calls == "sendmmsg":
            send_messages(connection, [piece] * MESSAGES)
        elif calls in ("sendfile", "long-sendfile"):
            send_file(connection, piece, 1000 if calls == "long-sendfile" else 0)
        elif calls == "polled":
            send_where_room_is(connection, piece)
        else:
            connection.sendall(piece, {"send": 0, "more": socket.MSG_MORE, "zerocopy": MSG_ZEROCOPY}[calls])
        if gap:
            time.sleep(gap)


def length_of(steps):
    writes = [match.groups() for match in map(WRITES.match, steps) if match]
    return sum(int(count) * int(size) * (MESSAGES if calls == "sendmmsg" else 1) for calls, count, size, _ in writes)


def answer(connection, steps):
    while b"\r\n\r\n" not in connection.recv(65536):
        pass
    connection.setsockopt(socket.SOL_SOCKET, SO_ZEROCOPY, 1)
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {length_of(steps)}\r\nConnection: close\r\n\r\n".encode())
    for step in steps:
        writes = WRITES.match(step)
        name, _, value = step.partition("=")
        if writes:
            calls, count, size, gap = writes.groups()
            write(connection, calls, int(count), b"0" * (int(size) - 1) + b"\n", float(gap or 0))
        elif name == "wait":
            time.sleep(float(value))
        elif name == "shutdown":
            connection.shutdown(socket.SHUT_WR)
        elif name.startswith("unseen-"):
            set_unseen(connection, name.removeprefix("unseen-"), value)
        else:
            set_option(connection, name, value)
    if "shutdown" not in steps:
        connection.shutdown(socket.SHUT_WR)
    time.sleep(0.3)


def main():
    if sys.argv[1] == "--set":
        set_option(socket.socket(fileno=int(sys.argv[2])), *sys.argv[3:5])
        return
    listens = [step for step in sys.argv[1:] if step.startswith("listener-")]
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for step in listens:
            set_option(listener, *step.removeprefix("listener-").split("="))
        listener.bind((os.environ["SEAMARK_ADDRESS"], int(os.environ["SEAMARK_PORT"])))
        listener.listen()
        connection, _ = listener.accept()
        with connection:
            answer(connection, [step for step in sys.argv[1:] if step not in listens])


if __name__ == "__main__":
    main()
