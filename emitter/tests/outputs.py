# SPDX-License-Identifier: GPL-2.0-or-later
"""What the commands write to, as people name it: FIFOs with and without a reader, links in folders that
others can write to, /dev/stdout and /dev/null, limits for file sizes; and that the variables of who calls
the lab are not those of its programs.

usage: outputs.py SEAMARK SEND_COST WORK"""

import os
import resource
import select
import shutil
import stat
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "soak"))
from served import Served  # noqa: E402

seamark, send_cost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work + "/shared")
os.chdir(work)
os.chmod("shared", 0o1777)
LONGEST = 90  # s; each takes some seconds at most
checked = 0
TRACE = lambda out: ["trace", "-o", out, "--", "/bin/true"]
GET = lambda out: ["get", "--events", out, "http://127.0.0.1:9/"]
BODY = lambda out: ["get", "-o", out, "http://127.0.0.1:9/"]
SERVE = lambda out: ["serve", "--port", "0", "--events", out]
LAB = lambda out: ["lab", "-o", out, "--emit", "writes=2"]


def run(arguments, **how):
    global checked
    checked += 1
    return subprocess.run([seamark, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=LONGEST, **how)


def refused(arguments, *words):
    """An error, at once, that says what to do; `serve` says it and serves."""
    global checked
    checked += 1
    begin = time.monotonic()
    process = subprocess.Popen([seamark, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    try:
        err = ""
        if arguments[0] == "serve":
            assert select.select([process.stdout], [], [], LONGEST)[0], "it does not begin to serve"
            process.terminate()
        err = process.communicate(timeout=LONGEST)[1]
    finally:
        process.kill()
    assert process.returncode == (0 if arguments[0] == "serve" else 1), f"{arguments}: {process.returncode}, {err}"
    assert all(word in err for word in words), f"{arguments}: {err}"
    assert time.monotonic() - begin < LONGEST


def blocks(data):
    """Types of a pcapng's blocks, which must be whole."""
    at, kinds = 0, []
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length >= 12 and at + length <= len(data), f"a block of {length} bytes at {at} of {len(data)}"
        assert struct.unpack_from("<I", data, at + length - 4)[0] == length
        kinds.append(kind)
        at += length
    assert kinds[:2] == [0x0A0D0D0A, 1], kinds[:2]
    return kinds


def content(path):
    with open(path, "rb") as file:
        return file.read()


# A FIFO that no one reads; and one that somebody does.
os.mkfifo("fifo")
for command in (TRACE, GET, SERVE, LAB):
    refused(command("fifo"), "no process reads this pipe", "Start what reads it first")
received = []
def read_all(descriptor):
    os.set_blocking(descriptor, True)
    with open(descriptor, "rb") as file:
        received.append(file.read())
thread = threading.Thread(target=read_all, args=[os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)])
keep = os.open("fifo", os.O_WRONLY)  # until the recorder has it open: else the reader is at its end at once
thread.start()
threading.Timer(3, os.close, [keep]).start()
done = run(["trace", "-o", "fifo", "--", send_cost, "3000", "32"])
thread.join()
assert done.returncode == 0, done.stderr
assert len(blocks(received[0])) > 3000, f"{len(blocks(received[0]))} blocks; {done.stderr}"

# One whose reader has stopped, or goes away: what it cannot have is dropped, and said.
for goes_away in (False, True):
    reader = os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
    if goes_away:
        threading.Timer(0.1, os.close, [reader]).start()
    done = run(["trace", "-o", "fifo", "--", send_cost, "5000", "32"])
    assert done.returncode == 0 and "cannot write all events" in done.stderr, done.stderr
    assert "dropped" in done.stderr, done.stderr
    if not goes_away:
        os.close(reader)

# Links: followed in a folder of one's own, not where others can write, wherever in the path they stand.
for target in ("victim", "victim2"):
    open(target, "w").write("precious")
os.symlink(os.path.abspath("victim"), "shared/link")
os.symlink(os.path.abspath("."), "shared/folder")
os.symlink("shared/link", "own-link-to-link")
for path in ("shared/link", "shared/folder/victim", "own-link-to-link", "./shared/../shared//link"):
    for command in (TRACE, GET, BODY, SERVE, LAB):
        refused(command(path), "symbolic link", "name the file itself")
        assert content("victim") == b"precious", command(path)
# A file that is no capture of ours is not overwritten, through a link or not.
os.symlink("victim2", "own-link")
for path in ("victim2", "own-link"):
    for command in (TRACE, SERVE, LAB):
        refused(command(path), "is no capture", "move")
        assert content("victim2") == b"precious", command(path)
os.truncate("victim2", 0)
assert run(TRACE("own-link")).returncode == 0
assert os.path.islink("own-link") and blocks(content("victim2"))
os.symlink("made-by-link", "dangling")
assert run(TRACE("dangling")).returncode == 0 and blocks(content("made-by-link"))
assert run(TRACE("shared/new.pcapng")).returncode == 0 and blocks(content("shared/new.pcapng"))
if os.geteuid() == 0:
    open("shared/theirs", "w").write("bait")
    os.chown("shared/theirs", 65534, 65534)
    for command in (TRACE, BODY):
        refused(command("shared/theirs"), "belongs to another user", "Name a file that is not there yet")
    assert content("shared/theirs") == b"bait"

# What is no file.
done = subprocess.run([seamark, *TRACE("/dev/stdout")], capture_output=True, timeout=LONGEST)
assert done.returncode == 0 and blocks(done.stdout), done.stderr
with open("redirected", "wb") as out:
    assert subprocess.run([seamark, *TRACE("/dev/stdout")], stdout=out, timeout=LONGEST).returncode == 0
assert blocks(content("redirected"))
read, write = os.pipe()
done = run(TRACE(f"/dev/fd/{write}"), pass_fds=[write])
os.close(write)
assert done.returncode == 0 and blocks(os.read(read, 65536)), done.stderr
assert run(TRACE("/dev/null")).returncode == 0 and stat.S_ISCHR(os.stat("/dev/null").st_mode)
refused(TRACE("/dev/full"), "No space left on device", "Make room")
refused(TRACE("no/such/folder"), "Its folder does not exist")

# A limit for file sizes: the events up to it, whole; the command goes on.
def limit(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
done = run(["trace", "-o", "limited.pcapng", "--", send_cost, "3000", "32"], preexec_fn=limit(100_000))
if "Raise" not in done.stderr and "raise `ulimit -f`" not in done.stderr:
    assert done.returncode == 0 and "File too large" in done.stderr, f"{done.returncode}: {done.stderr}"
    assert len(blocks(content("limited.pcapng"))) > 100 and os.path.getsize("limited.pcapng") <= 100_000
else:  # who may not lift the limit cannot share as much memory
    assert done.returncode == 1, done.stderr
done = run(["lab", "-o", "lab-limited.pcapng", "--emit", "writes=300&size=1000"], preexec_fn=limit(100_000))
if "there can be no lab here" not in done.stderr:
    assert done.returncode == 1 and "File too large" in done.stderr, f"{done.returncode}: {done.stderr}"
    assert blocks(content("lab-limited.pcapng"))

with Served(seamark) as server:
    url = f"http://127.0.0.1:{server.port}/emit?writes=300&size=1000&gap=0"
    done = run(["get", "-o", "body-limited", url], preexec_fn=limit(100_000))
assert done.returncode == 1 and "raise it (`ulimit -f`)" in done.stderr, f"{done.returncode}: {done.stderr}"
assert os.path.getsize("body-limited") == 100_000

# The caller's variables, in the lab.
names = ["ADDRESS", "PORT", "URL", "UPSTREAM", "FOLDER", "CONFIG", "TRACE"]
caller = {f"SEAMARK_{name}": "callers" for name in names} | {"SEAMARK_OF_MINE": "kept"}
show = ("env | grep ^SEAMARK_ >&2; exec python3 -m http.server -b $SEAMARK_ADDRESS $SEAMARK_PORT")
done = run(["lab", "-o", "env.pcapng", "--server", show, "--client", "env | grep ^SEAMARK_ >&2; curl -s $SEAMARK_URL"],
           env={**os.environ, **caller})
if "there can be no lab here" not in done.stderr:
    assert "callers" not in done.stderr and "SEAMARK_OF_MINE=kept" in done.stderr, done.stderr
    assert "SEAMARK_UPSTREAM" not in done.stderr, done.stderr
print(f"{checked} cases")
