# SPDX-License-Identifier: GPL-2.0-or-later
"""All captures at hand, and albums of them: files that hold several captures one behind the other, since
to start tshark costs more than to read most of them. In an album each capture has a client address of its
own, as in fuzz_captures.py, so that none shares a connection with another."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

from same_parts import builds

sys.path.insert(0, str(builds.TOP / "plugin" / "tests" / "captures"))
import mutations  # noqa: E402

CAPTURES = builds.TOP / "test-captures"
SHARED = Path(os.environ.get("SEAMARK_SHARED", builds.TOP.parent / "shared"))
FOLDERS = (CAPTURES, CAPTURES / "labs", SHARED / "real-captures", SHARED / "cases")
MOST_FRAMES = 700  # of an album
FRAME = {  # what shows the number of a frame in an output
    "-V": rb"^Frame (\d+):", "fields": rb"^(\d+)\t", "columns": rb"^ *(\d+) ",
    "pdml": rb'<field name="num"[^>]* show="(\d+)"', "json": rb'"frame.number": "(\d+)"',
    "ek": rb'"frame_frame_number":"(\d+)"'}


def captures():
    """Paths of all captures at hand, those of this repository first."""
    found = [p for folder in FOLDERS for pattern in ("*.pcap", "*.pcapng") for p in sorted(folder.glob(pattern))]
    return found


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or at + length > len(data):
            return
        yield kind, data[at + 8:at + length - 4]
        at += length


def frames_of(path):
    """How many packets a capture has; one that ends in the middle of a packet has those before that."""
    done = subprocess.run(["capinfos", "-Tmrc", str(path)], capture_output=True, text=True)
    found = re.search(r",(\d+)\s*$", done.stdout)
    return int(found[1]) if found else 0


def is_plain(path):
    """Whether records are all that a capture holds. Keys, blocks without times, several interfaces of one
    kind: what depends on those has to be read from the file as it is."""
    data = path.read_bytes()
    if data[:4] != b"\x0a\x0d\x0d\x0a":
        return True
    kinds, links = set(), []
    for kind, body in blocks(data):
        kinds.add(kind)
        if kind == 1:
            links.append(struct.unpack_from("<H", body)[0])
    return kinds <= {0x0A0D0D0A, 1, 5, 6} and len(links) == len(set(links))


def _records(path):
    """None of a file that editcap does not read to its end."""
    try:
        return mutations.records(path)
    except subprocess.CalledProcessError:
        return None


class Album:
    """A file with captures, and which frames of it are whose."""

    def __init__(self, name, file, members):
        self.name, self.file, self.members = name, file, members  # [(name, frames)]

    def origin(self, kind, text):
        """In which frame the first difference is, found from the text up to it."""
        numbers = re.findall(FRAME[kind], text, re.MULTILINE) if kind in FRAME else []
        if not numbers:
            return ""
        frame = left = int(numbers[-1])
        for name, frames in self.members:
            if left <= frames:
                return f"frame {frame}" if len(self.members) == 1 else f"frame {frame}, which is frame {left} of {name}"
            left -= frames
        return f"frame {frame}"


def albums(paths, files):
    """[Album] that hold all the captures."""
    made, members, records = [], [], []

    def end():
        if members:
            name = f"album-{len(made) + 1}.pcapng" if len(members) > 1 else members[0][0]
            file = files.path / f"album-{len(made) + 1}.pcapng"
            mutations.write(file, records)
            file.chmod(0o644)
            made.append(Album(name, file, list(members)))
            members.clear()
            records.clear()

    for number, path in enumerate(paths):
        if not is_plain(path) or (found := _records(path)) is None:
            made.append(Album(path.name, files.add(path), [(path.name, 10**9)]))
            continue
        found = mutations.on_own_hosts(found, number)
        if records and len(records) + len(found) > MOST_FRAMES:
            end()
        members.append((path.name, len(found)))
        records.extend(found)
    end()
    return made
