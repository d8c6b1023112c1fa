# SPDX-License-Identifier: GPL-2.0-or-later
"""`./run soak kernel`: `seamark trace --kernel` against an io_uring server, one of another user, one in its
own namespaces, curl, Go and Caddy (where they are), many threads on one socket, the interposer at the same
time, and labs; and what it costs. As kernel.py, whose cases run first, it reads the files itself.

usage: [PLUGIN=SO] kernel_soak.py SEAMARK BUILD_DIR WORK [CASE...]; exit status 77 where the kernel cannot be recorded in."""

import collections
import http.server
import os
import shutil
import statistics
import subprocess
import sys
import threading

import events as recorded
import kernel
import kernel_programs
from kernel import AMBIGUOUS, IO_URING, READ, UNSEEN_WRITE, WRITE, Capture, Peer, Recorder, Skip, calls_of, hold, talk

TIMESTAMP = 6
BUILD = os.path.abspath(sys.argv[2])
RUNS = int(os.environ.get("RUNS", 15))


def uring(seamark, peer, work, mode):
    if b"io_uring" not in open(peer, "rb").read():
        raise Skip("kernel_peer was built without liburing")
    program = Peer(peer, mode, 50)
    recorder = Recorder(seamark, f"{work}/{mode}.pcapng", "--pid", str(program.process.pid))
    capture = Capture(program.port)
    talk(program.port, late=0.3)
    said = program.finish()
    assert recorder.process.wait(timeout=20) == 0
    capture.stop()
    calls = calls_of(recorder.path)
    names = collections.Counter(call.call for call in calls if call.kind == WRITE)
    assert names[IO_URING] == len(said["write"]), names
    return f"{hold(calls, capture, program.port, said)} events"


def case_uring(seamark, peer, work):
    """A server that sends and receives by io_uring."""
    return uring(seamark, peer, work, "uring")


def case_uring_thread(seamark, peer, work):
    """The same, by a thread of the kernel that polls the ring."""
    return uring(seamark, peer, work, "sqpoll")


def case_other_user(seamark, peer, work):
    """A daemon of another user."""
    program_file = work + "/kernel_peer"
    shutil.copy(peer, program_file)
    os.chmod(work, 0o755)
    drop = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "setsid")
    if subprocess.run([*drop, program_file], capture_output=True).returncode != 2:
        raise Skip(f"another user cannot run {program_file}: a folder above is not readable")
    recorder = Recorder(seamark, work + "/user.pcapng", "--comm", "kernel_peer")
    program = Peer(program_file, "calls", 20, prefix=drop)
    capture = Capture(program.port)
    talk(program.port)
    said = program.finish()
    capture.stop()
    return f"{hold(recorder.stop(), capture, program.port, said)} events"


INSIDE = """
import socket, subprocess, sys
program = subprocess.Popen([sys.argv[1], "calls", "20"], stdout=subprocess.PIPE, text=True)
port = int(program.stdout.readline())
with socket.create_connection(("127.0.0.1", port)) as client:
    client.sendall(b"x" + b"abc" * 50)
    while client.recv(65536):
        pass
print(port)
print(program.communicate()[0])
"""


def case_namespaces(seamark, peer, work):
    """A program in namespaces of its own, as in a container; its network is what is selected."""
    path = work + "/namespaces.pcapng"
    holder = subprocess.Popen(["unshare", "-n", "-m", "-p", "-i", "-u", "-f", "--mount-proc", "sh", "-c",
                               "ip link set lo up && echo ready && read line && exec /usr/bin/python3 -c \"$1\" \"$2\"",
                               "sh", INSIDE, peer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "ready\n"
    child = subprocess.run(["pgrep", "-P", str(holder.pid)], capture_output=True, text=True).stdout.split()[0]
    recorder = Recorder(seamark, path, "--netns", child)
    said_text = holder.communicate("go\n", timeout=60)[0].split("\n", 1)
    port, calls = int(said_text[0]), recorder.stop()
    said = [line.split() for line in said_text[1].split("\n") if line]
    for kind, name in ((WRITE, "write"), (READ, "read")):
        wanted = [int(size) for what, size in said if what == name]
        found = sorted((c for c in calls if c.kind == kind and c.index and c.source[1] == port), key=lambda c: c.index)
        assert [c.taken for c in found] == wanted, (name, wanted, [c.taken for c in found])
    # The client is in the same network: its reads are the server's writes.
    read = sum(c.taken for c in calls if c.kind == READ and c.source[1] != port)
    assert read == sum(c.taken for c in calls if c.kind == WRITE and c.source[1] == port)
    return f"{len(calls)} events"


def case_curl(seamark, peer, work):
    """A client: curl."""
    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for _ in range(50):
                self.wfile.write(b"20\r\n" + b"x" * 32 + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_):
            pass
    if not shutil.which("curl"):
        raise Skip("no curl")
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request).start()
        port, path = server.server_address[1], work + "/curl.pcapng"
        capture = Capture(port)
        body = subprocess.run([seamark, "trace", "--kernel", "--quiet", "-o", path, "--", "curl", "-s",
                               f"http://127.0.0.1:{port}/"], capture_output=True, check=True).stdout
        capture.stop()
    assert body == b"x" * 1600, body
    calls = calls_of(path)
    reads = [call for call in calls if call.kind == READ and call.index]
    first, length = capture.bytes_of(port)
    assert sum(call.taken for call in reads) == length and reads[0].sequence == first
    return f"{len(calls)} events, {length} bytes read"


def case_threads(seamark, peer, work):
    """Four threads send on one socket: what is joined is right, what is not certain is marked."""
    rounds = 20000
    recorder = Recorder(seamark, work + "/threads.pcapng", "--comm", "kernel_peer")
    program = Peer(peer, "threads", rounds)
    talk(program.port, size=1 << 20)
    program.finish()
    calls = recorder.stop()
    writes = sorted((c for c in calls if c.kind == WRITE and c.index), key=lambda c: c.index)
    assert len(writes) == 4 * rounds, len(writes)
    assert not [c for c in calls if c.kind == UNSEEN_WRITE]
    certain = [c for c in writes if not c.flags & AMBIGUOUS]
    total = sum(c.taken for c in writes)
    end = 0
    for call in sorted(certain, key=lambda c: c.offset):
        assert call.offset >= end, "two calls that are called certain overlap"
        end = call.offset + call.taken
    assert end <= total == 4 * sum(16 + i % 5 for i in range(rounds))
    return f"{len(writes)} sends, {len(writes) - len(certain)} not certain"


def moved(path):
    """What each connection's calls moved, {(kind, ends): [(index, …)]}; nothing was dropped."""
    found = collections.defaultdict(list)
    for call in calls_of(path):
        if call.kind in (WRITE, READ) and call.index:
            found[call.kind, call.source, call.peer].append((call.index, call.offset, call.asked, call.taken, call.process))
    for calls in found.values():
        calls.sort()
    return found


def by_both(seamark, work, name, command):
    """The interposer and the kernel recorder at one program: how many calls, and of how many connections, agree."""
    inside, below = f"{work}/{name}.inside.pcapng", f"{work}/{name}.below.pcapng"
    recorder = Recorder(seamark, below, "--comm", os.path.basename(command[0])[:15])
    subprocess.run([seamark, "trace", "--quiet", "-o", inside, "--", *command], check=True, stdout=subprocess.DEVNULL)
    recorder.stop()
    ours, theirs = moved(below), moved(inside)
    for key, calls in theirs.items():
        assert ours[key] == calls, (key, ours[key][:3], calls[:3])
    return sum(map(len, theirs.values())), len({key[1:] for key in theirs})


def case_both(seamark, peer, work):
    """Both recorders at one program that sends back to back: they agree call by call."""
    calls, _ = by_both(seamark, work, "both", [BUILD + "/emitter/trace/tests/trace_send_cost", "20000", "32"])
    return f"{calls} calls agree"


CROWD = r"""
import socket, sys
connections, rounds = int(sys.argv[1]), int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0), backlog=connections)
pairs = []
for _ in range(connections):
    client = socket.create_connection(listener.getsockname())
    pairs.append((client, listener.accept()[0]))
for i in range(rounds):
    for client, server in pairs:
        server.send(b"x" * (1 + i % 64))
    if i % 8 == 7:
        for client, server in pairs:
            client.recv(65536)
"""


def case_million(seamark, peer, work):
    """A million events of a hundred connections, by both recorders."""
    python = os.path.realpath("/usr/bin/python3")
    calls, ends = by_both(seamark, work, "million", [python, "-I", "-c", CROWD, "100", "10000"])
    for path in (f"{work}/million.inside.pcapng", f"{work}/million.below.pcapng"):
        os.unlink(path)
    assert calls >= 1_000_000 and ends == 200, (calls, ends)
    return f"{calls} calls of {ends // 2} connections agree, none dropped"


def case_ending(seamark, peer, work):
    """Processes that end before, while and after the recorder is attached to them."""
    results = collections.Counter()
    for late in range(40):
        program = subprocess.Popen(["/bin/sh", "-c", f"sleep {late * 0.01}"])
        ran = subprocess.run([seamark, "trace", "--kernel", "--quiet", "--pid", str(program.pid), "-o", work + "/e.pcapng"],
                             capture_output=True, text=True, timeout=20)
        program.wait()
        assert ran.returncode == 0 or "there is no process" in ran.stderr, ran
        results[ran.returncode] += 1
    gone = subprocess.Popen(["true"])
    gone.wait()
    ran = subprocess.run([seamark, "trace", "--kernel", "--pid", str(gone.pid)], capture_output=True, text=True, timeout=20)
    assert ran.returncode == 1 and "it has ended, or never was" in ran.stderr, ran
    return f"{results[0]} recorded until their end, {results[1]} had ended"


MULTIPATH = r"""
import socket
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
listener.bind(("127.0.0.1", 0))
listener.listen()
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
client.connect(listener.getsockname())
server = listener.accept()[0]
for _ in range(10):
    server.send(b"x" * 100)
    client.recv(100)
"""


def case_multipath(seamark, peer, work):
    """Calls on sockets of Multipath TCP are counted, and joined with nothing."""
    path = work + "/multipath.pcapng"
    ran = subprocess.run([seamark, "trace", "--kernel", "-o", path, "--", "/usr/bin/python3", "-I", "-c", MULTIPATH],
                         capture_output=True, text=True)
    if ran.returncode and "Protocol not supported" in ran.stderr:
        raise Skip("this kernel has no Multipath TCP")
    assert ran.returncode == 0 and "calls on sockets of Multipath TCP: not recorded" in ran.stderr, ran
    moved = [call for call in calls_of(path) if call.kind in (WRITE, READ) and call.index]
    assert not moved, moved
    return ran.stderr.strip().splitlines()[-1].removeprefix("seamark trace: ").split(":")[0]


def case_lab(seamark, peer, work):
    """A lab that is recorded in the kernel: what TCP sent again is what the capture has late, byte for byte."""
    path, again = work + "/loss.pcapng", []
    subprocess.run([seamark, "lab", "loss", "--kernel", "--quiet", "-o", path], check=True)
    reached = None
    for link, _, packet in recorded.packets(path):
        if link != 1 or packet[12:14] != b"\x08\x00" or packet[26:30] != bytes([192, 0, 2, 1]):
            continue
        tcp = 14 + (packet[14] & 15) * 4
        number, length = int.from_bytes(packet[tcp + 4:tcp + 8], "big"), int.from_bytes(packet[16:18], "big")
        length -= tcp - 14 + (packet[tcp + 12] >> 4) * 4
        if length == 0:
            continue
        if reached is not None and (number - reached) % (1 << 32) >= 1 << 31:
            again.append((number, length))
        else:
            reached = (number + length) % (1 << 32)
    said = [(call.sequence, call.taken) for call in calls_of(path) if call.kind == TIMESTAMP]
    assert sorted(said) == sorted(again) != [], (said, again)
    return f"{len(said)} segments sent again, as captured"


def cost(prefix):
    program = BUILD + "/emitter/trace/tests/trace_send_cost"
    out = subprocess.run([*prefix, program, "20000", "32"], capture_output=True, text=True, check=True).stdout.split()
    return float(out[1]), int(out[2])


def case_cost(seamark, peer, work):
    """CPU of a 32-byte send, and segments: medians of alternating runs, each held against the bare one next to it."""
    path = work + "/cost.pcapng"
    trace = [seamark, "trace", "--quiet", "-o", path]
    below = [*trace, "--kernel"]
    ways = {"bare": [], "interposer": [*trace, "--"], "interposer, state": [*trace, "--record", "state", "--"],
            "kernel": [*below, "--"], "kernel, state": [*below, "--record", "state", "--"]}
    if shutil.which("strace"):
        ways["strace"] = ["strace", "-qq", "-e", "trace=sendto", "-o", work + "/log"]
    figures = {way: [] for way in ways}
    for _ in range(RUNS):
        for way, prefix in ways.items():
            figures[way].append(cost(prefix))
    ratios = {}
    for way, rows in figures.items():
        ratios[way] = statistics.median(here[0] / there[0] for here, there in zip(rows, figures["bare"]))
        cpu, segments = (statistics.median(column) for column in zip(*rows))
        print(f"     {way:20} {cpu:6.2f} µs of CPU, {ratios[way]:.2f} times bare, {segments:.0f} segments")
    others = {"bare": [], "recorded": []}
    for _ in range(RUNS):
        others["bare"].append(other_calls(peer))
        recorder = Recorder(seamark, path, "--port", "1")
        others["recorded"].append(other_calls(peer))
        recorder.stop()
    print("     a getpid() of another program: " +
          ", ".join(f"{way} {statistics.median(times):.0f} ns" for way, times in others.items()))
    # Times of entry are recorded in all modes.
    assert ratios["kernel"] <= 2.5 and ratios["kernel, state"] <= min(2.5, ratios["interposer, state"]), ratios
    return f"load {os.getloadavg()[0]:.1f}; wanted: calls 1.6, state 2.0, with times of entry 2.5"


def other_calls(peer):
    """ns of CPU of a getpid() of a program that is not recorded."""
    return float(subprocess.run([peer, "getpid", "1000000"], capture_output=True, text=True, check=True).stdout)


LONG = [case_uring, case_uring_thread, case_other_user, case_namespaces, case_curl, *kernel_programs.CASES, case_threads,
        case_both, case_million, case_ending, case_multipath, case_lab, case_cost]


def main():
    seamark, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[3])
    peer = BUILD + "/emitter/trace/tests/kernel_peer"
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    if why := kernel.possible(seamark, work):
        print("skipped:", why)
        return 77
    wanted = sys.argv[4:]
    cases = [case for case in kernel.SHORT + LONG if not wanted or case.__name__.removeprefix("case_") in wanted]
    return 1 if kernel.run(cases, seamark, peer, work) else 0


if __name__ == "__main__":
    sys.exit(main())
