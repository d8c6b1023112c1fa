# SPDX-License-Identifier: GPL-2.0-or-later
"""Small faults put into the sources, by seed: what a slip of the hand would do."""

import dataclasses
import random
import re

# {area: (folders, what no output that is compared can show)}. The windows of Wireshark, and networks and
# captures that the lab makes, are tested by ./run gui and ./run soak lab.
AREAS = {
    "core": (["plugin/core"], []),
    "epan": (["plugin/epan"], ["menus.cpp"]),
    "emitter": (["emitter/plan", "emitter/record", "emitter/net", "emitter/trace", "emitter/check", "emitter"],
                ["open_files.cpp"]),
}
SUFFIXES = (".cpp", ".c")


@dataclasses.dataclass(frozen=True)
class Mutant:
    area: str
    path: str
    line: int  # from 1
    kind: str
    old: str
    new: str

    def __str__(self):
        return f"{self.path}:{self.line} {self.kind}: {self.old.strip()}  →  {self.new.strip() or '(dropped)'}"


def _swap(pattern, table):
    """Replaces one place that a pattern finds, by a table of what stands there."""
    def change(rng, line):
        places = list(re.finditer(pattern, line))
        if not places:
            return None
        place = rng.choice(places)
        new = table(rng, place[0]) if callable(table) else table.get(place[0])
        return line[:place.start()] + new + line[place.end():] if new is not None else None
    return change


def _word(rng, line):
    """Another letter in a word of a text."""
    texts = [t for t in re.finditer(r'"([^"\\%]*)"', line) if re.search(r"[a-z]{3}", t[1])]
    if not texts or "#include" in line:
        return None
    text = rng.choice(texts)
    letter = rng.choice([m.start() for m in re.finditer(r"[a-z]", text[1])]) + text.start() + 1
    return line[:letter] + ("q" if line[letter] != "q" else "z") + line[letter + 1:]


def _drop(rng, line):
    """Drops a call or an assignment that stands alone in its line."""
    if re.match(r"^\s+(?!return|using|case|default|break|continue|throw|delete|static|const|constexpr|auto|friend|else)"
                r"(?:[\w\]\[.:>*()-]+(?:\(.*\)| [+|&-]?= .*);|(?:\+\+|--)[\w.>-]+;)$", line):
        return ""
    return None


KINDS = {
    "comparison": _swap(r" (?:<=|>=|==|!=|<|>) ", {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == "}),
    "off by one": _swap(r"(?<![\w.\"'])(?:[+-] )?\b\d{1,6}\b(?![\w.'\"])", lambda rng, old: re.sub(r"\d+", lambda n: str(int(n[0]) + 1), old)),
    "logic": _swap(r" (?:&&|\|\|) |\b(?:true|false)\b", {" && ": " || ", " || ": " && ", "true": "false", "false": "true"}),
    "sign": _swap(r" [+-] (?=\w)", {" + ": " - ", " - ": " + "}),
    "dropped": _drop,
    "word": _word,
}


def _is_code(line):
    text = line.strip()
    return bool(text) and not text.startswith(("//", "/*", "*", "#", "static_assert", "template", "using", "namespace"))


def files(top, area):
    folders, without = AREAS[area]
    found = []
    for folder in folders:
        walk = (top / folder).glob("*") if folder == "emitter" else (top / folder).rglob("*")
        found += [p for p in sorted(walk) if p.suffix in SUFFIXES and p.name not in without and "tests" not in p.parts]
    return found


def mutant(top, seed, number):
    """The mutant of a seed: core, epan and emitter in turn."""
    rng = random.Random(f"mutant {seed} {number}")
    area = list(AREAS)[number % len(AREAS)]
    sources = files(top, area)
    sizes = [p.stat().st_size for p in sources]
    while True:
        path = rng.choices(sources, sizes)[0]
        lines = path.read_text().splitlines()
        at = rng.randrange(len(lines))
        kind = rng.choice(list(KINDS))
        if _is_code(lines[at]) and (new := KINDS[kind](rng, lines[at])) is not None and new != lines[at]:
            return Mutant(area, str(path.relative_to(top)), at + 1, kind, lines[at], new)


def apply(top, change):
    """Puts it into the tree; returns the text that stood there."""
    path = top / change.path
    before = path.read_text()
    lines = before.splitlines()
    lines[change.line - 1] = change.new
    path.write_text("\n".join(lines) + "\n")
    return before
