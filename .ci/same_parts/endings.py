# SPDX-License-Identifier: GPL-2.0-or-later
"""The emitter where it ends before its time: by a signal, or on a full disk."""

import resource
import signal
import socket
import subprocess
import threading
import time

from same_parts import normal, recorded, requests, served
from same_parts.outputs import Job, Output

FULL = 3000  # bytes
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it"
SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST = 30  # seconds


def _ended(process):
    """(exit status, standard output, standard error)"""
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err += b"killed: it did not stop"
    return process.returncode, out, err


def _said(kind, name, status, out, err):
    return Output(kind, name, "", normal.emitter_output(b"exit status %d\n%s-- standard error\n%s" % (status, out, err)))


def get_stopped(side):
    """A signal while half of the response has come."""
    made = []
    for number in SIGNALS:
        folder = side.new_folder()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            process = subprocess.Popen([str(side.seamark), "get", "--events", "e.pcapng", "-o", "body", url], cwd=folder,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            listener.settimeout(LONGEST)
            peer, _ = listener.accept()
            with peer:
                peer.recv(1 << 16)
                peer.sendall(ANSWER)
                until = time.monotonic() + LONGEST
                while not ((folder / "body").exists() and (folder / "body").stat().st_size) and time.monotonic() < until:
                    time.sleep(0.02)
                process.send_signal(number)
                made.append(_said("get", f"stopped by {number.name}", *_ended(process)))
        events, others = recorded.read(folder / "e.pcapng")
        made.append(Output("calls of get", f"stopped by {number.name}", "", "\n".join([e.line for e in events] + others).encode()))
    return made


def get_on_a_full_disk(side):
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))
    folder = side.new_folder()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        peer, _ = listener.accept()
        with peer:
            peer.recv(1 << 16)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + b"x" * 40_000)
            peer.shutdown(socket.SHUT_WR)
            peer.recv(1)
    with listener:
        threading.Thread(target=serve, daemon=True).start()
        process = subprocess.Popen([str(side.seamark), "get", "--read-size", "100", "-o", "discard", "--events", "e.pcapng",
                                    f"http://127.0.0.1:{listener.getsockname()[1]}/"], cwd=folder, preexec_fn=limited,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        status, out, err = _ended(process)
    return [_said("get", "on a full disk", status, out, served.without_numbers(err))]


def serve_stopped(side):
    """A signal while a response is under way, and a second one that does not wait for it."""
    made = []
    for number in SIGNALS:
        with served.Server(side) as server, socket.create_connection(("127.0.0.1", server.port), timeout=LONGEST) as peer:
            peer.sendall(requests.get("/emit?writes=2&size=9&gap=60s"))
            came = peer.recv(1 << 16)
            while b"\r\n\r\n" not in came:
                came += peer.recv(1 << 16)
            server.signal(number)
            server.wait_for(b"stopping")
            made += [_said("serve", f"stopped twice, the first time by {number.name}", *server.stop())]
    return made


def serve_unrecorded(side):
    with served.Server(side, events="/nowhere/x.pcapng") as server:
        server.wait_for(b"unrecorded")
        return [_said("serve", "where nothing can be recorded", *server.stop())]


def jobs():
    return [Job("emitter", name, outputs, steady=False) for name, outputs in
            {"get stopped": get_stopped, "get on a full disk": get_on_a_full_disk, "serve stopped": serve_stopped,
             "serve unrecorded": serve_unrecorded}.items()]
