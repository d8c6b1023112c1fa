#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z seamark,…: an option that is given several times, with other values each time, and a value that has commas. What
one run with all of them prints and writes is what a run of each prints and writes.
"""

import subprocess
import tempfile
from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
SUBJECTS = ("one-write-a-chunk.pcapng", "labs/sse-nginx-buffering.pcapng")
FRAME = "frame.number < 9"
COMMAS = "tcp.port in {80,443,8000,8080} && frame.number > 9"
PLAIN = "(tcp.port == 80 || tcp.port == 443 || tcp.port == 8000 || tcp.port == 8080) && frame.number > 9"
TABLES = ("chunks", "chunks,json", "events", "events,json", "latency", "latency,json", "lanes")
PRINTED = [*(f"{table}{more}" for table in TABLES for more in ("", f",{FRAME}", f",{COMMAS}")), f"frames,{FRAME}", f"frames,{COMMAS}",
           "explain,6", "explain,8"]
# What stands in front of the file's name, and what stands behind it.
WRITTEN = [("lanes,svg=", ""), ("lanes,svg=", f",{FRAME}"), ("lanes,svg=", f",{COMMAS}"), ("lanes,svg-time=", ""),
           ("lanes,svg-time=", f",{FRAME}"), ("page=", ""), ("page=", ",content"), ("page=", f",{FRAME}"), ("page=", f",content,{COMMAS}")]


def statistics(arguments):
    return [part for argument in arguments for part in ("-z", f"seamark,{argument}")]


def of_each(tshark, name, folder):
    """([what a run of each prints], [what a run of each writes])"""
    printed = [tshark.run(name, "-q", *statistics([argument])) for argument in PRINTED]
    written = []
    for before, behind in WRITTEN:
        path = Path(folder) / "alone"
        tshark.run(name, "-q", *statistics([f"{before}{path}{behind}"]))
        written.append(path.read_text())
    return printed, written


def check_subject(tshark, path, folder):
    tshark.add([path])
    printed, written = of_each(tshark, path.name, folder)
    files = [Path(folder) / f"{path.stem}-{number}" for number in range(len(WRITTEN))]
    into = [f"{before}{file}{behind}" for (before, behind), file in zip(WRITTEN, files)]
    together = tshark.run(path.name, "-q", *statistics([*PRINTED, *into]))
    complaints = []
    # tshark 4.0 prints last what was asked for first.
    if together not in ("".join(printed), "".join(reversed(printed))):
        complaints.append(f"{path.name}: {len(together)} characters of all statistics together, {sum(map(len, printed))} of each alone")
    complaints += [f"{path.name}: {argument} writes something else beside others" for argument, file, text in
                   zip(into, files, written) if file.read_text() != text]
    for table in (*TABLES, "frames"):
        rows = [tshark.run(path.name, "-q", *statistics([f"{table},{chosen}"])).replace(chosen, "") for chosen in (COMMAS, PLAIN)]
        if rows[0] != rows[1]:
            complaints.append(f"{path.name}: {table} of a filter with commas is not that of one without")
    distinct = len({*printed, *written})
    if distinct < len(PRINTED) + len(WRITTEN) - 8:
        complaints.append(f"{path.name}: only {distinct} of {len(PRINTED) + len(WRITTEN)} outputs differ from each other")
    return complaints


def check_refusals(tshark):
    """Values that an option does not have are refused, whatever stands in front of and behind them."""
    complaints = []
    name = Path(SUBJECTS[0]).name
    for argument, said in (("explain,0", "name a frame"), ("explain,6,8", "name a frame"), ("explain", "name a frame"),
                           ("page", "seamark,page=FILE"), ("page=", "name the file"), ("page=,content", "name the file"),
                           ("lanes,svg-time=", "name the file"), ("chunksX", "seamark,chunks[,json][,FILTER]"),
                           ("chunks,json,no such", ""), ("lanes,svg", "")):
        process = tshark.start("-n", "-r", str(tshark.path_of(name)), "-q", *statistics(["lanes", argument, "frames"]),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, errors = process.communicate(timeout=60)
        if process.returncode == 0 or out or argument not in errors or said not in errors:
            complaints.append(f"-z seamark,{argument}: status {process.returncode}, prints '{out[:200]}', says '{errors}'")
    return complaints


def check(tshark, given):
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # tshark runs as nobody where we are root
        for subject in SUBJECTS:
            if given.only in subject:
                complaints += check_subject(tshark, CAPTURES / subject, folder)
    return complaints + (check_refusals(tshark) if not given.only else [])


if __name__ == "__main__":
    runner.main(check, __doc__)
