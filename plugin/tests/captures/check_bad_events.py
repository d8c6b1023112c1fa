#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Events that are damaged, or that the capture contradicts: the plugin says so, and joins the rest as ever.

One capture with its response cut into writes by this script; each case spoils the record in one way
and names what must be said: the lines of -z seamark,chunks, and the expert infos of each pass.
"""

import json
import struct
import tempfile
from collections import Counter
from pathlib import Path

import check_events as good
import tshark as runner

SUBJECT = "chunk-over-segments.pcap"
EXPERTS = ("seamark.event_alone", "seamark.event_contradicted", "seamark.event_uncaptured", "seamark.bad_event",
           "seamark.events_dropped", "seamark.event_too_early", "seamark.event_uncertain")
OFFSET_KNOWN, VERSION_AT, LENGTH_AT, FLAGS_AT, ENTERED_AT, LEFT_AT, FIXED = 16, 0, 2, 4, 40, 48, 84
UNSEEN_WRITE = 10
TIMESTAMP, TRANSMISSION_AT, SENT_AGAIN = 6, 79, 4
WRITES = len(good.Subject(good.CAPTURES / SUBJECT).writes)


class Record:
    """The good record, to be spoilt: a list of (interface, time, tags, bytes)."""

    def __init__(self, subject):
        self.time, self.source, self.peer = subject.packets[0][0], subject.server, subject.client
        self.events, self.length = [], subject.writes[-1][1]
        for index, (begin, end) in enumerate(subject.writes, 1):
            self.add(good.WRITE, index, begin, end - begin)

    def add(self, kind, index, offset, taken, peer=None, interface=1):
        self.events.append([interface, self.time, good.tags(self.source, peer or self.peer),
                            good.record(kind, index, offset, taken, taken, self.time)])

    def end(self, interface=1):
        self.add(good.END, 0, 0, 0, interface=interface)

    def patch(self, number, at, form, value):
        data = bytearray(self.events[number][3])
        struct.pack_into(form, data, at, value)
        self.events[number][3] = bytes(data)


def whole(record):
    record.end()


def without_end(record):
    pass


def second_without_end(record):
    record.end()
    record.add(good.READ, 1, 0, 10, interface=2)


def strangers(record):
    for port in (1, 2):
        record.add(good.WRITE, 1, 0, 10, peer=(record.peer[0], port))
    record.end()


def claimed_twice(record):
    record.add(good.WRITE, 999, 1, 100)
    record.end()


def past_the_capture(record):
    record.add(good.WRITE, 999, record.length, 100)
    record.end()


def partly_past_the_capture(record):
    record.events.pop()
    last = len(record.events)
    begin = sum(struct.unpack_from(">q", data, 32)[0] for _, _, _, data in record.events)
    record.add(good.WRITE, last + 1, begin, record.length - begin + 10)
    record.end()


def offsets_unknown(record):
    for number in range(len(record.events)):
        record.patch(number, FLAGS_AT, ">I", 0)
    record.end()


def captured_before_its_write(record):
    for at in (ENTERED_AT, LEFT_AT):
        record.patch(0, at, ">q", record.time + 10**12)
    record.end()


def unseen_bytes_somewhere(record):
    record.add(UNSEEN_WRITE, 0, record.length, 10)
    record.end()


def sent_again_where_a_read_is(record):
    """Bytes of the response, with numbers that a read of the request has."""
    record.add(good.READ, 1, 0, 20)
    record.add(TIMESTAMP, 0, 10, 10)
    record.patch(-1, TRANSMISSION_AT, ">B", SENT_AGAIN)
    record.end()


def version_zero(record):
    record.patch(0, VERSION_AT, ">B", 0)
    record.end()


def later_version(record):
    for number, event in enumerate(record.events):
        record.patch(number, VERSION_AT, ">B", 9)
        record.patch(number, LENGTH_AT, ">H", FIXED + 16)
        event[3] = event[3][:FIXED] + b"\xee" * 16 + event[3][FIXED:]
    record.end()


def cut_record(record):
    record.events[0][3] = record.events[0][3][:FIXED - 1]
    record.end()


def length_beyond_the_record(record):
    record.patch(0, LENGTH_AT, ">H", 60000)
    record.end()


def cut_file(record):
    record.end()


ALONE, TWICE, UNCAPTURED, BAD = EXPERTS[:4]
# What spoils it; lines said; expert infos in one pass, in the second; writes that are not joined.
CASES = (
    (whole, [], {}, {}, ()),
    (without_end, ["the record has no end"], {}, {}, ()),
    (second_without_end, ["the record on interface 2 has no end"], {}, {}, ()),
    (strangers, ["2 calls belong to connections that are not in the capture"], {}, {ALONE: 2}, ()),
    (claimed_twice, ["1 calls are not joined: other calls are recorded for the same bytes"], {TWICE: 1}, {TWICE: 1}, ()),
    (past_the_capture, ["1 calls have bytes that are in no captured frame"], {}, {UNCAPTURED: 1}, ()),
    (partly_past_the_capture, ["1 calls have bytes that are in no captured frame"], {}, {UNCAPTURED: 1}, ()),
    (offsets_unknown, ["calls are not joined: their connection was open before the recording began"], {}, {}, "all"),  # but for the tags
    (captured_before_its_write, ["calls are not joined: bytes were captured before the calls"],
     {"seamark.event_too_early": WRITES}, {"seamark.event_too_early": WRITES}, "all"),
    (unseen_bytes_somewhere, ["10 bytes were sent by no recorded call", "calls are not joined: bytes that no recorded call sent"],
     {}, {"seamark.event_uncertain": WRITES}, "all"),  # the event comes after the calls
    (sent_again_where_a_read_is, [], {}, {}, ()),
    (version_zero, [], {BAD: 1}, {BAD: 1}, (1,)),
    (later_version, [], {}, {}, ()),
    (cut_record, [], {BAD: 1}, {BAD: 1}, (1,)),
    (length_beyond_the_record, [], {BAD: 1}, {BAD: 1}, (1,)),
    (cut_file, ["the record has no end"], {}, {}, ()),
)


def write(path, subject, record, cut):
    events = [good.packet(interface, time, tags + data) for interface, time, tags, data in record.events]
    head = good.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in (1, 252, 252):
        head += good.block(1, struct.pack("<HHI", link, 0, 0) + good.option(9, b"\x09") + bytes(4))
    packets = [good.packet(0, time, data, wire) for time, data, wire in subject.packets]
    data = head + b"".join(packets + events)
    path.write_bytes(data[:-5] if cut else data)


def check_case(tshark, subject, folder, case):
    spoil, lines, once, twice, unjoined = case
    record, complaints = Record(subject), []
    spoil(record)
    path = Path(folder) / f"{spoil.__name__}.pcapng"
    write(path, subject, record, spoil is cut_file)
    tshark.add([path])

    def expect(what, found, wanted):
        if found != wanted:
            complaints.append(f"{spoil.__name__} {what}: {found}, expected {wanted}")

    out, err = tshark.outputs(path.name, "-q", "-z", "seamark,chunks,json")
    said = [line for line in err.splitlines() if line.startswith("events:")]
    expect("lines", len(said), len(lines))
    for line, wanted in zip(said, lines):
        expect(f"line {line!r} has {wanted!r}", wanted in line, True)
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    rows = [row for row in rows if row["stream"] == 0 and row["dir"] == "response"]
    for row, truth in zip(rows, subject.chunks):
        end = truth["offset"] + sum(n for _, n in truth["frames"])
        wanted = good.overlapping(subject.writes, truth["offset"], end)
        wanted = [index for index in wanted if index not in unjoined] if unjoined != "all" else truth["writes"]
        expect(f"writes of chunk {row['chunk']}", row["writes"], wanted)
    for passes, wanted in (([], once), (["-2"], twice)):
        table = tshark.run(path.name, *passes, "-T", "fields", "-E", "aggregator=|",
                           *(part for name in EXPERTS for part in ("-e", name)))
        found = Counter(name for line in table.splitlines() for name, text in zip(EXPERTS, line.split("\t")) if text)
        expect(f"{passes} expert infos", dict(found), wanted)
    return complaints


def check(tshark, given):
    complaints, subject, cases = [], good.Subject(good.CAPTURES / SUBJECT), 0
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if given.only in case[0].__name__:
                complaints += check_case(tshark, subject, folder, case)
                cases += 1
    print(f"{cases} cases; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
