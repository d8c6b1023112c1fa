#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded calls that name sequence numbers and no offsets are joined with captures that have no SYN.

Takes captures whose truth is known, takes their SYNs out, moves their sequence numbers to where they wrap in
mid-response, and puts calls of this script's own choosing beside them. Expected values come from the baselines
and these cuts alone.
"""

import struct
from pathlib import Path

import check_events as good
import tshark as runner

SYN, AMBIGUOUS, SEQUENCE = 2, 256, 5


def moved(data, by):
    """The packet with its TCP numbers moved by `by`, those of both directions."""
    tcp = 14 + (data[14] & 15) * 4
    sequence, acknowledged = struct.unpack_from(">II", data, tcp + 4)
    return data[:tcp + 4] + struct.pack(">II", (sequence + by) % 2**32, (acknowledged + by) % 2**32) + data[tcp + 12:]


class Numbered(good.Subject):
    """The subject with no SYN, whose calls are numbered only."""

    def __init__(self, path):
        super().__init__(path)
        syns = [data for _, data, _ in self.packets if data[14 + (data[14] & 15) * 4 + 13] & SYN]
        server = next(data for data in syns if data[26:30] == self.server[0] and
                      struct.unpack_from(">H", data, 34)[0] == self.server[1])
        # Its first 100 bytes are in front of number 0.
        self.first = 2**32 - 100
        by = self.first - 1 - struct.unpack_from(">I", server, 38)[0]
        self.packets = [(time, moved(data, by), wire) for time, data, wire in self.packets]
        self.dropped = {number for number, (_, data, _) in enumerate(self.packets, 1)
                        if data[14 + (data[14] & 15) * 4 + 13] & SYN}

    def entries(self, ambiguous):
        """(time, block, kind, number) in order of time, SYNs left out."""
        found = [(time, good.packet(0, time, data, wire), "packet", number)
                 for number, (time, data, wire) in enumerate(self.packets, 1) if number not in self.dropped]
        for time, data, kind, index in self.events():
            if kind != good.END:
                record = len(data) - 84
                flags = 8 | (AMBIGUOUS if ambiguous(kind, index) else 0)
                offset = struct.unpack_from(">Q", data, record + 16)[0]
                data = (data[:record + 4] + struct.pack(">I", flags) + data[record + 8:record + 16] + bytes(8) +
                        data[record + 24:] + struct.pack(">HHI", SEQUENCE, 4, (self.first + offset) % 2**32))
            found.append((time, good.packet(1, time, data), kind, index))
        return sorted(found, key=lambda entry: entry[0])


def check_case(tshark, path, folder, ambiguous, name):
    subject = Numbered(path)
    entries = subject.entries(ambiguous)
    target = Path(folder) / f"{path.stem}-{name}.pcapng"
    target.write_bytes(good.HEAD + b"".join(entry[1] for entry in entries))
    tshark.add([target])
    frames = {number: frame for frame, (_, _, kind, number) in enumerate(entries, 1) if kind == "packet"}
    complaints, compared = [], 0
    for passes in ([], ["-2"]):
        table = tshark.run(target.name, *passes, "-Y", "seamark.segment", "-T", "fields", "-E", "aggregator=|",
                           "-e", "frame.number", "-e", "seamark.write", "-e", "seamark.read")
        shown = {int(line.split("\t")[0]): line.split("\t")[1:] for line in table.splitlines()}
        for number, (begin, end) in subject.segments.items():
            for at, (kind, ranges) in enumerate(((good.WRITE, subject.writes), (good.READ, subject.reads))):
                wanted = [i for i in good.overlapping(ranges, begin, end) if not ambiguous(kind, i)]
                if kind == good.READ and not passes:
                    continue  # what stands later in the file is not known in one pass
                found = shown.get(frames[number], ["", ""])[at]
                compared += 1
                if found != "|".join(map(str, wanted)):
                    complaints.append(f"{target.name} {passes} frame {frames[number]}: {found}, expected {wanted}")
    return complaints, compared


def check(tshark, given):
    def results(path, folder):
        for name, ambiguous in (("all", lambda kind, index: False),
                                ("some", lambda kind, index: kind == good.READ and index % 3 == 0)):
            yield check_case(tshark, path, folder, ambiguous, name)
    return good.check_subjects(given, results)


if __name__ == "__main__":
    runner.main(check, __doc__)
