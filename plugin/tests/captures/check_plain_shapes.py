#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One response plan in clear and in TLS: the same rows, frames aside.

Shapes cross framing, how writes and chunks relate, record size, version and cipher, segment size and arrival (in
order, sent twice, out of order). Each is a connection of its own, made here by OpenSSL between bytes in memory, so
that which record holds which plaintext, and which segment which record, is known without reading it: `records`
and `frames` of each row are compared with that, `offset` with the place in the plan.
"""

import itertools
import json
import os
import random
import re
import shutil
import ssl
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import tshark as runner

CIPHERS = {"1.3": [None], "1.2": ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-SHA"]}
RELATIONS = ("one", "three-a-write", "chunk-cut", "line-apart")
RECORDS = (16384, 700, 61)
SEGMENTS = (65000, 1448, 211)
ARRIVALS = ("in-order", "twice", "swapped")
FRAMINGS = ("chunked", "chunked", "chunked", "length", "close")
# Wireshark decrypts records in the order in which it gets them.
ORDERED = ["-o", "tcp.reassemble_out_of_order:TRUE"]
UNLIKE = {"frames", "first_frame", "last_frame", "records", "time_ns", "spread_ns", "after_request_ns", "causes",
          "sport", "dport", "exchange"}
REQUEST = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
SYN, ACK, PSH, FIN = 2, 16, 8, 1


class Shape:
    def __init__(self, number, version, cipher, relation, record, segment, arrival, framing):
        self.number, self.version, self.cipher, self.relation = number, version, cipher, relation
        self.record, self.segment, self.arrival, self.framing = record, segment, arrival, framing

    def __str__(self):
        return (f"shape {self.number} (TLS {self.version} {self.cipher or ''}, {self.relation}, records of {self.record}, "
                f"segments of {self.segment}, {self.arrival}, {self.framing})")


def shapes():
    every = [(version, cipher, *rest) for version in CIPHERS for cipher in CIPHERS[version]
             for rest in itertools.product(RELATIONS, RECORDS, SEGMENTS, ARRIVALS)]
    chosen = random.Random(21).sample(every, 60)
    return [Shape(i, *one, FRAMINGS[i % len(FRAMINGS)]) for i, one in enumerate(chosen)]


def plan(shape):
    """[bytes of each write] of the response."""
    dice = random.Random(shape.number)
    sizes = [9, 1, dice.randint(30, 900), 20000 if shape.number % 4 == 0 else 2000, dice.randint(1, 60), 17]
    datas = [bytes(dice.choices(b"abcdefgh", k=size)) for size in sizes]
    body = b"".join(datas)
    if shape.framing != "chunked":
        field = b"Content-Length: %d\r\n" % len(body) if shape.framing == "length" else b"Connection: close\r\n"
        return [b"HTTP/1.1 200 OK\r\n" + field + b"\r\n", *datas]
    chunks = [b"%x;n=%d\r\n" % (len(data), i) + data + b"\r\n" for i, data in enumerate(datas)] + [b"0\r\nT: x\r\n\r\n"]
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    if shape.relation == "one":
        return [head, *chunks]
    if shape.relation == "three-a-write":
        return [head + chunks[0], b"".join(chunks[1:4]), b"".join(chunks[4:])]
    if shape.relation == "chunk-cut":
        whole = head + b"".join(chunks)
        cuts = sorted(dice.sample(range(1, len(whole)), 9))
        return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)])]
    return [head, *(part for chunk in chunks for part in (chunk.split(b"\r\n", 1)[0] + b"\r\n", chunk.split(b"\r\n", 1)[1]))]


class Peers:
    """Two ends of TLS between bytes in memory; `flights` are what they sent, in order."""

    def __init__(self, shape, cert, keys):
        number = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[shape.version]
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(cert)
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.keylog_filename = str(keys)
        for context in (server, client):
            context.minimum_version = context.maximum_version = number
            if shape.cipher:
                context.set_ciphers(shape.cipher + ":@SECLEVEL=0")
        self._bio = {True: (ssl.MemoryBIO(), ssl.MemoryBIO()), False: (ssl.MemoryBIO(), ssl.MemoryBIO())}
        self._end = {True: client.wrap_bio(*self._bio[True]),
                     False: server.wrap_bio(*self._bio[False], server_side=True)}
        self.flights = []  # (from the client, ciphertext, plaintext or None)
        waiting = {True, False}
        while waiting:
            for end in (True, False):
                try:
                    self._end[end].do_handshake()
                    waiting.discard(end)
                except ssl.SSLWantReadError:
                    pass
                self._pass_on(end, None)

    def _pass_on(self, end, plain):
        data = self._bio[end][1].read()
        if data:
            self._bio[not end][0].write(data)
            self.flights.append((end, data, plain))

    def write(self, end, plain):
        self._end[end].write(plain)
        self._pass_on(end, plain)
        try:
            self._end[not end].read(1 << 20)
        except ssl.SSLWantReadError:
            pass

    def close(self, end):
        try:
            self._end[end].unwrap()
        except ssl.SSLError:
            pass
        self._pass_on(end, None)


class File:
    """A pcapng file of raw IPv4 packets."""

    def __init__(self, secrets=b""):
        self._blocks = [self._block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
                        self._block(1, struct.pack("<HHI", 101, 0, 0))]
        if secrets:
            body = struct.pack("<II", 0x544C534B, len(secrets)) + secrets + bytes(-len(secrets) % 4)
            self._blocks.append(self._block(10, body))
        self.frames = 0

    @staticmethod
    def _block(kind, body):
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    def packet(self, up, port, service, sequence, acknowledged, flags, payload=b"", hosts=(1, 2)):
        ends = tuple(bytes((10, 0, 0, host)) for host in hosts)
        ports = (port, service)
        if not up:
            ends, ports = ends[::-1], ports[::-1]
        options = struct.pack(">BBH", 2, 4, 65460) if flags & SYN else b""
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, (20 + len(options)) << 2, flags, 65535, 0, 0)
        total = 20 + len(tcp) + len(options) + len(payload)
        data = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, self.frames & 0xFFFF, 0, 64, 6, 0, *ends)
        data += tcp + options + payload
        time = 1_600_000_000_000_000 + self.frames * 1000
        self._blocks.append(self._block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(data), len(data))
                                        + data + bytes(-len(data) % 4)))
        self.frames += 1
        return self.frames

    def bytes(self):
        return b"".join(self._blocks)


def segments_of(flights):
    """Neighbouring flights of one end together: [(from the client, bytes)]."""
    joined = []
    for end, data in flights:
        if joined and joined[-1][0] == end:
            joined[-1][1].append(data)
        else:
            joined.append((end, [data]))
    return [(end, b"".join(datas)) for end, datas in joined]


def connection(file, shape, service, flights, lost=None):
    """Puts a connection into the file. Which frame has a byte of the server first: {offset: frame}. lost: a
    position in the server's bytes; the segment with it is not captured."""
    port, at = 10000 + shape.number, {True: 1, False: 1}
    file.packet(True, port, service, 0, 0, SYN)
    file.packet(False, port, service, 0, 1, SYN | ACK)
    file.packet(True, port, service, 1, 1, ACK)
    frame_of = {}
    for end, data in segments_of(flights):
        cut = shape.segment if not end else 65000
        parts = [(at[end] + i, data[i:i + cut]) for i in range(0, len(data), cut)]
        at[end] += len(data)
        order = list(range(len(parts)))
        if not end and shape.arrival == "twice":
            order = [i for i in order for _ in range(2 if i % 3 == 1 else 1)]
        if not end and shape.arrival == "swapped":
            for i in range(1, len(order) - 1, 3):
                order[i], order[i + 1] = order[i + 1], order[i]
        for i in order:
            sequence, payload = parts[i]
            if not end and lost is not None and sequence - 1 <= lost < sequence - 1 + len(payload):
                continue
            frame = file.packet(end, port, service, sequence, at[not end], PSH | ACK, payload)
            if not end:
                for offset in range(sequence - 1, sequence - 1 + len(payload)):
                    frame_of.setdefault(offset, frame)
    file.packet(False, port, service, at[False], at[True], FIN | ACK)
    file.packet(True, port, service, at[True], at[False] + 1, FIN | ACK)
    return frame_of


def record_ranges(stream):
    """[(begin, end)] of the records in a direction's ciphertext."""
    ranges, at = [], 0
    while at < len(stream):
        end = at + 5 + int.from_bytes(stream[at + 3:at + 5], "big")
        ranges.append((at, end))
        at = end
    return ranges


def truth(flights, frame_of, chunk):
    """(records, frames) of a chunk (begin, end) of the plaintext."""
    stream, places, plain_at, index = b"", [], 0, 0
    for end, data, plain in flights:
        if end:
            continue
        ranges = record_ranges(data)
        left = plain
        for begin, stop in ranges:
            index += 1
            if plain is not None:
                # One call of SSL_write makes one record here, which CBC of old versions may split in two.
                length = len(left)
                places.append((plain_at, plain_at + length, index, len(stream) + begin, len(stream) + stop))
                plain_at += length
                left = b""
        stream += data
    holding = [place for place in places if place[0] < chunk[1] and place[1] > chunk[0]]
    frames = []
    at_end = None
    for _, _, _, begin, stop in holding:
        for offset in range(begin, stop):
            frame = frame_of[offset]
            if frames and frames[-1][0] == frame and at_end == offset:
                frames[-1][1] += 1
            else:
                frames.append([frame, 1])
            at_end = offset + 1
    return [place[2] for place in holding], frames


def build(folder, cert):
    """(clear file, TLS file, {stream: (shape, flights, frame_of)})"""
    keys, made = folder / "keys.log", []
    for shape in shapes():
        peers = Peers(shape, cert, keys)
        peers.write(True, REQUEST % shape.number)
        for write in plan(shape):
            for i in range(0, len(write), shape.record):
                peers.write(False, write[i:i + shape.record])
        if shape.number % 2 or shape.framing == "close":
            peers.close(False)
        made.append((shape, peers.flights))
    clear, tls, known = File(), File(keys.read_bytes()), {}
    for stream, (shape, flights) in enumerate(made):
        text = [(end, plain) for end, _, plain in flights if plain is not None]
        connection(clear, shape, 80, text)
        known[stream] = shape, flights, connection(tls, shape, 443, [(end, data) for end, data, _ in flights])
    lost = File(keys.read_bytes())
    for shape, flights in made:
        sent = sum(len(data) for end, data, _ in flights if not end)
        connection(lost, shape, 443, [(end, data) for end, data, _ in flights], sent * 2 // 3)
    (folder / "lost.pcapng").write_bytes(lost.bytes())
    (folder / "clear.pcapng").write_bytes(clear.bytes())
    (folder / "tls.pcapng").write_bytes(tls.bytes())
    return known


def proxied(folder, cert):
    """A proxy that speaks TLS to its client and asks in clear: each chunk is passed on as it comes."""
    keys = folder / "proxied.log"
    peers = Peers(shapes()[0], cert, keys)
    shaken = len(peers.flights)
    peers.write(True, b"GET /through HTTP/1.1\r\nHost: a\r\n\r\n")
    writes = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    writes += [b"%x\r\n" % (40 + i) + bytes([97 + i]) * (40 + i) + b"\r\n" for i in range(8)] + [b"0\r\n\r\n"]
    for write in writes:
        peers.write(False, write)
    file = File(keys.read_bytes())
    here = {}

    def send(port, service, hosts, end, data):
        at = here.get(port)
        if at is None:
            at = here[port] = {True: 1, False: 1}
            for up, sequence, acknowledged, flags in ((True, 0, 0, SYN), (False, 0, 1, SYN | ACK), (True, 1, 1, ACK)):
                file.packet(up, port, service, sequence, acknowledged, flags, hosts=hosts)
        file.packet(end, port, service, at[end], at[not end], PSH | ACK, data, hosts=hosts)
        at[end] += len(data)

    client, origin = (50000, 443, (1, 2)), (50001, 8080, (2, 3))
    for end, data, _ in peers.flights[:shaken + 1]:
        send(*client, end, data)
    send(*origin, True, b"GET /through HTTP/1.1\r\nHost: b\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")
    for write, (end, data, _) in zip(writes, peers.flights[shaken + 1:]):
        send(*origin, False, write)
        send(*client, end, data)
    (folder / "proxied.pcapng").write_bytes(file.bytes())


def check_proxied(tshark):
    """The leg in TLS and the one in clear are paired, chunk by chunk, and each was held for the one frame between."""
    rows = [row for row in rows_of(tshark, "proxied.pcapng") if row["stream"] == 0 and row["size"] > 0]
    wrong = [row for row in rows if (row.get("upstream") or {}).get("chunks") != [row["chunk"]]
             or row["upstream"]["matched"] != row["size"] or row["upstream"]["held_ns"] != 1_000_000]
    print(f"through a proxy: {len(rows)} chunks in TLS, each with its chunk in clear")
    return [f"proxied: {row}" for row in wrong[:1]] if len(rows) == 8 else [f"proxied: {len(rows)} rows"]


def rows_of(tshark, name, *options):
    out = tshark.run(name, *options, *ORDERED, "-q", "-z", "seamark,chunks,json")
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def framings(tshark, name):
    """The lines of the messages that have no chunks, without frames."""
    out = tshark.run(name, *ORDERED, "-q", "-z", "seamark,chunks")
    return [line for line in out.splitlines() if re.match(r"\d+ +(request|response) +\d+ +\d+ +- ", line)]


def check_lost(tshark, clear):
    """With a segment missing: what is said to be complete is as in clear, and nothing is read that is not there."""
    whole = {(row["stream"], row["chunk"]): row for row in clear}
    complaints, cut = [], 0
    rows = rows_of(tshark, "lost.pcapng")
    for row in rows:
        want = whole.get((row["stream"], row["chunk"]))
        same = ("hex", "size", "ext", "offset") if not row["complete"] else ("hex", "size", "ext", "offset", "data_len")
        cut += not row["complete"]
        if want is None or any(row[key] != want[key] for key in same):
            complaints.append(f"a segment is missing: {row}, in clear {want}")
    if rows != rows_of(tshark, "lost.pcapng", "-2"):
        complaints.append("a segment is missing: one pass and -2 differ")
    print(f"a segment missing in each: {len(rows)} rows, {cut} incomplete")
    return complaints if cut else [*complaints, "no row is incomplete where a segment is missing"]


def check(tshark, _given):
    if not shutil.which("openssl"):
        print("skipped: openssl makes the certificate; apt install openssl")
        sys.exit(77)
    complaints = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cert = folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=shapes", "-keyout", cert, "-out", folder / "crt.pem"],
                       check=True, capture_output=True)
        cert.write_bytes(cert.read_bytes() + (folder / "crt.pem").read_bytes())
        known = build(folder, cert)
        proxied(folder, cert)
        tshark.add([folder / name for name in ("clear.pcapng", "tls.pcapng", "lost.pcapng", "proxied.pcapng")])
    clear, inside = rows_of(tshark, "clear.pcapng"), rows_of(tshark, "tls.pcapng")
    if inside != rows_of(tshark, "tls.pcapng", "-2"):
        complaints.append("one pass and -2 differ")
    for stream, (shape, flights, frame_of) in known.items():
        want = [{k: v for k, v in row.items() if k not in UNLIKE} for row in clear if row["stream"] == stream]
        mine = [row for row in inside if row["stream"] == stream]
        have = [{k: v for k, v in row.items() if k not in UNLIKE} for row in mine]
        if want != have:
            differing = next(((a, b) for a, b in itertools.zip_longest(want, have) if a != b), None)
            complaints.append(f"{shape}: {len(want)} rows in clear, {len(have)} in TLS; {differing}")
            continue
        for row in mine:
            end = row["offset"] + row["header_len"] + row["data_len"] + 2
            if row["size"] == 0:
                end = row["offset"] + len(b"0\r\nT: x\r\n\r\n")
            records, frames = truth(flights, frame_of, (row["offset"], end))
            if [row["records"], row["frames"]] != [records, frames]:
                complaints.append(f"{shape} chunk {row['chunk']}: records {row['records']}, frames {row['frames']}; "
                                  f"should be {records}, {frames}")
                break
    complaints += check_lost(tshark, clear) + check_proxied(tshark)
    if framings(tshark, "clear.pcapng") != framings(tshark, "tls.pcapng"):
        complaints.append(f"messages without chunks: {framings(tshark, 'clear.pcapng')[:3]} "
                          f"and {framings(tshark, 'tls.pcapng')[:3]}")
    print(f"{len(known)} shapes, {len(inside)} rows, {len(framings(tshark, 'tls.pcapng'))} messages without chunks; "
          f"{len(complaints)} complaints")
    return complaints if inside else [*complaints, "no row"]


if __name__ == "__main__":
    os.umask(0o022)
    runner.main(check, __doc__)
