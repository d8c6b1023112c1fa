#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The times of chunk rows (time_ns, spread_ns, after_request_ns) against the times of frames that tshark prints by
itself, and -z seamark,frames against tshark -Y."""

import json
from decimal import Decimal

import tshark as runner
from check_contracts import CAPTURES

JSON = ("-q", "-z", "seamark,chunks,json")
FILTERS = ("frame", "tcp.len > 0", "seamark.chunk.size == 32 || http.request", "frame.number in {1,2,4..6}", "!tcp",
           'frame contains "\u00fc"', "ip.ttl == 1 && udp")


def frame_times(tshark, name):
    output = tshark.run(name, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch")
    pairs = (line.split("\t") for line in output.splitlines())
    return {int(number): int(Decimal(time) * 10**9) for number, time in pairs}


def request_ends(tshark, name):
    """(stream, exchange): the frame in which a whole request ended, of connections without pipelining and loss."""
    output = tshark.run(name, "-T", "fields", "-E", "occurrence=a", "-e", "frame.number", "-e", "tcp.stream", "-e",
                        "http.request.method", "-e", "tcp.analysis.lost_segment")
    found = {}
    for number, stream, methods, lost in (line.split("\t") for line in output.splitlines()):
        if methods and "," not in methods and not lost:
            found.setdefault(int(stream), []).append(int(number))
    return {stream: frames[0] for stream, frames in found.items() if len(frames) == 1}


def check_times(tshark, name, complaints):
    times, ends, checked = frame_times(tshark, name), request_ends(tshark, name), 0
    for line in tshark.run(name, *JSON).splitlines():
        if not line.startswith("{"):
            continue
        row = json.loads(line)
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
        checked += 1
    return checked


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
    for path in paths:
        rows += check_times(tshark, path.name, complaints)
    for name in ("nodelay.pcapng", "chunk-over-segments.pcap", "ipv6-and-vlan.pcap"):
        check_frames(tshark, name, complaints)
    print(f"{rows} rows of {len(paths)} captures; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
