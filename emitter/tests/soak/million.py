# SPDX-License-Identifier: GPL-2.0-or-later
"""A million events from a hundred connections through both recorders at once: `seamark serve --events`,
itself run under `seamark trace`. Neither knows of the other, so what one lost or has wrong shows in the
other. Then very many connections, held and short, and SIGKILL for the tracer and for the traced server
in the middle of it.

usage: million.py SEAMARK [--short]        (--short: 20,000 events)"""

import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "trace"))
import events as recorded  # noqa: E402
from crowd import Crowd  # noqa: E402
from served import PATIENCE, Served, request  # noqa: E402

seamark, short = os.path.abspath(sys.argv[1]), "--short" in sys.argv
CONNECTIONS, WRITES = 100, 200 if short else 10000


class Traced(Served):
    """A recording server under the tracer; `server` is its process."""

    def __init__(self, folder):
        self.inside, self.outside = folder + "/serve.pcapng", folder + "/trace.pcapng"
        super().__init__(seamark, "--quiet", "--grace", "200ms", "--max-connections", "15000", "--events", self.inside,
                         prefix=[seamark, "trace", "-o", self.outside, "--"])
        children = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split()
        assert len(children) == 1, children
        self.server = int(children[0])

    def __exit__(self, *anything):
        try:
            os.kill(self.server, signal.SIGKILL)
        except ProcessLookupError:
            pass
        super().__exit__(*anything)


def read_from(clients, until=lambda total: False):
    """Reads from all until they end, or so much came. Bytes by client port."""
    poll, there, sums = select.epoll(), {client.fileno(): client for client in clients}, {}
    ports = {number: client.getsockname()[1] for number, client in there.items()}
    for client in clients:
        poll.register(client, select.EPOLLIN)
    end, room = time.monotonic() + 4 * PATIENCE, bytearray(1 << 20)
    while there and not until(sum(sums.values())):
        assert time.monotonic() < end, f"{len(there)} responses do not end"
        for number, _ in poll.poll(1):
            count = there[number].recv_into(room)
            sums[ports[number]] = sums.get(ports[number], 0) + count
            if count == 0:
                poll.unregister(number)
                del there[number]
    poll.close()
    return sums


def ask(server, target):
    clients = []
    for _ in range(CONNECTIONS):
        clients.append(server.connect())
        clients[-1].sendall(request(target, "Connection: close"))
    return clients


def writes_of(found):
    """{(client port, index): (offset, taken)} of the writes that took bytes."""
    return {(event.peer[1], event.index): (event.offset, event.taken)
            for event in found if event.kind == recorded.WRITE and event.index > 0}


def ordered(path):
    last = count = 0
    for _, at, _ in recorded.packets(path):
        assert at >= last, f"{path}: packet {count + 1} is earlier than the one before"
        last, count = at, count + 1
    return count


def hundred(folder, gap):
    with Traced(folder) as server:
        begin = time.monotonic()
        received = read_from(ask(server, f"/emit?writes={WRITES}&size=32&gap={gap}"))
        took = time.monotonic() - begin
        assert server.end() == 0, server.log()
        log = server.log()
    made = None
    for name, path in (("serve --events", server.inside), ("trace", server.outside)):
        ordered(path)
        found = list(recorded.events(path))
        end = found.pop()
        assert (end.kind, end.asked) == (recorded.END, len(found)), f"{path}: {end}"
        writes = writes_of(found)
        missing = CONNECTIONS * (WRITES + 2) - len(writes)  # head and last chunk are writes too
        print(f"  {name}: {len(found)} events, {end.taken} dropped and counted; {missing} of "
              f"{CONNECTIONS * (WRITES + 2)} writes are not in it", flush=True)
        assert (missing > 0) <= (end.taken > 0) and missing <= end.taken, f"lost and not counted: {log}"
        if end.taken == 0:
            sums = recorded.streams(found)
            for port, count in received.items():
                sent = sum(taken for (kind, _, peer), taken in sums.items()
                           if kind == recorded.WRITE and peer[1] == port)
                assert sent == count, f"port {port}: {count} bytes received, {sent} written"
        both = {key: value for key, value in writes.items() if made and made.get(key, value) != value}
        assert not both, f"the two recorders say different things of {len(both)} writes: {list(both.items())[:3]}"
        made = writes
    print(f"  in {took:.1f} s; the two agree on offset and size of each write", flush=True)
    if shutil.which("mergecap"):
        merged = folder + "/all.pcapng"
        subprocess.run(["mergecap", "-w", merged, server.inside, server.outside], check=True)
        print(f"  merged: {ordered(merged)} packets in order of time", flush=True)


def many(folder):
    """Held ones fill the table of connections, short ones use its places again."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held, short_ones = (100, 500) if short else (min(9000, hard - 100), 30000)
    target = "/emit?writes=2&size=32&gap=0&framing=length"
    with Traced(folder) as server:
        whole = server.get(target)
        crowd = Crowd(server, held)
        crowd.ask(target, whole.replace(b"Connection: close\r\n", b""))
        crowd.close()
        for _ in range(short_ones):
            assert server.get(target) == whole
        assert server.end() == 0, server.log()
    for name, path in (("serve --events", server.inside), ("trace", server.outside)):
        found = list(recorded.events(path))
        end, count = found.pop(), 1 + held + short_ones
        recorded.streams(found)
        opened = len({event.connection for event in found if event.kind == recorded.OPENED})
        closed = len({event.connection for event in found if event.kind == recorded.CLOSED})
        writes = sum(event.kind == recorded.WRITE and event.index > 0 for event in found)
        assert (opened, closed, writes, end.taken) == (count, count, 3 * count, 0), \
            f"{name}: {opened} opened, {closed} closed, {writes} writes of {count} connections, {end.taken} dropped"
    print(f"{held} connections at once, then {short_ones} short ones: both records have {count} opened and closed, "
          f"{writes} writes, none dropped", flush=True)


def killed(folder, who):
    with Traced(folder) as server:
        clients = ask(server, "/emit?writes=10000000&size=32&gap=0")
        read_from(clients, lambda total: total > CONNECTIONS * WRITES * 40 and all(
            os.path.getsize(path) > 100000 for path in (server.inside, server.outside)))
        os.kill(server.process.pid if who == "tracer" else server.server, signal.SIGKILL)
        if who == "tracer":
            server.process.wait(PATIENCE)
            read_from(clients, lambda total: total > CONNECTIONS * 4000)  # the server goes on
            os.kill(server.server, signal.SIGTERM)
            while os.path.exists(f"/proc/{server.server}/fd/1"):
                time.sleep(0.02)
        else:
            assert server.process.wait(PATIENCE) == 128 + signal.SIGKILL
        for client in clients:
            client.close()
        said = []
        for name, path, whole in (("serve --events", server.inside, who == "tracer"),
                                  ("trace", server.outside, who != "tracer")):
            found = list(recorded.events(path))  # raises if a block is not whole
            ended = found[-1].kind == recorded.END
            assert ended == whole, f"{name}: end record: {ended}"
            said.append(f"{name}: {len(found)} events" + (f", {found[-1].taken} dropped" if ended else ", no end record"))
            if ended and found[-1].taken == 0:
                recorded.streams(found, killed=CONNECTIONS)
        print(f"SIGKILL of the {who}: " + "; ".join(said) + "; each block whole", flush=True)


if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
with tempfile.TemporaryDirectory() as work:
    for pause in ("0",) if short else ("0", "5ms"):
        print(f"{CONNECTIONS} connections, {WRITES} writes of 32 bytes each, gap={pause}", flush=True)
        hundred(work, pause)
    many(work)
    killed(work, "tracer")
    killed(work, "traced server")
