# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures read as records, spoilt in ways that captures are spoilt in, and written again.

A record is (time in ns, link type, bytes as captured, length on the wire). Only what Wireshark's own
editcap makes of a file is read, so there is one format to know.
"""

import struct
import subprocess
import tempfile
from pathlib import Path


def records(path, most=None):
    """The first `most` records of any capture that Wireshark can open."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.pcapng"
        path = without_secrets(Path(path), Path(folder) / "closed.pcapng")
        only = ["-r", str(path), str(plain), f"1-{most}"] if most else [str(path), str(plain)]
        subprocess.run(["editcap", "-F", "pcapng", *only], check=True, capture_output=True)
        data = plain.read_bytes()
    interfaces, found, at = [], [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        body = data[at + 8 : at + length - 4]
        if kind == 1:
            interfaces.append((struct.unpack_from("<H", body)[0], _ticks_a_second(body[8:])))
        if kind == 6:
            interface, high, low, captured, wire = struct.unpack_from("<IIIII", body)
            link, ticks = interfaces[interface]
            time = (high << 32 | low) * 10**9 // ticks
            found.append((time, link, body[20 : 20 + captured], wire))
        at += length
    return found


def without_secrets(path, closed):
    """The capture, or a copy without its Decryption Secrets Blocks, which editcap 4.0 refuses to copy."""
    data = path.read_bytes()
    # Little-endian pcapng alone: what of another kind has secrets, editcap says.
    if not data.startswith(b"\x0a\x0d\x0d\x0a") or data[8:12] != b"\x4d\x3c\x2b\x1a":
        return path
    blocks, secrets, at = [], False, 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        secrets |= kind == 10
        blocks += [data[at : at + length]] * (kind != 10)
        at += max(length, 12)
    if not secrets:
        return path
    closed.write_bytes(b"".join(blocks))
    return closed


def _ticks_a_second(options):
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from("<HH", options, at)
        if code == 9:  # if_tsresol
            exponent = options[at + 4]
            return 2 ** (exponent & 127) if exponent & 128 else 10**exponent
        at += 4 + length + (-length) % 4
    return 10**6


def write(path, found):
    """Writes records as pcapng, with an interface for each link type and nanoseconds."""
    links = list(dict.fromkeys(link for _, link, _, _ in found))
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for link in links:
        resolution = struct.pack("<HHB3xI", 9, 1, 9, 0)
        blocks.append(_block(1, struct.pack("<HHI", link, 0, 262144) + resolution))
    for time, link, data, wire in found:
        head = struct.pack("<IIIII", links.index(link), time >> 32, time & 0xFFFFFFFF, len(data), wire)
        blocks.append(_block(6, head + data + bytes(-len(data) % 4)))
    Path(path).write_bytes(b"".join(blocks))


def _block(kind, body):
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def truncated(rng, found):
    """The file ends early, in the middle of a record."""
    kept = found[: rng.randint(1, len(found))]
    time, link, data, wire = kept[-1]
    return kept[:-1] + [(time, link, data[: rng.randint(0, len(data))], wire)]


def reordered(rng, found):
    """Records change places within a window; the times stay with the places, or with the records."""
    window = rng.choice([2, 4, 16])
    mixed = [r for _, r in sorted((n + rng.random() * window, r) for n, r in enumerate(found))]
    if rng.random() < 0.5:
        mixed = [(old[0], *new[1:]) for old, new in zip(found, mixed)]
    return mixed


def duplicated(rng, found):
    """Some records come again, at once or later."""
    out = []
    for record in found:
        out.append(record)
        if rng.random() < 0.3:
            out.append(record)
        elif rng.random() < 0.2:
            out.append(rng.choice(out))
    return out


def sliced(rng, found):
    """Only a stretch of the file."""
    begin = rng.randrange(len(found))
    return found[begin : begin + rng.randint(1, len(found))]


def cut_by_snap_length(rng, found):
    """Each record holds its first bytes only."""
    longest = max(len(data) for _, _, data, _ in found)
    length = rng.randint(14, max(15, min(longest, 400)))
    return [(time, link, data[:length], wire) for time, link, data, wire in found]


def lossy(rng, found):
    """Records are missing."""
    share = rng.choice([0.02, 0.1, 0.5])
    return [r for r in found if rng.random() >= share] or found[:1]


def untouched(_, found):
    return found


# {name: (what is done to the records, editcap's probability of an error in each byte)}
KINDS = {
    "errors 1 %": (untouched, 0.01),
    "errors 2 %": (untouched, 0.02),
    "errors 10 %": (untouched, 0.1),
    "truncated": (truncated, 0),
    "reordered": (reordered, 0),
    "duplicated": (duplicated, 0),
    "sliced": (sliced, 0),
    "snap length": (cut_by_snap_length, 0),
    "lossy": (lossy, 0),
    "reordered, errors in payload 0.1 %": (reordered, 0.001),
}


def on_own_hosts(found, number):
    """The same with another client, so that captures that stand in one file do not share connections.
    The recipes' addresses alone are replaced: all recipes use the same ones."""
    client, other = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2 + number % 250])
    return [(time, link, data.replace(client, other), wire) for time, link, data, wire in found]
