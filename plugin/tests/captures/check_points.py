#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets that were captured at several interfaces: `-z seamark,latency` has a layer for each hop, and the offset of the clocks.

Each case lays down when each packet passed each interface, and how far the clock of each is off; what the table has to say is
computed here from these times alone. No copy may be called a retransmission or cut anything.
"""

import json
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import check_events as calls
import tshark as runner

sys.path.append(str(Path(__file__).resolve().parents[1] / "docs"))
try:
    import schemas
except ImportError:
    schemas = None  # no JSON Schema validator here

START = 1_767_225_600_000_000_000  # ns: 2026-01-01 00:00:00 UTC
US, MS = 1000, 1_000_000  # ns
SERVER, CLIENT = (bytes([198, 51, 100, 80]), 80), (bytes([192, 0, 2, 1]), 50001)
ETHERNET, EVENTS, SLL2 = 1, 252, 276
RTO = 210 * MS


def pcapng(names, packets, link=ETHERNET, events=False):
    """packets: (interface, ns, bytes), in the order of the file. A name of None: the file has none. events: one more
    interface, which has event packets."""
    out = [calls.block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for name, link in [(name, link) for name in names] + [("events", EVENTS)] * events:
        options = (calls.option(2, name.encode()) if name is not None else b"") + calls.option(9, b"\x09") + bytes(4)
        out.append(calls.block(1, struct.pack("<HHI", link, 0, 0) + options))
    for interface, time, data in packets:
        out.append(calls.packet(interface, time, data))
    return b"".join(out)


def pcap(packets, link):
    """The older format, with times in ns. packets: as above, all of one interface."""
    out = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link)]
    for _, time, data in packets:
        out.append(struct.pack("<IIII", *divmod(time, 1_000_000_000), len(data), len(data)) + data)
    return b"".join(out)


@dataclass
class Packet:
    """One packet, and when it truly passed each point; a point that it did not pass has None."""
    side: str
    flags: int
    offset: int  # in the stream of its side; -1: the SYN
    acknowledged: int  # offset in the stream of the other side
    payload: bytes
    passed: List[Optional[int]]  # ns
    number: int = 0  # as IP identification

    def frame(self, case, point):
        source, target = (SERVER, CLIENT) if self.side == "server" else (CLIENT, SERVER)
        isn, other = (5_000_000, 1000) if self.side == "server" else (1000, 5_000_000)
        tcp = struct.pack(">HHIIBBHHH", source[1], target[1], (isn + 1 + self.offset) % 2**32,
                          (other + 1 + self.acknowledged) % 2**32 if self.flags & 16 else 0, 5 << 4, self.flags, 65000, 0, 0)
        hops = 64 - (point if self.side == "server" else len(self.passed) - 1 - point) if case.routed else 64
        length = len(tcp) + len(self.payload)
        if case.version == 6:
            ip = struct.pack(">IHBB", 6 << 28, length, 6, hops) + source[0] * 4 + target[0] * 4
        else:
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + length, self.number, 0x4000, hops, 6, 0) + source[0] + target[0]
        protocol = 0x86DD if case.version == 6 else 0x0800
        if case.devices:
            # What goes to the client comes in at the server's device and goes out at the other one.
            outgoing = (self.side == "server") == (point > 0)
            return struct.pack(">HHIHBB", protocol, 0, case.devices[point], 1, 4 if outgoing else 0, 6) + bytes(8) + ip + tcp + self.payload
        return bytes(range(2, 14)) + struct.pack(">H", protocol) + ip + tcp + self.payload


@dataclass
class Case:
    """A stream of events, 30 ms apart at the first point, which is the server's. Times in ns."""
    name: str
    hops: List[List[int]]  # of each hop, how long each event takes
    back: int = 150 * US  # of each hop, how long acknowledgements take at least
    names: Tuple = ("eth0", "eth1")
    shown: Tuple = ("eth0", "eth1")
    clocks: Tuple = (0, 0)  # what is added to the true time, by point
    routed: bool = True
    version: int = 4
    devices: Tuple = ()  # captured at "any": of each point
    lost: Dict[int, int] = field(default_factory=dict)  # event: the point after which it is lost once
    silent: Dict[int, Tuple] = field(default_factory=dict)  # point: the sides that it did not capture
    clock: str = "maybe-one"
    older: bool = False  # pcap, whose packets name no interface
    merged: bool = False  # by mergecap, out of files of their own
    written: int = 0  # ns: so long before each event passed the first point it was written, by the first point's clock; 0: not recorded
    events: int = 30
    packets: List[Packet] = field(default_factory=list)
    writes: List[tuple] = field(default_factory=list)  # (ns, record) of each event

    def lay_down(self, seed):
        rng = random.Random(seed)
        points = len(self.hops) + 1
        numbers = iter(range(1, 10000))
        latest = [START - US] * points

        def way(begin, delays, upto=points):
            passed, at = [begin], begin
            for delay in delays:
                at += delay
                passed.append(at)
            return [at if n < upto else None for n, at in enumerate(passed)]

        def client(flags, offset, acknowledged, payload, at):
            passed = way(at, [self.back + rng.randint(0, 90) * US for _ in self.hops])
            # None overtakes another one: an acknowledgement that comes late says nothing new.
            passed = [max(mine, last + US) for mine, last in zip(passed, latest)]
            latest[:] = passed
            self.packets.append(Packet("client", flags, offset, acknowledged, payload, passed[::-1], next(numbers)))
            return passed[-1]

        def server(flags, offset, acknowledged, payload, at, delays, upto=points):
            passed = way(at, delays, upto)
            self.packets.append(Packet("server", flags, offset, acknowledged, payload, passed, next(numbers)))
            return passed

        usual = [min(of) + 40 * US for of in self.hops]
        at = client(2, -1, 0, b"", START)
        at = server(18, -1, 0, b"", at + 20 * US, usual)[-1]
        request = b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n"
        # An acknowledgement of its own: it takes longer, so that nothing hangs on it.
        client(16, 0, 0, b"", at + 300 * US)
        at = client(24, 0, 0, request, at + 900 * US)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        at = server(24, 0, len(request), head, at + 100 * US, usual)[-1]
        offset, acknowledged, begin = len(head), len(head), at + 20 * MS
        waiting = {}
        for n in range(self.events):
            data = f"data: event {n + 1}\n\n".encode()
            chunk = f"{len(data):x}\r\n".encode() + data + b"\r\n"
            at, delays = begin + n * 30 * MS, [of[n] for of in self.hops]
            if n in self.lost:
                server(24, offset, len(request), chunk, at, delays, self.lost[n])
                waiting[n] = at + RTO
                at += RTO
            passed = server(24, offset, len(request), chunk, at, delays)
            if self.written:
                begun = begin + n * 30 * MS - self.written
                ends = [(calls.ip(".".join(map(str, address))), port) for address, port in (SERVER, CLIENT)]
                time, record, *_ = calls.event(calls.WRITE, n + 1, offset, len(chunk), len(chunk), begun, *ends)
                self.writes.append((time, record))
            offset += len(chunk)
            if not any(late > begin + n * 30 * MS for late in waiting.values()):
                acknowledged = offset
                client(16, len(request), acknowledged, b"", passed[-1] + 30 * US)
        server(24, offset, len(request), b"0\r\n\r\n", passed[-1] + 500 * US, usual)

    def captured(self):
        """(point, ns as stamped, bytes), in the order of the stamps."""
        found = [(packet.passed[point] + self.clocks[point], point, packet.frame(self, point)) for packet in self.packets
                 for point in range(len(self.clocks)) if self.has(packet, point)]
        return [(point, time, data) for time, point, data in sorted(found, key=lambda one: one[0])]

    def has(self, packet, point):
        return packet.passed[point] is not None and packet.side not in self.silent.get(point, ())

    def least(self, side, start, end):
        """Of packets of a side, the least stamped time from a point to another."""
        times = [packet.passed[end] + self.clocks[end] - packet.passed[start] - self.clocks[start] for packet in self.packets
                 if packet.side == side and None not in (packet.passed[start], packet.passed[end])]
        return min(times)

    def rows(self):
        """[{layer: ns}, …] of each event but the first; hops as ("hop", number). Events wait for all in front of them."""
        out, points = [], len(self.clocks)
        lasts, first_seen, whole = [0] * points, {}, []
        for packet in self.packets:
            if packet.side == "server" and packet.payload:
                for point in range(points):
                    if packet.passed[point] is not None:
                        first_seen.setdefault((packet.offset, point), packet.passed[point])
        offsets = sorted({packet.offset for packet in self.packets if packet.side == "server" and packet.payload})
        for offset in offsets:
            lasts = [max(last, first_seen[offset, point]) for point, last in enumerate(lasts)]
            whole.append((offset, list(lasts)))
        for n in range(1, self.events):
            first, before = (first_seen[offsets[n + k], 0] for k in (1, 0))
            end = whole[n + 1][1]
            row = {"wire": end[0] - first}
            if self.written:
                # A call takes 1000 ns (check_events.record).
                row |= {"application": first - before - 1000, "stack": self.written + 1000}
            else:
                row["sender"] = first - before
            at = end[0]
            for hop in range(points - 1):
                # What came last: the byte that waited, sent again where it was lost.
                last = max(k for k in range(n + 2) if first_seen[offsets[k], hop + 1] == end[hop + 1])
                departed = max(p.passed[hop] for p in self.packets if p.side == "server" and p.offset == offsets[last] and
                               p.passed[hop] is not None and p.passed[hop] <= end[hop + 1])
                departed = max(at, departed)
                row["wire"] += departed - at
                row["hop", hop] = end[hop + 1] - departed
                at = end[hop + 1]
            out.append(row)
        return out


def hop_times(rng, events, usual=200 * US, slow=None):
    """Nearly `usual`; from event `slow` on what was held for 90 ms comes at once."""
    times = [usual + rng.randint(0, 60) * US for _ in range(events)]
    if slow is not None:
        for n in range(slow, min(slow + 4, events)):
            times[n] = max(times[n], 90 * MS - (n - slow) * 30 * MS + usual)
    return times


def cases(seed):
    rng = random.Random(seed)
    plain = [hop_times(rng, 30)]
    slow = [hop_times(rng, 30, slow=20)]
    yield Case("a router holds one", slow), "hop"
    yield Case("two hops, the second holds one", [hop_times(rng, 30), hop_times(rng, 30, slow=9)], names=("eth0", "eth1", "eth2"),
               shown=("eth0", "eth1", "eth2"), clocks=(0, 0, 0)), "hop"
    both = {"names": ("eth0", "eth0"), "shown": ("eth0 (interface 0)", "eth0 (interface 1)"), "routed": False}
    for ahead in (37 * MS, -37 * MS):
        yield Case(f"clocks of two hosts, {ahead} ns", slow, clocks=(0, ahead), clock="two", **both), "hop"
        yield Case(f"the same, merged by mergecap, {ahead} ns", slow, clocks=(0, ahead), clock="two", merged=True, names=(None, None),
                   shown=("interface 0", "interface 1"), routed=False), "hop"
    yield Case("files that have no names", plain, names=(None, None), shown=("interface 0", "interface 1")), "sender"
    yield Case("lost between the points", plain, lost={10: 1}), "wire"
    yield Case("lost in front of the last of three", [hop_times(rng, 30), hop_times(rng, 30)], lost={10: 2}, names=("a", "b", "c"),
               shown=("a", "b", "c"), clocks=(0, 0, 0)), "wire"
    yield Case("lost between the points, IPv6", plain, lost={10: 1}, version=6), "wire"
    yield Case("lost between two hosts", plain, lost={10: 1}, clocks=(0, 37 * MS), clock="two"), "wire"
    # What the client's clock stamped before the server's clock began the write speaks against no call.
    yield Case("recorded writes, the client's clock behind", slow, clocks=(0, -37 * MS), clock="two", written=40 * US), "hop"
    yield Case("any device", slow, names=("any",), shown=("any, device 2 in", "any, device 3 out"), devices=(2, 3), clock="one"), "hop"
    yield Case("any device, pcap", slow, names=(None,), shown=("interface 0, device 2 in", "interface 0, device 3 out"), devices=(2, 3),
               clock="one", older=True), "hop"
    yield Case("one direction alone", plain, silent={1: ("client",)}, clock="unrelated"), "sender"
    yield Case("one interface", plain, names=("eth0", "eth1"), silent={1: ("client", "server")}, clock=""), "sender"


def check_hops(case, summary, complaints):
    """The offset of the clocks; ns that are taken off at each hop."""
    found = summary.get("hops", [])
    if not case.clock:
        if found:
            complaints.append(f"{case.name}: hops of one interface: {found}")
        return []
    if len(found) != len(case.shown) - 1:
        complaints.append(f"{case.name}: {len(found)} hops")
        return None
    taken = []
    for n, hop in enumerate(found):
        wanted = {"from_interface": case.shown[n], "to_interface": case.shown[n + 1], "clocks": case.clock, "stream": 0}
        offset = None
        if case.clock in ("two", "maybe-one"):
            there, back = case.least("server", n, n + 1), case.least("client", n + 1, n)
            truth = case.clocks[n + 1] - case.clocks[n]
            # As far from 0 as a whole number can be.
            offset = int((there - back) / 2)
            wanted |= {"offset_ns": offset, "error_ns": (there + back + 1) // 2}
            if abs(hop.get("offset_ns", 10**18) - truth) > hop.get("error_ns", 0):
                complaints.append(f"{case.name}: {hop} is further from {truth} than its error")
        if hop != wanted:
            complaints.append(f"{case.name}: {hop}, not {wanted}")
        taken.append(offset if case.clock == "two" else 0)
    return taken


def check_rows(case, events, taken, complaints):
    if len(events) != case.events:
        complaints.append(f"{case.name}: {len(events)} rows")
        return 0
    for number, (row, wanted) in enumerate(zip(events[1:], case.rows()), 2):
        got, hops = {}, 0
        for share in row["layers"]:
            key = share["layer"]
            if key == "hop":
                key = ("hop", hops)
                if (share["from_interface"], share["to_interface"]) != case.shown[hops:hops + 2]:
                    complaints.append(f"{case.name}, event {number}: {share}")
                hops += 1
            got[key] = got.get(key, 0) + share["ns"]
        for hop in range(len(case.clocks) - 1):
            if case.clock in ("", "unrelated"):
                del wanted["hop", hop]
                continue
            wanted["hop", hop] += case.clocks[hop + 1] - case.clocks[hop] - taken[hop]
        if got != wanted:
            complaints.append(f"{case.name}, event {number}: {got}, not {wanted}")
            return 0
    return len(events) - 1


def check_case(tshark, case, holder, folder, seed):
    complaints = []
    case.lay_down(seed)
    path = folder / f"{case.name.replace(' ', '-').replace(',', '')}.pcapng"
    packets = case.captured()
    if case.devices:
        packets = [(0, *rest) for _, *rest in packets]
    names = list(case.names)
    if case.written:
        packets = sorted([*packets, *((len(names), *write) for write in case.writes)], key=lambda one: one[1])
    if case.merged:
        parts = []
        for point in range(len(case.clocks)):
            parts.append(folder / f"part{point}.pcapng")
            parts[-1].write_bytes(pcapng([None], [(0, time, data) for at, time, data in packets if at == point]))
        subprocess.run(["mergecap", "-I", "none", "-w", path, *parts], check=True, capture_output=True)
    elif case.older:
        path.write_bytes(pcap(packets, SLL2))
    else:
        path.write_bytes(pcapng(names, packets, SLL2 if case.devices else ETHERNET, bool(case.written)))
    tshark.add([path])
    printed = tshark.run(path.name, "-q", "-z", "seamark,latency,json")
    rows = [json.loads(line) for line in printed.splitlines()]
    text = tshark.run(path.name, "-q", "-z", "seamark,latency")
    if tshark.run(path.name, "-2", "-q", "-z", "seamark,latency,json") != printed:
        complaints.append(f"{case.name}: -2 prints other rows")
    summary = next((row for row in rows if row["row"] == "summary"), None)
    if summary is None:
        return [f"{case.name}: no summary"], 0
    taken = check_hops(case, summary, complaints)
    if taken is None:
        return complaints, 0
    compared = check_rows(case, [row for row in rows if row["row"] == "event"], taken, complaints)
    verdict = summary["verdict"]
    if verdict["layer"] != holder or verdict["text"] not in text:
        complaints.append(f"{case.name}: {verdict}, not {holder}")
    said = rf"the clock of {re.escape(case.shown[1])} is 3[67]\.\d+ ms {'ahead of' if case.clocks[1] > 0 else 'behind'} that of .*, with an error of at most 0\."
    if case.clock == "two" and not re.search(said, text):
        complaints.append(f"{case.name}: the text has no offset with its error:\n{text}")
    for picture in ("page", "lanes,svg-time"):
        drawn = folder / f"{path.stem}.drawn"
        tshark.run(path.name, "-q", "-z", f"seamark,{picture}={drawn}")
        remark = "only the lane time of events is drawn with it taken off"
        if (remark in " ".join(drawn.read_text(encoding="utf-8").split())) != (case.clock == "two"):
            complaints.append(f"{case.name}, {picture}: of clocks that differ, and of no others, it says which lane is corrected")
    if case.clock == "unrelated" and not any("nothing relates" in line for line in summary["not_seen"]):
        complaints.append(f"{case.name}: what is not seen: {summary['not_seen']}")
    causes = tshark.run(path.name, "-2", "-Y", "seamark.segment.cause", "-T", "fields", "-e", "seamark.segment.cause",
                        "-e", "seamark.segment.cause.kind", "-e", "seamark.segment").splitlines()
    cells = [line.split("\t") for line in causes]
    again = sum("retransmission" in cell[0].split(",") for cell in cells)
    copies = sum(cell[0] == "duplicate" and cell[1] == "none" for cell in cells)
    segments = [packet for packet in case.packets if packet.payload]
    passes = sum(case.has(packet, point) for packet in segments for point in range(len(case.clocks)))
    # Whatever was lost on the way and sent again is a retransmission at the points that it had passed: once.
    if again != len(case.lost) or copies != passes - len(segments):
        complaints.append(f"{case.name}: {again} retransmissions and {copies} copies, not {len(case.lost)} and {passes - len(segments)}")
    if schemas:
        complaints += [wrong for row in rows if (wrong := schemas.Schema("latency").fault(row))]
    return complaints, compared


def check(tshark, given):
    complaints, compared = [], 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # as root, tshark runs as nobody
        for case, holder in cases(given.seed):
            if case.merged and not shutil.which("mergecap"):
                print(f"skipped: {case.name}: mergecap is not installed")
                continue
            if given.only in case.name:
                found, count = check_case(tshark, case, holder, Path(folder), given.seed)
                complaints += found
                compared += count
    print(f"{compared} events compared; {len(complaints)} complaints")
    return complaints[:20]


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 1, "help": "for other times"}))
