#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the time of events went: `-z seamark,latency` of made-up captures whose times are known.

Each case lays down when each event was written, sent, forwarded and read; what the table has to say is computed here from
these times alone. One case has many events with recorded calls: there p50, p90 and p99 of each layer must be those of the
recorded calls and of the packets, to the nanosecond.
"""

import json
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List

import check_events as calls
import check_random
import tshark as runner

sys.path.append(str(Path(__file__).resolve().parents[1] / "docs"))
try:
    import schemas
except ImportError:
    schemas = None  # no JSON Schema validator here

SERVER, PROXY, CLIENT = "198.51.100.80", "192.0.2.3", "192.0.2.1"
MS = 1000  # µs
SSE = ("Content-Type: text/event-stream",)


@dataclass
class Case:
    """Times in µs from the start, by event: of each leg when its bytes were captured."""
    name: str
    up: List[int]  # captured on the server's leg
    down: List[int] = field(default_factory=list)  # on the client's; none: there is no proxy
    written: List[int] = field(default_factory=list)  # recorded write calls of the server
    read: List[int] = field(default_factory=list)  # recorded read calls of the client
    identified: bool = True
    again: Dict[int, int] = field(default_factory=dict)  # event: when its segment was captured again


def add(case, capture):
    """Adds a case to a capture. Gives its events' packets, and the number of the stream to the client."""
    legs = []
    if case.down:
        legs.append(capture.connection((CLIENT, PROXY)).open())
    legs.append(capture.connection((PROXY, SERVER) if case.down else (CLIENT, SERVER)).open())
    identity = f"Seamark: tag=w; id={len(capture.connections):016x}"
    for leg in legs:
        leg.client.request(f"GET /events/{len(capture.connections)}")
        leg.client.send()
    todo = [(t, 1, n) for n, t in enumerate(case.down)] + [(t, 0, n) for n, t in enumerate(case.up)]
    todo += [(t, 2, n) for n, t in case.again.items()]
    extents = []
    servers = [leg.server for leg in legs]
    for server in reversed(servers):
        server.response("200 OK", *SSE, *([identity] if case.identified else []))
        server.send()
    up = servers[-1]
    start = capture.clock + 50 * MS  # what was opened above has passed
    for at, which, number in sorted(todo):
        capture.clock = start + at
        if which == 2:
            up.segment(*extents[number])
            continue
        side = servers[0] if which == 1 else up
        where = side.here
        side.chunk(f"data: event {number + 1}\n\n".encode())
        side.send()
        if which == 0:
            extents.append((where, side.here))
    for side in servers:
        side.last()
    capture.clock = start + max(case.up + case.down + case.read + list(case.again.values())) + 100 * MS
    ends = {"server": ((calls.ip(up.address), up.port), (calls.ip(up.peer.address), up.peer.port)),
            "client": ((calls.ip(legs[0].client.address), legs[0].client.port),
                       (calls.ip(legs[0].server.address), legs[0].server.port))}
    events = []
    for kind, side, times in ((calls.WRITE, "server", case.written), (calls.READ, "client", case.read)):
        for number, at in enumerate(times):
            offset, end = extents[number]  # those of both legs are the same
            events.append(calls.event(kind, number + 1, offset, end - offset, end - offset, (start + at) * 1000, *ends[side]))
    return events, legs[0].stream


def pcapng(capture, events):
    packets = [(frame.time * 1000, 0, frame.data) for frame in capture.frames]
    packets += [(time, 1, data) for time, data, _, _ in events]
    return calls.HEAD + b"".join(calls.packet(interface, time, data)
                                 for time, interface, data in sorted(packets, key=lambda p: p[0]))


def steady(count, gap, after=0):
    return [number * gap + after for number in range(count)]


def bursts(times, every, gap):
    """Times at which a buffer lets go: the events of each `every` with the last of them."""
    return [times[min(len(times) - 1, (n // every + 1) * every - 1)] + gap + n % every for n in range(len(times))]


def expected(case):
    """[{(layer, which): ns}] of each event but the first."""
    rows = []
    for n in range(1, len(case.up)):
        row = {}
        sent = case.up[n] * 1000
        if case.written:
            # A call takes 1000 ns (check_events.record).
            row["application"] = (case.written[n] - case.written[n - 1]) * 1000 - 1000
            row["stack"] = sent - case.written[n] * 1000 + 1000
        else:
            row["sender"] = sent - case.up[n - 1] * 1000
        arrived = max(sent, case.again.get(n, 0) * 1000, *[1000 * t for m, t in case.again.items() if m < n] or [0])
        row["wire"] = arrived - sent
        last = arrived
        if case.down:
            row["proxy"] = case.down[n] * 1000 - arrived
            last = case.down[n] * 1000
        if case.read:
            row["receiver"] = case.read[n] * 1000 + 1000 - last
        rows.append(row)
    return rows


def rank(times, p):
    ordered = sorted(times)
    return ordered[max(1, -(-len(ordered) * p // 100)) - 1]


def cases(seed, count):
    rng = random.Random(seed)
    even = steady(40, 30 * MS)
    yield Case("nothing holds them", even), "sender", "consistent"
    yield Case("a proxy holds them", even, bursts(even, 14, 300)), "proxy", "consistent"
    yield Case("the same without ids", even, bursts(even, 14, 300), identified=False), "proxy", "consistent"
    pauses = [n * 5 * MS + (n // 10) * 480 * MS for n in range(40)]
    yield Case("the application pauses", [t + 40 for t in pauses], written=pauses), "application", "known"
    yield Case("the application pauses in front of a proxy", [t + 40 for t in pauses], [t + 400 for t in pauses],
               written=pauses), "application", "known"
    yield Case("the kernel holds them", bursts(even, 4, 100), written=even), "stack", "consistent"
    yield Case("the receiver reads late", [t + 40 for t in even], written=even, read=bursts(even, 10, 200)), "receiver", "consistent"
    yield Case("a segment is sent again", even, again={20: even[20] + 210 * MS}), "wire", "consistent"
    written = steady(count, 3 * MS)
    sent = [t + rng.randint(20, 900) for t in written]
    down = [max(t + rng.randint(50, 700), 0) for t in sent]
    for n in range(1, count):  # a stream goes on in order
        down[n] = max(down[n], down[n - 1] + 1)
    yield Case(f"{count} events", sent, down, written, [t + rng.randint(30, 2000) for t in down]), None, None


def check_case(case, holder, confidence, rows, text, complaints):
    """rows: of its stream. How many events were compared."""
    events = [row for row in rows if row["row"] == "event"]
    summaries = [row for row in rows if row["row"] == "summary"]
    if len(events) != len(case.up) or len(summaries) != 1:
        complaints.append(f"{case.name}: {len(events)} rows and {len(summaries)} summaries")
        return 0
    truth = expected(case)
    for number, (row, wanted) in enumerate(zip(events[1:], truth), 2):
        got = {}
        for share in row["layers"]:
            got[share["layer"]] = got.get(share["layer"], 0) + share["ns"]
        if got != wanted or row["time_ns"] != sum(wanted.values()):
            complaints.append(f"{case.name}, event {number}: {got}, not {wanted}")
            return 0
    # The first event has no application or sender that counts, and the other layers as all have.
    summary = summaries[0]
    first = {share["layer"]: share["ns"] for share in events[0]["layers"] if not share.get("since_request")}
    for layer in sorted({key for row in truth for key in row}):
        times = [row[layer] for row in truth] + ([first[layer]] if layer in first else [])
        found = [entry for entry in summary["layers"] if entry["layer"] == layer]
        # Of two legs with a wire the server's stands first; the other one's is 0 here.
        if layer != "wire" and len(found) != 1:
            complaints.append(f"{case.name}: {layer} stands {len(found)} times in the summary")
            continue
        for p in (50, 90, 99):
            if found[0][f"p{p}_ns"] != rank(times, p):
                complaints.append(f"{case.name}: p{p} of {layer} is {found[0][f'p{p}_ns']}, not {rank(times, p)}")
    verdict = summary["verdict"]
    if holder and (verdict.get("layer"), verdict.get("confidence")) != (holder, confidence):
        complaints.append(f"{case.name}: {verdict}, not {holder} ({confidence})")
    if verdict["text"] not in text:
        complaints.append(f"{case.name}: the table does not say {verdict['text']!r}")
    return len(truth)


def check_fields(rows, shown):
    """The fields in the frame that carries an event to the client say what its row says."""
    wanted = {(str(row["stream"]), str(row["number"])): (row["holder"]["layer"], row["holder"]["confidence"])
              for row in rows if row["row"] == "event" and "holder" in row}
    found = {}
    for line in shown.splitlines():
        stream, *cells = line.split("\t")
        for number, *said in zip(*(cell.split(",") for cell in cells)):
            found[stream, number] = tuple(said)
    differing = [key for key, said in wanted.items() if found.get(key) != said]
    return [f"fields of {len(differing)} events, as of {differing[0]}: {found.get(differing[0])}, not {wanted[differing[0]]}"] if differing else []


def check_schema(rows):
    if not schemas:
        return []
    schema = schemas.Schema("latency")
    complaints = [wrong for row in rows[::50] + rows[-1:] if (wrong := schema.fault(row))]
    # Of each kind the first: no value of another kind passes. What it says and its place are free text.
    for row in (rows[1], next(row for row in rows if row["row"] == "summary")):
        required = [key for key in ("row", "stream", "src", "sport", "unit") if key in row]
        complaints += [f"the schema lets pass: {what}: {changed}"
                       for what, changed in schemas.mutations(row, lambda path: [] if path else required)
                       if not schema.fault(changed) and not (what.startswith(("/verdict/text", "/not_seen")) and ("word" in what or "another type" in what))]
    return complaints


def check(tshark, given):
    from kit import wire
    complaints, compared = [], 0
    capture, events, added = wire.Capture("latency"), [], []
    for case, holder, confidence in cases(given.seed, given.events):
        of_case, stream = add(case, capture)
        events += of_case
        added.append((case, holder, confidence, stream))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "latency.pcapng"
        path.write_bytes(pcapng(capture, events))
        tshark.add([path])
        outputs = [tshark.run(path.name, "-q", *passes, "-z", "seamark,latency,json") for passes in ([], ["-2"])]
        text = tshark.run(path.name, "-q", "-z", "seamark,latency")
        shown = tshark.run(path.name, "-2", "-Y", "seamark.latency", "-T", "fields", "-e", "tcp.stream",
                           "-e", "seamark.item", "-e", "seamark.latency.layer", "-e", "seamark.latency.confidence")
    if outputs[0] != outputs[1]:
        complaints.append("-2 prints other rows")
    rows = {}
    for line in outputs[0].splitlines():
        row = json.loads(line)
        rows.setdefault(row["stream"], []).append(row)
    for case, holder, confidence, stream in added:
        compared += check_case(case, holder, confidence, rows.pop(stream, []), text, complaints)
    if rows:
        complaints.append(f"rows of streams that no case has: {sorted(rows)}")
    every = [json.loads(line) for line in outputs[0].splitlines()]
    complaints += check_fields(every, shown)
    complaints += check_schema(every)
    print(f"{compared} events compared; {len(complaints)} complaints")
    return complaints[:20]


if __name__ == "__main__":
    check_random.need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 1, "help": "for other times"}),
                ("--events", {"type": int, "default": 1000, "help": "of the long case"}))
