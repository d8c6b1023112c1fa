# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated captures, as fuzz_captures.py makes them: rows, fields, expert infos, exit status. Many share a
file, and what differs is halved until one capture is left."""

import sys
import threading

from same_parts import builds, captures
from same_parts.outputs import Job, Output

sys.path.insert(0, str(builds.TOP / "plugin" / "tests" / "captures"))
import fuzz_captures  # noqa: E402
import mutations  # noqa: E402

QUESTIONS = {"expert": "expert", "chunks,json": "seamark,chunks,json", "lanes": "seamark,lanes", "tree": "seamark,tree"}


class _Written:
    """A batch's file, made when it is first asked for, and removed when all who need it have had it."""

    def __init__(self, batch, files, users):
        self._batch, self._files, self._users = batch, files, users
        self._lock = threading.Lock()
        self._path = None

    def __enter__(self):
        with self._lock:
            if self._path is None:
                self._path = self._batch.write(self._files.path)
                self._path.chmod(0o644)
            return self._path

    def __exit__(self, *_):
        with self._lock:
            self._users -= 1
            if self._users <= 0 and self._path:
                self._path.unlink()
                self._path = None


def outputs(side, batch, path, passes):
    how, name = " ".join(passes), str(batch)
    fields = [word for field in side.fields() for word in ("-e", field)]
    words = [word for question in QUESTIONS.values() for word in (*captures.FENCE, "-z", question)]
    status, out, err = side.tshark("-n", *passes, "-r", str(path), "-T", "fields", "-e", "frame.number", *fields, *words,
                                   *captures.FENCE)
    command = f"tshark -n {how} -r {path.name} of {name}"
    parts = captures.parted(out, [*QUESTIONS, "fields"])
    made = [Output(kind, name, how, data, items=len(batch.captures), command=command) for kind, data in parts.items()
            if kind in QUESTIONS]
    first = parts.get("fields", parts.get("tables", b""))
    made.append(Output("fields", name, how, captures.named_fields(side, first), unordered=True, items=len(batch.captures), command=command))
    made.append(Output("exit status and stderr", name, how, f"exit status {status}\n".encode() + err, items=len(batch.captures), command=command))
    return made


def _job(batch, files):
    written = _Written(batch, files, users=2)

    def run(side):
        with written as path:
            return [output for passes in captures.PASSES for output in outputs(side, batch, path, passes)]

    def smaller():
        return [_job(half, files) for half in batch.halves()] if len(batch.captures) > 1 else []
    return Job("mutated", str(batch), run, smaller=smaller)


def jobs(files, count, seed):
    """At least `count` mutated captures, in one pass and in two."""
    inputs = fuzz_captures.inputs("")
    kinds = list(mutations.KINDS)
    seeds = max(1, -(-count // (len(inputs) * len(kinds))))
    share = min(1.0, count / (len(inputs) * len(kinds)))
    if share < 1:  # every so manieth capture, another one for each kind of mutation
        step = max(1, round(1 / share))
        inputs = {kind: inputs[n % step::step] for n, kind in enumerate(kinds)}
    else:
        inputs = {kind: inputs for kind in kinds}
    batches = [fuzz_captures.Batch(kind, number, inputs[kind]) for number in range(seed, seed + seeds) for kind in kinds]
    return [_job(batch, files) for batch in batches]
