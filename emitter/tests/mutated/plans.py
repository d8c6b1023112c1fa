# SPDX-License-Identifier: GPL-2.0-or-later
"""Plans and queries of /emit that no one would write, random and mutated from right ones, against
`seamark serve`: it neither crashes nor hangs, each refusal is a 4xx (or a 503 that says when to ask
again) with a message, each whole chunked body is framed right, and an honest client is answered
meanwhile. The same seed makes the same cases.

usage: plans.py SEAMARK [--count N] [--seed N] [--sanitized]"""

import argparse
import collections
import os
import random
import re
import signal
import socket
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "soak"))
from served import Served, reset, wait_until  # noqa: E402

SMALL = b"GET /emit?writes=2&size=32&gap=0&framing=length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
MOST_READ, LONGEST_READ = 1 << 16, 0.1  # bytes, s: then the client leaves

SEEDS = [
    "write 10 5\nwait 1ms\nwrite \"abc\"\nrepeat 2 { write line 3 ; write data 3; write crlf }\n",
    "framing raw\nfield Transfer-Encoding \"chunked\"\nwrite \"5\\r\\nab\" # three are missing\nclose\n",
    "framing length; write 3 \"x\"; repeat 5 { write 2; repeat 2 { write 1 } }",
    "cork on; nodelay off; more on; write \"a\\x00\\xff\"; cork off; more off; write 5 last",
    "write line 6\nrepeat 3 { write data \"xy\" }\nwrite crlf line 1 data 1 crlf last\n",
    "repeat 8 { repeat 9 { wait 10us; write 1 } nodelay on }; reset",
    "framing close\nwrite 1000000\nwrite 16777216\n",
    "repeat 1000000 { more on; more off; wait 0 }; write line 2000 data 1; repeat 1999 { write data 1 } write crlf",
    "events sse\nevent 40; event name \"delta\" id \"7\" \"{\\\"a\\\":1}\"; comment \"ping\"; wait 1ms; event \"[DONE]\"",
    "framing close; events ndjson; repeat 3 { event 60; write event \"[1]\" event \"{}\" }", "events json-seq\nevent \"[1,\\n2]\" ; event 99",
    "# words only\n\n", "", "write " + "1 " * 999 + "1",
]
WORDS = ["write", "event", "events", "sse", "ndjson", "json-seq", "name", "id", "comment", "wait", "repeat", "framing", "chunked", "length", "close", "raw", "field", "Content-Length",
         "Transfer-Encoding", "nodelay", "cork", "more", "on", "off", "line", "data", "crlf", "last", "reset", "{", "}",
         ";", "\n", "#", "\"a\"", "\"\\x41\\r\\n\"", "\"", "\\", "1ms", "0", "10us", "3600s", "60s"]
NUMBERS = ["0", "1", "2", "3", "7", "16", "255", "1000", "1024", "65536", "1000000", "10000000", "16777216", "16777217",
           "17179869184", "4294967296", "18446744073709551616", "-1", "1e9", "00000000001", "9" * 40]
VALUES = {"writes": NUMBERS, "size": NUMBERS, "gap": ["0", "1us", "10ms", "60s", "61s", "1", "ms", "-1ms"],
          "framing": ["chunked", "length", "close", "raw", "x"], "http": ["1.0", "1.1", "2"], "tag": ["w", "none", "v"],
          "chunks-per-write": NUMBERS, "writes-per-chunk": NUMBERS, "split": ["none", "line", "parts"],
          "nodelay": ["0", "1", "2"], "cork": ["0", "1"], "more": ["0", "1"], "gather": ["0", "1"],
          "head": ["apart", "joined"], "seed": NUMBERS, "trailers": ["0", "1"], "sndbuf": NUMBERS,
          "cc": ["cubic", "reno", "bbr", "no-such", "%00"], "pacing": ["1000000000", *NUMBERS],
          "coding": ["none", "gzip", "deflate", "br", "zstd", "lzma"], "flush": ["each", "none", *NUMBERS],
          "events": ["none", "sse", "ndjson", "json-seq", "x"], "gap-seed": NUMBERS, "file": ["f", "none", "..", "", "%2e"],
          "plan": ["p", "none", "", "empty"], "report": ["a", "b", "x" * 65, ""]}


# Right, and much work: the honest client shows whether others wait for it.
GREEDY = ["writes=1000000&size=16&gap=0&framing=length&coding=gzip", "writes=1000&size=16777216&gap=0&coding=gzip",
          "writes=10000000&size=1&gap=0&framing=length&coding=deflate", "writes=1000&size=16777216&gap=0&seed=3",
          "size=16777216&gap=0&framing=length&file=f&coding=gzip", "writes=10000000&size=1&gap=0&report=r",
          "writes=10000000&size=60&gap=0&events=sse&coding=br&flush=none", "writes=100000&size=60&gap=0&framing=length&coding=zstd&events=ndjson"]


def random_plan(draw):
    return " ".join(draw.choice(NUMBERS if draw.random() < 0.3 else WORDS) for _ in range(draw.randint(0, 40)))


def statement(draw, depth=0):
    """One that is right by itself, mostly."""
    kind = draw.random()
    if kind < 0.5:
        return "write " + " ".join(draw.choice(["1", "3", "100", "70000", "\"ab\""]) for _ in range(draw.randint(1, 4)))
    if kind < 0.6:
        return f"write line {draw.randint(1, 5)}; write data {draw.randint(1, 5)} crlf"
    if kind < 0.7:
        return draw.choice(["wait 100us", "wait 0", "wait 1ms", "wait 1s"])
    if kind < 0.8 or depth == 9:
        return draw.choice(["nodelay", "cork", "more"]) + draw.choice([" on", " off"])
    if kind < 0.97:
        body = "; ".join(statement(draw, depth + 1) for _ in range(draw.randint(0, 3)))
        return f"repeat {draw.choice(['1', '2', '10', '1000', '1000000'])} {{ {body} }}"
    return draw.choice(["close", "reset", "write last"])


def mutated(draw, text):
    text = bytearray(text.encode())
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text) + 1)
        kind = draw.randrange(5)
        if kind == 0:
            text[at:at + 1] = bytes([draw.randrange(256)])
        elif kind == 1:
            del text[at:at + draw.randint(1, 8)]
        elif kind == 2:
            text[at:at] = f" {draw.choice(WORDS + NUMBERS)} ".encode()
        elif kind == 3:
            text[at:at] = text[draw.randrange(len(text) + 1):][:40]
        else:
            numbers = list(re.finditer(rb"\d+", text))
            if numbers:
                begin, end = draw.choice(numbers).span()
                text[begin:end] = draw.choice(NUMBERS).encode()
    return bytes(text)


def plan_of(draw):
    kind = draw.random()
    if kind < 0.3:
        return random_plan(draw).encode()
    if kind < 0.6:
        return "; ".join(statement(draw) for _ in range(draw.randint(0, 8))).encode()
    if kind < 0.62:
        return (statement(draw) + ";\n").encode() * draw.randint(1, 4000)
    return mutated(draw, draw.choice(SEEDS))


def query_of(draw, most):
    pairs = [f"{name}={draw.choice(VALUES[name])}" for name in draw.sample(sorted(VALUES), draw.randint(0, most))]
    return draw.choice("&?").join(pairs[:1]) + "".join("&" + pair for pair in pairs[1:])


def case_of(draw, folder):
    """The bytes of a request, and whether its response has no body."""
    kind = draw.random()
    version = "HTTP/1.0" if draw.random() < 0.1 else "HTTP/1.1"
    if kind < 0.6:
        plan, query = plan_of(draw), query_of(draw, 2) if draw.random() < 0.3 else ""
        head = f"POST /emit?{query} {version}\r\nHost: localhost\r\nContent-Length: {len(plan)}\r\n\r\n"
        return head.encode() + plan, False
    if kind < 0.75:
        with open(folder + "/p", "wb") as file:
            file.write(plan_of(draw))
        query = "plan=p&" + query_of(draw, 1)
    else:
        query = draw.choice(GREEDY) if draw.random() < 0.1 else query_of(draw, 6)
    head_only = draw.random() < 0.2
    return f"{'HEAD' if head_only else 'GET'} /emit?{query} {version}\r\nHost: localhost\r\n\r\n".encode(), head_only


def whole_chunks(body):
    """Whether a chunked body is whole; an assertion where it is wrong."""
    at = 0
    while True:
        end = body.find(b"\r\n", at)
        if end < 0:
            return False
        line = body[at:end]
        assert re.fullmatch(rb"[0-9a-f]+(;w=\d+(-\d+)?)?", line), f"size line {line}"
        size, at = int(line.split(b";")[0], 16), end + 2
        if size == 0:
            return b"\r\n" in body[at:]
        if len(body) < at + size + 2:
            return False
        assert body[at + size:at + size + 2] == b"\r\n", "no CRLF behind a chunk"
        at += size + 2


def read_some(client):
    """What comes within the bounds, and how it ended."""
    data, until = b"", time.monotonic() + LONGEST_READ
    while len(data) < MOST_READ:
        client.settimeout(max(0.001, until - time.monotonic()))
        try:
            part = client.recv(1 << 16)
        except TimeoutError:
            return data, "left"
        except ConnectionResetError:
            return data, "reset"
        if not part:
            return data, "closed"
        data += part
        head, separator, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if separator and length and len(body) >= int(length.group(1)):
            return data, "whole"
        if separator and data.endswith(b"\r\n\r\n") and b"\r\nTransfer-Encoding: chunked" in head:
            return data, "whole"
    return data, "left"


def judge(request, data, end, head_only):
    """The kind of an answer; an assertion where there may be none such."""
    if not data:
        assert end in ("left", "reset"), f"closed without an answer: {request[:300]}"
        return "none in time" if end == "left" else "reset"
    status = data[9:12].decode("latin-1")
    head, _, body = data.partition(b"\r\n\r\n")
    assert data.startswith(b"HTTP/1.") and re.fullmatch("200|4..|503", status), f"{request[:300]}: {data[:300]}"
    if status != "200":
        assert head_only or len(body) > 20, f"a refusal without a message: {request[:300]}: {data}"
        assert status != "503" or b"\r\nRetry-After: " in head, data
    elif b"\r\nTransfer-Encoding: chunked" in head and b"framing raw" not in request and b"plan=p" not in request \
            and not head_only:
        whole = whole_chunks(body)
        assert whole or end != "closed" or b"close" in request, f"cut, and not reset: {request[:300]}"
    return status


def honest(server):
    begin = time.monotonic()
    with server.connect() as client:
        client.sendall(SMALL)
        data = b""
        while part := client.recv(1 << 16):
            data += part
    assert data.startswith(b"HTTP/1.1 200 "), f"the honest client got {data[:100]}"
    return time.monotonic() - begin


def run(options, folder, server):
    draw, seen, slowest, undone = random.Random(options.seed), collections.Counter(), 0.0, []
    for number in range(options.count):
        request, head_only = case_of(draw, folder)
        client = server.connect()
        try:
            client.sendall(request)
        except OSError:
            pass
        seen[judge(request, *read_some(client), head_only)] += 1
        undone.append(client)  # some of those that are not read to the end stay for a while
        if len(undone) > 20:
            client = undone.pop(draw.randrange(len(undone)))
            reset(client) if draw.random() < 0.5 else client.close()
        if number % 50 == 0:
            slowest = max(slowest, honest(server))
            assert slowest < options.wait, f"an honest client waited {slowest:.1f} s at case {number}: {request[:300]}"
        assert server.process.poll() is None, f"the server ended at case {number}: {request[:300]}: {server.log()[-5:]}"
    for client in undone:
        reset(client)
    wait_until(lambda: server.sockets() < 10, "all connections are let go")
    return seen, max(slowest, honest(server))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seamark")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sanitized", action="store_true", help="slower, and its memory says nothing")
    options = parser.parse_args()
    options.wait = 30 if options.sanitized else 10
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/f", "wb") as file:
            file.write(random.Random(0).randbytes(300000))
        open(folder + "/empty", "wb").close()
        server_options = ["--files", folder, "--idle-timeout", "5s", "--grace", "200ms"]
        with Served(os.path.abspath(options.seamark), *server_options) as server:
            try:
                seen, slowest = run(options, folder, server)
            except socket.timeout as failure:
                raise AssertionError(f"a peer waits in vain: {server.log()[-5:]}") from failure
            memory = server.memory("VmHWM")
            assert options.sanitized or memory < 300 * 1024, f"{memory} KiB"
            assert server.end(signal.SIGTERM) == 0
            faults = [line for line in server.log() if re.search("Sanitizer|runtime error|a connection ended", line)]
            assert not faults, faults[:5]
    print(f"{options.count} plans and queries (seed {options.seed}): "
          + ", ".join(f"{count} × {kind}" for kind, count in sorted(seen.items()))
          + f"; an honest client waited {slowest:.2f} s at most; most memory {memory / 1024:.0f} MiB; "
          f"{time.monotonic() - begin:.0f} s")


try:
    main()
except AssertionError as failure:
    print(f"FAILED: {failure}")
    sys.exit(1)
