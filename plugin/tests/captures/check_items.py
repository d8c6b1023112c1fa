#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Events of streamed bodies: server-sent events, lines of JSON, JSON sequences and multipart parts, in bodies of all
framings, cut at random, with frames out of order, repeated and lost. What is expected is known from how each event
was laid out and which frame carried which byte first, by the recipes' oracle; of what was lost only that the rows around
it are right.
"""

import bisect
import json
import random
import sys
import tempfile
from pathlib import Path

import check_random
import tshark as runner

sys.path.append(str(Path(__file__).resolve().parents[1] / "docs"))
try:
    import schemas
except ImportError:
    schemas = None  # no JSON Schema validator here

TYPES = {"sse": "text/event-stream", "ndjson": "application/x-ndjson", "json-seq": "application/json-seq",
         "multipart": "multipart/x-mixed-replace; boundary=cut", "gzip": "text/event-stream"}


def make_event(rng, form, number):
    """(kind, name, id, bytes) of one event."""
    text = json.dumps({"n": number, "t": "x" * rng.choice([0, 1, 5, 40, 200])})
    if form == "ndjson":
        return "event", None, None, (text + rng.choice(["\n", "\r\n"])).encode()
    if form == "json-seq":
        return "event", None, None, ("\x1e" + (json.dumps({"n": number}, indent=1) if rng.random() < 0.3 else text) + "\n").encode()
    if form == "multipart":
        end = rng.choice(["\r\n", "\n"])
        return "event", None, None, f"--cut{end}Content-Type: text/plain{end}{end}{text}{end}".encode()
    end = rng.choice(["\n", "\r\n", "\r"])
    if rng.random() < 0.1:
        return "comment", None, None, f": ping {number}{end}{end}".encode()
    name, ident = rng.choice([None, "token"]), rng.choice([None, str(number)])
    lines = [f"event: {name}"] * bool(name) + [f"id: {ident}"] * bool(ident) + [f"data: {text}"] * rng.randint(1, 2)
    rng.shuffle(lines)
    return "event", name, ident, (end.join(lines) + end + end).encode()


def parts_in_stream(places, at, end):
    """Where the bytes of a body from at to end stand in the stream. places: [(begin in the body, in the stream, size)]."""
    begins = [place[0] for place in places]
    parts = []
    while at < end:
        begin, stream, size = places[bisect.bisect_right(begins, at) - 1]
        stop = min(end, begin + size)
        parts.append((stream + at - begin, stream + stop - begin))
        at = stop
    return parts


def lay(rng, side, form, count):
    """A response of events. [(kind, name, id, begin, end in the body, [[stream begin, end]])]."""
    events, body = [], b""
    for number in range(1, count + 1):
        kind, name, ident, data = make_event(rng, form, number)
        if form == "sse" and body.endswith(b"\r") and data.startswith(b"\n"):
            data = data[1:]
        events.append([kind, name, ident, len(body), len(body) + len(data)])
        body += data
    tail = b"--cut--\r\n" if form == "multipart" else b""
    framing = rng.choice(["chunked", "chunked", "content-length", "close"])
    fields = [f"Content-Type: {TYPES[form]}"]
    places = []  # (body begin, stream begin, bytes)
    whole = body + tail
    if framing == "chunked":
        side.response("200 OK", *fields)
        at = 0
        longest = rng.choice([3, 40, 300])
        while at < len(whole):
            size = min(len(whole) - at, rng.randint(1, longest))
            chunk = side.chunk(whole[at:at + size])
            places.append((at, chunk.data, size))
            at += size
        side.last()
    else:
        side.response("200 OK", *fields, framing=framing, length=len(whole) if framing == "content-length" else None)
        places.append((0, side.body(whole).start, len(whole)))
    for event in events:
        event.append(parts_in_stream(places, event[3], event[4]))
    return events, framing


def make(seed, connections, count):
    from kit import wire
    rng = random.Random(seed)
    capture = wire.Capture(f"items-{seed}")
    told = []
    for number in range(connections):
        conn = capture.connection(timestamps=rng.random() < 0.5).open()
        conn.client.request("GET /events")
        conn.client.send()
        form = ["sse", "ndjson", "json-seq", "multipart"][number % 4]
        events, framing = lay(rng, conn.server, form, count)
        lossy = number % 8 >= 6
        check_random.send(rng, conn.server, 0.1 if lossy else 0)
        if not lossy and rng.random() < 0.5:
            for _ in range(5):
                at = rng.randrange(conn.server.here - 10)
                conn.server.segment(at, at + rng.randint(1, 9))
        conn.close()
        told.append((conn, form, framing, events))
    return capture, told


def truth(conn, form, events):
    """The rows of a connection, as the plugin has to print them, and whether each byte of the event was captured."""
    from kit import oracle
    arrival = oracle.Arrival(conn.server)
    everything = 1 << 30
    number, rows = 0, []
    for kind, name, ident, begin, end, parts in events:
        number += kind == "event"
        runs = []
        for first, last in parts:
            for frame, size in arrival.runs(first, last, everything):
                if runs and runs[-1][0] == frame:
                    runs[-1][1] += size
                else:
                    runs.append([frame, size])
        row = {"stream": conn.stream, "format": form, "kind": kind, "item": number if kind == "event" else 0,
               "offset": begin, "bytes": end - begin, "frames": runs}
        if name:
            row["name"] = name
        if ident:
            row["id"] = ident
        rows.append((row, sum(size for _, size in runs) == end - begin))
    return rows


def check_schema(rows):
    schema = schemas.Schema("events")
    complaints = [wrong for row in rows if (wrong := schema.fault(row))]
    required = schema.content["required"]
    for row in rows[::100]:
        complaints += [f"the schema lets pass: {what}: {changed}"
                       for what, changed in schemas.mutations(row, lambda path: [] if path else required) if not schema.fault(changed) and not (what.startswith(("/name", "/id")) and "unknown word" in what)]  # they are free text
    return complaints


def check(tshark, given):
    from kit import files
    complaints, compared, damaged = [], 0, 0
    capture, told = make(given.seed, given.connections, given.events)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{capture.name}.pcap"
        path.write_bytes(files.capture_file(capture))
        tshark.add([path])
        first = None
        for passes in ([], ["-2"]):
            output = tshark.run(path.name, "-q", *passes, "-z", "seamark,events,json")
            rows = {}
            for line in output.splitlines():
                row = json.loads(line)
                rows.setdefault(row["stream"], []).append(row)
            for conn, form, framing, events in told:
                expected = truth(conn, form, events)
                got = rows.get(conn.stream, [])
                lost = not all(whole for _, whole in expected)
                if not lost and len(got) != len(expected):
                    complaints.append(f"stream {conn.stream}, {form}, {framing}: {len(got)} rows, not {len(expected)}")
                    continue
                by_offset = {row["offset"]: row for row in got}
                for wanted, whole in expected:
                    row = by_offset.get(wanted["offset"])
                    if lost and (row is None or not row["complete"]):
                        damaged += 1
                        continue  # something is missing in front of it
                    compared += 1
                    keys = [key for key in wanted if not (lost and key == "item")]
                    differing = [key for key in keys if row is None or row.get(key) != wanted[key]]
                    if differing or not row["complete"] or not whole:
                        complaints.append(f"stream {conn.stream}, {form}, {framing}, at {wanted['offset']}: {differing}: {row}, not {wanted}")
            if first not in (None, output):
                complaints.append("-2 prints other rows")
            first = output
        if schemas:
            complaints += check_schema([row for of_stream in rows.values() for row in of_stream])
    print(f"seed {given.seed}: {compared} events compared, {damaged} with or after missing bytes; {len(complaints)} complaints")
    if compared < given.connections * given.events:
        complaints.append(f"only {compared} events were compared")
    return complaints[:10]


if __name__ == "__main__":
    check_random.need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 1, "help": "for other connections"}),
                ("--connections", {"type": int, "default": 8, "help": "how many"}),
                ("--events", {"type": int, "default": 40, "help": "of each"}))
