# SPDX-License-Identifier: GPL-2.0-or-later
"""What seamark trace cannot record it says, before it starts it or at the end, with what to do; and the
command's status is its own.

usage: refusals.py SEAMARK CC WORK        (CC compiles a program that is linked statically)"""

import os
import shutil
import subprocess
import sys

import events

seamark, compiler, work = os.path.abspath(sys.argv[1]), *sys.argv[2:]
events.stand_in(work, seamark)
checked = 0


def put(name, text, mode=0o755):
    with open(name, "w") as file:
        file.write(text)
    os.chmod(name, mode)
    return os.path.abspath(name)


def trace(*command, options=("-o", "events.pcapng"), environment=None):
    return subprocess.run([seamark, "trace", *options, "--", *command], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=100, env={**os.environ, **(environment or {})})


def refused(words, *command, **how):
    """Not started: status 1, one message that has the words."""
    global checked
    run = trace(*command, **how)
    assert run.returncode == 1 and run.stdout == "", f"{command}: status {run.returncode}, {run.stdout}{run.stderr}"
    assert all(word in run.stderr for word in words), f"{command}: {run.stderr}"
    assert not os.path.exists("started"), f"{command} was started"
    checked += 1


def runs(status, words, *command, **how):
    global checked
    run = trace(*command, **how)
    assert run.returncode == status, f"{command}: status {run.returncode}, not {status}; {run.stderr}"
    assert all(word in run.stderr for word in words), f"{command}: {run.stderr}"
    checked += 1
    return run.stderr


refused(["no program there-is-none-such on the PATH"], "there-is-none-such")
refused(["./none is not a program"], "./none")
refused(["is not a program"], work)
refused(["is not a program"], put("no-right", "#!/bin/sh\ntouch started\n", 0o644))
runs(2, ["--tls-keys", "Leave --kernel out"], "/bin/true", options=("--kernel", "--tls-keys"))
for before in ((), ("--",)):
    said = subprocess.run([seamark, "trace", "--quiet", "-o", "events.pcapng", *before, "/bin/echo", "[1,2]", "[]", "[[a],b]"],
                          capture_output=True, text=True).stdout
    assert said == "[1,2] [] [[a],b]\n", f"a command's arguments are not its own: {said}"
    checked += 1
open("precious", "w").write("precious")
refused(["cannot record to precious", "is no capture that seamark wrote", "-o"], "/bin/true", options=("-o", "precious"))
assert open("precious").read() == "precious"
refused(["cannot record to", "-o"], "/bin/true", options=("-o", "no/such/folder/events.pcapng"))
refused(["cannot record to /dev/full", "No space left on device"], "/bin/true", options=("-o", "/dev/full"))
refused(["cannot record to", "directory"], "/bin/true", options=("-o", work))

# Any program that is not ours and set-uid: a copy that belongs to another user, or, where we cannot give
# one away, the system's own.
own = put("set-uid", "")
shutil.copy("/bin/true", own)
if os.geteuid() == 0:
    os.chown(own, 65534, 65534)
    os.chmod(own, 0o4755)
else:
    own = next((path for path in ("/usr/bin/passwd", "/bin/su", "/usr/bin/chsh") if os.path.exists(path)
                and os.stat(path).st_mode & 0o4000), None)
if own:
    refused(["changes user or group when it starts", "Run seamark trace as that user"], own)

put("static.c", "int main(void) { return 0; }\n")
if subprocess.run([compiler, "-static", "-o", "static", "static.c"], capture_output=True).returncode == 0:
    refused(["is statically linked", "Trace its peer"], "./static")
    refused(["is statically linked"], put("by-script", f"#!{work}/static\n"))
    refused(["is statically linked"], put("by-env", "#!/usr/bin/env static\n"), environment={"PATH": work + ":/usr/bin"})
put("foreign", "\x7fELF", 0o755)
elf = bytearray(open("/bin/true", "rb").read())
elf[18:20] = (0x1234).to_bytes(2, "little")  # e_machine
open("foreign", "wb").write(elf)
refused(["another kind of processor"], "./foreign")
elf = open("/bin/true", "rb").read().replace(b"/ld-linux", b"/ld-musl-")
open("musl", "wb").write(elf)
os.chmod("musl", 0o755)
if b"/ld-musl-" in elf:
    refused(["runs on another C library"], "./musl")

runs(0, ["0 events (0 writes, 0 reads) of 0 connections in events.pcapng"], "/bin/true")
runs(7, [], "/bin/sh", "-c", "exit 7")
runs(128 + 9, [], "/bin/sh", "-c", "kill -9 $$")
runs(128 + 15, [], "/bin/sh", "-c", "kill -15 $$")
runs(0, ["sleep (process", "not recorded, because the library is not loaded there"],
     "/bin/sh", "-c", "env -i sleep 1.8")
# What goes on is reported of those that could have something recorded, by name; of a shell or a helper it is noise.
listener = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); time.sleep(3)"
said = runs(0, ["(process ", "still run with TCP sockets, unrecorded from here on"],
            "/bin/sh", "-c", f'{sys.executable} -c "{listener}" & sleep 2')
assert "sleep (" not in said, said
said = runs(0, [], "/bin/sh", "-c", "sleep 3 & sleep 0.2")
assert "still run" not in said, said
print(f"{checked} cases")
