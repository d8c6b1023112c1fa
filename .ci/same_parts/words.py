# SPDX-License-Identifier: GPL-2.0-or-later
""".ci/words.tsv: what BASE said, and what it says now, on purpose.

A line is OLD, a tab, NEW; empty lines and those that begin with # are none. Each place in BASE's outputs
where OLD stands is replaced, in one go, as plain bytes: field names, text, JSON and pictures alike. Where
several OLD begin at one place the longest wins, and what was put in is not looked at again, so that the
order of lines does not matter and two words can change places. \\t, \\n and \\\\ stand for a tab, a line end
and a backslash; NEW may be empty.

A third column, "back", is for what has several words by now where it had one: NEW is replaced by OLD in
what the tree prints, and BASE's outputs stay.
"""

import re
from pathlib import Path


class Unreadable(Exception):
    """The file has a line that is no replacement; the text names it."""


class Words:
    def __init__(self, pairs, back=()):
        self._new, self._back = dict(pairs), dict(back)

    def __len__(self):
        return len(self._new) + len(self._back)

    def apply(self, data):
        """To what BASE printed."""
        return _replaced(data, self._new)

    def put_back(self, data):
        """To what the tree prints."""
        return _replaced(data, self._back)


def _replaced(data, pairs):
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.sub(b"|".join(map(re.escape, longest_first)), lambda found: pairs[found[0]], data) if pairs else data


def _plain(text):
    escapes = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}
    return re.sub(r"\\[tn\\]", lambda found: escapes[found[0]], text).encode()


def read(path):
    """The Words of a file; none where there is no such file."""
    path, pairs, back = Path(path), {}, {}
    if not path.exists():
        return Words({})
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) == 3 and parts[2] == "back" and parts[1]:
            old, new = parts[1], parts[0]
            into = back
        elif len(parts) == 2 and parts[0]:
            old, new = parts
            into = pairs
        else:
            raise Unreadable(f"{path}:{number}: expected OLD, one tab, NEW; found {line!r}")
        if old in into:
            raise Unreadable(f"{path}:{number}: {old!r} stands in an earlier line already")
        into[old] = new
    return Words(*({_plain(old): _plain(new) for old, new in found.items()} for found in (pairs, back)))
