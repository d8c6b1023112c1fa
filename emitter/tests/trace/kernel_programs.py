# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of kernel_soak.py: programs that no library can be put under (Go, static and not, Caddy), as servers and
as clients; what is recorded of them is held against what they say, against strace where they say nothing, and
against packets; and, where a plugin is given, what the plugin joins against an independent reader."""

import collections
import http.client
import http.server
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

import joined
from kernel import OFFSET_KNOWN, READ, WRITE, WRAP, Capture, Recorder, Skip, calls_of, hold, talk

PLUGIN = os.environ.get("PLUGIN")
GO_PATHS = os.environ["PATH"] + ":/usr/lib/go/bin:/usr/lib/go-1.19/bin"

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GO_SERVER = r"""
package main
IMPORT
import ("fmt"; "net"; "strings")
func main() {
    listener, _ := net.Listen("tcp", "127.0.0.1:0")
    fmt.Println(listener.Addr().(*net.TCPAddr).Port)
    peer, _ := listener.Accept()
    data := make([]byte, 65536)
    read := func() bool { n, err := peer.Read(data); if n > 0 { fmt.Println("read", n) }; return err == nil }
    read()
    write := func(text string) { n, _ := peer.Write([]byte(text)); fmt.Println("write", n) }
    write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for i := 1; i <= 500; i++ { write(fmt.Sprintf("%x\r\n%s\r\n", i, strings.Repeat("x", i))) }
    write("0\r\n\r\n")
    peer.(*net.TCPConn).CloseWrite()
    for read() {}
}
"""
GO_CLIENT = r"""
package main
import ("fmt"; "io"; "net/http"; "os")
func main() {
    answer, err := http.Get(os.Args[1])
    if err != nil { fmt.Println(err); os.Exit(1) }
    body, _ := io.ReadAll(answer.Body)
    fmt.Println(len(body))
}
"""


def go_program(work, name, source, is_static=True):
    compiler = shutil.which("go", path=GO_PATHS)
    if not compiler:
        raise Skip("no Go compiler (golang-go)")
    with open(f"{work}/{name}.go", "w") as file:
        file.write(source)
    subprocess.run([compiler, "build", "-o", f"{work}/{name}", f"{work}/{name}.go"], check=True,
                   env={**os.environ, "CGO_ENABLED": str(int(not is_static)), "GOCACHE": work + "/gocache",
                        "GO111MODULE": "off"})
    with open(f"{work}/{name}", "rb") as file:
        assert (b"/ld-linux" in file.read(4096)) == (not is_static), "not linked as wanted"
    return f"{work}/{name}"


def said_by(program):
    """What a server of ours says once it has ended."""
    lines = [line.split() for line in program.communicate(timeout=60)[0].splitlines()]
    return {name: [int(size) for what, size in lines if what == name] for name in ("write", "read")}


def joins(capture, events, work, name):
    """The plugin's joins, held against joined.py's own."""
    if not PLUGIN or not shutil.which("mergecap"):
        return ""
    capture.save(f"{work}/{name}.pcap")
    merged = f"{work}/{name}.joined.pcapng"
    subprocess.run(["mergecap", "-w", merged, f"{work}/{name}.pcap", events], check=True)
    writes, reads, segments = joined.check(PLUGIN, merged)
    return f"; the plugin joins {writes} writes and {reads} reads with {segments} segments"


def go_server(seamark, work, name, is_static):
    program_file = go_program(work, name, GO_SERVER.replace("IMPORT", "" if is_static else 'import "C"'), is_static)
    recorder = Recorder(seamark, f"{work}/{name}.pcapng", "--comm", name, "--record", "state")
    program = subprocess.Popen([program_file], stdout=subprocess.PIPE, text=True)
    port = int(program.stdout.readline())
    capture = Capture(port)
    talk(port, first=REQUEST, parts=())
    said = said_by(program)
    capture.stop()
    count = hold(recorder.stop(), capture, port, said)
    return f"{count} events" + joins(capture, recorder.path, work, name)


def case_go_static(seamark, peer, work):
    """A static Go server."""
    return go_server(seamark, work, "go_static", True)


def case_go_dynamic(seamark, peer, work):
    """A Go server that is linked dynamically, whose calls still go past the C library."""
    return go_server(seamark, work, "go_dynamic", False)


class Streamed(http.server.BaseHTTPRequestHandler):
    """50 chunks, a write and 5 ms each."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(50):
            self.wfile.write(b"20\r\n" + b"x" * 32 + b"\r\n")
            time.sleep(0.005)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


class Upstream:
    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Streamed)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_address[1]

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def tile(calls, capture, own, kind, carrier):
    """The calls of a connection's direction lie end to end over just the bytes that were captured."""
    first, length = capture.bytes_of(carrier)
    at = first
    for call in sorted((c for c in calls if c.kind == kind and c.index and c.source[1] == own), key=lambda c: c.index):
        assert call.sequence == at and call.flags & OFFSET_KNOWN and call.offset == (at - first) % WRAP, call
        at = (at + call.taken) % WRAP
    assert (at - first) % WRAP == length, f"{(at - first) % WRAP} bytes recorded, {length} captured"
    return length


def case_go_client(seamark, peer, work):
    """A client in Go, as the command."""
    program, path = go_program(work, "go_client", GO_CLIENT), work + "/go_client.pcapng"
    with Upstream() as port:
        capture = Capture(port)
        said = subprocess.run([seamark, "trace", "--kernel", "--quiet", "-o", path, "--", program,
                               f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
        capture.stop()
    assert said == "1600\n", said
    calls = calls_of(path)
    own = {call.source[1] for call in calls if call.index}
    assert len(own) == 1, own
    length = tile(calls, capture, *own, READ, port)
    sent = tile(calls, capture, *own, WRITE, *own)
    return f"{len(calls)} events, {length} bytes read, {sent} written"


STRACED = re.compile(r"^\d+ +(?:<\.\.\. )?(read|write|readv|writev|sendfile|splice|sendto|recvfrom|sendmsg|recvmsg)\b(.*) = (-?\d+)")
SOCKET = re.compile(r"TCP(?:v6)?:\[(?:::ffff:|\[::ffff:)?([\d.]+)\]?:(\d+)->(?:::ffff:|\[::ffff:)?([\d.]+)\]?:(\d+)\]")


def straced_calls(log):
    """{(own port, peer's port, name of the call): [bytes]} of a log of strace -f -yy; halves of calls are joined."""
    begun, found = {}, collections.defaultdict(list)
    for line in open(log, errors="replace"):
        thread = line.split(" ", 1)[0]
        if line.rstrip().endswith("<unfinished ...>"):
            begun[thread] = line
            continue
        match = STRACED.match(line)
        if not match:
            continue
        where = SOCKET.search(line) or ("resumed>" in line and SOCKET.search(begun.get(thread, "")))
        if where and int(match[3]) > 0:
            found[int(where[2]), int(where[4]), match[1]].append(int(match[3]))
    return found


def case_caddy(seamark, peer, work):
    """Caddy passes a stream on: its calls are strace's, and lie over the bytes of both its connections."""
    if not shutil.which("caddy") or not shutil.which("strace"):
        raise Skip("no caddy, or no strace")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, environment = work + "/caddy.log", {**os.environ, "HOME": work, "XDG_DATA_HOME": work, "XDG_CONFIG_HOME": work}
    with Upstream() as upstream:
        config = work + "/Caddyfile"
        with open(config, "w") as file:
            file.write("{\n admin off\n auto_https off\n}\nhttp://127.0.0.1:%d {\n reverse_proxy 127.0.0.1:%d {\n"
                       "  flush_interval -1\n }\n}\n" % (port, upstream))
        recorder = Recorder(seamark, work + "/caddy.pcapng", "--comm", "caddy")
        program = subprocess.Popen(
            ["strace", "-f", "-qq", "-yy", "-s", "0", "-e", "signal=none", "-o", log, "-e",
             "trace=read,write,readv,writev,sendfile,splice,sendto,recvfrom,sendmsg,recvmsg", "caddy", "run", "--config",
             config, "--adapter", "caddyfile"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            captures = Capture(port), Capture(upstream)
            wait_for(port)
            for _ in range(3):
                client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                client.request("GET", "/", headers={"Connection": "close"})
                assert client.getresponse().read() == b"x" * 1600
                client.close()
        finally:
            time.sleep(0.3)
            children = open(f"/proc/{program.pid}/task/{program.pid}/children").read().split()
            os.kill(int(children[0]), signal.SIGTERM)
            program.wait(timeout=30)
        for capture in captures:
            capture.stop()
        calls = recorder.stop()
    ours = collections.defaultdict(list)
    names = {9: "read", 5: "write", 7: "sendfile", 8: "splice"}
    for call in sorted((c for c in calls if c.index), key=lambda c: c.index):
        ours[call.source[1], call.peer[1], names.get(call.call, call.call)].append(call.taken)
    theirs = straced_calls(log)
    assert ours == theirs, {key: (ours.get(key), theirs.get(key)) for key in set(ours) | set(theirs)
                            if ours.get(key) != theirs.get(key)}
    total = 0
    for own, other in {key[:2] for key in ours}:
        capture = captures[0] if own == port else captures[1]
        both = Pair(capture, own, other)
        total += tile([c for c in calls if c.peer and c.peer[1] == other], both, own, WRITE, own)
        total += tile([c for c in calls if c.peer and c.peer[1] == other], both, own, READ, other)
    assert total > 3 * 2 * 1600, total
    return f"{sum(map(len, ours.values()))} calls as strace has them, {total} bytes as captured"


class Pair:
    """Of a capture the packets between two ports."""

    def __init__(self, capture, one, other):
        self.segments = [row for row in capture.between if {row[0], row[1]} == {one, other}]

    def bytes_of(self, port):
        parts = [(sequence, length) for source, _, sequence, length in self.segments if source == port and length]
        if not parts:
            return 0, 0
        first = parts[0][0]
        return first, max((sequence - first) % WRAP + length for sequence, length in parts)


def wait_for(port):
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def case_go_strace(seamark, peer, work):
    """A log of strace of a static Go server, imported."""
    if not shutil.which("strace"):
        raise Skip("no strace")
    program_file, log = go_program(work, "go_logged", GO_SERVER.replace("IMPORT", "")), work + "/go_logged.log"
    program = subprocess.Popen(["strace", "-f", "-ttt", "-T", "-yy", "-s", "0", "-e", "trace=network,desc", "-o", log,
                                program_file], stdout=subprocess.PIPE, text=True)
    port = int(program.stdout.readline())
    capture = Capture(port)
    talk(port, first=REQUEST, parts=())
    said = said_by(program)
    capture.stop()
    events = work + "/go_logged.pcapng"
    subprocess.run([seamark, "import", "strace", log, "-o", events], check=True, capture_output=True)
    calls, total = calls_of(events), 0
    for kind, name in (WRITE, "write"), (READ, "read"):
        moved = sorted((c for c in calls if c.kind == kind and c.index and c.source[1] == port), key=lambda c: c.index)
        assert [call.taken for call in moved] == said[name], (name, len(moved))
        carrier = port if kind == WRITE else moved[0].peer[1]
        assert sum(said[name]) == capture.bytes_of(carrier)[1]
        assert [call.offset for call in moved] == [sum(said[name][:i]) for i in range(len(moved))]
        total += sum(said[name])
    return f"{len(calls)} events, {total} of {total} bytes" + joins(capture, events, work, "go_logged")


REPAIR, REPAIR_QUEUE, QUEUE_SEQ, REPAIR_WINDOW = 19, 20, 21, 29
RECEIVED, SENT = 1, 2


def joined_at(first, other):
    """Two sockets of one connection that no handshake made, whose first bytes have these sequence numbers."""
    ends = []
    for own, peers in (first, other), (other, first):
        end = socket.socket()
        end.setsockopt(socket.IPPROTO_TCP, REPAIR, 1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        end.bind(("127.0.0.1", 0))
        for queue, number in (SENT, own), (RECEIVED, peers):
            end.setsockopt(socket.IPPROTO_TCP, REPAIR_QUEUE, queue)
            end.setsockopt(socket.IPPROTO_TCP, QUEUE_SEQ, struct.pack("I", number))
        ends.append(end)
    names = [end.getsockname() for end in ends]
    for end, name in zip(ends, reversed(names)):
        end.settimeout(10)
        end.connect(name)
    for end, peers in zip(ends, (other, first)):
        window = struct.pack("5I", peers, 65535, 65535, 65535, peers)  # no handshake has told it
        end.setsockopt(socket.IPPROTO_TCP, REPAIR_WINDOW, window)
        end.setsockopt(socket.IPPROTO_TCP, REPAIR, -1)  # off, without a probe of the window
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ends


def case_wrap(seamark, peer, work):
    """Sequence numbers that wrap, on a connection with no SYN: each write is joined with the frame that has it."""
    begin = WRAP - 1000
    try:
        server, client = joined_at(begin, 77)
    except PermissionError as why:
        raise Skip(f"TCP_REPAIR: {why}") from why
    port, far = server.getsockname()[1], client.getsockname()[1]
    recorder = Recorder(seamark, work + "/wrap.pcapng", "--port", str(port))
    capture = Capture(port)
    client.sendall(REQUEST)
    server.recv(1000)
    pieces = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"20\r\n" + b"x" * 32 + b"\r\n"] * 60,
              b"0\r\n\r\n"]
    for piece in pieces:
        server.send(piece)
        client.recv(1000)
    server.close()
    client.close()
    capture.stop()
    calls = recorder.stop()
    writes = sorted((c for c in calls if c.kind == WRITE and c.index and c.source[1] == port), key=lambda c: c.index)
    at = begin
    for call, piece in zip(writes, pieces, strict=True):
        assert (call.sequence, call.taken) == (at, len(piece)), (call, at)
        at = (at + len(piece)) % WRAP
    assert at < begin, "nothing wrapped"
    found = f"{len(writes)} writes from {begin} to {at}"
    if not PLUGIN or not shutil.which("mergecap"):
        return found
    capture.save(work + "/wrap.pcap")
    merged = work + "/wrap.joined.pcapng"
    subprocess.run(["mergecap", "-w", merged, work + "/wrap.pcap", recorder.path], check=True)
    with joined.Tshark(PLUGIN) as tshark:
        tshark.add([merged])
        text = tshark.run(os.path.basename(merged), "-T", "fields", "-e", "tcp.srcport", "-e", "tcp.seq_raw", "-e",
                          "tcp.len", "-e", "seamark.write", "-d", f"tcp.port=={port},http")
    rows = [line.split("\t") for line in text.splitlines()]
    seen = {int(number): indices for source, number, length, indices in rows if source == str(port) and int(length)}
    wanted = {call.sequence: str(call.index) for call in writes}
    assert seen == wanted, (seen, wanted)
    assert far != port
    return found + f"; the plugin joins {len(seen)} of them, without a SYN"


CASES = [case_go_static, case_go_dynamic, case_go_client, case_caddy, case_go_strace, case_wrap]
