# SPDX-License-Identifier: GPL-2.0-or-later
"""rare_calls prints the same with and without the library, and every byte that one end wrote was read
at the other, whichever process did it and however it came by the connection.

usage: same_rare_calls.py SEAMARK RARE_CALLS WORK"""

import os
import subprocess
import sys

import events as recorded

seamark, rare_calls, work = sys.argv[1:]
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
os.makedirs(work, exist_ok=True)
file = os.path.join(work, "rare-calls.pcapng")


def run(*command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
    return result.returncode, result.stdout, result.stderr


bare, traced = run(rare_calls), run(seamark, "trace", "-o", file, "--", rare_calls)
for here, there in zip(bare[1].splitlines(), traced[1].splitlines()):
    assert here == there, f"bare:   {here}\ntraced: {there}"
assert bare[:2] == traced[:2], f"status {bare[0]} and {traced[0]}; {traced[2]}"
assert bare[0] == 9, f"the program itself failed:\n{bare[1]}{bare[2]}"

found = list(recorded.events(file))
end = found.pop()
assert (end.kind, end.asked, end.taken) == (recorded.END, len(found), 0), end
sums = recorded.streams(found)
written = {key[1:]: taken for key, taken in sums.items() if key[0] == recorded.WRITE}
for (source, peer), taken in written.items():
    read = sums[recorded.READ, peer, source]
    assert read == taken, f"{source} to {peer}: {taken} written, {read} read"
assert len(written) == 23, f"{len(written)} directions with writes"  # three pairs, twenty callers
assert sum(taken == 7 for taken in written.values()) == 20, written
writers = {event.process for event in found if event.kind == recorded.WRITE}
assert len(writers) >= 5, f"the program, two that were spawned, one handed the connection, one with the port: {writers}"
interrupted = [event for event in found if event.kind == recorded.READ and event.error == 4]
assert len(interrupted) == 1 and interrupted[0].taken == -1 and interrupted[0].index == 0, interrupted
assert any(event.error == 11 and event.kind == recorded.WRITE for event in found), "no write that found no room"
closed = sum(event.kind == recorded.CLOSED for event in found)
print(f"{len(found)} events of {len(writers)} processes, {sum(sums.values())} bytes, {closed} closes: the same with and "
      "without")
