#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Extreme captures, each at two sizes: processor time and peak memory with the plugin, less those of the
same tshark without it. HTTP dissection is off, as it is quadratic in some of these. Time that grows by
more than 2.6 times when the size doubles is a failure.
"""

import os
import random
import struct
import subprocess
import tempfile
from pathlib import Path

import check_events as calls
import tshark as runner

ACCEPTED_GROWTH = 2.6  # of time, for twice the size; noise is allowed for
LEAST_SECONDS = 0.5  # less is not judged
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: seamark.test\r\n\r\n"
SYN, PUSH = 0x02, 0x18
ROWS = ["-q", "-z", "seamark,chunks"]


class Capture:
    """A capture written frame by frame: Ethernet, IPv4, TCP, made by hand because there are so many."""

    def __init__(self, path):
        self._file = open(path, "wb")
        self._file.write(calls.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for link_type in (1, 252):
            self._file.write(calls.block(1, struct.pack("<HHI", link_type, 0, 262144)))
        self._frames = 0

    def close(self):
        self._file.close()

    def segment(self, connection, from_server, offset, payload, flags=PUSH):
        """offset counts from 0 after the SYN."""
        ends = bytes([10, 0, 0, 1]), bytes([10, 1, connection >> 14 & 255, connection >> 6 & 255])
        ports = 10000 + (connection & 63), 8000
        client = ends[1] + struct.pack(">H", ports[0]), ends[0] + struct.pack(">H", ports[1])
        source, target = (client[1], client[0]) if from_server else client
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0, source[:4], target[:4])
        tcp = source[4:] + target[4:] + struct.pack(">IIBBHHH", (999 + (flags != SYN) + offset) % 2**32, 1,
                                                    0x50, flags, 65000, 0, 0)
        self._add(0, bytes(12) + b"\x08\x00" + ip + tcp + payload)

    def call(self, kind, index, offset, taken):
        """A recorded call of the first connection: a write of its server or a read of its client."""
        server, client = (bytes([10, 0, 0, 1]), 8000), (bytes([10, 1, 0, 0]), 10000)
        ends = (server, client) if kind == calls.WRITE else (client, server)
        self._add(1, calls.tags(*ends) + calls.record(kind, index, offset, taken, taken, self._frames * 1000))

    def _add(self, interface, data):
        self._file.write(calls.packet(interface, self._frames, data))
        self._frames += 1

    def stream(self, data, size=1448, connection=0, keep=lambda: True):
        """A response's bytes after a request."""
        self.segment(connection, False, 0, b"", SYN)
        self.segment(connection, True, 0, b"", SYN)
        self.segment(connection, False, 0, REQUEST)
        for at in range(0, len(data), size):
            if at == 0 or keep():
                self.segment(connection, True, at, data[at : at + size])


def tiny_chunks(capture, n):
    capture.stream(HEAD + b"1\r\nx\r\n" * n + b"0\r\n\r\n")


def one_byte_segments(capture, n):
    capture.stream((HEAD + b"20\r\n" + b"x" * 32 + b"\r\n" + b"5\r\nhello\r\n" * n)[:n], 1)


def connections(capture, n):
    for i in range(n):
        capture.stream(HEAD + b"5\r\nhello\r\n0\r\n\r\n", connection=i)


def connections_without_http(capture, n):
    for i in range(n):
        capture.segment(i, False, 0, b"", SYN)
        capture.segment(i, False, 0, b"\x16\x03\x01 no HTTP at all")
        capture.segment(i, True, 0, b"\x16\x03\x03 nor here")


def pipelined(capture, n):
    requests = REQUEST * n
    for at in range(0, len(requests), 1448):
        capture.segment(0, False, at, requests[at : at + 1448])
    responses = (HEAD + b"5\r\nhello\r\n0\r\n\r\n") * n
    for at in range(0, len(responses), 1448):
        capture.segment(0, True, at, responses[at : at + 1448])


def half_lost(capture, n):
    rng = random.Random(1)
    capture.stream((HEAD + (b"400\r\n" + b"x" * 1024 + b"\r\n") * n), keep=lambda: rng.random() < 0.5)


def reverse_order(capture, n):
    data = HEAD + (b"400\r\n" + b"x" * 1024 + b"\r\n") * n
    capture.stream(data[:100])
    for at in reversed(range(100, len(data), 1448)):
        capture.segment(0, True, at, data[at : at + 1448])


def one_long_chunk(capture, n):
    capture.stream(HEAD + b"%x\r\n" % (n * 100) + b"x" * (n * 100) + b"\r\n0\r\n\r\n", 100)


def announced_and_large(capture, n):
    """A chunk of 2^64-1 bytes, a size line of more than 64 KiB, a head of n bytes."""
    capture.stream(HEAD + b"ffffffffffffffff\r\n" + b"x" * n)
    capture.stream(HEAD + b"5;" + b"e" * n + b"\r\nhello\r\n0\r\n\r\n", connection=1)
    fields = b"A: " + b"v" * 61 + b"\r\n"
    capture.stream(HEAD[:-2] + fields * (n // len(fields)) + b"\r\n5\r\nhello\r\n0\r\n\r\n", connection=2)


def claimed_by_others(capture, n):
    """n calls of a byte each, and n that claim all of them."""
    capture.stream(HEAD + b"%x\r\n" % n + b"x" * n + b"\r\n0\r\n\r\n")
    for i in range(n):
        capture.call(calls.WRITE, i + 1, i, 1)
    for i in range(n):
        capture.call(calls.WRITE, n + i + 1, 0, 2**40)


def one_read(capture, n):
    """One call that took all bytes out, in front of the packets, so that each of them is drawn with it."""
    data = HEAD + b"%x\r\n" % (n * 100) + b"x" * (n * 100) + b"\r\n0\r\n\r\n"
    capture.call(calls.READ, 1, 0, len(data))
    capture.stream(data, 100)


def many_syns(capture, n):
    """Each opens a connection anew; the last has a response."""
    for i in range(n):
        capture.segment(0, False, 1000 * i, b"", SYN)
    capture.segment(0, False, 1000 * (n - 1), REQUEST)
    capture.segment(0, True, 0, HEAD + b"5\r\nhello\r\n0\r\n\r\n")


def sent_again(capture, n):
    """A response in ten segments, and each of them n/10 times more."""
    data = HEAD + b"5\r\nhello\r\n" * 40
    capture.stream(data, len(data) // 10)
    for i in range(n):
        at = i % 10 * (len(data) // 10)
        capture.segment(0, True, at, data[at : at + len(data) // 10])


# (what, how it is made, full size, tshark's arguments). Each frame of a chunk lists up to 4096 links, so
# that -V is linear only where half the size is well past those.
CASES = [
    ("chunks of one byte, one stream", tiny_chunks, 1000000, ROWS),
    ("segments of one byte", one_byte_segments, 200000, ROWS),
    ("connections, a chunked response each", connections, 100000, ROWS),
    ("connections without HTTP", connections_without_http, 100000, ROWS),
    ("pipelined requests, chunked responses", pipelined, 200000, ROWS),
    ("chunks of 1 KiB, half the segments lost", half_lost, 400000, ROWS),
    ("chunks of 1 KiB, segments in reverse", reverse_order, 100000, ROWS),
    ("2^64-1 announced; size line and head of so many bytes", announced_and_large, 1 << 24, ROWS),
    ("frames of one chunk, drawn with -V", one_long_chunk, 20000, ["-V"]),
    ("chunks of one byte, drawn with -V", tiny_chunks, 100000, ["-V"]),
    ("calls that claim bytes of others, drawn with -V", claimed_by_others, 20000, ["-V"]),
    ("frames of one read, drawn with -V", one_read, 20000, ["-V"]),
    ("SYNs on one 4-tuple", many_syns, 100000, ROWS),
    ("retransmissions of ten segments", sent_again, 200000, ROWS),
]


def measure(tshark, path, arguments, plugin):
    """(seconds of processor time, MiB at the peak)"""
    arguments = arguments if plugin else ["-q", "-z", "conv,tcp"] if "-q" in arguments else arguments
    with open(os.devnull, "wb") as nothing:
        process = tshark.start("-n", "-r", str(path), "--disable-protocol", "http", *arguments,
                               plugin=plugin, stdout=nothing, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise runner.Failed(f"tshark {' '.join(arguments)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def check(tshark, given):
    complaints = []
    print(f"{'what':54} {'n':>9} {'seconds':>8} {'stock':>7} {'MiB':>6} {'stock':>6}  B of ours per n")
    for what, make, full, arguments in CASES:
        if given.only not in what:
            continue
        cost = []
        for n in (full // 2, full):
            with tempfile.TemporaryDirectory() as folder:
                os.chmod(folder, 0o755)
                path = Path(folder) / "limits.pcapng"
                capture = Capture(path)
                make(capture, n)
                capture.close()
                ours, stock = (measure(tshark, path, arguments, plugin=p) for p in (True, False))
            cost.append(ours[0])
            print(f"{what:54} {n:9} {ours[0]:8.2f} {stock[0]:7.2f} {ours[1]:6.0f} {stock[1]:6.0f}  "
                  f"{max(0, ours[1] - stock[1]) * 2**20 / n:.0f}", flush=True)
        if cost[1] > LEAST_SECONDS and cost[1] > ACCEPTED_GROWTH * cost[0]:
            complaints.append(f"{what}: {cost[0]:.2f} s for half, {cost[1]:.2f} s for all: not linear")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, as_installed=True)
