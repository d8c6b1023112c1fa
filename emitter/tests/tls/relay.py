# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that needs no privilege: a relay between client and server writes a packet for each run of bytes that it
passes on."""
import socket
import struct
import threading
import time

LONGEST = 60


class Capture:
    """One connection through a relay, as a pcap of what client and server sent."""

    def __init__(self, name, server_port):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.server_port, self.name = self.listener.getsockname()[1], server_port, name
        self.packets, self.lock, self.sequence = [], threading.Lock(), [1000, 5000]
        self.thread = threading.Thread(target=self.relay, daemon=True)
        self.thread.start()

    def packet(self, from_server, flags, data=b""):
        with self.lock:
            moment = time.time_ns()
            ports = (self.server_port, 50000) if from_server else (50000, self.server_port)
            tcp = struct.pack("!HHIIBBHHH", *ports, self.sequence[from_server], self.sequence[not from_server],
                              0x50, flags, 65535, 0, 0)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 1, 0x4000, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
            self.packets.append((moment, b"\0" * 12 + b"\x08\0" + ip + tcp + data))
            self.sequence[from_server] += len(data) + (flags & 3 != 0)

    def pass_on(self, source, sink, from_server):
        try:
            while data := source.recv(65000):
                self.packet(from_server, 0x18, data)
                sink.sendall(data)
        except OSError:
            pass
        self.packet(from_server, 0x11)
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def relay(self):
        client = self.listener.accept()[0]
        server = socket.create_connection(("127.0.0.1", self.server_port))
        for from_server, flags in (False, 2), (True, 0x12), (False, 0x10):
            self.packet(from_server, flags)
        other = threading.Thread(target=self.pass_on, args=(client, server, False), daemon=True)
        other.start()
        self.pass_on(server, client, True)
        other.join(LONGEST)

    def write(self):
        self.thread.join(LONGEST)
        with open(self.name, "wb") as file:
            file.write(struct.pack("=IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
            for moment, data in self.packets:
                file.write(struct.pack("=IIII", moment // 10**9, moment % 10**9, len(data), len(data)) + data)
