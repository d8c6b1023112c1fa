#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same bytes, cut, mixed up, repeated and wrapped in other ways, give the same chunk rows: only the
frames differ, and which ones these are follows from which bytes each of them carried.

The streams are those of the recipes that were captured whole, and some random ones. Each is sent in each
way as a connection of its own; all of them stand in one capture.
"""

import random
import tempfile
from pathlib import Path

import check_random
import compare
import tshark as runner

ROWS = ["-z", "seamark,chunks,json"]
RUNS = {"one pass": ["-q"], "two passes": ["-2", "-q"],
        "no HTTP": ["-q", "--disable-protocol", "http"],
        "no TCP reassembly": ["-q", "-o", "tcp.desegment_tcp_streams:FALSE"]}
WHOLE = 65483  # of loopback, 65535 less the headers
MOST_BYTES = {1: 400, 2: 600, 3: 900, 7: 2000}  # of a stream that is cut so small

REPRESENTATIVE = ("chunked-request", "close-delimited", "content-length", "huge-sizes",
                  "keep-alive-pipelining", "no-body", "refused", "several-writes-a-chunk", "tolerated",
                  "trailers-and-extensions", "unfinished", "upgrade")


def in_pieces(size):
    def order(_, length):
        return [(at, min(length, at + size)) for at in range(0, length, size)]
    return order


def mixed(size, window):
    """Each segment comes at most so many places too late."""
    def order(rng, length):
        segments = enumerate(in_pieces(size)(rng, length))
        return [s for _, s in sorted((n + rng.random() * window, s) for n, s in segments)]
    return order


def twice(order):
    def doubled(rng, length):
        return [s for segment in order(rng, length) for s in (segment, segment)]
    return doubled


def overlapping(size, by):
    def order(rng, length):
        return [(max(0, start - by), end) for start, end in in_pieces(size)(rng, length)]
    return order


def wrappings():
    """{name: (addresses, function that wraps an IP packet)}"""
    from kit.wire import MAC, ethernet
    from recipes import ipv6_and_vlan, tunnels
    from scapy.contrib.mpls import MPLS
    from scapy.layers.inet import fragment
    from scapy.layers.l2 import Ether
    from scapy.layers.ppp import PPP, PPPoE

    def mpls(packet, source, target):
        label = MPLS(label=16, s=1, ttl=64)
        return [Ether(src=MAC[source], dst=MAC[target], type=0x8847) / label / packet]

    def pppoe(packet, source, target):
        session = PPPoE(sessionid=1) / PPP(proto=0x21)
        return [Ether(src=MAC[source], dst=MAC[target], type=0x8864) / session / packet]

    def fragments(packet, source, target):
        packet.flags = 0
        return [frame for part in reversed(fragment(packet, fragsize=400))
                for frame in ethernet(part, source, target)]

    v4, v6 = ("192.0.2.1", "198.51.100.80"), ipv6_and_vlan.V6
    return {"VLAN": (v4, ipv6_and_vlan.vlan), "QinQ": (v6, ipv6_and_vlan.qinq),
            "IPv6 extension headers": (v6, ipv6_and_vlan.extended), "IPv6": (v6, ethernet),
            "GRE": (v4, tunnels.gre), "VXLAN": (v4, tunnels.vxlan), "IP in IP": (v4, tunnels.ip_in_ip),
            "MPLS": (v4, mpls), "PPPoE": (v4, pppoe), "IP fragments": (v4, fragments)}


def ways():
    """{name: (longest stream, order of segments, addresses or None, wrapping or None)}"""
    plain = {f"{size} bytes": (MOST_BYTES.get(size, 10**6), in_pieces(size))
             for size in (1, 2, 3, 7, 536, 1448)}
    plain["5 bytes mixed up"] = (2000, mixed(5, 8))
    plain["100 bytes mixed up"] = (10**6, mixed(100, 16))
    plain["each segment twice"] = (10**6, twice(in_pieces(90)))
    plain["twice and mixed up"] = (10**6, twice(mixed(60, 5)))
    plain["overlapping"] = (10**6, overlapping(50, 20))
    found = {name: (*way, None, None) for name, way in plain.items()}
    for name, (addresses, wrap) in wrappings().items():
        found[name] = (10**6, in_pieces(1000), addresses, wrap)
    return found


def sources(seed):
    """(name, request bytes, response bytes) of connections that were captured whole, with both SYNs.
    After what is not HTTP a start line must begin a segment, so there cutting does change answers."""
    from kit import catalogue, layout, oracle
    made = [capture for _, capture in catalogue.build_all() if capture.name in REPRESENTATIVE]
    made.append(check_random.make(seed, 4))
    for capture in made:
        for connection in capture.connections[: 4 if capture is made[-1] else 1]:
            sides = connection.client, connection.server
            kinds = {piece.kind for side in sides for piece in side.pieces}
            random_one = capture is made[-1]
            whole = all(side.syn_seen and (random_one or 0 not in oracle.Arrival(side).owner)
                        for side in sides)
            if whole and layout.JUNK not in kinds and len(sides[1].bytes) < 6000:
                yield f"{capture.name} {connection.stream}", sides[0].bytes, sides[1].bytes


def send(capture, rng, requests, responses, order, addresses=None, wrap=None):
    how = {k: v for k, v in (("addresses", addresses), ("wrap", wrap)) if v}
    connection = capture.connection(**how).open()
    for side, data in ((connection.client, requests), (connection.server, responses)):
        side.bytes[:] = data
        for start, end in order(rng, len(data)):
            side.segment(start, end)
    connection.close()
    return connection


def plan(seed):
    """The capture, and [(name, reference connection, [(way, connection)])]."""
    from kit import wire
    rng, capture, planned = random.Random(seed), wire.Capture("resegmented"), []
    every = ways()
    for name, requests, responses in sources(seed):
        reference = send(capture, rng, requests, responses, in_pieces(WHOLE))
        others = [(way, send(capture, rng, requests, responses, order, addresses, wrap))
                  for way, (most, order, addresses, wrap) in every.items()
                  if len(requests) + len(responses) <= most]
        planned.append((name, reference, others))
    return capture, planned


def moved(row, connection):
    """A row of the reference, as it must read on another connection with the same bytes."""
    from kit import oracle
    side = connection.client if row["dir"] == "request" else connection.server
    begin = row["offset"]
    length = sum(count for _, count in row["frames"])
    frames = oracle.Arrival(side).runs(begin, begin + length, oracle.AT_END)
    return dict(row, frames=frames, first_frame=min(f for f, _ in frames),
                last_frame=max(f for f, _ in frames), stream=connection.stream)


def check(tshark, given):
    from kit import files
    capture, planned = plan(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resegmented.pcap"
        path.write_bytes(files.pcap(capture))
        tshark.add([path])

    def work(run):
        rows = compare.chunk_objects(tshark.run("resegmented.pcap", *RUNS[run], *ROWS))
        by_stream, complaints, compared = {}, [], 0
        for row in rows:
            by_stream.setdefault(row["stream"], []).append(row)
        for name, reference, others in planned:
            whole = by_stream.get(reference.stream, [])
            for way, connection in others:
                want = [moved(row, connection) for row in whole]
                keys = [key for key in (whole[0] if whole else ()) if key not in
                        ("src", "dst", "sport", "dport", "causes",  # other cuts, other causes
                         "time_ns", "spread_ns", "after_request_ns")]  # and other times
                complaints += compare.compare_chunks(f"{name}, {way}, {run}", want,
                                                     by_stream.get(connection.stream, []), keys)
                compared += len(want)
        return complaints, compared, 0

    results = runner.in_parallel(work, list(RUNS))
    complaints = [c for found, _, _ in results for c in found]
    rows = sum(r[1] for r in results)
    print(f"{len(planned)} connections in {1 + len(ways())} ways, {len(capture.frames)} frames, "
          f"{len(RUNS)} runs: {rows} chunk rows compared; {len(complaints)} complaints")
    return (complaints if rows else ["no chunk row at all"])[:20]


if __name__ == "__main__":
    check_random.need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 3, "help": "for other random streams"}))
