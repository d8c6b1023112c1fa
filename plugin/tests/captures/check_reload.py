#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a window does: open another file and come back, dissect again, visit frames in any order, filter,
change preferences. The trees are the same each time, and memory grows no more than without the plugin.

sharkd, Wireshark's engine without a window, does it on request.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import fuzz_captures
import mutations
import tshark as runner

SKIPPED = 77
ROUNDS = 20
GROWTH = 8  # MiB that a sharkd with the plugin may grow more; without, it grows by about 11 each time
ONE, OTHER = "one.pcapng", "other.pcapng"


class Session:
    """A sharkd, asked one thing at a time."""

    def __init__(self, tshark, plugin=True):
        self._process = tshark.start("-", plugin=plugin, program=shutil.which("sharkd"), stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._asked = 0

    def ask(self, method, **parameters):
        self._asked += 1
        question = {"jsonrpc": "2.0", "id": self._asked, "method": method, "params": parameters}
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            if line.startswith("{"):
                answer = json.loads(line)
                if "error" in answer:
                    raise runner.Failed(f"sharkd {method} {parameters}: {answer['error']}")
                return answer["result"]
        raise runner.Failed(f"sharkd ended at {method} {parameters}:\n{self._process.stderr.read()[-3000:]}")

    def memory(self):
        """MiB"""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def end(self):
        self._process.communicate('{"jsonrpc":"2.0","id":0,"method":"bye"}\n', timeout=200)

    def trees(self, frames):
        """{frame: our subtree as text}"""
        found = {}
        for frame in frames:
            tree = self.ask("frame", frame=frame, proto=True).get("tree", [])
            found[frame] = json.dumps([node for node in tree if node["l"].startswith("Seamark")])
        return found


def growth(tshark, plugin):
    """MiB, from the third time that a file is opened to the last."""
    session, memory = Session(tshark, plugin), []
    for n in range(ROUNDS):
        load(session, tshark, OTHER if n % 2 else ONE)
        session.ask("frames", filter="tcp")
        memory.append(session.memory())
    session.end()
    return memory[-1] - memory[2]


def load(session, tshark, name):
    session.ask("load", file=str(tshark.path_of(name)))


def check(tshark, _):
    if not shutil.which("sharkd"):
        print("skipped: sharkd is not installed (Debian has it in wireshark-common)")
        sys.exit(SKIPPED)
    captures = [(name, records) for name, records in fuzz_captures.inputs("") if len(records) < 100]
    with tempfile.TemporaryDirectory() as folder:
        for name, part in ((ONE, captures[::2]), (OTHER, captures[1::2])):
            mutations.write(Path(folder) / name, [r for _, records in part for r in records])
            tshark.add([Path(folder) / name])
    complaints, steps = [], []
    session = Session(tshark)
    load(session, tshark, ONE)
    count = session.ask("status")["frames"]
    frames = range(1, count + 1)
    first = session.trees(frames)

    def same(what, order=frames):
        steps.append(what)
        again = session.trees(order)
        wrong = [frame for frame in frames if again[frame] != first[frame]]
        if wrong:
            complaints.append(f"{what}: {len(wrong)} frames differ, the first is {wrong[0]}:\n"
                              f"    {first[wrong[0]][:600]}\n    {again[wrong[0]][:600]}")

    def setting(name, value):
        session.ask("setconf", name=name, value=value)

    same("visited backwards", reversed(frames))
    for text in ("seamark.chunk", "tcp.flags.push == 0", "seamark.write", "!seamark"):
        session.ask("frames", filter=text)
        same(f"after the filter {text}")
    load(session, tshark, OTHER)
    session.trees(range(1, 20))
    load(session, tshark, ONE)
    same("another file in between")
    for name, value, back in (("tcp.desegment_tcp_streams", "FALSE", "TRUE"),
                              ("http.desegment_body", "FALSE", "TRUE"),
                              ("tcp.reassemble_out_of_order", "TRUE", "FALSE"),
                              ("tcp.relative_sequence_numbers", "FALSE", "TRUE")):
        setting(name, value)
        same(f"{name} {value}, not yet opened again")
        load(session, tshark, ONE)
        same(f"{name} {value}")
        setting(name, back)
    setting("seamark.frame_links", "1")
    if session.trees(frames) == first:
        complaints.append("seamark.frame_links 1: no tree is another")
    setting("seamark.frame_links", "4096")
    setting("seamark.waiting_kib", "1")
    load(session, tshark, ONE)
    session.trees(range(1, 20))
    setting("seamark.waiting_kib", "1024")
    load(session, tshark, ONE)
    same("preferences changed and changed back")
    session.end()
    ours, stock = growth(tshark, True), growth(tshark, False)
    if ours > stock + GROWTH:
        complaints.append(f"opened {ROUNDS} times memory grows by {ours:.0f} MiB, without the plugin by {stock:.0f}")
    drawn = sum(1 for tree in first.values() if tree != "[]")
    print(f"{count} frames, {drawn} with our subtree, compared in {len(steps)} states; opened {ROUNDS} times memory grew "
          f"by {ours:.0f} MiB, {stock:.0f} without the plugin; {len(complaints)} complaints")
    return complaints if drawn else ["no frame has our subtree"]


if __name__ == "__main__":
    runner.main(check, __doc__, as_installed=True)
