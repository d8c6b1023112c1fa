#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts that a peer or a recorder chose reach every kind of output as valid UTF-8 without control characters.

Reads hostile captures (hostile_texts.py, of seeds from 1 on) and two cases that are kept beside the
repository, and gives what tshark writes to the parsers of its format: PDML, PSML and the picture to one of
XML, JSON and EK to one of JSON, all of it to one of UTF-8. HTTP's own dissector is off: it shows the same
bytes in its own way.
"""

import json
import re
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

import hostile_texts
import tshark as runner

SHARED = Path(__file__).resolve().parents[4] / "shared" / "cases"
CASES = ("invalid-utf8-congestion.pcapng", "control-chars-congestion.pcapng")
# C0 (but for the line end, and the tab between fields), DEL, C1; what turns the direction of writing;
# line and paragraph separator, byte order mark, and what is no character.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
FIELDS = ("frame.number", "_ws.col.Info", "seamark.chunk.hex", "seamark.chunk.ext", "seamark.state.congestion",
          "seamark.segment.cause.text", "seamark.segment.cause.evidence", "seamark.read.cause.text", "seamark.write.call",
          "seamark.event.kind", "seamark", "_ws.expert.message")
WITHOUT_HTTP = ("--disable-protocol", "http")
TOGETHER = 25  # captures in one file, a section each


def xml_of(text):
    xml.etree.ElementTree.fromstring(text)


def lines_of_json(text):
    for line in text.splitlines():
        if line.startswith("{"):
            json.loads(line)


def nothing_more(text):
    pass


FORMATS = (
    ("pdml", ("-T", "pdml"), xml_of), ("json", ("-T", "json"), json.loads), ("ek", ("-T", "ek"), lines_of_json),
    ("psml", ("-T", "psml"), xml_of), ("text", ("-V",), nothing_more), ("summary", (), nothing_more),
    ("fields", ("-T", "fields", *(part for name in FIELDS for part in ("-e", name))), nothing_more),
    ("tables", ("-q", "-z", "seamark,chunks", "-z", "seamark,chunks,json", "-z", "seamark,lanes", "-z", "seamark,tree",
                "-z", "seamark,table", "-z", "expert", *(part for frame in range(1, 40) for part in
                ("-z", f"seamark,explain,{frame}"))), lines_of_json),
)


def wrong_with(data, parse):
    """What is wrong with an output, as bytes; empty: nothing."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return f"{error}: {data[max(0, error.start - 60):error.end + 20]!r}"
    if found := FORBIDDEN.search(text):
        return f"{found[0]!r} stands in {text[max(0, found.start() - 60):found.end() + 20]!r}"
    try:
        parse(text)
    except (ValueError, xml.etree.ElementTree.ParseError) as error:
        return str(error)
    return ""


def look(tshark, name, more, complaints):
    for what, arguments, parse in FORMATS:
        out, err = tshark.raw(name, "-2", *more, *arguments)
        for stream, data in (("", out), (" (standard error)", err)):
            if wrong := wrong_with(data, parse if not stream else nothing_more):
                complaints.append(f"{name} as {what}{stream}: {wrong}")
    for axis in ("svg", "svg-time"):
        with tempfile.TemporaryDirectory(dir=tshark.home) as folder:
            Path(folder).chmod(0o777)
            picture = Path(folder) / "lanes.svg"
            tshark.raw(name, "-q", *more, "-z", f"seamark,lanes,{axis}={picture}")
            if wrong := wrong_with(picture.read_bytes(), xml_of):
                complaints.append(f"{name} as {axis}: {wrong}")


def harmless(tshark, complaints):
    """Text that does no harm is what it was, so that filters find it; what does is found by its escapes."""
    name = "harmless.pcapng"
    with tempfile.TemporaryDirectory() as folder:
        rng = hostile_texts.random.Random(0)
        for text, filters in ((b"cubic", ('seamark.state.congestion == "cubic"',)),
                              ("né\\x".encode(), ('seamark.state.congestion == "né\\\\x"',)),
                              (b"bbr\xff\x1b", ('seamark.state.congestion == "bbr\\\\xff\\\\x1b"',
                                                'seamark.state.congestion contains "bbr"'))):
            record = hostile_texts.event(rng, hostile_texts.OPTION, 17, 0, 0, 0, 10**18, 6, 13)[:84]
            good = hostile_texts.good
            data = good.tags(hostile_texts.SERVER, hostile_texts.CLIENT) + record + hostile_texts.part(3, text)
            head = hostile_texts.capture(1)
            head = head[:head.index(b"\x06\0\0\0")]
            (Path(folder) / name).write_bytes(head + good.packet(1, 10**18, data))
            tshark.add([Path(folder) / name])
            for expression in filters:
                if len(tshark.run(name, "-Y", expression).splitlines()) != 1:
                    complaints.append(f"{text}: {expression} does not match")
            tshark.drop(name)


def check(tshark, given):
    complaints, cases = [], 0
    for name in CASES:
        if (SHARED / name).is_file():
            tshark.add([SHARED / name])
            look(tshark, name, WITHOUT_HTTP, complaints)
            cases += 1
        else:
            print(f"{SHARED / name} is not there: skipped", file=sys.stderr)
    harmless(tshark, complaints)
    with tempfile.TemporaryDirectory() as folder:
        for first in range(1, given.captures + 1, TOGETHER):
            path = Path(folder) / f"seeds-{first}.pcapng"
            path.write_bytes(b"".join(hostile_texts.capture(seed) for seed in
                                      range(first, min(first + TOGETHER, given.captures + 1))))
            tshark.add([path])
            look(tshark, path.name, WITHOUT_HTTP, complaints)
            tshark.drop(path.name)
    print(f"{cases} cases, {given.captures} captures, {len(FORMATS) + 2} formats; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--captures", {"type": int, "default": 50, "help": "how many to make"}))
