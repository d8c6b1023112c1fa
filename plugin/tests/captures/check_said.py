#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said beside the rows: of a frame in which stock HTTP meets its nesting limit, so that no
post-dissector is called; of a PROXY protocol header; of payload that is no HTTP/1; of a capture without
times. The captures are made here, byte by byte.
"""

import json
import struct
import tempfile
from pathlib import Path

import check_events as calls
import limits
import tshark as runner

CHUNKED = limits.HEAD + b"3\r\nabc\r\n0\r\n\r\n"
TYPED = CHUNKED.replace(b"\r\nTransfer", b"\r\nContent-Type: text/plain\r\nTransfer")
PROXY = b"PROXY TCP4 192.0.2.1 198.51.100.1 50000 80\r\n"
TLS = b"\x16\x03\x01\x00\x05hello"
MANY = 600  # each takes a layer of the 500 that libwireshark allows


class Untimed(limits.Capture):
    """Simple Packet Blocks: no times at all."""

    def _add(self, interface, data):
        padding = bytes(-len(data) % 4)
        self._file.write(calls.block(3, struct.pack("<I", len(data)) + data + padding))
        self._frames += 1


def handshake(capture):
    capture.segment(0, False, 0, b"", limits.SYN)
    capture.segment(0, True, 0, b"", limits.SYN)


def nested(capture):
    handshake(capture)
    capture.segment(0, False, 0, limits.REQUEST * MANY)
    capture.segment(0, True, 0, TYPED * MANY)


def proxied(capture):
    handshake(capture)
    capture.segment(0, False, 0, PROXY)
    capture.segment(0, False, len(PROXY), limits.REQUEST)
    capture.segment(0, True, 0, CHUNKED)


def no_http(capture):
    handshake(capture)
    capture.segment(0, False, 0, TLS)


def untimed(capture):
    capture.stream(CHUNKED, 40)


def run(tshark, folder, name, make, kind=limits.Capture):
    capture = kind(Path(folder) / name)
    make(capture)
    capture.close()
    tshark.add([Path(folder) / name])
    return lambda *arguments: tshark.run(name, *arguments)


def check(tshark, given):
    complaints, checks = [], 0

    def expect(fine, what):
        nonlocal checks
        checks += 1
        if not fine:
            complaints.append(what)

    with tempfile.TemporaryDirectory() as folder:
        said = run(tshark, folder, "nested.pcapng", nested)
        for passes in ([], ["-2"]):
            rows = [json.loads(line) for line in said(*passes, "-q", "-z", "seamark,chunks,json").splitlines()]
            expect([(row["exchange"], row["hex"]) for row in rows] ==
                   [(n, hex) for n in range(1, MANY + 1) for hex in "30"],
                   f"nested {passes}: {len(rows)} rows of {2 * MANY}")
        said = run(tshark, folder, "proxied.pcapng", proxied)
        for passes in ([], ["-2"]):
            found = said(*passes, "-Y", "seamark.proxy_header", "-T", "fields", "-e", "frame.number",
                         "-e", "seamark.proxy_header")
            expect(found == "3\tTCP4 192.0.2.1 198.51.100.1 50000 80\n", f"proxied {passes}: {found}")
        expect("PROXY v1" in said("-q", "-z", "seamark,lanes"), "proxied: not in the lanes")
        said = run(tshark, folder, "no_http.pcapng", no_http)
        for what in ("chunks", "lanes", "explain,3"):
            text = said("-q", "-z", "seamark," + what)
            expect("TLS" in text and "no byte of a TCP stream" not in text, f"no_http, {what}: {text}")
        said = run(tshark, folder, "untimed.pcapng", untimed, Untimed)
        for what in ("lanes", "explain,4", "explain,5"):
            text = " ".join(said("-q", "-z", "seamark," + what).split())
            expect("the capture has no times" in text and " ms" not in text, f"untimed, {what}: {text}")
        expect(said("-2", "-Y", "seamark.chunk.spread") == "", "untimed: a chunk has a spread")
    print(f"{checks} checks, {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
