# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that makes every call prints the same with and without the library; what it wrote on
one end of a connection is what it read on the other; nothing else was recorded.

usage: same_with_and_without.py SEAMARK EVERY_CALL WORK"""

import collections
import os
import subprocess
import sys

import events as recorded

seamark, every_call, work = sys.argv[1:]
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
os.makedirs(work, exist_ok=True)
file = os.path.join(work, "every-call.pcapng")


def run(*command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=60)
    return result.returncode, result.stdout, result.stderr


bare = run(every_call)
traced = run(seamark, "trace", "-o", file, "--", every_call)
for here, there in zip(bare[1].splitlines(), traced[1].splitlines()):
    assert here == there, f"bare:   {here}\ntraced: {there}"
assert bare[:2] == traced[:2], f"status {bare[0]} and {traced[0]}; {traced[2]}"
assert bare[0] == 7, f"the program itself failed:\n{bare[1]}{bare[2]}"

found = list(recorded.events(file))
end = found.pop()
assert (end.kind, end.asked) == (recorded.END, len(found)) and end.taken <= 1, end
assert "unrecorded" not in traced[2], traced[2]

sums = recorded.streams(found, killed=1)
pairs = 0
for (kind, source, peer), taken in sums.items():
    if kind == recorded.WRITE:
        read = sums[recorded.READ, peer, source]
        # The child that is killed may have had a byte taken and no time to say so.
        assert 0 <= read - taken <= 1, f"{source} to {peer}: {taken} written, {read} read"
        pairs += 1
assert pairs == 4, f"{pairs} directions with writes"

calls = collections.Counter(event.call for event in found)
for call in range(1, 21):
    assert calls[call] > 0, f"call {call} was not recorded"
assert len({event.process for event in found}) == 4, "the program, two forks of it, one exec"
assert [event.error for event in found if event.fd == 999] == [], "999 is no connection"
print(f"{len(found)} events, {sum(sums.values())} bytes: the same with and without")
