#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark check` with the real tshark and plugin: what it prints, and its exit status.

Whatever it could not check, or the caller's configuration would hide, must not pass: check_false_passes.py has
those cases.
"""

import shutil
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
    ("rows hold", "max chunk.gap < 1 s\nchunk.size > 0 where frame.number < 11\ncount chunk.size == 3 where frame.number <= 9\n",
     [CAPTURE], [], 0, ["line 1: max chunk.gap < 1 s (is 2 ms in chunk 3 of stream 0", "line 2: chunk.size > 0 where", "(3 rows)"], []),
    ("a row does not", "[small] each chunk.size <= 2000\n", [CAPTURE], [], 1,
     ["FAILED", "small: each chunk.size <= 2000 (1 of 4 rows do not, at worst 4000 bytes in chunk 1 of stream 0", ": frame 9)"], []),
    ("no row", "max held < 1 s\nsome tcp\n", [CAPTURE], [], 2, ["?       ", "no row has held", "ok      "], []),
    ("no row is left", "max chunk.size < 9 where frame.number == 1\n", [CAPTURE], [], 2, ["?       ", "no row has chunk.size"], []),
    ("--where picks rows", "max chunk.size == 100\n", [CAPTURE], ["--where", "frame.number == 9"], 1, ["is 4000 bytes in chunk 1 of stream 0", "over 3 rows"], []),
    ("a row's field is none", "max chunk.sice < 9\n", [CAPTURE], [], 2, [], ["line 1", "chunk.sice", "chunk.size, chunk.frames"]),
    ("a row's filter is none", "max chunk.size < 9 where seamark.nonsense\n", [CAPTURE], [], 2, [], ["line 1", "seamark.nonsense"]),
    ("no tshark", GOOD, [CAPTURE], ["--tshark", "/nowhere/tshark"], 2, [], ["/nowhere/tshark", "No such file"]),
]


class Check:
    """Runs `seamark check` as the user that tshark runs as, with the plugin where that user's tshark finds it."""

    def __init__(self, tshark, seamark):
        self.tshark = tshark
        self.home = tshark.home
        self.program = self.home.parent / "seamark"
        shutil.copy(seamark, self.program)
        self.program.chmod(0o755)
        self.scratch = self.home.parent / "scratch"  # where it puts temporary files
        self.scratch.mkdir()
        self.scratch.chmod(0o777)

    def start(self, contract, captures, *more, environment=None, plugin=True, **how):
        """A Popen; contract is its text."""
        file = self.home.parent / "contract"
        file.write_text(contract)
        files = [c if c.startswith("/") else str(self.tshark.path_of(c)) for c in captures]
        variables = {"TMPDIR": str(self.scratch), **(environment or {})}
        return self.tshark.start("check", *more, "--contract", str(file), *files, program=str(self.program),
                                 plugin=plugin, variables=variables, stdin=subprocess.DEVNULL, **how)

    def run(self, contract, captures, *more, stdout=subprocess.PIPE, **how):
        """(exit status, standard output, standard error)"""
        process = self.start(contract, captures, *more, stdout=stdout, stderr=subprocess.PIPE, text=True, **how)
        out, err = process.communicate(timeout=600)
        return process.returncode, out or "", err

    def leftovers(self):
        return sorted(path.name for path in self.scratch.iterdir())


def complaints_of(what, ran, status, printed, complained):
    """What differs from an exit status, and from the parts of what must be printed and complained of; an empty
    list of parts: nothing may be."""
    found, out, err = ran
    if found != status:
        yield f"{what}: exit status {found}, expected {status}: {out} {err}"
    for parts, text in ((printed, out), (complained, err)):
        yield from (f"{what}: {part!r} is not in {text!r}" for part in parts if part not in text)
        if not parts and text:
            yield f"{what}: says {text!r}"


def check(tshark, given):
    complaints = []
    checker = Check(tshark, given.seamark)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = (CAPTURES / CAPTURE).read_bytes()
        (folder / "cut.pcap").write_bytes(whole[:-10])
        (folder / "empty.pcap").write_bytes(b"")
        (folder / "text.pcap").write_text("no capture at all, but a text\n")
        tshark.add([CAPTURES / CAPTURE, CAPTURES / "retransmission.pcap",
                    *(folder / f"{made}.pcap" for made in ("cut", "text", "empty"))])
    for what, text, captures, more, status, printed, complained in CASES:
        plugin = "no plugin" not in more
        ran = checker.run(text, captures, *(word for word in more if word != "no plugin"), plugin=plugin)
        complaints += complaints_of(what, ran, status, printed, complained)
    if left := checker.leftovers():
        complaints.append(f"{left} are left behind")
    print(f"{len(CASES)} runs; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
