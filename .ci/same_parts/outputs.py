# SPDX-License-Identifier: GPL-2.0-or-later
"""What a program printed or wrote, and what it takes to call two of them equal."""

import dataclasses
import hashlib
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Output:
    """One output of one side. `kind`, `subject` and `how` name it; the other side has one of the same name."""

    kind: str  # what: "lanes", "log", "--help"
    subject: str  # of what: a capture, a request, a command line
    how: str  # "" or what is special about the run: "-2"
    data: bytes
    unordered: bool = False  # a set of lines: the order of two fields, say, is no behaviour
    items: int = 1  # how many answers it holds, as in a file with the pages of 14 frames
    command: str = ""  # what was run, for people

    @property
    def name(self):
        return (self.kind, self.subject, self.how)

    @property
    def label(self):
        return " ".join(part for part in (self.kind, self.subject, self.how) if part)


@dataclasses.dataclass(frozen=True)
class Job:
    """Runs some programs of one side. Both sides get the same job; what it gives must be equal."""

    part: str
    name: str
    outputs: Callable  # side -> [Output]
    smaller: Callable = None  # () -> [Job], which show more closely where a difference is
    steady: bool = True  # False: timing can get into the output, so a difference is looked at again
    origin: Callable = None  # (kind, text up to the difference) -> where that is, or ""

    @property
    def id(self):
        return f"{self.part}:{self.name}"


@dataclasses.dataclass(frozen=True)
class Difference:
    job: Job
    label: str
    command: str
    where: str
    base: str
    now: str


def comparable(output, words, base):
    """The bytes that are compared; words are those of .ci/words.tsv."""
    data = words.apply(output.data) if base else words.put_back(output.data)
    if output.unordered:
        data = b"\n".join(sorted(data.split(b"\n")))
    return data


def digest(data):
    return hashlib.blake2b(data, digest_size=16).digest()


def first_difference(job, base, now, words):
    """The first difference of one pair of outputs as a Difference, or None."""
    ours, theirs = comparable(base, words, True), comparable(now, words, False)
    if ours == theirs:
        return None
    before, a, b = _first_lines(ours, theirs)
    where = job.origin(now.kind, before + b) if job.origin else ""
    return Difference(job, now.label, now.command, where, *_around(a, b))


def differences(job, base, now, words):
    """[Difference] of the outputs that a job gave for both sides."""
    ours, theirs = ({output.name: output for output in side} for side in (base, now))
    found = []
    for name, output in theirs.items():
        if name not in ours:
            found.append(Difference(job, output.label, output.command, "", "(no such output)", "(an output)"))
        elif difference := first_difference(job, ours[name], output, words):
            found.append(difference)
    found += [Difference(job, output.label, output.command, "", "(an output)", "(no such output)")
              for name, output in ours.items() if name not in theirs]
    return found


def _first_lines(a, b):
    """(all that stands before, the line of a, the line of b) of the first line that differs."""
    at = next((n for n, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    begin = a.rfind(b"\n", 0, at) + 1

    def line(data):
        end = data.find(b"\n", begin)
        return data[begin:] if end < 0 else data[begin:end]
    return a[:at], line(a), line(b)


def _around(a, b, width=150):
    """Both lines, cut so that the first difference is to be seen."""
    at = next((n for n, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    begin = max(0, at - width // 3)

    def cut(line):
        text = line[begin:begin + width].decode("utf-8", "backslashreplace")
        return ("…" if begin else "") + text + ("…" if len(line) > begin + width else "")
    return cut(a), cut(b)
