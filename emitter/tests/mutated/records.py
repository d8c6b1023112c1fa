# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated event records, in the pcapng that a recorder writes, through all that reads them (read_records.cpp):
the lab's reader of a pipe, in pieces of several sizes, its reader of a file that grows, and the plugin's own
reading of the record and what it makes of it. No crash, no hang, the same in pieces of any size, and no
more memory for the last than for the first.

usage: records.py READ_RECORDS [--count N] [--seed N]"""

import argparse
import os
import random
import struct
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("reader")
parser.add_argument("--count", type=int, default=10000)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
BATCH = 500
EXTREMES = [0, 1, 3, 4, 11, 12, 28, 31, 32, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF]


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(kind, body):
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def record(index, rng):
    """By docs/event-format.md."""
    fixed = struct.pack(">BBHIQQQqqqIiIIIHBBHH", 1, rng.choice([1, 1, 2, 2, 3, 4, 5, 6, 7]), 84, rng.randrange(256), index,
                        (index - 1) * 32, 32, 32, 1_700_000_000_000_000_000 + index, 1_700_000_000_000_000_500 + index,
                        0, 5, 100, 100, 1, rng.randrange(1, 21), 2, rng.randrange(4), 6, 1)
    parts = b""
    for kind, value in ((1, bytes(range(64))), (2, b"program"), (3, b"bbr"), (4, bytes(16))):
        if rng.random() < 0.5:
            parts += struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)
    return fixed + parts


def packet(index, rng):
    def tag(number, value):
        return struct.pack(">HH", number, len(value)) + value
    body = (tag(12, b"seamark\0") + tag(20, bytes([192, 0, 2, 1])) + tag(21, bytes([192, 0, 2, 2])) + tag(24, bytes([0, 0, 0, 2])) +
            tag(25, struct.pack(">I", 8080)) + tag(26, struct.pack(">I", 40000)) + tag(0, b"") + record(index, rng))
    time = 1_700_000_000_000_000_000 + index
    return block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(body), len(body)) + body +
                 bytes(-len(body) % 4) + option(1, b"write 1: send 32 of 32 bytes") + option(0, b""))


def file_of(rng):
    head = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(
        1, struct.pack("<HHI", 252, 0, 0) + option(2, b"seamark") + option(9, bytes([9])) + option(0, b""))
    return head, [packet(index, rng) for index in range(1, rng.randint(2, 8))]


def mutate(rng):
    head, packets = file_of(rng)
    kind = rng.randrange(9)
    if kind == 0:
        rng.shuffle(packets)
    elif kind == 1:
        packets += [rng.choice(packets)] * rng.randint(1, 20)
    data = bytearray(head + b"".join(packets))
    for _ in range(rng.randint(1, 4)):
        # Mostly in packets: a broken head ends it all.
        at = rng.randrange(len(head) if rng.random() < 0.9 else 0, len(data))
        if kind == 2:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 3:
            at &= ~3
            data[at:at + 4] = struct.pack(rng.choice("<>") + "I", rng.choice(EXTREMES))
        elif kind == 4:
            data[at:at + 8] = struct.pack(">Q", rng.choice([0, 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1]))
        elif kind == 5:
            del data[at:at + rng.randrange(1, 64)]
        elif kind == 6:
            data[at:at] = rng.randbytes(rng.randrange(1, 64))
        elif kind == 7:
            del data[at:]
            break
        elif kind == 8:
            end = min(len(data), at + rng.randrange(1, 128))
            data[at:end] = rng.randbytes(end - at)
        if len(data) <= len(head):
            break
    return bytes(data)


# AddressSanitizer keeps 256 MB of what was freed, which would pass for memory that grows.
environment = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"}
begin, told, most = time.monotonic(), [0, 0, 0, 0], 0
for first in range(0, options.count, BATCH):
    numbers = range(first, min(first + BATCH, options.count))
    files = [mutate(random.Random(options.seed * 1_000_003 + number)) for number in numbers]
    run = subprocess.run([options.reader], input=b"".join(struct.pack("<I", len(file)) + file for file in files),
                         capture_output=True, timeout=600, env=environment)
    if run.returncode != 0 or b"Sanitizer" in run.stderr or b"runtime error" in run.stderr:
        done = run.stdout.count(b"\n")
        sys.exit(f"file {first + done} of seed {options.seed}: status {run.returncode}\n" + run.stderr.decode(errors="replace") +
                 f"\n{files[done].hex() if done < len(files) else ''}")
    results = [list(map(int, line.split())) for line in run.stdout.splitlines()]
    assert len(results) == len(files)
    for packets, events, broken, memory in results:
        told = [told[0] + packets, told[1] + events, told[2] + broken, told[3]]
        most = max(most, memory)
    assert results[-1][3] - results[0][3] < 64 << 10, f"memory grew from {results[0][3]} to {results[-1][3]} KiB"
print(f"{options.count} files of records, seed {options.seed}: {told[0]} packets, {told[1]} events read, {told[2]} files given up "
      f"as no pcapng, {most >> 10} MiB at most, {time.monotonic() - begin:.0f} s")
