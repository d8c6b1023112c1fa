#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The times of chunk rows (time_ns, spread_ns, after_request_ns) against the times of frames that tshark prints by
itself, and -z seamark,frames against tshark -Y."""

import json
from decimal import Decimal

import tshark as runner
from check_contracts import CAPTURES

FILTERS = ("frame", "tcp.len > 0", "seamark.chunk.size == 32 || http.request", "frame.number in {1,2,4..6}", "!tcp",
           'frame contains "\u00fc"', "ip.ttl == 1 && udp")


FIELDS = ("frame.number", "frame.time_epoch", "tcp.stream", "http.request.method", "tcp.analysis.lost_segment")


def read(tshark, name):
    """({frame: its time in ns}, {stream: the frame in which its one whole request ended}, chunk rows). Of connections
    with several requests in a frame, or with loss, no request is said to end."""
    asked = [part for field in FIELDS for part in ("-e", field)]
    output = tshark.run(name, "-T", "fields", "-E", "occurrence=a", *asked, "-z", "seamark,chunks,json")
    times, ends, rows = {}, {}, []
    for line in output.splitlines():
        if line.startswith("{"):
            rows.append(json.loads(line))
        cells = line.split("\t")
        if len(cells) != len(FIELDS):
            continue
        number, time, stream, methods, lost = cells
        times[int(number)] = int(Decimal(time) * 10**9)
        if methods and "," not in methods and not lost:
            ends.setdefault(int(stream), []).append(int(number))
    return times, {stream: frames[0] for stream, frames in ends.items() if len(frames) == 1}, rows


def check_times(tshark, name, complaints):
    times, ends, rows = read(tshark, name)
    for row in rows:
        where = f"{name}, stream {row['stream']}, message {row['message']}, chunk {row['chunk']}"
        first = row["frames"][0][0]
        if row.get("time_ns") != times[first]:
            complaints.append(f"{where}: time_ns {row.get('time_ns')}, frame {first} has {times[first]}")
        spread = times[row["last_frame"]] - times[first] if row["complete"] else None
        if row.get("spread_ns") != spread:
            complaints.append(f"{where}: spread_ns {row.get('spread_ns')}, not {spread}")
        if row["dir"] == "response" and row["exchange"] == 1 and "after_request_ns" in row and row["stream"] in ends:
            after = times[first] - times[ends[row["stream"]]]
            if row["after_request_ns"] != after:
                complaints.append(f"{where}: after_request_ns {row['after_request_ns']}, not {after}")
    return len(rows)


def timed(tshark, name):
    complaints = []
    return complaints, check_times(tshark, name, complaints), 0


def check_frames(tshark, name, complaints):
    arguments = [part for one in FILTERS for part in ("-z", f"seamark,frames,{one}")]
    for passes in ((), ("-2",)):
        lines = [json.loads(line) for line in tshark.run(name, *passes, "-q", *arguments).splitlines() if line.startswith("{")]
        found = {one["filter"].encode("latin-1").decode(): one["frames"] for one in lines}
        for one in FILTERS:
            wanted = [int(n) for n in tshark.run(name, *passes, "-Y", one, "-T", "fields", "-e", "frame.number").split()]
            have = [n for first, last in found.get(one, [[0, 0]]) for n in range(first, last + 1)]
            if have != wanted:
                complaints.append(f"{name}, {passes}, {one}: {found.get(one)}, tshark -Y has {wanted}")


def check(tshark, given):
    complaints, rows = [], 0
    paths = sorted(path for pattern in ("*.pcap", "*.pcapng", "labs/*.pcapng") for path in CAPTURES.glob(pattern))
    tshark.add(paths)
    for found, count, _ in runner.in_parallel(lambda path: timed(tshark, path.name), paths):
        complaints += found
        rows += count
    for name in ("nodelay.pcapng", "chunk-over-segments.pcap", "ipv6-and-vlan.pcap"):
        check_frames(tshark, name, complaints)
    print(f"{rows} rows of {len(paths)} captures; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
