#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark check` with the real tshark and plugin: what it prints, and its exit status."""

import subprocess
import tempfile
from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
CAPTURE = "chunk-over-segments.pcap"
GOOD = """# of one response in six chunks
some seamark.chunk
[in order] none seamark.retransmission
every seamark.chunk.last == 1 => seamark.chunk.size == 0
count == 0 seamark.fault.bad_size
"""
# (what, contract, captures, more arguments, exit status, what is printed, what is complained of)
CASES = [
    ("all hold", GOOD, [CAPTURE], [], 0, ["ok      ", "line 3: in order: none seamark.retransmission"], []),
    ("quietly", GOOD, [CAPTURE], ["--quiet"], 0, [], []),
    ("one does not", "none seamark.chunk\nsome tcp\n", [CAPTURE], ["--quiet"], 1,
     ["FAILED", "line 1: none seamark.chunk", "frames match: frames "], []),
    ("the second capture does not", "none seamark.retransmission\n", [CAPTURE, "retransmission.pcap"], [], 1,
     ["ok      ", "FAILED", "retransmission.pcap, line 1"], []),
    ("every does not", "every tcp => frame.number > 100\n", [CAPTURE], [], 1, ["FAILED", " do not: frames 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)"], []),
    ("an empty capture", "none tcp\n", ["empty.pcap", CAPTURE], ["--quiet"], 2, ["FAILED", CAPTURE], ["empty.pcap is empty"]),
    ("no plugin", "some tcp\n", [CAPTURE], ["no plugin"], 2, [], ["plugin", "-G plugins"]),
    ("a filter is none", "some tcp\nsome seamark.chunk ==\n", [CAPTURE], [], 2, [], ["line 2", "seamark.chunk =="]),
    ("a field is none", "some seamark.nonsense\n", [CAPTURE], [], 2, [], ["line 1", "seamark.nonsense"]),
    ("a line is none", "some tcp\nalways tcp\n", [CAPTURE], [], 2, [], ["line 2", "always"]),
    ("no assertion", "# nothing\n", [CAPTURE], [], 2, [], ["no assertion"]),
    ("no such capture", GOOD, ["/nowhere.pcap"], [], 2, [], ["/nowhere.pcap", "No such file"]),
    ("no capture", GOOD, ["text.pcap"], [], 2, [], ["text.pcap", "isn't a capture file"]),
    ("cut in a packet", "some tcp\n", ["cut.pcap"], [], 2, ["ok      "], ["cut.pcap", "cut short", "only true of"]),
    ("no tshark", GOOD, [CAPTURE], ["--tshark", "/nowhere/tshark"], 2, [], ["/nowhere/tshark", "No such file"]),
]


def check(tshark, given):
    complaints = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = (CAPTURES / CAPTURE).read_bytes()
        (folder / "cut.pcap").write_bytes(whole[:-10])
        (folder / "empty.pcap").write_bytes(b"")
        (folder / "text.pcap").write_text("no capture at all, but a text\n")
        tshark.add([CAPTURES / CAPTURE, CAPTURES / "retransmission.pcap", *(folder / f"{made}.pcap" for made in ("cut", "text", "empty"))])
        script = folder / "tshark"
        script.write_text(f"#!/bin/sh\n{tshark.shell_line()}\n")
        script.chmod(0o755)
        with_plugin = script.read_text()
        for what, text, captures, more, status, printed, complained in CASES:
            script.write_text(with_plugin)
            contract = folder / "contract"
            contract.write_text(text)
            files = [c if c.startswith("/") else str(tshark.path_of(c)) for c in captures]
            command = [given.seamark, "check", "--tshark", script, *more, "--contract", contract, *files]
            if "no plugin" in more:
                script.write_text(script.read_text().replace("WIRESHARK_PLUGIN_DIR=", "IGNORED="))
                command.remove("no plugin")
            if "--tshark" in more:
                command.remove("--tshark")
                command.remove(script)
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
            if done.returncode != status:
                complaints.append(f"{what}: exit status {done.returncode}, expected {status}: {done.stderr}")
            for parts, text in ((printed, done.stdout), (complained, done.stderr)):
                complaints += [f"{what}: {part!r} is not in {text!r}" for part in parts if part not in text]
                if not parts and text:
                    complaints.append(f"{what}: says {text!r}")
    print(f"{len(CASES)} runs; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
