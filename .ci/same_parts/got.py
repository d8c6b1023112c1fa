# SPDX-License-Identifier: GPL-2.0-or-later
"""The emitter as a client: `seamark get` of fixed answers, each of which comes in one piece."""

import contextlib
import socket
import threading

from same_parts import normal, recorded
from same_parts.outputs import Job, Output

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
ANSWERS = {  # name: (what the server sends, further arguments)
    "length": (HEAD + b"Content-Length: 11\r\n\r\nhello world", []),
    "length, small reads": (HEAD + b"Content-Length: 300\r\n\r\n" + b"0123456789" * 30, ["--read-size", "100"]),
    "chunked": (CHUNKED + b"\r\n5\r\nhello\r\n6;w=3\r\n world\r\n0\r\n\r\n", []),
    "chunked, small reads": (CHUNKED + b"\r\n" + b"20\r\n" + b"a" * 32 + b"\r\n0\r\n\r\n", ["--read-size", "7"]),
    "chunked, trailers": (CHUNKED + b"Trailer: A\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n", []),
    "close": (HEAD + b"\r\nuntil the end", []), "empty": (b"", []), "nothing but a head": (HEAD + b"Content-Length: 0\r\n\r\n", []),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", []), "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", []),
    "404": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", []),
    "100 first": (b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\nok", []),
    "100 alone": (b"HTTP/1.1 100 Continue\r\n\r\n" * 3, []), "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nold", []),
    "HTTP/2": (b"HTTP/2 200 OK\r\n\r\nx", []), "no HTTP": (b"SSH-2.0-OpenSSH\r\n", []),
    "bad size": (CHUNKED + b"\r\nxyz\r\nhello\r\n", []), "size too large": (CHUNKED + b"\r\n10000000000000000\r\n", []),
    "no CRLF after data": (CHUNKED + b"\r\n3\r\nabcdef\r\n0\r\n\r\n", []), "cut in a chunk": (CHUNKED + b"\r\n9\r\nabc", []),
    "cut in the head": (HEAD + b"Content-Le", []), "cut in a body": (HEAD + b"Content-Length: 100\r\n\r\nshort", []),
    "two lengths": (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", []), "bad length": (HEAD + b"Content-Length: -3\r\n\r\nabcd", []),
    "more than the length": (HEAD + b"Content-Length: 3\r\n\r\nabcdef", []), "control characters": (b"HTTP/1.1 200 \x1b[31mred\r\nContent-Length: 1\r\n\r\nx", []),
    "two responses": ((HEAD + b"Content-Length: 3\r\n\r\nabc"), ["--requests", "2"]), "to nowhere": (HEAD + b"Content-Length: 3\r\n\r\nabc", ["-o", "discard"]),
    "to a file": (HEAD + b"Content-Length: 3\r\n\r\nabc", ["-o", "body"]), "quiet": (HEAD + b"Content-Length: 3\r\n\r\nabc", ["--quiet"]),
    "a small buffer": (HEAD + b"Content-Length: 3\r\n\r\nabc", ["--rcvbuf", "5000"]), "state": (HEAD + b"Content-Length: 3\r\n\r\nabc", ["--record", "state"]),
    "gzip": (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", []), "a long head": (HEAD + b"X: " + b"x" * 70_000 + b"\r\n\r\n", [])}


@contextlib.contextmanager
def scripted(answer):
    """A server that answers each request with the same bytes, in one call, then closes. Yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    with peer, contextlib.suppress(OSError):
                        head = b""
                        while b"\r\n\r\n" not in head and (part := peer.recv(65536)):
                            head += part
                        peer.sendall(answer)
                        peer.shutdown(socket.SHUT_WR)
                        while peer.recv(65536):
                            pass
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def outputs(side, names):
    made = []
    for name in names:
        answer, arguments = ANSWERS[name]
        folder = side.new_folder()
        with scripted(answer) as port:
            status, out, err = side.run(side.seamark, "get", "--events", "e.pcapng", *arguments, f"http://127.0.0.1:{port}/path?x=1",
                                        cwd=folder, seconds=60)
        body = (folder / "body").read_bytes() if (folder / "body").exists() else b""
        made.append(Output("get", name, "", normal.emitter_output(
            b"exit status %s\n-- body\n%s%s\n-- said\n%s" % (str(status).encode(), out, body, err)), command=f"seamark get {' '.join(arguments)}"))
        events, others = recorded.read(folder / "e.pcapng")
        made.append(Output("calls of get", name, "", "\n".join([e.line for e in events] + others).encode(), items=len(events)))
    return made


def jobs():
    names = list(ANSWERS)
    return [Job("emitter", f"get {n + 1} to {min(n + 12, len(names))}", lambda side, part=names[n:n + 12]: outputs(side, part), steady=False)
            for n in range(0, len(names), 12)]
