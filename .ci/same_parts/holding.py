# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs jobs on both sides, some at a time, and counts what is equal and what is not."""

import collections
import concurrent.futures
import subprocess
import threading

from same_parts.outputs import differences

AGAIN = 3  # times that a job whose outputs depend on timing is looked at


class Tally:
    """What was compared so far: per part and kind, how many outputs, answers in them, and how many differ."""

    def __init__(self):
        self.outputs, self.items, self.differing = (collections.Counter() for _ in range(3))
        self.differences, self.broken, self.again = [], [], 0
        self._lock = threading.Lock()

    def add(self, job, outputs, found, again):
        with self._lock:
            for output in outputs:
                self.outputs[job.part, output.kind] += 1
                self.items[job.part, output.kind] += output.items
            kinds = {output.label: output.kind for output in outputs}
            for difference in found:
                self.differing[job.part, kinds.get(difference.label, "gone")] += 1
            self.differences += found
            self.again += again

    def add_broken(self, job, why):
        with self._lock:
            self.broken.append((job, why))


def hold(job, base, now, words):
    """(outputs of now, [Difference], whether the job was run again). Of a job whose outputs depend on timing
    only what differs each time counts."""
    ran, found = 0, []
    while True:
        ours, theirs = job.outputs(base), job.outputs(now)
        these = differences(job, ours, theirs, words)
        ran += 1
        labels = {difference.label for difference in these}
        found = these if ran == 1 else [d for d in found if d.label in labels]
        if not found or job.steady or ran == AGAIN:
            return theirs, found, ran > 1


def _closer(job, base, now, words, found):
    """The same differences as smaller jobs show them, if there are such and they do."""
    if not found or not job.smaller:
        return found
    for part in job.smaller():
        _, deeper, _ = hold(part, base, now, words)
        if deeper:
            return _closer(part, base, now, words, deeper)
    return found


def hold_all(jobs, base, now, words, workers, say):
    """The Tally of all jobs."""
    tally = Tally()

    def work(job):
        try:
            outputs, found, again = hold(job, base, now, words)
            tally.add(job, outputs, _closer(job, base, now, words, found), again)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            tally.add_broken(job, f"{type(error).__name__}: {error}")
        return job
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for done, job in enumerate(pool.map(work, jobs), 1):
            say(done, len(jobs), job, tally)
    return tally
