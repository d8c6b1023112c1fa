# SPDX-License-Identifier: GPL-2.0-or-later
"""The interposed library under fixed programs: what they print, and the calls that are recorded of them."""

import re
import shutil
import subprocess

from same_parts import builds, normal, recorded
from same_parts.outputs import Job, Output

SOURCES = {"every call": "every_call.c", "rare calls": "rare_calls.c"}
RACING = ("rare calls",)  # which of its processes calls what first, and so what is recorded, is chance
FLAGS = ["-D_GNU_SOURCE", "-U_FORTIFY_SOURCE", "-w", "-O1", "-pthread"]
# A pair of sockets in one process, sizes and order fixed: nothing is left to chance.
SCRIPT = """
import ctypes, os, random, socket
ctypes.CDLL(None).syscall(39)  # getpid, not by its function
rng = random.Random({seed})
with socket.create_server(("127.0.0.1", 0)) as listener:
    for connection in range(12):
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
        if rng.random() < .5:
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for n in range(rng.randint(1, 40)):
            data = bytes(rng.randrange(1, 3000))
            way = rng.randrange(6)
            if way == 0: ours.send(data)
            if way == 1: os.write(ours.fileno(), data)
            if way == 2: ours.sendmsg([data[:7], data[7:]])
            if way == 3: os.writev(ours.fileno(), [data[:1], data[1:]])
            if way == 4: ours.send(data, socket.MSG_DONTWAIT)
            if way == 5: ours.sendall(data)
            left = len(data)
            while left:
                size = min(left, rng.choice([1, 100, 5000]))
                got = [lambda: len(theirs.recv(size, socket.MSG_WAITALL)), lambda: theirs.recv_into(bytearray(size), size, socket.MSG_WAITALL),
                       lambda: len(theirs.recvmsg(size, 0, socket.MSG_WAITALL)[0])][rng.randrange(3)]()
                left -= got
        if rng.random() < .3:
            ours.shutdown(socket.SHUT_WR)
            theirs.recv(1)
        ours.close()
        theirs.close()
print("done")
"""


def _program(side, source):
    """The program, compiled once a side (it is the same for both, from this tree)."""
    program = side.scratch / source.removesuffix(".c")
    if not program.exists():
        compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
        subprocess.run([compiler, *FLAGS, str(builds.TOP / "emitter/tests/trace" / source), "-o", str(program)], check=True, capture_output=True)
    return program


def _outputs(side, name, command, options, alone):
    folder = side.new_folder()
    status, out, err = side.run(side.seamark, "trace", "-o", "e.pcapng", *options, "--", *command, cwd=folder, seconds=120)
    events, others = recorded.read(folder / "e.pcapng")
    how = " ".join(options)
    if not alone:  # these write until a buffer is full, faster than it can be recorded
        err = re.sub(rb"\d+ events \(\d+ writes, \d+ reads\)", b"N events", err)
        err = re.sub(rb"(?m)^seamark trace: \d+ events? w\w+ dropped.*\n", b"", err)
    made = [Output("traced program", name, how, normal.emitter_output(b"exit status %s\n%s-- standard error\n%s" % (str(status).encode(), out, err)))]
    if name not in RACING:
        made.append(Output("traced calls", name, how, "\n".join((recorded.lines if alone else recorded.kinds_of_calls)(events)).encode(), items=len(events) if alone else 1))
    made.append(Output("trace file", name, how, "\n".join(others).encode()))
    return made


def refused(side):
    """Programs below which there is nothing to record, by themselves and after the first line of a script."""
    folder = side.new_folder()
    header = bytearray(side.seamark.read_bytes()[:64])
    header[56:58] = bytes(2)  # no program header, so none that names a linker
    foreign = header[:18] + b"\xf3\x00" + header[20:]
    files = {"static": header, "foreign": foreign, "script": b"#!./static\n", "env": b"#!/usr/bin/env -S A=1 ./foreign\n", "empty": b"#!\n"}
    made = []
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o755)
    for name in files:
        status, out, err = side.run(side.seamark, "trace", "-o", "e.pcapng", "--", f"./{name}", cwd=folder, seconds=60)
        made.append(Output("traced program", name, "", normal.emitter_output(b"exit status %s\n%s-- standard error\n%s" % (str(status).encode(), out, err))))
    return made


def jobs(seed, sample=1):
    made = []
    for n in range(6):
        options = [[], ["--record", "state"], ["--quiet"]][n % 3]
        made.append(Job("trace", f"pairs of sockets, seed {seed + n}", lambda side, n=n, options=options: _outputs(
            side, f"seed {seed + n}", ["/usr/bin/python3", "-c", SCRIPT.format(seed=seed + n)], options, True), steady=False))
    for name, source in SOURCES.items():
        made.append(Job("trace", name, lambda side, name=name, source=source: _outputs(side, name, [_program(side, source)], [], False), steady=False))
    made.append(Job("trace", "refused programs", refused))
    return made[::sample] if sample < 4 else made[:2] + made[-1:]
