#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the plugin with the recipes' oracle on connections that were made up at random: messages,
borders, losses, repeats and order. The seed is fixed unless --seed names another one.
"""

import importlib
import random
import sys
import tempfile
from pathlib import Path

import check_captures
import tshark as runner

SKIPPED = 77


def lay_messages(rng, side, requests=0):
    """A few requests, or answers to that many or fewer, of all framings. How many they are. (A response more would
    answer none: check_said.py has those.)"""
    responses = requests > 0
    count = rng.randint(1, requests or 4)
    for number in range(count):
        if not responses:
            chunked = rng.random() < 0.2
            # One letter, because the rest of a method whose start is lost would be one as well.
            side.request(f"{'P' if chunked else 'G'} /{number}",
                         framing="chunked" if chunked else "none")
        else:
            if rng.random() < 0.1:
                side.response("100 Continue", framing="none")
            framing = rng.choice(["chunked"] * 5 + ["content-length", "none"])
            chunked = framing == "chunked"
            size = rng.randint(0, 300)
            if framing == "content-length":
                side.response(framing=framing, length=size)
                if size:
                    side.body(size)
            elif framing == "none":
                side.response("204 No Content", framing=framing)
            else:
                side.response(tagged=rng.random() < 0.7)
        if chunked:
            write = 2
            for _ in range(rng.randint(0, 8)):
                last = write + rng.choice([0, 0, 0, 2])
                tag = None if rng.random() < 0.2 else f"{write}-{last}" if last > write else write
                side.chunk(rng.choice([1, 2, 5, 16, 32, 250]), w=tag)
                write = last + 1
            side.last(*rng.choice([(), (), ("Seam: 1",)]), w=rng.choice([None, write]))
        if rng.random() < 0.05:
            side.blank()
    if count < requests and rng.random() < 0.2:
        side.response(framing="close", version="1.0")
        side.body(rng.randint(1, 200))
        count += 1
    return count


def send(rng, side, trouble):
    """Sends it all in segments of random length; trouble is the share of segments with some."""
    longest = rng.choice([1, 3, 10, 60, 300])
    position, waiting = 0, []
    while position < side.here:
        end = min(side.here, position + rng.randint(1, longest))
        kind = rng.random() / trouble if trouble else 1
        if kind < 0.2:
            side.lose(end)
        elif kind < 0.5:
            waiting.append((position, end))  # comes later
        else:
            start = max(0, position - rng.randint(1, 20)) if kind < 0.7 else position
            side.segment(start, end)
        if kind < 1 and position and rng.random() < 0.5:
            again = rng.randrange(position)
            side.segment(again, min(position, again + rng.randint(1, 40)))
        if waiting and rng.random() < 0.4:
            side.segment(*waiting.pop(rng.randrange(len(waiting))))
        position = end
    rng.shuffle(waiting)
    for start, end in waiting:
        side.segment(start, end)


def make(seed, connections):
    """A capture of random connections, one behind the other."""
    from kit import wire
    rng = random.Random(seed)
    capture = wire.Capture(f"random-{seed}")
    for _ in range(connections):
        conn = capture.connection(timestamps=rng.random() < 0.5).open()
        lay_messages(rng, conn.server, requests=lay_messages(rng, conn.client))
        send(rng, conn.client, rng.choice([0, 0, 0.1]))
        send(rng, conn.server, rng.choice([0, 0.1, 0.3]))
        conn.close()
    return capture


def check(tshark, given):
    from kit import files
    capture = make(given.seed, given.connections)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.baselines(capture).items():
            (Path(folder) / name).write_bytes(data)
        path = Path(folder) / f"{capture.name}.pcap"
        tshark.add([path])
        complaints, rows, cells = check_captures.check_one(tshark, path)
    print(f"seed {given.seed}: {len(capture.connections)} connections, {len(capture.frames)} frames, "
          f"{rows} chunk rows and {cells} field cells compared; {len(complaints)} complaints")
    return complaints[:20]


def need_kit():
    """Makes the recipes' kit importable, or ends this check as skipped."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(check_captures.CAPTURES))
    try:
        importlib.import_module("kit.wire")
    except ImportError as error:
        print(f"skipped: {error}; apt install python3-scapy")
        sys.exit(SKIPPED)


if __name__ == "__main__":
    need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 1, "help": "for other connections"}),
                ("--connections", {"type": int, "default": 40, "help": "how many"}))
