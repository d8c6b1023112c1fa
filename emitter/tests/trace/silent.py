# SPDX-License-Identifier: GPL-2.0-or-later
"""A recording in which a program has no call says why, and what to do: silent.c makes such programs,
short-lived ones too.

usage: silent.py SEAMARK SILENT CC WORK"""

import os
import shutil
import subprocess
import sys

seamark, silent, compiler, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), *sys.argv[3:]
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chmod(work, 0o755)
os.chdir(work)
checked = 0


def trace(*command, prefix=()):
    return subprocess.run([*prefix, seamark, "trace", "-o", "events.pcapng", "--", *command], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=100)


def says(name, words, *command, never=(), count="0 events", status=0):
    global checked
    run = trace(*command)
    if run.returncode == 77:
        print(f"{name}: not on this system")
        return
    assert run.returncode == status, f"{name}: status {run.returncode}: {run.stderr}"
    lines = run.stderr.splitlines()
    assert any(all(word in line for word in words) for line in lines) or not words, f"{name}: {run.stderr}"
    assert count in run.stderr, f"{name}: {run.stderr}"
    assert not any(word in run.stderr for word in never), f"{name}: {run.stderr}"
    print(f"{name}: {lines[-1]}")
    checked += 1


COMPLAINTS = ("not recorded", "no call", "daemon", "still run", "without the C library")
says("plain", [], silent, "plain", count="2 connections", never=COMPLAINTS)
says("raw", ["trace_silent (process ", "held TCP connections, and no call on them is recorded", "its peer"], silent, "raw",
     never=["link it dynamically"])
says("nobody", ["another user (65534)", "Run seamark trace as that user"], silent, "nobody", silent, "plain")
says("no-proc", ["no /proc of ours", "Run seamark trace inside of it"], silent, "no-proc", silent, "plain")
says("memory", ["its limit of memory", "ulimit -v"], silent, "memory", silent, "plain")
says("filtered", ["may not open the recording", "sandbox"], silent, "filtered", silent, "plain")
says("daemon", ["(process ", "made itself a daemon", "Start it in the foreground"], silent, "daemon")
says("late daemon", ["(process ", "made itself a daemon", "Start it in the foreground"], silent, "late")

# Its programs are recognised by Go's build number; linked dynamically, this one is no less silent.
with open("go.c", "w") as file:
    file.write("""__asm__(".section .note.go.buildid,\\"a\\",@note\\n.balign 4\\n.long 4, 4, 4\\n"
                      ".ascii \\"Go\\\\0\\\\0abcd\\"\\n.text\\n");
               int main(void) { return 0; }\n""")
for how, words in (([], ["a Go program", "without the C library", "Record its peer"]),
                   (["-static"], ["is a Go program", "Trace its peer"])):
    built = subprocess.run([compiler, *how, "-o", "go", "go.c"], capture_output=True, text=True)
    if built.returncode == 0:
        says(f"Go {how}", words, "./go", never=["link it dynamically"], count="" if how else "0 events",
             status=1 if how else 0)

# The tracer's own: little memory, and no memfd.
run = trace("/bin/true", prefix=("sh", "-c", 'ulimit -v 60000; exec "$@"', "sh"))
assert run.returncode == 1 and "ulimit -v" in run.stderr, run.stderr
print(f"{checked} cases")
assert checked >= 6
