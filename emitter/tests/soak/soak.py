# SPDX-License-Identifier: GPL-2.0-or-later
"""What `seamark serve` stands: a crowd of connections, and misbehaving clients. Each line that is
printed was checked; the first that fails ends it with status 1. All on loopback.

usage: soak.py SEAMARK [--short] [--sanitized]

--short: some hundred connections, half a minute. --sanitized: its memory is not what it would be."""

import os
import resource
import signal
import sys
import tempfile

from bad_peers import bombs, half_open, injection, resets, slow_readers, slowloris, vanished
from crowd import Crowd
from hard_ends import full_disk, stopped
from probe import Probe
from report import CLOSE, SMALL, bounded, say, seamark, short
from served import Served, wait_until


def crowd(server):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wanted = 300 if short else 10000
    held = min(wanted, hard - 100)
    before = server.memory()
    everyone = Crowd(server, held)
    whole = server.get(SMALL).replace(CLOSE, b"")
    rounds = 3
    for _ in range(rounds):
        everyone.ask(SMALL, whole)
    grown = server.memory() - before
    say("crowd", f"{held} keep-alive connections at once, {rounds * held} responses, each as it should be; memory "
        f"{before / 1024:.1f} MiB + {grown * 1024 / held / 1000:.1f} KB a connection"
        + ("" if held == wanted else f" ({wanted} wanted; this process may open {hard} files)"))
    bounded(grown, held * 12 + 1024, "an idle connection costs too much")
    return everyone


def main():
    options = ["--max-connections", "100000", "--idle-timeout"]
    with tempfile.TemporaryDirectory() as files, Served(seamark, *options, "3600s", "--files", files) as server:
        with open(files + "/own.txt", "w") as own:
            own.write("a file of the server's own\n")
        os.symlink("/etc/passwd", files + "/link-out")
        assert b"a file of the server's own" in server.get("/emit?file=own.txt&framing=length")
        everyone = crowd(server)
        with Probe(server, SMALL):
            for phase in (slow_readers, resets, half_open, bombs, injection):
                phase(server)
        everyone.ask(SMALL, server.get(SMALL).replace(CLOSE, b""))
        held = len(everyone.clients)
        say("crowd", f"all {held} still there and answered; most memory ever {server.memory('VmHWM') / 1024:.1f} MiB")
        everyone.close()
        wait_until(lambda: server.sockets() < 10, "closed connections are let go")
        assert server.end() == 0
    with Served(seamark, *options, "3s") as server, Probe(server, SMALL):
        slowloris(server)
        vanished(server)
    full_disk()
    stopped(signal.SIGTERM)
    stopped(signal.SIGKILL)


try:
    main()
except AssertionError as failure:
    print(f"FAILED: {failure}")
    sys.exit(1)
