# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures in which every text that a peer or a recorder chooses is hostile: made from a seed.

One connection with a request and a chunked response; extensions, targets, reasons, field values, trailer
fields and the names in event records hold bytes that are no UTF-8, control characters of a terminal,
characters that turn the direction of writing, and what XML and JSON must escape. Some records are then
spoilt byte by byte.
"""

import random
import struct

import check_events as good

CLIENT, SERVER = (b"\xc0\x00\x02\x01", 50001), (b"\xc6\x33\x64\x50", 80)
OPTION, OPENED, CLOSED, TIMESTAMP = 5, 3, 4, 6
SEND_STATE, PROGRAM, CONGESTION, RECEIVE_STATE = 1, 2, 3, 4

# What a text may be made of. None of these ends a line of HTTP: CR and LF have a tape of their own.
TAPE = [b"\xff", b"\x1b[31m", b"\x1b]0;title\x07", b"\x00", b"\x7f", b"\x9b2J", "\u009b2J".encode(), b"\xc0\x80",
        b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", "\u202egpj".encode(), "\u2066".encode(), "\u2028".encode(),
        "\u2029".encode(), "\ufeff".encode(), "\uffff".encode(), "\U0001fffe".encode(), "\u061c".encode(), b"\x08\x08",
        b"\t", b"<a href=\"x\">&amp;]]>", b"\"\\", b"{\"a\":[", b"%s%n", b"'", "é".encode(), "\U0001f6a2".encode(),
        b"plain", b"bbr", b"w=1-1024"]
LINE_ENDS = [b"\n", b"\r", b"\r\n"]


def text(rng, most=6, tape=tuple(TAPE)):
    return b"".join(rng.choice(tape) for _ in range(rng.randint(1, most)))


def name(rng):
    """Of a congestion control or a program: any bytes, up to as many as a record has room for."""
    if rng.random() < 0.1:
        return rng.choice([b"x", "\u20ac".encode(), "\U0001f6a2".encode(), b"\x1b"]) * rng.randint(30, 4000)
    return text(rng, 12, tuple(TAPE + LINE_ENDS))


def exchange(rng):
    """(request, response), and where chunks of the response begin."""
    request = (b"GET /" + text(rng).replace(b"\x00", b"") + b" HTTP/1.1\r\nHost: " + text(rng) + b"\r\nX-"
               + str(rng.randint(0, 9)).encode() + b": " + text(rng) + b"\r\n\r\n")
    head = (b"HTTP/1.1 200 " + text(rng) + b"\r\nSeamark: tag=w; id=" + text(rng) +
            b"\r\nTransfer-Encoding: chunked\r\nServer: " + text(rng) + b"\r\n\r\n")
    body = b""
    for n in range(rng.randint(1, 4)):
        data = text(rng, 20)
        extension = rng.choice([b";w=%d" % (n + 2), b";" + text(rng), b";a=\"" + text(rng).replace(b'"', b"") + b'"',
                                b";" + text(rng) + b"=" + text(rng), b" " + text(rng)])
        body += b"%x" % len(data) + extension + b"\r\n" + data + b"\r\n"
    body += b"0;w=9\r\n" + (text(rng) + b": " + text(rng) + b"\r\n" if rng.random() < 0.7 else b"") + b"\r\n"
    return request, head + body


def tcp(source, target, seq, ack, flags, payload=b""):
    options = b"\x02\x04\x05\xb4" if flags & 2 else b""
    header = struct.pack(">HHIIBBHHH", source[1], target[1], seq, ack, (20 + len(options)) << 2, flags, 65000, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(options) + len(payload), 1, 0x4000, 64, 6, 0, source[0], target[0])
    return bytes(6) + b"\x02" + bytes(5) + b"\x08\x00" + ip + header + options + payload


def packets(rng, request, response):
    yield tcp(CLIENT, SERVER, 99, 0, 2)
    yield tcp(SERVER, CLIENT, 499, 100, 18)
    yield tcp(CLIENT, SERVER, 100, 500, 24, request)
    at = 0
    while at < len(response):
        end = min(len(response), at + rng.choice([20, 100, 1460]))
        yield tcp(SERVER, CLIENT, 500 + at, 100 + len(request), 24, response[at:end])
        at = end
    yield tcp(SERVER, CLIENT, 500 + len(response), 100 + len(request), 17)


def part(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def event(rng, kind, call, index, offset, taken, time, level=0, option=0):
    data = struct.pack(">BBHIQQQqqqiiIIIHBBHH", 1, kind, 84, rng.choice([8, 15, 24, 31]), index, offset,
                       rng.choice([taken, taken + 7, 2**64 - 1]), taken, time, time + rng.randint(0, 10**6),
                       rng.choice([0, 11, -1]), 5, 77, 78, 1, call, rng.randint(0, 3), rng.randint(0, 4), level, option)
    if rng.random() < 0.6:
        data += part(SEND_STATE, struct.pack(">16I", 10, rng.choice([0, 3, 10]), 1448, 65000, 400, 2000,
                                             rng.choice([0, 500]), 0, 3, 0, 4000, 87040, rng.choice([0, 1, 2**32 - 1]), 0, 0, 0))
    if rng.random() < 0.7:
        data += part(CONGESTION, name(rng))
    if rng.random() < 0.5:
        data += part(PROGRAM, name(rng))
    return spoilt(rng, data) if rng.random() < 0.2 else data


def spoilt(rng, data):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data[:rng.randint(60, len(data))] if rng.random() < 0.2 else data)


def capture(seed):
    """The pcapng file, as bytes: packets and events in order of time."""
    rng = random.Random(seed)
    request, response = exchange(rng)
    blocks = good.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in (1, 252):
        blocks += good.block(1, struct.pack("<HHI", link, 0, 0) + good.option(9, b"\x09") + bytes(4))
    time = 10**18 + seed * 10**10
    entries = [(time + 10**6 * n, good.packet(0, time + 10**6 * n, data))
               for n, data in enumerate(packets(rng, request, response))]
    calls = [(OPTION, 17, 0, 0, 0, 6, 13), (OPENED, 16, 0, 0, 0, 0, 0)]
    for kind, length in ((good.WRITE, len(response)), (good.READ, len(response))):
        at, index = 0, 1
        while at < length:
            size = min(length - at, rng.randint(1, 200))
            calls.append((kind, rng.randint(0, 22), index, at, size, 0, 0))
            at, index = at + size, index + 1
    calls += [(rng.choice([OPTION, CLOSED, TIMESTAMP, 200]), rng.randint(0, 22), 0, 0, 0, rng.randint(0, 7), rng.randint(0, 50))
              for _ in range(3)]
    for n, (kind, call, index, at, size, level, option) in enumerate(calls):
        ends = (CLIENT, SERVER) if kind == good.READ else (SERVER, CLIENT)
        when = time + 3 * 10**6 + n * 10**4
        data = good.tags(*ends) + event(rng, kind, call, index, at, size, when, level, option)
        entries.append((when, good.packet(1, when, data)))
    return blocks + b"".join(data for _, data in sorted(entries, key=lambda entry: entry[0]))
