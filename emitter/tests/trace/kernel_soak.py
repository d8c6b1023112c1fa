# SPDX-License-Identifier: GPL-2.0-or-later
"""`./run soak kernel`: `seamark trace --kernel` against an io_uring server, one of another user, one in its
own namespaces, curl, Go (where its compiler is), many threads on one socket, and the interposer at the same
time; and what it costs. As kernel.py, whose cases run first, it reads the files itself.

usage: kernel_soak.py SEAMARK BUILD_DIR WORK [CASE...]; exit status 77 where the kernel cannot be recorded in."""

import collections
import http.server
import os
import shutil
import statistics
import subprocess
import sys
import threading

import kernel
from kernel import AMBIGUOUS, IO_URING, READ, UNSEEN_WRITE, WRITE, Capture, Peer, Recorder, Skip, calls_of, hold, talk

BUILD = os.path.abspath(sys.argv[2])
RUNS = int(os.environ.get("RUNS", 9))


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


GO = r"""
package main
import ("fmt"; "net")
func main() {
    listener, _ := net.Listen("tcp", "127.0.0.1:0")
    fmt.Println(listener.Addr().(*net.TCPAddr).Port)
    peer, _ := listener.Accept()
    data := make([]byte, 65536)
    read := func() bool { n, err := peer.Read(data); if n > 0 { fmt.Println("read", n) }; return err == nil }
    read()
    for i := 1; i <= 500; i++ { n, _ := peer.Write(data[:i]); fmt.Println("write", n) }
    peer.(*net.TCPConn).CloseWrite()
    for read() {}
}
"""


def case_go(seamark, peer, work):
    """A static Go server."""
    compiler = shutil.which("go", path=os.environ["PATH"] + ":/usr/lib/go/bin:/usr/lib/go-1.19/bin")
    if not compiler:
        raise Skip("no Go compiler (golang-go)")
    open(work + "/server.go", "w").write(GO)
    subprocess.run([compiler, "build", "-o", work + "/go_server", work + "/server.go"], check=True,
                   env={**os.environ, "CGO_ENABLED": "0", "GOCACHE": work + "/gocache", "GO111MODULE": "off"})
    recorder = Recorder(seamark, work + "/go.pcapng", "--comm", "go_server", "--record", "state")
    program = subprocess.Popen([work + "/go_server"], stdout=subprocess.PIPE, text=True)
    port = int(program.stdout.readline())
    capture = Capture(port)
    talk(port)
    lines = [line.split() for line in program.communicate(timeout=60)[0].splitlines()]
    capture.stop()
    said = {name: [int(size) for what, size in lines if what == name] for name in ("write", "read")}
    return f"{hold(recorder.stop(), capture, port, said)} events"


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


def case_both(seamark, peer, work):
    """The interposer and the kernel recorder at one program: they agree call by call."""
    sends, at_once = 20000, BUILD + "/emitter/trace/tests/trace_send_cost"
    inside, below = work + "/inside.pcapng", work + "/below.pcapng"
    recorder = Recorder(seamark, below, "--comm", "trace_send_cost")
    subprocess.run([seamark, "trace", "--quiet", "-o", inside, "--", at_once, str(sends), "32"], check=True,
                   stdout=subprocess.DEVNULL)
    kernel_calls, library_calls = recorder.stop(), calls_of(inside)

    def moved(calls):
        found = collections.defaultdict(list)
        for call in sorted((c for c in calls if c.kind in (WRITE, READ) and c.index), key=lambda c: c.index):
            found[call.kind, call.source, call.peer].append((call.index, call.offset, call.asked, call.taken,
                                                             call.process))
        return found
    ours, theirs = moved(kernel_calls), moved(library_calls)
    for key, calls in theirs.items():
        assert ours[key] == calls, (key, ours[key][:3], calls[:3])
    return f"{sum(map(len, theirs.values()))} calls agree"


def cost(prefix):
    program = BUILD + "/emitter/trace/tests/trace_send_cost"
    out = subprocess.run([*prefix, program, "20000", "32"], capture_output=True, text=True, check=True).stdout.split()
    return float(out[1]), int(out[2])


OTHERS = r"""
import ctypes, time, os
call = ctypes.CDLL(None).syscall
n = 300000
begin = time.process_time_ns()
for i in range(n): call(39)
print((time.process_time_ns() - begin) / n)
"""


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
    for _ in range(3):
        others["bare"].append(other_calls())
        recorder = Recorder(seamark, path, "--port", "1")
        others["recorded"].append(other_calls())
        recorder.stop()
    print("     a getpid() of another program: " +
          ", ".join(f"{way} {statistics.median(times):.0f} ns" for way, times in others.items()))
    # Times of entry are recorded in all modes.
    assert ratios["kernel"] <= 2.5 and ratios["kernel, state"] <= 2.5, ratios
    return f"load {os.getloadavg()[0]:.1f}; wanted: calls 1.6, state 2.0, with times of entry 2.5"


def other_calls():
    return float(subprocess.run(["/usr/bin/python3", "-c", OTHERS], capture_output=True, text=True, check=True).stdout)


LONG = [case_uring, case_uring_thread, case_other_user, case_namespaces, case_curl, case_go, case_threads, case_both,
        case_cost]


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
