# SPDX-License-Identifier: GPL-2.0-or-later
""".ci/words.tsv: what BASE said, and what it says now, on purpose.

A line is OLD, a tab, NEW; empty lines and those that begin with # are none. Each place in BASE's outputs
where OLD stands is replaced, in one go, as plain bytes: field names, text, JSON and pictures alike. Where
several OLD begin at one place the longest wins, and what was put in is not looked at again, so that the
order of lines does not matter and two words can change places. \\t, \\n and \\\\ stand for a tab, a line end
and a backslash; NEW may be empty.
"""

import re
from pathlib import Path


class Unreadable(Exception):
    """The file has a line that is no replacement; the text names it."""


class Words:
    def __init__(self, pairs):
        self._new = dict(pairs)
        longest_first = sorted(self._new, key=len, reverse=True)
        self._old = re.compile(b"|".join(map(re.escape, longest_first))) if pairs else None

    def __len__(self):
        return len(self._new)

    def apply(self, data):
        return self._old.sub(lambda found: self._new[found[0]], data) if self._old else data


def _plain(text):
    escapes = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}
    return re.sub(r"\\[tn\\]", lambda found: escapes[found[0]], text).encode()


def read(path):
    """The Words of a file; none where there is no such file."""
    path, pairs = Path(path), {}
    if not path.exists():
        return Words({})
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 2 or not parts[0]:
            raise Unreadable(f"{path}:{number}: expected OLD, one tab, NEW; found {line!r}")
        if parts[0] in pairs:
            raise Unreadable(f"{path}:{number}: {parts[0]!r} stands in an earlier line already")
        pairs[parts[0]] = parts[1]
    return Words({_plain(old): _plain(new) for old, new in pairs.items()})
