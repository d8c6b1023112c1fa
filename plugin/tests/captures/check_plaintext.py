#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP inside TLS: the rows of every capture at hand that has the secrets of its sessions, against an
independent reader. Segments and record headers are read from the file by scapy, the plaintext of each record is
what tshark prints of its byte tabs without the plugin, and chunks are read from that with a few lines.

Further: one pass and two give the same rows; without the secrets there are none, and it is said why.
"""

import json
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import tshark as runner
from check_tls import paths_at_hand, shown, values, without_secrets

APPLICATION_DATA = 23
FACTS = ("hex", "offset", "header_len", "data_len", "records", "frames", "complete")


def segments(path):
    """(stream key, sender) → {position: (frame, byte)} of the payload, first arrival first."""
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import CookedLinux, Ether
    from scapy.utils import RawPcapNgReader, RawPcapReader
    kinds = {1: Ether, 113: CookedLinux, 101: IP}
    try:
        reader = RawPcapNgReader(str(path))
    except Exception:  # scapy's own class differs between versions
        reader = RawPcapReader(str(path))
    begins, found, order = {}, defaultdict(dict), {}
    for frame, (data, meta) in enumerate(reader, 1):
        kind = getattr(meta, "linktype", None) or getattr(reader, "linktype", 1)
        if kind not in kinds:
            continue
        packet = kinds[kind](data)
        if TCP not in packet:
            continue
        ip, tcp = packet[IP], packet[TCP]
        way = (ip.src, tcp.sport, ip.dst, tcp.dport)
        if tcp.flags.S:
            begins[way] = tcp.seq + 1
            order.setdefault(frozenset((way[:2], way[2:])), len(order))
        length = ip.len - 4 * ip.ihl - 4 * tcp.dataofs
        payload = bytes(tcp.payload)[:length]
        if way not in begins:
            continue
        at = (tcp.seq - begins[way]) % 2**32
        for i, byte in enumerate(payload):
            found[way].setdefault(at + i, (frame, byte))
    return found, order


def records(carried):
    """[(type, [(frame, bytes)], last frame)] of one direction."""
    out, at = [], 0
    while all(at + i in carried for i in range(5)):
        kind = carried[at][1]
        length = carried[at + 3][1] * 256 + carried[at + 4][1]
        span = range(at, at + 5 + length)
        if not all(i in carried for i in span):
            break
        runs = []
        for i in span:
            if runs and runs[-1][0] == carried[i][0]:
                runs[-1][1] += 1
            else:
                runs.append([carried[i][0], 1])
        out.append((kind, runs, max(frame for frame, _ in runs)))
        at += 5 + length
    return out


def tabs(tshark, name, *options):
    """{frame: [plaintext of each record of application data that it completed]}, as tshark alone prints it."""
    types = {}
    text = tshark.run(name, *options, "-Y", "tls.record", "-T", "fields", "-e", "frame.number", "-e", "tls.record.content_type",
                      "-E", "aggregator=,", plugin=False)
    for line in text.splitlines():
        frame, kinds = line.split("\t")
        types[int(frame)] = [int(kind) for kind in kinds.split(",") if kind]
    # A handshake record that was encrypted has a tab, too, one in clear has not: tabs stand in order.
    dump = tshark.run(name, *options, "-Y", "tls.record", "-P", "-x", "-o", 'gui.column.format:"No.","%m"', plugin=False)
    numbered = re.split(r"^ *(\d+) *$", dump, flags=re.MULTILINE)
    found = {}
    for frame, text in zip(map(int, numbered[1::2]), numbered[2::2]):
        parts = re.split(r"^(\S.*) \((\d+) bytes?\):$", text, flags=re.MULTILINE)
        plain = [bytes.fromhex("".join(line[6:53] for line in body.strip("\n").splitlines()))
                 for title, body in zip(parts[1::3], parts[3::3]) if title == "Decrypted TLS"]
        if APPLICATION_DATA in types[frame]:
            found[frame] = plain, types[frame]
    return found


def application_tabs(plain, kinds, sealed):
    """Of the tabs of a frame those with application data. sealed: TLS 1.3 or later in the connection."""
    if len(plain) == kinds.count(APPLICATION_DATA):
        return plain
    with_tabs = [kind for kind in kinds if kind in (21, 22, APPLICATION_DATA)]
    with_tabs = with_tabs[len(with_tabs) - len(plain):]
    return [data for kind, data in zip(with_tabs, plain) if kind == APPLICATION_DATA]


def chunks(plain):
    """(size line digits, offset, length of the size line, data length, end, whether it is whole) of each chunk of each
    message."""
    at = 0
    while True:
        head = plain.find(b"\r\n\r\n", at)
        if head < 0:
            return
        lines = plain[at:head].lower()
        at = head + 4
        if b"transfer-encoding: chunked" in lines:
            while True:
                line = plain.find(b"\r\n", at)
                if line < 0:
                    return
                digits = re.match(rb"[0-9a-fA-F]+", plain[at:line])[0]
                size = int(digits, 16)
                end = line + 2 + size + 2
                if size == 0:
                    end = plain.find(b"\r\n\r\n", line) + 4
                if end > len(plain):
                    yield digits.decode(), at, line + 2 - at, len(plain) - line - 2, len(plain), False
                    return
                yield digits.decode(), at, line + 2 - at, size, end, True
                at = end
                if size == 0:
                    break
        elif length := re.search(rb"content-length: *(\d+)", lines):
            at += int(length[1])


def expected(tshark, name):
    """[facts of a row] of the capture, by an independent reader."""
    carried, _ = segments(tshark.path_of(name))
    decrypted = tabs(tshark, name)
    rows = []
    for way, bytes_of in carried.items():
        every = records(bytes_of)
        waiting = {frame: application_tabs(*found, None) for frame, found in decrypted.items()}
        plain, places = b"", []
        for index, (kind, runs, last) in enumerate(every, 1):
            if kind != APPLICATION_DATA or not waiting.get(last):
                continue
            length = sum(count for _, count in runs) - 5
            if len(waiting[last][0]) > length - 9:
                continue
            # A handshake message of TLS 1.3 looks like data: it is shorter or longer than the record by more than
            # tag and padding.
            if length - len(waiting[last][0]) > 64:
                continue
            data = waiting[last].pop(0)
            places.append((len(plain), len(plain) + len(data), index, runs))
            plain += data
        for digits, at, header, size, end, whole in chunks(plain):
            holding = [(index, runs) for begin, stop, index, runs in places if begin < end and stop > at]
            frames = []
            for (index, runs), before in zip(holding, [None, *holding]):
                for i, (frame, count) in enumerate(runs):
                    if frames and i == 0 and before[0] + 1 == index and frames[-1][0] == frame:
                        frames[-1][1] += count
                    else:
                        frames.append([frame, count])
            rows.append({"way": list(way), "hex": digits, "offset": at, "header_len": header, "data_len": size,
                         "records": [index for index, _ in holding], "frames": frames, "complete": whole,
                         "text": plain[at:end]})
    return rows


def rows_of(tshark, name, *options):
    out = tshark.run(name, *options, "-q", "-z", "seamark,chunks,json")
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def facts(row):
    return {"way": [row["src"], row["sport"], row["dst"], row["dport"]], **{key: row.get(key) for key in FACTS}}


def check_tree(tshark, name, want):
    """In each frame a chunk has as many bytes here, and lights as many, as the records that hold it; the items with
    plaintext have, in order, the chunks' bytes."""
    here, lit, texts = defaultdict(lambda: defaultdict(int)), 0, defaultdict(bytes)
    complaints = []
    for packet in ElementTree.fromstring(tshark.run(name, "-2", "-T", "pdml")).iter("packet"):
        if shown(packet, "tcp.stream") is None:
            continue
        frame = int(shown(packet, "frame.number"))
        way = (int(shown(packet, "tcp.srcport")), int(shown(packet, "tcp.dstport")))
        texts[way] += b"".join(bytes.fromhex(item.get("value")) for item in values(packet, "seamark.plaintext"))
        for tree in packet.iter("field"):
            chunk = [child for child in tree.findall("field") if child.get("name") == "seamark.chunk"]
            if not chunk:
                continue
            bytes_here = int(shown(tree, "seamark.chunk.here"))
            here[way, int(shown(tree, "seamark.chunk.offset"))][frame] += bytes_here
            lit += 1
            if int(chunk[0].get("size")) != bytes_here:
                complaints.append(f"{name} frame {frame}: a chunk lights {chunk[0].get('size')} bytes of {bytes_here}")
    for way in texts:
        mine = [row for row in want if (row["way"][1], row["way"][3]) == way]
        if b"".join(row["text"] for row in mine) != texts[way]:
            complaints.append(f"{name} {way}: plaintext of {len(texts[way])} bytes differs")
        for row in mine:
            frames = defaultdict(int)
            for frame, count in row["frames"]:
                frames[frame] += count
            if dict(frames) != dict(here[way, row["offset"]]):
                complaints.append(f"{name} {way} chunk at {row['offset']}: frames {dict(frames)}, tree "
                                  f"{dict(here[way, row['offset']])}")
    return complaints, lit


def check_one(tshark, path):
    """(complaints, rows compared)"""
    name = path.name
    once = rows_of(tshark, name)
    inside = [facts(row) for row in once if "records" in row]
    complaints = []
    if once != rows_of(tshark, name, "-2"):
        complaints.append(f"{name}: one pass and -2 differ")
    want = expected(tshark, name)
    more, lit = check_tree(tshark, name, want)
    complaints += more
    if not lit:
        complaints.append(f"{name}: no chunk in any tree")
    for row in want:
        del row["text"]
    order = lambda row: (row["way"], row["offset"])
    if sorted(inside, key=order) != sorted(want, key=order):
        differing = [(a, b) for a, b in zip(sorted(inside, key=order), sorted(want, key=order)) if a != b]
        complaints.append(f"{name}: {len(inside)} rows, an independent reader has {len(want)}; {len(differing)} differ, "
                          f"the first: {differing[:1]}")
    return complaints, len(inside)


def check_without(tshark, path, folder):
    bare = Path(folder) / path.name
    bare.write_bytes(without_secrets(path.read_bytes()))
    tshark.add([bare])
    rows, said = tshark.outputs(path.name, "-q", "-z", "seamark,chunks,json")
    tshark.add([path])
    if rows.strip() or "secrets" not in said:
        return [f"{path.name}: without its secrets: {rows[:100]!r}, said {said[:300]!r}"]
    return []


def check(tshark, given):
    ours, theirs = paths_at_hand()
    paths = [path for path in (*ours, *theirs) if path.suffix == ".pcapng" and given.only in path.name
             and without_secrets(path.read_bytes()) != path.read_bytes()
             # The reader here cannot tell a record without data from the one after it: core_tests do.
             and path.stem != "empty-records"]
    complaints, rows = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            tshark.add([path])
            more, compared = check_one(tshark, path)
            complaints += more
            rows += compared
            if not compared:
                complaints.append(f"{path.name}: no row")
            complaints += check_without(tshark, path, folder)
    if not theirs:
        print("cases are not beside the repository; the captures of the repository alone were compared")
    print(f"{len(paths)} captures with secrets, {rows} rows compared; {len(complaints)} complaints")
    return complaints if paths else ["no capture with secrets"]


if __name__ == "__main__":
    runner.main(check, __doc__)
