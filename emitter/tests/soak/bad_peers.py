# SPDX-License-Identifier: GPL-2.0-or-later
"""Peers that read slowly, reset, vanish, send too much or too slowly, or mean to inject something. Each
function takes a server that others use meanwhile."""

import re
import socket
import subprocess
import time

from report import CLOSE, LONG, SMALL, bounded, log_count, say, seamark, short
from served import read_all, read_exactly, request, reset, vanish, wait_until


def slow_readers(server):
    count, before = (10 if short else 100), server.memory()
    clients = [server.connect(room=4096) for _ in range(count)]
    for client in clients:
        client.sendall(request("/emit?writes=64&size=65536&gap=0"))
    for _ in range(10):
        for client in clients:
            assert client.recv(1024), "a slow reader was cut"
        time.sleep(0.1)
    grown = server.memory() - before
    for client in clients:
        reset(client)
    log_count(server, count, "ended by the peer")
    say("slow readers", f"{count} that read 10 KB/s of responses of 4 MiB: {max(grown, 0) * 1024 // count / 1000:.0f} "
        "KB each")
    bounded(grown, count * 256 + 8192, "memory grows with what is not read")


def resets(server):
    count = 25 if short else 250
    begun, whole = len(server.log("ended by the peer")), len(server.get(SMALL).replace(CLOSE, b""))
    for _ in range(count):
        reset(server.connect())
    for _ in range(count):
        client = server.connect()
        client.send(b"GET /emit HTTP/1.1\r\nHost: so")
        reset(client)
    for _ in range(count):
        client = server.connect()
        client.sendall(request(LONG))
        client.recv(400)
        reset(client)
    for _ in range(count):
        client = server.connect()
        client.sendall(request(SMALL))
        read_exactly(client, whole)
        reset(client)
    log_count(server, begun + count, "ended by the peer")
    say("resets", f"{count} each before a request, in its head, in a response, behind one: a log line for each "
        "response that was cut, and for no other")


def half_open(server):
    count = 25 if short else 250
    for _ in range(count):
        with server.connect() as client:
            client.sendall(request(SMALL, "Connection: close"))
            client.shutdown(socket.SHUT_WR)
            assert read_all(client).startswith(b"HTTP/1.1 200 "), "no answer for who has said all he had to say"
    for _ in range(count):
        with server.connect() as client:
            client.sendall(b"GET /emit HTTP/1.1\r\nHost: so")
            client.shutdown(socket.SHUT_WR)
            read_all(client)
    log_count(server, count, "the peer closed in the middle of a request")
    say("half-open", f"{count} that closed their half behind the request were answered, {count} in its head were not")


def bombs(server):
    head = b"GET /emit HTTP/1.1\r\nHost: localhost\r\n"
    shapes = {"a field of 1 MB": head + b"X: " + b"y" * 1000000 + b"\r\n\r\n",
              "10,000 fields": head + b"".join(b"X-%d: some value\r\n" % i for i in range(10000)) + b"\r\n",
              "a target of 1 MB": b"GET /" + b"z" * 1000000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
              "a line without end": head + b"X: " + b"y" * 8000000,
              "a body of 8 MB": b"POST /emit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n" + b"y" * 8000000}
    before, count, seen = server.memory(), 5 if short else 50, {}
    for name, bytes_sent in shapes.items():
        for _ in range(count):
            with server.connect() as client:
                answer = b""
                try:
                    client.sendall(bytes_sent)
                except OSError:  # it is not read to its end
                    pass
                try:
                    answer = client.recv(1 << 16)
                except OSError:
                    pass
                status = answer[9:12].decode() or "cut"
                seen.setdefault(name, set()).add(status)
                assert status in ("431", "414", "413", "400", "cut"), f"{name}: {answer[:100]}"
    grown = server.memory() - before
    say("bombs", "; ".join(f"{name}: {' or '.join(sorted(statuses))}" for name, statuses in seen.items())
        + f"; {count} of each, memory + {max(grown, 0)} KiB")
    bounded(grown, 16384, "memory grows with what is refused")


def injection(server):
    """No parameter's value comes back as a line of the head, nor as a file of this machine."""
    names = re.findall(r"^  ([a-z][a-z-]*)=", subprocess.run([seamark, "serve", "--help"], capture_output=True,
                                                              text=True, check=True).stdout, re.M)
    assert len(names) >= 11, f"the parameters of /emit: {names}"
    values = ["1%0d%0aX-Evil:%20yes", "%0d%0a%0d%0aX-Evil:%20yes", "1%0aX-Evil:%20yes", "1%0dX-Evil:%20yes",
              "%00", "%ff%fe", "%", "%zz", "../../../../../../etc/passwd", "/etc/passwd", "..%2f..%2f..%2fetc%2fpasswd",
              "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "file:///etc/passwd", "....//....//etc/passwd", "/proc/self/environ", "link-out",
              "1%E5%98%8A%E5%98%8DX-Evil:%20yes", "-1", "1e9", "99999999999999999999", "x" * 9000]
    count = 0
    for target in [f"/emit?{name}={value}" for name in names for value in values] + \
                  [f"/{value}" for value in values] + [f"/emit?{value}=1" for value in values]:
        answer = server.get(target)
        head = answer.split(b"\r\n\r\n")[0].lower()
        assert answer.startswith(b"HTTP/1."), f"{target}: {answer[:80]}"
        assert not re.search(rb"[\r\n]\s*x-evil", head), f"{target} made a field: {head}"
        assert b"root:x:0:0" not in answer and b"PATH=" not in answer, f"{target} read a file"
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head), f"{target}: a bare CR or LF in the head"
        count += 1
    log = server.log()
    assert not [line for line in log if line.lower().startswith("x-evil")], "a line of the log was made"
    say("injection", f"{count} requests ({len(names)} parameters): no line made in a head or in the log, no file read")


def slowloris(server):
    count, said = (50 if short else 500), len(server.log(" - - 408"))
    clients, begin = [server.connect() for _ in range(count)], time.monotonic()
    text, sent, gone = request("/emit", "X: " + "y" * 8000), 0, set()
    wait_for = time.monotonic() + 100
    while len(gone) < count:
        assert time.monotonic() < wait_for, f"{count - len(gone)} still drip after 100 s"
        for client in set(clients) - gone:
            try:
                client.send(text[sent:sent + 1])
            except OSError:
                gone.add(client)
        sent += 1
        time.sleep(0.1)
    for client in clients:
        client.close()
    log_count(server, said + count, " - - 408")
    say("slowloris", f"{count} that send a byte each 100 ms: all ended within {time.monotonic() - begin:.1f} s "
        f"(--idle-timeout 3s), each told so (408)")


def vanished(server):
    count, said = (25 if short else 250), len(server.log(" - - 408"))
    whole = len(server.get(SMALL).replace(CLOSE, b""))
    ports, begin = set(), time.monotonic()
    for number in range(2 * count):
        # An address of its own, so that no later client can come from the port that it leaves, which would
        # make the server's kernel reset the connection.
        client = server.connect(address=f"127.1.{number // 200}.{number % 200 + 1}")
        ports.add(client.getsockname()[1])
        if number % 2:
            client.sendall(request(SMALL)[:40])
        else:
            client.sendall(request(SMALL))
            read_exactly(client, whole)
        if not vanish(client):
            say("vanished peers", "not tried: this user may not leave a connection without a FIN")
            return
    log_count(server, said + count, " - - 408")
    wait_until(lambda: not ports & server.peer_ports(), "the idle timeout takes vanished peers away")
    say("vanished peers", f"{count} in a head and {count} behind a response, without FIN or RST: all taken away within "
        f"{time.monotonic() - begin:.1f} s (--idle-timeout 3s)")
