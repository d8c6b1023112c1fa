# SPDX-License-Identifier: GPL-2.0-or-later
"""seamark trace with a command that writes to the memory of the recording what it likes (hostile.c): it
ends by itself or at SIGTERM, keeps to its memory, and its file is a whole pcapng of possible events, in
which is what was recorded before the attack.

usage: hostile.py SEAMARK HOSTILE WORK"""

import os
import select
import signal
import subprocess
import sys
import time

import events as recorded

seamark, hostile, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
recorded.stand_in(work, seamark)
LONGEST = 60  # s, of a run on a machine that has much else to do; most take less than one
MEMORY = 400 << 20  # bytes of a tracer, of which its ring has 80 MiB
HONEST = 10  # writes, before the attack; as many after it, which may be lost
LOUD = {"head-huge", "head-back", "head-last", "head-spins", "garbage", "impossible"}


def trace(attack):
    return subprocess.Popen([seamark, "trace", "-o", attack + ".pcapng", "--", hostile, attack],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def peak_memory(process):
    """Bytes, 0 once it has ended."""
    try:
        lines = open(f"/proc/{process}/status").read().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


def finish(process, attack):
    """Standard output and error of a run that must end, and keep to its memory."""
    with process:
        ends, memory = time.monotonic() + LONGEST, 0
        while process.poll() is None:
            memory = max(memory, peak_memory(process.pid))
            if time.monotonic() > ends:
                process.kill()
                raise AssertionError(f"{attack}: it had not ended after {LONGEST} s")
            time.sleep(0.01)
        out, err = drain(process.stdout), drain(process.stderr)
    if not sanitized:
        assert memory < MEMORY, f"{attack}: {memory >> 20} MiB"
    assert "Sanitizer" not in err and "runtime error" not in err, err
    return out, err


def drain(pipe):
    """What is there: a stopped or deaf child may hold the other end."""
    text = b""
    while select.select([pipe], [], [], 0)[0] and (piece := os.read(pipe.fileno(), 65536)):
        text += piece
    return text.decode()


def check_file(attack, honest=HONEST):
    last, writes = 0, 0
    for event in recorded.events(attack + ".pcapng"):
        assert event.time >= last and event.kind in (1, 2, 3, 4, 5, 7), f"{attack}: {event}"
        assert event.taken >= -1, f"{attack}: {event}"
        last = event.time
        if event.kind == recorded.WRITE and event.asked == 32 and event.taken == 32:
            writes += 1
    assert event.kind == recorded.END, f"{attack}: no end record"
    assert writes >= honest, f"{attack}: {writes} honest writes"
    return writes


sanitized = b"__asan_init" in open(seamark, "rb").read()
attacks = subprocess.run([seamark, "trace", "--quiet", "-o", "list.pcapng", "--", hostile, "list"], check=True,
                         capture_output=True, text=True).stdout.split()
assert len(attacks) > 20
for attack in attacks:
    if attack == "deaf":
        continue
    begin = time.monotonic()
    process = trace(attack)
    out, err = finish(process, attack)
    assert process.returncode == 0 and "done" in out, f"{attack}: status {process.returncode}, {out}{err}"
    if attack in LOUD:
        assert "left out, being no events" in err or "events may be missing" in err, f"{attack}: {err}"
    if attack == "impossible":
        assert "23 records were left out" in err, err
        assert check_file(attack) == 2 * HONEST  # none of the others was lost or let through
    assert all(byte >= " " or byte == "\n" for byte in err), f"{attack}: {err!r}"
    if attack == "stopped-in-slot":
        os.kill(int(out.split()[2]), signal.SIGKILL)
    check_file(attack)
    print(f"{attack}: {time.monotonic() - begin:.2f} s", flush=True)

# The recording hangs at nothing that would keep it from SIGTERM.
for attack in ("head-spins", "tail-spins", "slots-spin"):
    process = trace(attack)
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.5)
    begin = time.monotonic()
    process.terminate()
    finish(process, attack)
    assert process.returncode == 128 + signal.SIGTERM, f"{attack}: status {process.returncode}"
    check_file(attack)
    print(f"{attack}, SIGTERM: ended {time.monotonic() - begin:.2f} s later", flush=True)

# A command that ignores SIGTERM, and goes on recording, is left: after ten seconds, or at the second one.
for signals in (1, 2):
    process = trace("deaf")
    assert process.stdout.readline() + process.stdout.readline() == b"ready\ndeaf\n"
    begin = time.monotonic()
    process.terminate()
    # The kernel keeps one of two that come before the first is noticed, so there may have to be more.
    while signals == 2 and process.poll() is None and time.monotonic() < begin + 5:
        time.sleep(0.3)
        process.terminate()
    out, err = finish(process, "deaf")
    took = time.monotonic() - begin
    # One more signal, on its way out, ends it as it ends any program: the file and the report are complete.
    assert process.returncode in (128 + signal.SIGTERM, -signal.SIGTERM), process.returncode
    assert "left to itself" in err, err
    assert took > 9 if signals == 1 else took < 9, took
    check_file("deaf")
    print(f"deaf, SIGTERM {signals} times: ended {took:.2f} s later", flush=True)
    for line in os.popen(f"pgrep -f '^{hostile} deaf$'").read().split():
        os.kill(int(line), signal.SIGKILL)
print(f"{len(attacks)} attacks")
