#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Events inside content codings: bodies of each type and framing, compressed with gzip, deflate, br and zstd, flushed after each event, after
some, or never, cut at random, with frames out of order and lost. With which coded byte each event became decodable is computed by decoders that
are not the plugin's and are given one byte after the other (coders.py). Then two public captures of real servers, where they are there.
"""

import bisect
import json
import os
import random
import tempfile
from pathlib import Path

import check_items
import check_random
import coders
import tshark as runner

REPOSITORY = Path(__file__).resolve().parents[3]
CASES = Path(os.environ.get("SEAMARK_SHARED", REPOSITORY.parent / "shared")) / "cases"
FORMS = ["sse", "ndjson", "json-seq", "multipart"]


def compressed(rng, coding, events, tail, flush_each):
    """(coded bytes, where each flush ended, [is an event flushed])."""
    compressor = coders.CODINGS[coding][0](rng.choice([1, 5, 9]))
    coded, flushed = b"", []
    for number, data in enumerate(events, 1):
        coded += compressor.write(data)
        flush = bool(flush_each) and number % flush_each == 0
        if flush:
            coded += compressor.flush()
        flushed.append(flush)
    coded += compressor.write(tail)
    return coded + compressor.finish(), flushed


def lay(rng, side, form, coding, count, flush_each):
    """A response; [(row as it has to be, parts of the stream)], the framing, and how many coded bytes there are."""
    rows, texts, at, number, body = [], [], 0, 0, b""
    for n in range(1, count + 1):
        kind, name, ident, data = check_items.make_event(rng, form, n)
        if form == "sse" and body.endswith(b"\r") and data.startswith(b"\n"):
            data = data[1:]
        number += kind == "event"
        row = {"format": form, "kind": kind, "item": number if kind == "event" else 0, "offset": at, "bytes": len(data),
               "coding": coding.split()[-1]}
        if name:
            row["name"] = name
        if ident:
            row["id"] = ident
        rows.append(row)
        texts.append(data)
        body += data
        at += len(data)
    tail = b"--cut--\r\n" if form == "multipart" else b""
    coded, flushed = compressed(rng, coding, texts, tail, flush_each)
    given = coders.given_after_each(coding, coded)
    fields = [f"Content-Type: {check_items.TYPES[form]}", f"Content-Encoding: {coding.split()[-1]}"]
    framing = rng.choice(["chunked", "chunked", "content-length", "close"])
    places = []
    if framing == "chunked":
        side.response("200 OK", *fields)
        begin, longest = 0, rng.choice([3, 40, 300, 5000])
        while begin < len(coded):
            size = min(len(coded) - begin, rng.randint(1, longest))
            places.append((begin, side.chunk(coded[begin:begin + size]).data, size))
            begin += size
        side.last()
    else:
        side.response("200 OK", *fields, framing=framing, length=len(coded) if framing == "content-length" else None)
        places.append((0, side.body(coded).start, len(coded)))
    laid = []
    for row, flush in zip(rows, flushed):
        first = bisect.bisect_left(given, row["offset"] + 1)
        end = bisect.bisect_left(given, row["offset"] + row["bytes"]) + 1
        row["coded_offset"], row["coded_bytes"] = first, end - first
        # Where blocks end without a flush is the compressor's to choose; br's library does not say.
        if coding != "br" and flush:
            row["flushed"], row["cause"] = True, None
        elif coding != "br" and flush_each and row is not rows[-1]:
            row["flushed"], row["cause"] = False, "compressor"
        laid.append((row, check_items.parts_in_stream(places, first, end)))
    return laid, framing, places


def make(seed, connections, count):
    from kit import wire
    rng = random.Random(seed)
    capture = wire.Capture(f"codings-{seed}")
    told = []
    for number in range(connections):
        conn = capture.connection(timestamps=rng.random() < 0.5).open()
        conn.client.request("GET /events")
        conn.client.send()
        coding = list(coders.CODINGS)[number % len(coders.CODINGS)]
        form = FORMS[number // len(coders.CODINGS) % 4]
        flush_each = [1, 4, 0][number % 3]
        laid, framing, places = lay(rng, conn.server, form, coding, count, flush_each)
        lossy = number % 7 == 6
        check_random.send(rng, conn.server, 0.3 if lossy else 0)
        conn.close()
        told.append((conn, f"{form}, {coding}, {framing}, flushed each {flush_each}", laid, places))
    return capture, told


def truth(conn, laid, places):
    """[(row, whether every coded byte up to its end was captured)]."""
    from kit import oracle
    arrival, everything = oracle.Arrival(conn.server), 1 << 30
    whole_to = 0  # of the coded body; framing that is missing ends the message

    def captured(first, last):
        return sum(size for _, size in arrival.runs(first, last, everything)) == last - first

    at = 0
    for begin, stream, size in places:
        if not captured(at, stream):
            break
        at = stream + size
        if not captured(stream, at):
            whole_to = begin + next(low for low in range(size) if not captured(stream + low, stream + low + 1))
            break
        whole_to = begin + size
    rows = []
    for row, parts in laid:
        runs = []
        for first, last in parts:
            for frame, size in arrival.runs(first, last, everything):
                if runs and runs[-1][0] == frame:
                    runs[-1][1] += size
                else:
                    runs.append([frame, size])
        row = {**row, "stream": conn.stream, "frames": runs}
        rows.append((row, row["coded_offset"] + row["coded_bytes"] <= whole_to))
    return rows


def check_made(tshark, given):
    from kit import files
    complaints, compared, lost, rows = [], 0, 0, {}
    capture, told = make(given.seed, given.connections, given.events)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{capture.name}.pcap"
        path.write_bytes(files.capture_file(capture))
        tshark.add([path])
        outputs = [tshark.run(path.name, "-q", *passes, "-z", "seamark,events,json") for passes in ([], ["-2"])]
    if outputs[0] != outputs[1]:
        complaints.append("-2 prints other rows")
    for line in outputs[0].splitlines():
        row = json.loads(line)
        rows.setdefault(row["stream"], []).append(row)
    for conn, what, laid, places in told:
        expected = truth(conn, laid, places)
        by_offset = {row["offset"]: row for row in rows.get(conn.stream, [])}
        for wanted, whole in expected:
            row = by_offset.get(wanted["offset"])
            if not whole:
                lost += 1
                if row is not None and row["complete"]:
                    complaints.append(f"stream {conn.stream}, {what}: complete without all its bytes: {row}")
                continue
            # How a part ends is known by the next delimiter, which may be lost.
            if row is not None and not row["complete"] and what.startswith(("multipart", "json-seq")) and not all(w for _, w in expected):
                lost += 1
                continue
            compared += 1
            differing = [key for key in wanted if row is None or row.get(key) != wanted[key]]
            if differing or not row["complete"]:
                complaints.append(f"stream {conn.stream}, {what}, at {wanted['offset']}: {differing}: {row}, not {wanted}")
    if check_items.schemas:
        complaints += check_items.check_schema([row for of_stream in rows.values() for row in of_stream])
    print(f"seed {given.seed}: {compared} events compared in {', '.join(coders.CODINGS)}; {lost} after missing bytes; {len(complaints)} complaints")
    if compared < given.connections * given.events * 0.7:
        complaints.append(f"only {compared} events were compared")
    return complaints


def rows_of(tshark, name):
    path = CASES / name
    if not path.is_file():
        print(f"skipped: {name} is not there (shared/cases beside the repository)")
        return None
    tshark.add([path])
    return [json.loads(line) for line in tshark.run(path.name, "-q", "-z", "seamark,events,json").splitlines()]


def check_real(tshark):
    """Node with gzip: the first response without flushes, the second with one after each event; nginx with gzip."""
    complaints = []
    rows = rows_of(tshark, "sse-gzip-node.pcap")
    if rows is not None:
        by_message = {}
        for row in rows:
            by_message.setdefault((row["stream"], row["message"]), []).append(row)
        messages = [by_message[key] for key in sorted(by_message)]
        if len(messages) != 2:
            return [f"sse-gzip-node.pcap: {len(messages)} responses with events, not 2"]
        held, flushed = messages
        print(f"sse-gzip-node.pcap: {len(held)} events unflushed, {len(flushed)} flushed")
        if len({row["last_frame"] for row in held}) != 1 or len({row["ready_ns"] for row in held}) != 1:
            complaints.append("sse-gzip-node.pcap: the events of the first response did not become decodable with one frame")
        if [row.get("cause") for row in held[:-1]] != ["compressor"] * (len(held) - 1):
            complaints.append("sse-gzip-node.pcap: an event of the first response was not kept by the compressor")
        if any(row.get("cause") or not row["flushed"] for row in flushed):
            complaints.append("sse-gzip-node.pcap: an event of the second response was not flushed")
        if len({tuple(row["chunks"]) for row in flushed}) != len(flushed):
            complaints.append("sse-gzip-node.pcap: events of the second response share a chunk")
    rows = rows_of(tshark, "nginx-gzip.pcap")
    if rows is not None:
        print(f"nginx-gzip.pcap: {len(rows)} events")
    return complaints


def check(tshark, given):
    return (check_made(tshark, given) + check_real(tshark))[:10]


if __name__ == "__main__":
    check_random.need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 1, "help": "for other connections"}),
                ("--connections", {"type": int, "default": 20, "help": "how many"}),
                ("--events", {"type": int, "default": 60, "help": "of each"}))
