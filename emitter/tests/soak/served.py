# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark serve` as a process under test, and a plain client of it."""

import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import time

PATIENCE = 120  # s, for what must happen and takes as long as it takes on a busy machine


def wait_until(condition, what):
    """`what` is said in a failure: a text, or what makes one then."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"waited {PATIENCE} s in vain: {what() if callable(what) else what}"
        time.sleep(0.02)


class Served:
    """The server, its log and its memory. `prefix` is what starts it, such as unshare."""

    def __init__(self, seamark, *options, prefix=()):
        self.log_file = tempfile.NamedTemporaryFile("w+", prefix="seamark-soak-", suffix=".log")
        self.process = subprocess.Popen([*prefix, seamark, "serve", "--port", "0", *options], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log_file)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log_file.close()

    def memory(self, name="VmRSS"):
        """KiB."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise AssertionError(f"the server is gone: {self.log()[-5:]}")

    def sockets(self):
        """Descriptors that are sockets."""
        folder, count = f"/proc/{self.process.pid}/fd", 0
        for name in os.listdir(folder):
            try:
                count += os.readlink(f"{folder}/{name}").startswith("socket:")
            except FileNotFoundError:
                pass
        return count

    def peer_ports(self):
        """The peers' ports of the connections that it holds."""
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table.readlines()[1:]]
        return {int(peer.split(":")[1], 16) for _, own, peer, *rest in rows
                if int(own.split(":")[1], 16) == self.port and rest[6] != "0"}

    def log(self, *parts):
        """Its log's lines, those that have all the parts."""
        text = open(self.log_file.name, errors="replace").read()
        return [line for line in text.splitlines() if all(part in line for part in parts)]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    # ------------------------------------------------------------------------------- as a client

    def connect(self, room=None, address=None):
        """`address`: of this client, such as one of 127.0.0.0/8 of its own."""
        client = socket.socket()
        if address:
            client.bind((address, 0))
        if room:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", self.port))
        return client

    def get(self, target):
        """The whole response of a request on a connection of its own."""
        with self.connect() as client:
            client.sendall(request(target, "Connection: close"))
            return read_all(client)


def request(target, *fields):
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode("latin-1")


def read_all(client):
    parts = []
    while part := client.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def read_exactly(client, size):
    while size > 0:
        part = client.recv(size)
        assert part, f"the connection ended {size} bytes early"
        size -= len(part)


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def vanish(client):
    """Ends without a FIN or a RST, as a peer does that loses its power. False if not permitted. What was sent
    is acknowledged before: an acknowledgement that comes later would be answered by a RST."""
    wait_until(lambda: struct.unpack("i", fcntl.ioctl(client, termios.TIOCOUTQ, bytes(4)))[0] == 0, "it has arrived")
    try:
        client.setsockopt(socket.IPPROTO_TCP, getattr(socket, "TCP_REPAIR", 19), 1)
    except PermissionError:
        return False
    client.close()
    return True
