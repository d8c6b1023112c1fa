# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark trace --kernel` against programs that no library can be put under: what is recorded is what the
program says of its own calls, and, by sequence number, what was captured. The capture is taken here, from
AF_PACKET, and both files are read here, without the plugin.

usage: kernel.py SEAMARK PEER WORK [CASE...]; without a case the short ones. PEER: kernel_peer. Exit status 77
where this system does not let us record in its kernel: as the message says."""

import atexit
import collections
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import events as recorded  # noqa: E402
from events import AMBIGUOUS, CLOSED, END, OFFSET_KNOWN, OPENED, OPTION, READ, WRITE  # noqa: E402

Call = collections.namedtuple("Call", "time kind flags index offset asked taken left process thread call source peer "
                                      "sequence state")
UNSEEN_WRITE, UNSEEN_READ = 10, 11
SEND_STATE, SEQUENCE = 1, 5
IO_URING = 26
WRAP = 1 << 32
SO_TIMESTAMPNS = 35
TOOLS = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def calls_of(path):
    """Each event of a file; the end record, which has to be there, is left out."""
    found, ended = [], None
    for _, tags, record in recorded.records(path):
        (_, kind, fixed, flags, index, offset, asked, taken, entered, left, _, _, process, thread, _,
         call) = struct.unpack_from(recorded.FIXED, record)
        if kind == END:
            ended = taken
            continue
        optional = {tag: value for tag, value, _ in recorded.fields(record, fixed)}
        sequence = optional.get(SEQUENCE)
        found.append(Call(entered, kind, flags, index, offset, asked, taken, left, process, thread, call,
                          *recorded.ends(tags), sequence and struct.unpack(">I", sequence)[0], optional.get(SEND_STATE)))
    assert ended is not None, f"{path} has no end record"
    assert ended == 0, f"{path}: {ended} events were dropped"
    return found


class Capture:
    """Packets of one port on the loopback of this network namespace, from its making until stop()."""

    def __init__(self, port):
        self.port, self.segments, self.stopping = port, [], False
        self.between, self.frames = [], []  # (source, target, sequence, length), (time, bytes)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 28)  # SO_RCVBUFFORCE
        self.socket.bind(("lo", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.settimeout(0.05)
        self.thread = threading.Thread(target=self.take, daemon=True)
        self.thread.start()

    def take(self):
        while True:
            try:
                data, beside, _, (_, _, kind, _, _) = self.socket.recvmsg(1 << 17, 64)
            except TimeoutError:
                if self.stopping:
                    return
                continue
            if kind == 4 or data[23] != 6:  # on its way out: the loopback shows it a second time, as it arrives
                continue
            tcp = 14 + (data[14] & 15) * 4
            source, target, sequence = struct.unpack_from(">HHI", data, tcp)
            length = struct.unpack_from(">H", data, 16)[0] - (data[14] & 15) * 4 - (data[tcp + 12] >> 4) * 4
            if self.port in (source, target):
                self.segments.append((source, sequence, length, data[tcp + 13]))
                self.between.append((source, target, sequence, length))
                seconds, rest = next(struct.unpack("qq", value) for _, what, value in beside if what == SO_TIMESTAMPNS)
                self.frames.append((seconds * 10**9 + rest, data))

    def stop(self):
        self.stopping = True
        self.thread.join()
        lost = struct.unpack("II", self.socket.getsockopt(263, 6, 8))[1]  # PACKET_STATISTICS
        assert lost == 0, f"the capture lost {lost} packets"
        self.socket.close()

    def save(self, path):
        """A pcap with times in ns."""
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHIIII", 0xa1b23c4d, 2, 4, 0, 0, 1 << 18, 1))
            for at, data in self.frames:
                file.write(struct.pack("<IIII", at // 10**9, at % 10**9, len(data), len(data)) + data)

    def bytes_of(self, port):
        """(first sequence number, how many) of the bytes that this port sent. There is no gap."""
        parts = [(sequence, length) for source, sequence, length, _ in self.segments
                 if source == port and length > 0]
        if not parts:
            return 0, 0
        first = parts[0][0]
        ranges = sorted(((sequence - first + WRAP // 2) % WRAP - WRAP // 2, length) for sequence, length in parts)
        begin = end = ranges[0][0]
        for at, length in ranges:
            assert at <= end, f"the capture has a gap of {at - end} bytes"
            end = max(end, at + length)
        return (first + begin) % WRAP, end - begin


class Peer:
    """The program: its port, and after finish() what it says of its calls."""

    def __init__(self, program, mode, rounds, prefix=()):
        self.process = subprocess.Popen([*prefix, program, mode, str(rounds)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def finish(self):
        text = self.process.communicate(timeout=60)[0]
        if self.process.returncode == 77:
            raise Skip("the kernel refuses io_uring")
        assert self.process.returncode == 0, f"the program ended with {self.process.returncode}"
        said = [line.split() for line in text.splitlines()]
        return {kind: [int(size) for name, size in said if name == kind] for kind in ("write", "read", "unseen")}


class Skip(Exception):
    pass


class Recorder:
    """seamark trace --kernel, from when it records until stop()."""

    def __init__(self, seamark, path, *options):
        self.path = path
        self.process = subprocess.Popen([seamark, "trace", "--kernel", "-o", path, *options],
                                        stderr=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)  # a case that fails must not leave a recorder running
        line = self.process.stderr.readline()
        assert "recording" in line, line + self.process.stderr.read()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.said = self.process.communicate(timeout=60)[1]
        assert self.process.returncode == 0, self.said
        return calls_of(self.path)


def talk(port, late=0.0, size=65536, parts=(b"abc" * 50,), first=b"x"):
    """Is the client: a byte, then these parts, each so many seconds later, and reads until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(first)
        for part in parts:
            time.sleep(late)
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
        while client.recv(size):
            pass


def hold(calls, capture, port, said, from_begin=True):
    """Each call of the program stands in the record, with the bytes that the capture has there."""
    for kind, name, carrier in ((WRITE, "write", port), (READ, "read", None)):
        moved = sorted((call for call in calls if call.kind == kind and call.index > 0 and call.source[1] == port),
                       key=lambda call: call.index)
        assert [call.taken for call in moved] == said[name], f"{name}s: {[c.taken for c in moved]}\n{said[name]}"
        if not moved:
            continue
        first, length = capture.bytes_of(carrier or moved[0].peer[1])
        at = first
        for call in moved:
            assert not call.flags & AMBIGUOUS, call
            assert call.sequence == at, f"{name} {call.index} at {call.sequence}, not {at}"
            assert bool(call.flags & OFFSET_KNOWN) == from_begin, call
            assert not from_begin or call.offset == (at - first) % WRAP, call
            assert call.time <= call.left and call.asked >= call.taken, call
            at = (at + call.taken) % WRAP
        assert (at - first) % WRAP == length, f"{name}s: {(at - first) % WRAP} bytes recorded, {length} captured"
    return len(calls)


def case_static(seamark, peer, work):
    """A static program, all calls, recorded from its start."""
    recorder = Recorder(seamark, work + "/static.pcapng", "--comm", "kernel_peer", "--record", "state")
    program = Peer(peer, "calls", 40)
    capture = Capture(program.port)
    talk(program.port)
    said = program.finish()
    capture.stop()
    calls = recorder.stop()
    assert {call.kind for call in calls} >= {OPENED, CLOSED}, {call.kind for call in calls}
    assert all(call.state and len(call.state) == 64 for call in calls if call.kind == WRITE and call.index)
    count = hold(calls, capture, program.port, said)
    # The option that is set between two writes is found.
    assert any(call.kind == OPTION for call in calls)
    return f"{count} events, {sum(said['write'])} bytes written"


def case_command(seamark, peer, work):
    """The program is the command; its output is its own."""
    path = work + "/command.pcapng"
    program = Peer(peer, "calls", 20, prefix=(seamark, "trace", "--kernel", "--quiet", "-o", path, "--"))
    capture = Capture(program.port)
    talk(program.port)
    said = program.finish()
    capture.stop()
    calls = calls_of(path)
    assert {call.source[1] for call in calls} == {program.port}, "a process that is not the command's was recorded"
    return f"{hold(calls, capture, program.port, said)} events"


def case_running(seamark, peer, work):
    """The program, and its connection, are there before the recorder. It is left as it was."""
    before = bpf_programs()
    program = Peer(peer, "calls", 20)
    capture = Capture(program.port)
    with socket.create_connection(("127.0.0.1", program.port)) as client:
        time.sleep(0.2)
        recorder = Recorder(seamark, work + "/running.pcapng", "--pid", str(program.process.pid))
        client.settimeout(60)
        client.sendall(b"x" + b"abc" * 50)
        client.shutdown(socket.SHUT_WR)
        while client.recv(1 << 20):
            pass
    said = program.finish()
    # It ends by itself: the process that was named is gone.
    assert recorder.process.wait(timeout=20) == 0
    capture.stop()
    count = hold(calls_of(recorder.path), capture, program.port, said, from_begin=False)
    assert_gone(before)
    return f"{count} events"


def case_killed(seamark, peer, work):
    """A recorder that is killed leaves nothing in the kernel, and the program goes on."""
    before = bpf_programs()
    program = Peer(peer, "calls", 3)
    recorder = Recorder(seamark, work + "/killed.pcapng", "--pid", str(program.process.pid))
    assert not shutil.which("bpftool", path=TOOLS) or bpf_programs() - before
    recorder.process.kill()
    recorder.process.wait()
    assert_gone(before)
    talk(program.port)
    program.finish()
    return "nothing left"


def bpf_programs():
    """Numbers of our programs in the kernel."""
    tool = shutil.which("bpftool", path=TOOLS)
    if not tool:
        return set()
    text = subprocess.run([tool, "prog", "list"], capture_output=True, text=True, check=True).stdout
    return {line.split(":")[0] for line in text.splitlines() if " on_send " in line or " on_enter " in line}


def assert_gone(before):
    """The kernel frees them some time after their last user."""
    deadline = time.monotonic() + 30
    while bpf_programs() - before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not bpf_programs() - before, "something was left in the kernel"


def case_splice(seamark, peer, work):
    """Bytes that splice takes out of a socket are those of no recorded call, and later reads are right."""
    recorder = Recorder(seamark, work + "/splice.pcapng", "--comm", "kernel_peer")
    program = Peer(peer, "splice", 1)
    talk(program.port, late=0.2, parts=(b"0123456789" * 30, b"abcdefghij" * 5))
    said = program.finish()
    calls = recorder.stop()
    assert said["unseen"], "splice took nothing"
    unseen = [call for call in calls if call.kind == UNSEEN_READ]
    reads = [call for call in calls if call.kind == READ and call.index]
    assert [call.taken for call in reads] == said["read"], (reads, said)
    assert sum(said["read"]) + sum(said["unseen"]) == 351, said
    assert [call.taken for call in unseen] == said["unseen"], (unseen, said)
    return f"{said['unseen']} unseen"


def case_refusals(seamark, peer, work):
    """What cannot be is refused, with what works instead."""
    def say(wanted, *options, prefix=()):
        ran = subprocess.run([*prefix, seamark, "trace", "--kernel", *options], capture_output=True, text=True)
        assert ran.returncode != 0 and all(word in ran.stderr for word in wanted), (options, ran.stderr)
    say(["no process 4194304"], "--pid", "4194304")
    say(["--port", "65536"], "--port", "65536")
    say(["--comm"], "--comm", "x" * 16)
    say(["--comm", "write --"], "--comm", "peer", peer)
    say(["--netns", "no network namespace"], "--netns", "/nonexistent")
    say(["--netns"], "--netns", "4194304")
    say(["/nonexistent is not a program"], "--", "/nonexistent")
    if os.access(seamark, os.X_OK) and shutil.which("setpriv"):
        drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*drop, seamark, "--version"], capture_output=True).returncode == 0:
            say(["CAP_BPF", "sudo", "import strace"], "-o", "/dev/null", prefix=drop)
    return "refused"


SHORT = [case_static, case_command, case_running, case_killed, case_splice, case_refusals]


def possible(seamark, work):
    """Why the kernel cannot be recorded in, as seamark says; empty where it can."""
    ran = subprocess.run([seamark, "trace", "--kernel", "--quiet", "-o", work + "/try.pcapng", "--", "true"],
                         capture_output=True, text=True)
    return "" if ran.returncode == 0 else ran.stderr.strip()


def run(cases, seamark, peer, work):
    failed = 0
    for case in cases:
        name = case.__name__.removeprefix("case_")
        try:
            print(f"ok   {name}: {case(seamark, peer, work)}", flush=True)
        except Skip as why:
            print(f"skip {name}: {why}", flush=True)
        except Exception as error:  # also of a program or a record that is not as a case reads it: others still run
            failed += 1
            what = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
            print(f"FAIL {name}: {what}{error}", flush=True)
    return failed


def main():
    seamark, peer, work = map(os.path.abspath, sys.argv[1:4])
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    if why := possible(seamark, work):
        print("skipped:", why)
        return 77
    wanted = sys.argv[4:]
    cases = [case for case in SHORT if not wanted or case.__name__.removeprefix("case_") in wanted]
    return 1 if run(cases, seamark, peer, work) else 0


if __name__ == "__main__":
    sys.exit(main())
