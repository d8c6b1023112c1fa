# SPDX-License-Identifier: GPL-2.0-or-later
"""The emitter as a server: fixed requests, one after another, and all that came of them: the bytes, the log,
the recorded calls, the exit status."""

import collections
import re
import resource
import signal
import socket
import subprocess
import time

from same_parts import albums, normal, recorded, requests
from same_parts.outputs import Job, Output

FULL = 6000  # bytes
LONGEST = 20  # seconds for an answer
TOGETHER = 25  # requests to one server
PLAN_TEXT = "write 10 5\nwait 1ms\nwrite \"abc\"\nrepeat 2 { write line 3 ; write data 3; write crlf }\n"
STARTED = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)/")


class Server:
    """A server of one side, in its own folder. Use as a context."""

    def __init__(self, side, *arguments, preexec_fn=None, events=None):
        self._preexec, self.hung = preexec_fn, 0
        self._folder = side.new_folder()
        (self._folder / "files").mkdir()
        (self._folder / "files" / requests.FILE).write_bytes(bytes(range(256)) * 9)
        (self._folder / "files" / requests.PLAN).write_text(PLAN_TEXT)
        self.events = events or self._folder / "events.pcapng"
        self._command = [str(side.seamark), "serve", "--port", "0", "--events", str(self.events), "--files",
                         str(self._folder / "files"), *arguments]

    def __enter__(self):
        self._log = (self._folder / "log").open("w+b")
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, cwd=self._folder,
                                         preexec_fn=self._preexec)
        line = self._process.stdout.readline()
        found = STARTED.search(line)
        if not found:
            self.stop()
            raise ValueError(f"{self._command[0]} serve said {line!r}")
        self.port, self._said = int(found[1]), line
        return self

    def signal(self, number):
        self._process.send_signal(number)

    def wait_for(self, text):
        """Until the log has this text; no longer than an answer may take."""
        until = time.monotonic() + LONGEST
        while text not in (self._folder / "log").read_bytes() and time.monotonic() < until:
            time.sleep(0.02)

    def stop(self):
        """(exit status, standard output, log); once."""
        self._process.send_signal(signal.SIGTERM)
        try:
            out = self._process.communicate(timeout=30)[0]
        except subprocess.TimeoutExpired:
            self._process.kill()
            out = self._process.communicate()[0] + b"killed: it did not stop"
        self._log.seek(0)
        return self._process.returncode, getattr(self, "_said", b"") + out, self._log.read()

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def answer(self, request):
        """(own port, all bytes that came until the server closed)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST) as peer:
            port, came = peer.getsockname()[1], b""
            try:
                peer.sendall(request)
                peer.shutdown(socket.SHUT_WR)
                while part := peer.recv(1 << 16):
                    came += part
            except ConnectionError as error:
                came += f"\n({type(error).__name__})".encode()
            except TimeoutError:
                came += b"\n(no end)"
                self.hung += 1
        return port, came


def outputs(side, batch, *arguments):
    made = []
    with Server(side, *arguments) as server:
        ports = {}
        for name, request in batch:
            if server.hung > 1:
                break
            port, came = server.answer(request)
            ports[port] = name
            made.append(Output("response", name, "", normal.emitter_output(came)))
        status, out, log = server.stop()
        events, others = recorded.read(server.events)
    lines = log.splitlines(keepends=True)
    logged = collections.defaultdict(bytes)
    for line in lines:
        port = re.match(rb"127\.0\.0\.1:(\d+) ", line)
        logged[ports.get(int(port[1]), "") if port else ""] += line
    calls = collections.defaultdict(list)
    for event in events:
        calls[next((ports[port] for port in event.ports if port in ports), "")].append(event)
    # How many bytes a report has depends on its times, and with them the calls and the log.
    for name in [*(name for name in ports.values() if not name.startswith("report")), ""]:
        subject = name or "of the server itself: " + batch[0][0]
        made.append(Output("log", subject, "", normal.emitter_output(logged[name])))
        made.append(Output("recorded calls", subject, "", "\n".join(recorded.lines(calls[name])).encode(), items=len(calls[name])))
    made.append(Output("exit status", "serve: " + batch[0][0], "", normal.emitter_output(f"{status}\n".encode() + out)))
    made.append(Output("record file", "serve: " + batch[0][0], "", "\n".join(others).encode()))
    return made


def without_numbers(text):
    return re.sub(rb"\d+", b"N", text)


def on_a_full_disk(side, batch):
    """The record ends at 6,000 bytes, wherever a write is then: nothing may be left of a broken block. How many
    events that are depends on how many were written at a time."""
    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))
    with Server(side, preexec_fn=limited) as server:
        answers = [server.answer(request)[1] for _, request in batch]
        status, out, log = server.stop()
        whole = server.events.stat().st_size == sum(12 + len(body) for _, body in albums.blocks(server.events.read_bytes()))
    said = without_numbers(normal.emitter_output(b"exit status %d\n%s%s" % (status, out, log)))
    return [Output("response", "on a full disk", "", normal.emitter_output(b"".join(answers)), items=len(batch)),
            Output("log", "on a full disk", "", said + (b"well-formed" if whole else b"broken"), unordered=True)]


def _job(name, batch, *arguments):
    return Job("emitter", name, lambda side: outputs(side, batch, *arguments), steady=False)


def jobs(seed, sample=1, count=200):
    every = [*requests.fixed(), *requests.seeded(seed, count)][::sample]
    made = [_job(f"requests {n + 1} to {min(n + TOGETHER, len(every))}", every[n:n + TOGETHER])
            for n in range(0, len(every), TOGETHER)]
    few = requests.seeded(seed + 1, 10)
    made.append(_job("recording the kernel's state", few, "--record", "state"))
    made.append(Job("emitter", "on a full disk", lambda side: on_a_full_disk(side, few), steady=False))
    made.append(_job("quietly, with time stamps", few[:5], "--record", "stamps", "--quiet"))
    return made
