#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The lanes of -z seamark,lanes: two pictures as a person drew them, and for every capture the chunks
of its baseline, lines of at most 100 columns, and an SVG that is sound XML with the same chunks.
"""

import json
import os
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"

# Worked out by hand from the frames, offsets and lengths of the recipes' own baselines.
BY_HAND = {
    # Full packets of 1460 fit the MSS, and all are pushed, as ends of writes are. Captured in the middle, what is shorter may
    # have been released by an acknowledgement; not by Nagle, where less than a packet is in flight.
    "chunk-over-segments.pcap": """\
offset+bytes  write (tags)  chunk                segment frame:bytes  cause
0+63                        head                 1 5:63 ×1            write (consistent)
63+1460       tag 2         1 hex fa0 line+data  2 6:1460 ×1          mss or write (consistent)
1523+1460     │             │ data               3 7:1460 ×1          mss or write (consistent)
2983+191      │             │ data               4 8:191 ×1           write or cwnd (consistent)
3174+900      │             │ data+end           5 9:1460 ×1          mss or write (consistent)
4074+110      tag 3         2 hex 64 whole       │                    │
4184+450      tag 4         3 hex 7d0 line+data  │                    │
4634+1460     │             │ data               6 10:1460 ×1         mss or write (consistent)
6094+101      │             │ data+end           7 11:110 ×1          write or cwnd (consistent)
6195+9        tag 5         4 hex 0 whole        │                    │
""",
    "lost-data.pcap": """\
3271+41       head x2              7 12:541 ×1          write or cwnd (consistent)
3312+500      body 3000            │                    │
3812+1000     │                    missing
4812+1500     │                    8 13:1500 ×2         write or cwnd (consistent)
6312+47       head x3              9 15:78 ×1           write or cwnd (consistent)
""",
}
HEADING = re.compile(r"stream (\d+), (request|response),")


def chunks_of_baseline(path):
    rows = [json.loads(line) for line in path.open()]
    return Counter((row["stream"], row["dir"], row["chunk"], row["hex"]) for row in rows)


def chunks_of_text(text):
    found, where = Counter(), None
    for line in text.splitlines():
        if heading := HEADING.match(line):
            where = (int(heading[1]), heading[2])
        elif chunk := re.search(r"(?:^| )(\d+) hex ([0-9A-Fa-f]+) ", line):
            found[(*where, int(chunk[1]), chunk[2])] += 1
    return found


def chunks_of_svg(root):
    """{(stream, direction, chunk, hex)}: a chunk that goes on in the next band is drawn again. The
    pictures of two legs, which come first and repeat chunks of both, are left aside."""
    found, where = set(), None
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name == "text" and (heading := HEADING.match(element.text or "")):
            where = (int(heading[1]), heading[2])
        elif where and name == "title" and (chunk := re.match(
                r"(?:last )?chunk (\d+): size line ([0-9A-Fa-f]+)", element.text or "")):
            found.add((*where, int(chunk[1]), chunk[2]))
    return found


def without_a_rule(root):
    """Classes of what is filled or drawn without a rule: a browser fills these with black."""
    style = next(element.text for element in root.iter() if element.tag.endswith("}style"))
    ruled = {name for rule in re.findall(r"^([^{}@\n]*)\{", style, re.MULTILINE) for name in re.findall(r"\.([\w-]+)", rule)}
    return {name for element in root.iter() if element.tag.rpartition("}")[2] in ("rect", "path")
            for name in element.get("class", "none").split()} - ruled


def check_capture(tshark, baseline, folder):
    path = next(baseline.parent.glob(baseline.name.replace(".chunks.jsonl", ".pcap*")))
    tshark.add([path])
    complaints = []
    wanted = chunks_of_baseline(baseline)
    # Longer digits may be cut for the sake of the columns.
    short = {key for key in wanted if len(key[3]) <= 16}
    pictures = {axis: Path(folder) / f"{path.stem}.{axis}.svg" for axis in ("svg", "svg-time")}
    drawings = [part for axis, picture in pictures.items() for part in ("-z", f"seamark,lanes,{axis}={picture}")]
    text = tshark.run(path.name, "-q", *drawings, "-z", "seamark,lanes")
    found = chunks_of_text(text)
    for key in short:
        if found[key] != wanted[key]:
            complaints.append(f"{path.name}: text has {found[key]} of {key}, not {wanted[key]}")
    if sum(found.values()) > sum(wanted.values()):
        complaints.append(f"{path.name}: text has {len(found)} chunks, not {len(wanted)}")
    complaints += [f"{path.name}: wider than 100 columns: {line}"
                   for line in text.splitlines() if len(line) > 100]
    if path.name in BY_HAND and BY_HAND[path.name] not in text + "\n":
        complaints.append(f"{path.name}: not as drawn by hand:\n{text}")
    if tshark.run(path.name, "-q", "-2", "-z", "seamark,lanes") != text:
        complaints.append(f"{path.name}: two passes draw other lanes than one")

    for axis, picture in pictures.items():
        root = ElementTree.parse(picture).getroot()
        if plain := without_a_rule(root):
            complaints.append(f"{path.name}: {axis} has classes that its style sheet has no rule for: {plain}")
        drawn = chunks_of_svg(root)
        if not short <= drawn or len(drawn) > len(wanted):
            complaints.append(f"{path.name}: {axis} has {len(drawn)} chunks, not {len(wanted)}")
    return complaints, sum(wanted.values()), 0


def check_messages(tshark):
    """What cannot be done is said, with the name of the thing and what to do."""
    name = "chunk-over-segments.pcap"
    complaints = []
    for argument, said in (("seamark,lanes,svg=/none/such.svg", "/none/such.svg"),
                           ("seamark,lanes,svg=,tcp", "name the file"),
                           ("seamark,lanesX", "seamark,lanes[,svg=FILE|,svg-time=FILE]"),
                           ("seamark,lanes,svg-time=,tcp", "name the file")):
        try:
            tshark.run(name, "-q", "-z", argument)
            complaints.append(f"-z {argument} was taken")
        except runner.Failed as error:
            if said not in str(error):
                complaints.append(f"-z {argument}: {error}")
    out, err = tshark.outputs(name, "-q", "-z", "seamark,lanes,frame.number==1")
    if out or "no HTTP/1.x stream matches" not in err:
        complaints.append(f"nothing matches, but it says: {out}{err}")
    out = tshark.run(name, "-q", "-z", "seamark,lanes,frame.number==8")
    if "stream 0, response, exchange 1, 4011 bytes" not in out:
        complaints.append(f"frame 8 lies in chunk 1, of 4011 bytes, but it says: {out}")
    return complaints


def check_places(tshark, folder):
    """Where others can write, no link is followed; elsewhere it is. A pipe that no one reads is not waited for."""
    complaints = []
    shared, own = folder / "shared", folder / "own"
    for place, mode in ((own, 0o755), (shared, 0o1777)):
        place.mkdir()
        place.chmod(mode)
    victim = own / "precious"
    victim.write_text("precious")
    victim.chmod(0o666)
    (shared / "link.svg").symlink_to(victim)
    (shared / "folder").symlink_to(own)
    (own / "link-to-link").symlink_to(shared / "link.svg")
    (own / "link.svg").symlink_to(victim)
    os.mkfifo(shared / "fifo")
    (shared / "fifo").chmod(0o666)
    link = "a symbolic link leads there"
    for path, said in ((shared / "link.svg", link), (shared / "folder/precious", link), (own / "link-to-link", link),
                       (shared / "fifo", "no process reads this pipe")):
        try:
            tshark.run("chunk-over-segments.pcap", "-q", "-z", f"seamark,lanes,svg={path}")
            complaints.append(f"svg={path} was taken")
        except runner.Failed as error:
            if said not in str(error):
                complaints.append(f"svg={path}: {error}")
    if victim.read_text() != "precious":
        complaints.append("a link in a folder that others can write to was followed")
    for path, file in ((own / "link.svg", victim), (shared / "new.svg", shared / "new.svg")):
        tshark.run("chunk-over-segments.pcap", "-q", "-z", f"seamark,lanes,svg={path}")
        if not file.read_text().rstrip().endswith("</svg>"):
            complaints.append(f"svg={path}: {file} is no picture")
    return complaints


def check(tshark, given):
    baselines = sorted(path for path in CAPTURES.glob("*.chunks.jsonl") if given.only in path.name)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # as root, tshark runs as nobody
        results = runner.in_parallel(lambda path: check_capture(tshark, path, folder), baselines)
        places = check_places(tshark, Path(folder))
    complaints = [line for found, _, _ in results for line in found]
    complaints += check_messages(tshark) + places
    print(f"{len(baselines)} captures drawn, {sum(n for _, n, _ in results)} chunks in each picture")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
