# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated requests against `seamark serve` on loopback. Each connection's bytes are held against rules.py, which
reads RFC 9112 by itself: as many answers as there are requests that can be recognised, then at most one refusal, after
which the connection ends and nothing more is answered. Meanwhile honest clients must be served as ever; at the end
the server must stop with status 0 and have reported nothing (a sanitizer would).

usage: requests.py SEAMARK [--count N] [--seed N] [--only INDEX]

The same seed gives the same requests. Exit status 1, with the seed, the index and the bytes, at the first fault."""

import argparse
import collections
import os
import random
import re
import socket
import sys
import threading
import time

import rules
import shapes

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "soak"))
from served import Served, request  # noqa: E402

PATIENCE = 60  # s, for an answer on a busy machine
HONEST = "/emit?writes=2&size=16&gap=0&framing=length"
FAULTS = re.compile(r"ERROR: \w+Sanitizer|runtime error:|LeakSanitizer|Assertion")


class Fault(Exception):
    pass


def exchange(server, parts):
    """All that the server answers to the parts, read to its end."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as client:
        client.settimeout(PATIENCE)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for part in parts:
                client.sendall(part)
            client.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has been refused before its end
        received = []
        try:
            while part := client.recv(1 << 16):
                received.append(part)
        except socket.timeout:
            raise Fault(f"no end within {PATIENCE} s")
        except ConnectionResetError:
            raise Fault(f"a reset behind {b''.join(received)[-200:]!r}")
        return b"".join(received)


def one_answer(data, method):
    """(status, the Connection options, bytes of the first final answer in `data`)"""
    interim = 0
    while True:
        head, end, rest = data.partition(b"\r\n\r\n")
        line = re.match(rb"HTTP/1\.[01] ([0-9]{3}) [ -~]+\r\n", head + b"\r\n")
        if not end or not line:
            raise Fault(f"no head of an answer: {data[:200]!r}")
        if line[1][:1] != b"1":
            break
        interim, data = interim + len(head) + 4, rest
        if interim > 200:
            raise Fault("several interim answers")
    fields = {name.lower(): value for name, _, value in (row.partition(b": ") for row in head.split(b"\r\n")[1:])}
    size = len(rest)  # to the connection's end
    if method == b"HEAD":
        size = 0
    elif b"content-length" in fields:
        size = int(fields[b"content-length"])
    elif fields.get(b"transfer-encoding") == b"chunked":
        size = 0
        while True:
            match = re.compile(rb"([0-9a-f]+)[^\r\n]*\r\n").match(rest, size)
            if not match:
                raise Fault(f"no chunk: {rest[size:size + 50]!r}")
            size = match.end() + int(match[1], 16) + 2
            if match[1] == b"0":
                break
    if len(rest) < size:
        raise Fault(f"an answer of {len(rest)} bytes instead of {size}")
    said = {option.strip().lower() for option in fields.get(b"connection", b"").split(b",")}
    ends = b"close" in said or (head.startswith(b"HTTP/1.0") and b"keep-alive" not in said)
    return int(line[1]), ends, interim + len(head) + 4 + size


def hold(data, answers, tally):
    """Compares what came with what the rules say."""
    at, closed = 0, False
    for outcome in rules.read(data):
        if outcome.kind == "unsure":
            tally["not modelled"] += 1
            return
        if closed or (outcome.kind == "cut" and at == len(answers)):
            break
        if outcome.kind == "cut":
            if re.match(rb"HTTP/1\.1 100 Continue\r\n\r\n\Z", answers[at:]):
                return
            raise Fault(f"an answer to a request that is cut: {answers[at:at + 200]!r}")
        if at == len(answers):
            if outcome.or_cut:
                break
            raise Fault(f"no answer where {outcome} was to come, after {answers[-300:]!r}")
        status, closed, size = one_answer(answers[at:], outcome.method)
        at += size
        if outcome.kind == "answer":
            tally[f"answered {status // 100}xx"] += 1
            if status in (408, 413, 414, 417, 421, 431, 501, 505):
                raise Fault(f"{status} to a request that can be told: {outcome}")
            if outcome.closes and not closed:
                raise Fault(f"the connection stays behind {outcome}")
        else:
            tally[f"refused {status}"] += 1
            if status not in outcome.statuses or not closed:
                raise Fault(f"{status}, {'closing' if closed else 'not closing'}, where {outcome} was to come")
    if at < len(answers):
        raise Fault(f"more answers than the requests that can be told: {answers[at:at + 200]!r}")


class Run:
    def __init__(self, server, arguments):
        self.server, self.arguments, self.lock = server, arguments, threading.Lock()
        self.next, self.faults, self.tally, self.slowest = 0, [], collections.Counter(), 0.0
        self.honest = self.ask()

    def ask(self):
        begin = time.monotonic()
        answer = exchange(self.server, [request(HONEST, "Connection: close")])
        if not answer.startswith(b"HTTP/1.1 200 OK\r\n") or not answer.endswith(b"\r\n\r\n1 abcdefghijklm\n2 abcdefghijklm\n"):
            raise Fault(f"an honest client got {answer!r}")
        self.slowest = max(getattr(self, "slowest", 0), time.monotonic() - begin)
        return answer

    def case(self, index):
        source = random.Random(f"{self.arguments.seed}:{index}")
        kind, data = shapes.connection(source)
        tally = collections.Counter(["connections", f"connections: {kind}"])
        try:
            hold(data, exchange(self.server, shapes.pieces(source, data)), tally)
            if index % 25 == 0:
                self.ask()
                tally["honest clients"] += 1
        except (Fault, OSError) as fault:
            with self.lock:
                self.faults.append(f"seed {self.arguments.seed}, index {index} ({kind}): {fault}\n  sent: {data[:3000]!r}")
        with self.lock:
            self.tally.update(tally)

    def work(self):
        while not self.faults:
            with self.lock:
                index, self.next = self.next, self.next + 1
            if index >= self.arguments.count:
                return
            try:
                self.case(index)
            except Exception as trouble:  # of this program, which must not pass for a good end
                with self.lock:
                    self.faults.append(f"seed {self.arguments.seed}, index {index}: {trouble!r}")

    def all(self):
        if self.arguments.only is not None:
            return self.case(self.arguments.only)
        workers = [threading.Thread(target=self.work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()


def summary(run, arguments, seconds):
    """One line, for docs/figures.md."""
    def counted(begin):
        return sum(n for name, n in run.tally.items() if name.startswith(begin))
    refusals = sorted(((n, name.split()[1]) for name, n in run.tally.items() if name.startswith("refused ")), reverse=True)
    return (f"{run.tally['connections']} connections, seed {arguments.seed}: {counted('answered ')} requests answered, "
            f"{counted('refused ')} refused ({', '.join(f'{n} with {status}' for n, status in refusals)}), "
            f"{run.tally['not modelled']} beyond what is modelled; {run.tally['honest clients']} honest clients answered in "
            f"{run.slowest * 1000:.0f} ms at most; {len(run.faults)} failed; {seconds:.0f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seamark")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    arguments = parser.parse_args()
    os.environ.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    begin = time.monotonic()
    with Served(os.path.abspath(arguments.seamark)) as server:
        run = Run(server, arguments)
        run.all()
        alive = server.process.poll() is None
        status = server.end() if alive else server.process.returncode
        reports = [line for line in server.log() if FAULTS.search(line)]
    for name in sorted(run.tally):
        print(f"{name + ':':24} {run.tally[name]}")
    print(f"{'slowest honest client:':24} {run.slowest * 1000:.0f} ms; in all {time.monotonic() - begin:.0f} s")
    print(summary(run, arguments, time.monotonic() - begin))
    faults = run.faults + reports + ([] if alive else ["the server has ended"]) + \
        ([f"the server ended with status {status}"] if status else [])
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
