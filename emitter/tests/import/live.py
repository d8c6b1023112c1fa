# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark import strace` of a log that strace makes here: what a program of two threads, both ends of its
connections, says of its own calls is what the events say.

usage: live.py SEAMARK WORK"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../trace"))
import events  # noqa: E402

PROGRAM = r'''
import array, json, os, socket, sys, threading
calls, lock = {}, threading.Lock()
def moved(sock, kind, count):
    with lock:
        calls.setdefault("%s %s %d" % (sock.getsockname()[1], sock.getpeername()[1], kind), []).append(count)
def serve(listener):
    sock = listener.accept()[0]
    moved(sock, 2, len(sock.recv(65536)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    moved(sock, 1, sock.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
    for i in range(50):
        moved(sock, 1, sock.sendmsg([b"5\r\n", b"he\"lo", b"\r\n"]))
        moved(sock, 1, os.write(sock.fileno(), b"3\r\n\"(<\r\n"))
    copy = sock.dup()
    with open(sys.argv[0], "rb") as file:
        moved(sock, 1, os.sendfile(copy.fileno(), file.fileno(), 0, 100))
    copy.close()
    moved(sock, 1, sock.send(b"x", socket.MSG_MORE))
    moved(sock, 1, sock.send(b"0\r\n\r\n"))
    sock.shutdown(socket.SHUT_WR)
    while sock.recv(100): pass
    sock.close()
def ask(address):
    sock = socket.create_connection(address)
    moved(sock, 1, sock.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    sock.recv(10, socket.MSG_PEEK)
    while True:
        got = sock.recv(77)
        if not got: break
        moved(sock, 2, len(got))
    sock.close()
listeners = [socket.create_server(("127.0.0.1", 0)), socket.create_server(("::1", 0), family=socket.AF_INET6)]
threads = [threading.Thread(target=serve, args=[listener]) for listener in listeners]
threads += [threading.Thread(target=ask, args=[listener.getsockname()[:2]]) for listener in listeners]
for thread in threads: thread.start()
for thread in threads: thread.join()
json.dump(calls, open(sys.argv[1], "w"))
'''


def say(command, wanted, *parts):
    """Runs what fails, and holds its message against what it must say."""
    ran = subprocess.run(command, capture_output=True, text=True)
    ok = ran.returncode == wanted and all(part in ran.stderr for part in parts)
    print("ok" if ok else "FAIL", *command[1:], f"-> {ran.returncode}", ran.stderr.strip()[:160])
    return ok


def main():
    seamark, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    if not shutil.which("strace"):
        print("skipped: strace is not installed: apt install strace")
        return 77
    (work / "program.py").write_text(PROGRAM)
    log, record, file = work / "log.txt", work / "calls.json", work / "events.pcapng"
    ran = subprocess.run(["strace", "-f", "-ttt", "-T", "-yy", "-e", "trace=network,desc", "-o", log, sys.executable, "-B",
                          work / "program.py", record], capture_output=True, text=True)
    if ran.returncode != 0:
        print(f"skipped: strace may not trace here: {ran.stderr.strip()}")
        return 77
    fine = say([seamark, "import", "strace", log, "-o", file], 0, "of 4 connections in")
    found = {}
    for event in events.events(file):
        if event.kind in (events.WRITE, events.READ) and event.index > 0:
            calls = found.setdefault(f"{event.source[1]} {event.peer[1]} {event.kind}", [])
            fine &= event.offset == sum(calls) and event.index == len(calls) + 1 and bool(event.flags & events.OFFSET_KNOWN)
            calls.append(event.taken)
    wanted = json.loads(record.read_text())
    same = found == wanted
    print("ok" if same else "FAIL", sum(map(len, wanted.values())), "calls that the program counted itself")
    fine &= same
    kinds = [event.kind for event in events.events(file)]
    fine &= kinds.count(events.OPENED) == 4 and kinds[-1] == events.END

    (work / "plain.txt").write_text('write(4, "x", 1) = 1\n')
    (work / "short.txt").write_text('7 10.0 write(4<TCP:[1.2.3.4:1->1.2.3.4:2]>, "x", 1) = 1\n')
    (work / "numbers.txt").write_text('7 10.0 write(4, "x", 1) = 1 <0.000010>\n')
    (work / "files.txt").write_text('7 10.0 write(4</f>, "x", 1) = 1 <0.000010>\n')
    (work / "empty.txt").write_text("")
    text = log.read_bytes()
    (work / "cut.txt").write_bytes(text[:len(text) * 3 // 4])
    (work / "foreign.pcapng").write_bytes(b"not ours")
    other = work / "other.pcapng"
    refusals = [
        ("plain.txt", "line 1", "-ttt", "strace -f -ttt -T -yy -e trace=network,desc"), ("short.txt", "line 1", "-T"),
        ("numbers.txt", "-yy"), ("files.txt", "none of a connected TCP socket"), ("empty.txt", "it is empty"),
        ("missing.txt", "cannot read", "No such file"),
    ]
    for name, *parts in refusals:
        fine &= say([seamark, "import", "strace", work / name, "-o", other], 1, *parts)
        fine &= not other.exists()
    fine &= say([seamark, "import", "strace", work / "cut.txt", "-o", other], 0, "in ")
    fine &= say([seamark, "import", "strace", log, "-o", work / "foreign.pcapng"], 1, "cannot write")
    fine &= (work / "foreign.pcapng").read_bytes() == b"not ours"
    fine &= say([seamark, "import", "dtrace", log], 2, "strace is the only kind of log")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
