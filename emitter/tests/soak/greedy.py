# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that ask for much work or memory, alone and by the hundred: how long an honest client waits
meanwhile, what the server holds, whether the work ends with its client and with SIGTERM. Each bound is
checked, generously, since other jobs may load the machine.

usage: greedy.py SEAMARK [--short] [--sanitized] [--figures]

--figures: print what is measured and check no bound, such as for another build."""

import os
import signal
import sys
import time

from report import SMALL, bounded, say, sanitized, seamark, short
from served import Served, read_all, request, reset, wait_until

figures = "--figures" in sys.argv
COUNT = 20 if short else 100
WAIT = 60 if sanitized else 10    # s that an honest client waits at most
LONGEST = 60                      # s after which one gives up
MEMORY = 220 * 1024               # KiB: --max-memory, and what is not counted
MANY_PARTS = "/emit?writes=10000000&size=1&gap=0&framing=length&coding=gzip"
MOST_PARTS = "/emit?writes=1000000&size=16&gap=0&framing=length&coding=gzip"
LARGE_CODED = "/emit?writes=1000&size=16777216&gap=0&coding=gzip"
SILENT = "repeat 1000000 { " + "more on; " * 8 + "}"
FAR_END = "write line 8000000; repeat 1000000 { " + "write data 1; " * 8 + "}; write crlf"
LONG_PLAN = "write" + " 1" * 900 + ";"


def get(target, *fields):
    return ask("GET", target, *fields)


def ask(method, target, *fields):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode()


def post(plan, target="/emit?tag=none"):
    plan = plan.encode()
    return ask("POST", target, f"Content-Length: {len(plan)}") + plan


ATTACKS = {
    "one request of 10,000,000 parts": (1, get(MANY_PARTS)),
    "its HEAD": (1, ask("HEAD", MANY_PARTS)),
    "requests of 1,000,000 parts": (COUNT, get(MOST_PARTS)),
    "compressed writes of 16 MiB": (COUNT, get(LARGE_CODED)),
    "writes of 16 MiB": (COUNT, post("write 16777216")),
    "writes of 32 MiB, cut at random": (COUNT, get("/emit?writes=1000&size=16777216&gap=0&seed=1")),
    "8,000,000 statements without a write": (COUNT, post(SILENT)),
    "a chunk of 8,000,000 writes, tagged": (COUNT, post(FAR_END, "/emit")),
    "plans of 64 KiB": (COUNT, post((LONG_PLAN * 40)[:65000].rsplit(";", 1)[0])),
    "reports": (COUNT, get("/emit?writes=10000000&size=1&gap=0&report=ID")),
}


def honest(server, seconds):
    """The slowest of an honest client's answers, in s; asks at least once."""
    slowest, until = 0.0, time.monotonic() + seconds
    while True:
        begun = time.monotonic()
        with server.connect() as client:
            client.settimeout(LONGEST)
            client.sendall(request(SMALL, "Connection: close"))
            try:
                assert read_all(client).startswith(b"HTTP/1.1 200 "), "the honest client was not answered"
            except TimeoutError:
                return LONGEST
        slowest = max(slowest, time.monotonic() - begun)
        if time.monotonic() > until:
            return slowest


def start(server, count, wanted):
    clients = [server.connect() for _ in range(count)]
    for number, client in enumerate(clients):
        client.sendall(wanted.replace(b"ID", b"n%d" % number))
    return clients


def processor_time(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def when_idle(server):
    """s until it computes no more."""
    begun, last = time.monotonic(), processor_time(server)
    while True:
        time.sleep(0.3)
        now = processor_time(server)
        if now - last < 0.02:
            return time.monotonic() - begun - 0.3
        last = now
        if time.monotonic() - begun > LONGEST:
            return LONGEST


def statuses(clients):
    """What each was answered by now, and whether each refusal says when to ask again."""
    seen = {}
    for client in clients:
        client.settimeout(0.2)
        try:
            head = client.recv(2000)
        except OSError:
            head = b""
        status = head[9:12].decode() or "none yet"
        seen[status] = seen.get(status, 0) + 1
        assert status != "503" or b"\r\nRetry-After: " in head, head
    return seen


def within(value, limit, what):
    assert figures or value <= limit, f"{what}: {value:.1f}, {limit} at most"


def attack(name, count, wanted):
    options = ["--max-connections", "1000", "--quiet", "--grace", "200ms"]
    with Served(seamark, *options) as server:
        before, clients = server.memory(), start(server, count, wanted)
        waited = honest(server, 1 if short else 4)
        memory = server.memory("VmHWM") - before
        seen = statuses(clients)
    with Served(seamark, *options) as server:
        clients = start(server, count, wanted)
        time.sleep(0.1)
        begun, status = time.monotonic(), server.end(signal.SIGTERM)
        stopped = time.monotonic() - begun
    with Served(seamark, *options) as server:
        for client in start(server, count, wanted):
            client.close()
        left = when_idle(server)
        server.end()
    say(f"{count} {name}", f"an honest client waits {waited:.2f} s; memory + {memory / 1024:.0f} MiB; {left:.1f} s of work "
        f"after all have left; SIGTERM: {stopped:.2f} s; answers: "
        + ", ".join(f"{number} × {status}" for status, number in sorted(seen.items())))
    within(waited, WAIT, "s that an honest client waits")
    within(stopped, WAIT, "s until it has stopped")
    within(left, 2 * WAIT, "s of work for nobody")
    assert figures or status == 0
    if not figures:
        bounded(memory, MEMORY, "memory grows with what is asked for")


def silent_peers():
    """A plan may wait an hour: a peer that resets is noticed, one that closes its half has the idle timeout."""
    with Served(seamark, "--idle-timeout", "2s") as server:
        clients = start(server, 10, post("write 1; wait 3600s; write 1"))
        for client in clients:
            assert client.recv(100)
        for client in clients[:5]:
            reset(client)
        for client in clients[5:]:
            client.close()
        wait_until(lambda: server.sockets() < 10, "responses end whose clients have left")
        assert len(server.log("ended by the peer")) == 10, server.log()
    say("silent peers", "10 that left a plan's wait of an hour, 5 by a reset, 5 by closing: all let go")


def main():
    for name, (count, wanted) in ATTACKS.items():
        attack(name, count, wanted)
    if not figures:
        silent_peers()


try:
    main()
except AssertionError as failure:
    print(f"FAILED: {failure}")
    sys.exit(1)
