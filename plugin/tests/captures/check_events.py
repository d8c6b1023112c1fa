#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded calls are joined with chunks and segments by byte offset, wherever their packets stand.

Takes captures whose truth is known, cuts their response into writes and reads at places of this
script's own choosing, and puts the events (docs/event-format.md) among the packets: each in its place
in time, all in front, all after. Expected values come from the baselines and these cuts alone.
"""

import csv
import json
import struct
import tempfile
from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
SUBJECTS = ("chunk-over-segments.pcap", "retransmission.pcap", "reordering.pcap")
VERSION = 1
WRITE, READ, END = 1, 2, 7
KNOWN = 8 | 16  # options known, offset known


def padded(data):
    return data + bytes(-len(data) % 4)


def block(kind, body):
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def option(code, value):
    return struct.pack("<HH", code, len(value)) + padded(value)


def packet(interface, time, data, wire_length=None):
    return block(6, struct.pack("<IIIII", interface, time >> 32, time & 0xFFFFFFFF, len(data),
                                wire_length or len(data)) + padded(data))


# The head of a file whose interface 0 is Ethernet and 1 has event packets, both with times in ns.
HEAD = b"".join([block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
                 *(block(1, struct.pack("<HHI", link, 0, 0) + option(9, b"\x09") + bytes(4)) for link in (1, 252))])


def tags(source, destination):
    out = b""
    for tag, value in ((12, b"seamark\0"), (20, source[0]), (21, destination[0]),
                       (24, struct.pack(">I", 2)), (25, struct.pack(">I", source[1])),
                       (26, struct.pack(">I", destination[1]))):
        out += struct.pack(">HH", tag, len(value)) + value
    return out + bytes(4)


def record(kind, index, offset, asked, taken, time):
    return struct.pack(">BBHIQQQqqqiiIIIHBBHH", VERSION, kind, 84, KNOWN, index, offset, asked,
                       taken, time, time + 1000, 0, 5, 77, 78, 1, {WRITE: 1, READ: 11}.get(kind, 0), 1,
                       0, 0, 0)


def event(kind, index, offset, asked, taken, time, source, destination):
    data = tags(source, destination) + record(kind, index, offset, asked, taken, time)
    return (time, data, kind, index)


def packets_of(path):
    """[(time in ns, data, wire length)] of a pcap with microseconds."""
    data, at, packets = path.read_bytes(), 24, []
    while at < len(data):
        seconds, micro, captured, wire = struct.unpack_from("<IIII", data, at)
        packets.append((seconds * 10**9 + micro * 1000, data[at + 16:at + 16 + captured], wire))
        at += 16 + captured
    return packets


def cuts(length, sizes):
    """[(begin, end)] that tile length with the sizes in turn."""
    begin, ranges = 0, []
    while begin < length:
        end = min(length, begin + sizes[len(ranges) % len(sizes)])
        ranges.append((begin, end))
        begin = end
    return ranges


def overlapping(ranges, begin, end):
    return [i for i, (b, e) in enumerate(ranges, 1) if b < end and begin < e]


def in_short(indices):
    """Of consecutive ones, as overlapping() gives."""
    return "–".join(map(str, sorted({indices[0], indices[-1]}))) if indices else ""


def ip(text):
    return bytes(int(part) for part in text.split("."))


class Subject:
    """A capture, its truth, and the calls that are made up for it."""

    def __init__(self, path):
        self.path = path
        rows = [json.loads(line) for line in path.with_suffix(".chunks.jsonl").open()]
        self.chunks = [row for row in rows if row["stream"] == 0 and row["dir"] == "response"]
        first = self.chunks[0]
        self.server = (ip(first["src"]), first["sport"])
        self.client = (ip(first["dst"]), first["dport"])
        with path.with_suffix(".fields.tsv").open() as table:
            fields = [row for row in csv.DictReader(table, delimiter="\t") if row["pass"] == "2"]
        self.packets = packets_of(path)
        # Segments of the response: those whose IPv4 source is the server's.
        self.segments = {}
        for row in fields:
            frame = int(row["frame.number"])
            data = self.packets[frame - 1][1]
            sent_by = (data[26:30], struct.unpack_from(">H", data, 34)[0])
            to = (data[30:34], struct.unpack_from(">H", data, 36)[0])
            if sent_by == self.server and to == self.client and row["seamark.segment"].isdigit():
                begin = int(row["seamark.segment.offset"])
                self.segments[frame] = (begin, begin + int(row["seamark.segment.len"]))
        length = max(end for _, end in self.segments.values())
        self.writes = cuts(length, (63, 700, 1, 1500, 32))
        self.reads = cuts(length, (100, 4096))

    def events(self):
        begin, end = self.packets[0][0], self.packets[-1][0]
        made = []
        for kind, ranges, mine, peer in ((WRITE, self.writes, self.server, self.client),
                                         (READ, self.reads, self.client, self.server)):
            for index, (first, last) in enumerate(ranges, 1):
                time = begin + (end - begin) * index // (len(ranges) + 1)
                if kind == WRITE:  # no byte is captured before its write began
                    carried = (self.packets[frame - 1][0] for frame, (b, e) in self.segments.items() if b < last and first < e)
                    time = min([time, *(at - 1000 for at in carried)])
                made.append(event(kind, index, first, last - first + 5, last - first, time, mine, peer))
        made.append(event(END, 0, 0, len(made), 3, end, self.server, self.client))
        return made

    def records(self):
        """Packets and events in order of time, as mutations.py has them."""
        return sorted([(time, 1, data, wire) for time, data, wire in self.packets] +
                      [(time, 252, data, len(data)) for time, data, _, _ in self.events()])

    def write(self, folder, order):
        """Writes the capture with events; returns its path, {old frame: new frame} and {(kind, index):
        frame of the event}."""
        entries = [(time, packet(0, time, data, wire), "packet", number)
                   for number, (time, data, wire) in enumerate(self.packets, 1)]
        events = [(time, packet(1, time, data), kind, index) for time, data, kind, index in self.events()]
        if order == "front":
            entries = events + entries
        elif order == "behind":
            entries = entries + events
        else:
            entries = sorted(entries + events, key=lambda entry: entry[0])
        path = Path(folder) / f"{self.path.stem}-{order}.pcapng"
        path.write_bytes(HEAD + b"".join(entry[1] for entry in entries))
        frames = {e[3]: n for n, e in enumerate(entries, 1) if e[2] == "packet"}
        at = {(e[2], e[3]): n for n, e in enumerate(entries, 1) if e[2] != "packet"}
        return path, frames, at


def check_order(tshark, subject, folder, order):
    path, frames, at = subject.write(folder, order)
    tshark.add([path])
    complaints = []

    def expect(what, found, wanted):
        if found != wanted:
            complaints.append(f"{path.name} {what}: {found}, expected {wanted}")

    compared = 0
    for passes in ([], ["-2"]):
        out, err = tshark.outputs(path.name, "-q", "-z", "seamark,chunks,json", *passes)
        rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        rows = [row for row in rows if row["stream"] == 0 and row["dir"] == "response"]
        expect(f"{passes} rows", len(rows), len(subject.chunks))
        expect(f"{passes} says what was dropped", "dropped 3 events" in err, True)
        for row, truth in zip(rows, subject.chunks):
            end = truth["offset"] + sum(n for _, n in truth["frames"])
            name = f"{passes} chunk {row['message']}.{row['chunk']}"
            expect(name + " writes", row["writes"], overlapping(subject.writes, truth["offset"], end))
            expect(name + " reads", row["reads"], overlapping(subject.reads, truth["offset"], end))
            compared += 2
    names = ("seamark.write", "seamark.read", "seamark.write.event", "seamark.segment.writes", "seamark.segment.reads")
    table = tshark.run(path.name, "-2", "-Y", "seamark.segment", "-T", "fields", "-E", "aggregator=|",
                       "-e", "frame.number", *(x for name in names for x in ("-e", name)))
    shown = {int(line.split("\t")[0]): line.split("\t")[1:] for line in table.splitlines()}
    for frame, (begin, end) in subject.segments.items():
        writes = overlapping(subject.writes, begin, end)
        reads = overlapping(subject.reads, begin, end)
        found = shown.get(frames[frame], [""] * 5)
        expect(f"frame {frames[frame]} writes", found[0], "|".join(map(str, writes)))
        expect(f"frame {frames[frame]} reads", found[1], "|".join(map(str, reads)))
        expect(f"frame {frames[frame]} events", found[2], "|".join(str(at[WRITE, w]) for w in writes))
        expect(f"frame {frames[frame]} writes in short", found[3], in_short(writes))
        expect(f"frame {frames[frame]} reads in short", found[4], in_short(reads))
        compared += 5
    links = tshark.run(path.name, "-2", "-Y", "seamark.event.kind == \"write\"", "-T", "fields", "-e",
                       "frame.number", "-e", "seamark.write.frame", "-e", "tcp.stream")
    for line in links.splitlines():
        frame, carried, stream = line.split("\t")
        index = next(i for (kind, i), n in at.items() if kind == WRITE and n == int(frame))
        begin, end = subject.writes[index - 1]
        by = [frames[f] for f, (b, e) in subject.segments.items() if b < end and begin < e]
        expect(f"event {frame} frames", sorted(int(n) for n in carried.split(",") if n), sorted(by))
        expect(f"event {frame} stream", stream, "0")
        compared += 2
    return complaints, compared


def check_filtered(tshark, subject, folder, order):
    """Events that a read filter drops are none of the capture."""
    path, _, _ = subject.write(folder, order)
    tshark.add([path])
    complaints, compared = [], 0
    # (read filter, which calls are left, whether the record's end is)
    for text, left, ended in (("!(seamark.write == 2)", lambda write, i: not write or i != 2, True),
                              ("!(seamark.event.kind && seamark.read)", lambda write, i: write, True),
                              ('!(seamark.event.kind == "end")', lambda write, i: True, False),
                              ("!seamark.event.kind", lambda write, i: False, None)):
        # Packets have such fields too: what is dropped is an event packet.
        text = f"tcp || ({text})"
        out, err = tshark.outputs(path.name, "-2", "-R", text, "-q", "-z", "seamark,chunks,json")
        rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        rows = [row for row in rows if row["stream"] == 0 and row["dir"] == "response"]
        for row, truth in zip(rows, subject.chunks):
            end = truth["offset"] + sum(n for _, n in truth["frames"])
            for key, ranges in (("writes", subject.writes), ("reads", subject.reads)):
                want = [i for i in overlapping(ranges, truth["offset"], end) if left(key == "writes", i)]
                if key == "writes" and ended is None:
                    want = truth["writes"]  # as the tags say again
                if row.get(key, []) != want:
                    complaints.append(f"{path.name} -2 -R '{text}' chunk {row['message']}.{row['chunk']} {key}: "
                                      f"{row.get(key)}, expected {want}")
                compared += 1
        words = {True: "dropped 3 events", False: "the record has no end", None: ""}[ended]
        if words not in err or (ended is None and "events:" in err):
            complaints.append(f"{path.name} -2 -R '{text}' says: {err}")
    return complaints, compared


def check_subjects(given, results):
    """Complaints of what results(capture, folder) yields, (complaints, values compared), for each of SUBJECTS."""
    complaints, compared = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for name in SUBJECTS:
            if given.only in name:
                for found, count in results(CAPTURES / name, folder):
                    complaints += found
                    compared += count
    print(f"{compared} values compared; {len(complaints)} differ")
    if compared == 0:
        complaints.append("nothing was compared")
    return complaints[:30]


def check(tshark, given):
    def results(path, folder):
        subject = Subject(path)
        for order in ("between", "front", "behind"):
            yield check_order(tshark, subject, folder, order)
            yield check_filtered(tshark, subject, folder, order)
    return check_subjects(given, results)


if __name__ == "__main__":
    runner.main(check, __doc__)
