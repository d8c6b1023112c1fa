# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that send by recorded calls and by others in turn (mixed_calls.c), under seamark trace: no
recorded write has an offset that is not its own, and what no recorded call sent is recorded as that.

usage: mixed_calls.py SEAMARK MIXED WORK"""

import os
import subprocess
import sys

import events as recorded

seamark, mixed, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
recorded.stand_in(work, seamark)
ROUNDS = 6
UNSEEN_WRITE, AMBIGUOUS, OWN_OFFSET_KNOWN = 10, 256, 512


def runs_of(ranges):
    """Adjoining ones as one."""
    runs = []
    for begin, length in ranges:
        if runs and runs[-1][0] + runs[-1][1] == begin:
            runs[-1] = runs[-1][0], runs[-1][1] + length
        else:
            runs.append((begin, length))
    return runs


def check(way, gap, options, first=0):
    """first: recorded calls before all others."""
    name = f"{way} {gap} ms {' '.join(options)}{f' after {first}' if first else ''}"
    path = f"{way}-{gap}-{len(options)}-{first}.pcapng"
    run = subprocess.run([seamark, "trace", "-o", path, *options, "--", mixed, way, str(gap), str(ROUNDS), str(first)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode == 77:
        print(f"{name}: not on this system")
        return 0
    assert run.returncode == 0, f"{name}: status {run.returncode}: {run.stderr}"
    truth = [(how, int(begin), int(length)) for how, begin, length in map(str.split, run.stdout.splitlines())]
    seen = [(begin, length) for how, begin, length in truth if how == "seen"]
    unseen = [(begin, length) for how, begin, length in truth if how == "unseen"]
    events = list(recorded.events_with_return(path))
    client = next(event.source for event, _ in events if event.kind == recorded.WRITE)
    found = [(event, left) for event, left in events if event.kind == UNSEEN_WRITE]
    assert all(event.source == client for event, _ in found), f"{name}: of another side"
    assert sum(event.taken for event, _ in found) == sum(length for _, length in unseen), \
        f"{name}: {found} of {unseen}"
    # Where such bytes are not placed, the calls between the two moments are not either.
    doubt = [(event.time, left) for event, left in found if not event.flags & OWN_OFFSET_KNOWN]
    exact = 0
    writes = [(event, left) for event, left in events if event.kind == recorded.WRITE and event.index > 0]
    assert len(writes) == len(seen), f"{name}: {len(writes)} writes, not {len(seen)}"
    for (event, left), (begin, length) in zip(sorted(writes, key=lambda write: write[0].index), seen):
        assert event.taken == length, name
        if event.flags & AMBIGUOUS or any(left > first and event.time < last for first, last in doubt):
            assert not (event.flags & AMBIGUOUS and event.flags & recorded.OFFSET_KNOWN), name
            continue
        assert event.flags & recorded.OFFSET_KNOWN, f"{name}: write {event.index} has no offset"
        assert event.offset == begin, f"{name}: write {event.index} at {event.offset}, not {begin}"
        exact += 1
    placed = runs_of(sorted((event.offset, event.taken) for event, _ in found if event.flags & OWN_OFFSET_KNOWN))
    assert set(placed) <= set(runs_of(unseen)), f"{name}: {placed} of {runs_of(unseen)}"
    print(f"{name}: {exact} of {len(seen)} writes placed, all right; {len(doubt)} of {len(found)} gaps not placed")
    # From the fifth call on the kernel is asked every 10 ms, until bytes of other calls are found.
    least = len(seen) if first == 0 else 5
    assert exact >= least, f"{name}: {exact} of {len(seen)} writes have an offset, not {least}"
    return 1


done = 0
for way in ("dprintf", "stdio", "raw", "helper", "io_uring"):
    for gap in (0, 15):
        for options in ([], ["--record", "state"]):
            done += check(way, gap, options)
    done += check(way, 0, [], first=12)
assert done >= 20, f"{done} of 25 ways"
