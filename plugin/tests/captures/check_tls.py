#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS records of every capture at hand against those of tshark's own TLS dissector: type, length and order in
each direction; the bytes that each record lights in its frames are the record; what is said without keys.

A record of tshark stands in the frame that completes it, so order in a direction is what is compared.
"""

import re
import struct
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
SHARED = Path(__file__).resolve().parents[4] / "shared"
SECRETS_BLOCK = 10
TYPES = {"change-cipher-spec": 20, "alert": 21, "handshake": 22, "application-data": 23, "heartbeat": 24}
# The header of a handshake record. Most captures have no such bytes, and a tshark less runs for each.
MAY_BE_TLS = re.compile(rb"\x16\x03[\x00-\x04]")
# Without it a record after a segment that arrived late is not seen by tshark.
ORDERED = ["-o", "tcp.reassemble_out_of_order:TRUE"]


def paths_at_hand():
    ours = sorted((CAPTURES / "tls").glob("*.pcapng"))
    theirs = [p for folder in (SHARED / "cases", SHARED / "real-captures") if folder.is_dir()
              for p in sorted(folder.glob("*.pcap*"))]
    return ours, theirs


def without_secrets(data):
    """A pcapng file of little-endian blocks without its Decryption Secrets Blocks; any other file as it is."""
    if data[:4] != b"\n\r\r\n":
        return data
    kept, at = b"", 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or length % 4:
            return data
        if kind != SECRETS_BLOCK:
            kept += data[at:at + length]
        at += length
    return kept


def values(element, name):
    return [field for field in element.iter("field") if field.get("name") == name]


def shown(element, name, default=None):
    found = values(element, name)
    return found[0].get("show") if found else default


def stock_records(packet):
    """[(type, length)] that tshark's TLS dissector shows in a frame, by their order in it."""
    records, kind = [], None
    for field in packet.iter("field"):
        name = field.get("name")
        # Of a decrypted record of TLS 1.3 the opaque type is the one in its header.
        if name == "tls.record.opaque_type" or (name == "tls.record.content_type" and kind is None):
            kind = int(field.get("show"))
        elif name == "tls.record.length":
            records.append((kind, int(field.get("show"))))
            kind = None
        elif name in ("tls.record", ""):
            kind = None if name == "tls.record" else kind
    return records


def seamark_records(packet):
    """[(index, type, length, offset, bytes that are lit)]"""
    found = []
    for tree in packet.iter("field"):
        children = {child.get("name") for child in tree.findall("field")}
        if "seamark.record" not in children:
            continue
        item = values(tree, "seamark.record")[0]
        lit = bytes.fromhex(item.get("value") or "") if int(item.get("size")) else b""
        found.append((int(item.get("show")), TYPES[shown(tree, "seamark.record.type")],
                      int(shown(tree, "seamark.record.len")), int(shown(tree, "seamark.record.offset")),
                      int(shown(tree, "seamark.record.here")), int(item.get("pos")), int(item.get("size")), lit))
    return found


def frame_bytes(path):
    """{frame: its bytes}, read without tshark."""
    from scapy.utils import RawPcapReader
    return {number: data for number, (data, _) in enumerate(RawPcapReader(str(path)), 1)}


def packets_of(tshark, name, *options):
    """The packets of a capture as elements of PDML."""
    return list(ElementTree.fromstring(tshark.run(name, *options, *ORDERED, "-T", "pdml")).iter("packet"))


def gather(packets):
    """(stock, ours) by (stream, sender): {…: [(type, length)]}, {…: {index: [type, length, offset, bytes]}}"""
    stock, ours = {}, {}
    for packet in packets:
        stream = shown(packet, "tcp.stream")
        if stream is None:
            continue
        way = (int(stream), shown(packet, "tcp.srcport"))
        if records := stock_records(packet):
            stock.setdefault(way, []).extend(records)
        for index, kind, length, offset, here, _, size, _ in seamark_records(packet):
            record = ours.setdefault(way, {}).setdefault(index, [kind, length, offset, 0])
            if record[:3] != [kind, length, offset]:
                record[0] = "differs between frames"
            if here != size:
                record[0] = "lights other bytes than it says"
            record[3] += here
    return stock, ours


def compare_one(packets, name):
    """(complaints, records compared)"""
    stock, ours = gather(packets)
    complaints, compared = [], 0
    for way in sorted(stock.keys() | ours.keys()):
        have = [tuple(record[:2]) for _, record in sorted(ours.get(way, {}).items())]
        want = stock.get(way, [])
        whole = [tuple(r[:2]) for _, r in sorted(ours.get(way, {}).items()) if r[3] == r[1] + 5]
        compared += len(have)
        if want not in (have, whole):
            at = next((i for i, (a, b) in enumerate(zip(have, want)) if a != b), min(len(have), len(want)))
            complaints.append(f"{name} {way}: {len(have)} records, tshark has {len(want)}; the first that "
                              f"differs is {at + 1}: {have[at:at + 3]} and {want[at:at + 3]}")
        places = [(r[2], r[1] + 5) for _, r in sorted(ours.get(way, {}).items())]
        for (begin, length), (after, _) in zip(places, places[1:]):
            if begin + length > after:
                complaints.append(f"{name} {way}: records overlap at {after}")
    return complaints, compared


def lit_bytes(packets, path):
    """Selecting a record lights it: in each frame that is all there is of a record, its header begins it."""
    name, frames = path.name, frame_bytes(path)
    complaints, checked = [], 0
    for number, packet in enumerate(packets, 1):
        for index, kind, length, _, here, pos, size, _ in seamark_records(packet):
            lit = frames[number][pos:pos + size]
            if here != length + 5:
                continue
            checked += 1
            if len(lit) != length + 5 or lit[0] != kind or int.from_bytes(lit[3:5], "big") != length:
                complaints.append(f"{name} frame {number} record {index}: lights {lit[:8].hex()}…, {len(lit)} bytes")
    return complaints, checked


def check_words(tshark, name):
    """Without keys: what is said, and that there are no rows."""
    complaints = []
    def expect(condition, what):
        if not condition:
            complaints.append(f"{name}: {what}")
    out, said = tshark.outputs(name, "-q", "-z", "seamark,chunks,json", "-z", "seamark,lanes", "-z", "seamark,explain,4")
    expect(not [line for line in out.splitlines() if line.startswith("{")], f"rows without keys: {out[:200]}")
    expect("TLS 1." in said and "SSLKEYLOGFILE" in said and "--inject-secrets" in said, f"said {said}")
    expect("TLS record" in out and "segment frame:bytes" in out, f"lanes {out[:300]}")
    expect("TLS 1." in out and "inside TLS" in out, f"lanes {out[:300]}")
    expect("TLS records: what is encrypted together" in out, f"page {out[:300]}")
    frames = tshark.run(name, "-Y", "seamark.record", "-T", "fields", "-e", "seamark.split_record").splitlines()
    split, begun = [line for line in frames if line], [line for line in frames if not line]
    large = name.startswith(("tls12.", "tls13."))  # whose records are larger than a segment
    expect(begun and (split or not large), "no record goes on from an earlier segment, or all do")
    return complaints


def check(tshark, given):
    ours, theirs = paths_at_hand()
    complaints, records, lit, captures = [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for path in [p for p in (*ours, *theirs) if given.only in p.name]:
            bare = Path(folder) / path.name
            bare.write_bytes(without_secrets(path.read_bytes()))
            if not MAY_BE_TLS.search(bare.read_bytes()):
                continue
            tshark.add([bare])
            packets = packets_of(tshark, path.name, "-2")
            if not any(values(packet, "tls.record") for packet in packets):
                continue
            captures += 1
            for found in (packets_of(tshark, path.name), packets):
                more, compared = compare_one(found, path.name)
                complaints += more
                records += compared
            more, checked = lit_bytes(packets, bare)
            complaints += more
            lit += checked
            if path in ours or path.name.startswith("tls1"):
                complaints += check_words(tshark, path.name)
                # With the keys in the file the records are the same.
                tshark.add([path])
                complaints += compare_one(packets_of(tshark, path.name), path.name)[0]
    if not theirs:
        print("public captures are not beside the repository; those of the repository alone were compared")
    print(f"{captures} captures with TLS, {records} records compared, {lit} lit whole; {len(complaints)} complaints")
    return complaints if captures else ["no capture with TLS"]


if __name__ == "__main__":
    runner.main(check, __doc__)
