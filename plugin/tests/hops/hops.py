#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stacks whose events come in bursts, with the fault in a known hop: which hop the verdict of `-z seamark,latency` names.

Each stack runs several times on loopback, half of them with every program's calls recorded. A verdict that is `known`
and names another hop is wrong, and so is one that names another hop at all; both make the exit status 1. Where calls are
recorded, the layers of a leg are compared with what this script reads in the events' packets itself."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import stacks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "captures"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "proxies"))
import proxies  # noqa: E402
import tshark as runner  # noqa: E402

SKIPPED = 77


def record(stack, seamark, folder, traced):
    """Runs the stack once. Gives (capture, port of the server, port that the client asks)."""
    port, server = proxies.free_ports(2)
    parts = []

    def trace(command, name):
        if not traced:
            return command
        parts.append(folder / f"{name}-calls.pcapng")
        return [seamark, "trace", "--quiet", "-o", str(parts[-1]), "--", *command]

    capture, log = folder / "packets.pcapng", folder / "dumpcap.log"
    packets = ["dumpcap", "-q", "-i", "lo", "-B", "64", "-w", str(capture), "-f", f"tcp port {port} or tcp port {server}"]
    asked = port if stack.proxy else server
    with proxies.running(packets, log, lambda: "File:" in log.read_text(), 2), \
            proxies.running(trace(stack.serve(server), "server"), folder / "server.log", lambda: proxies.listens(server)):
        proxies.wait_for(lambda: proxies.listens(server) and capture.stat().st_size > 1000, "dumpcap captures nothing")
        if stack.proxy:
            program = stacks.setups.find(stack.program)
            command = stack.proxy(program, folder, port, server)
            with proxies.running(trace(command, "proxy"), folder / "proxy.log", lambda: proxies.listens(port)):
                ask(stack, trace, asked)
        else:
            ask(stack, trace, asked)
        time.sleep(1)
    if not traced:
        return capture, server, asked
    merged = folder / "merged.pcapng"
    subprocess.run(["mergecap", "-w", str(merged), str(capture), *map(str, parts)], check=True, capture_output=True)
    return merged, server, asked


def ask(stack, trace, port):
    subprocess.run(trace(stack.read(port), "client"), check=True, timeout=120, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def summary_of(tshark, capture):
    """The summary of the response with the most events."""
    tshark.add([capture])
    rows = [json.loads(line) for line in tshark.run(capture.name, "-q", "-z", "seamark,latency,json").splitlines()
            if line.startswith("{")]
    summaries = [row for row in rows if row["row"] == "summary"]
    return max(summaries, key=lambda row: row["events"]) if summaries else None


def judge(stack, summary, server, asked, traced):
    """"right", "known" (and right), "silent", "WRONG" or "KNOWN AND WRONG", and why."""
    if summary is None:
        return "silent", "no row"
    verdict = summary["verdict"]
    said = verdict["text"]
    layers = stack.recorded if traced else stack.layers
    if not layers:  # the capture alone cannot show it
        known = verdict.get("confidence") == "known"
        return ("KNOWN AND WRONG" if known else "silent"), said
    if verdict["about"] == "nothing":
        return "silent", said
    known = verdict["confidence"] == "known"
    # A proxy that reads late holds what its own kernel has on the server's leg.
    reads_late = verdict["layer"] == "receiver" and verdict["stream"] != summary["stream"]
    place = {"server": verdict["port"] == server,
             "proxy": (verdict["port"] == asked and asked != server) or reads_late}
    # A client's port is any; what its window keeps in the server's kernel is named by its cause.
    place["client"] = verdict["layer"] == "receiver" or bool(stack.causes & set(verdict.get("causes", [])))
    right = place[stack.hop] and verdict["layer"] in layers
    if stack.compressor:
        right = right and verdict.get("kept_by_compressor", 0) > 1
    if traced and stack.causes and verdict["layer"] == "stack":
        right = right and bool(stack.causes & set(verdict.get("causes", [])))
    if not right:
        return ("KNOWN AND WRONG" if known else "WRONG"), said
    return ("known" if known else "right"), said


def run(stack, given, tshark, complaints):
    counts, example = {False: Counter(), True: Counter()}, {}
    for number in range(given.runs):
        traced = number % 2 == 1
        with tempfile.TemporaryDirectory(prefix="seamark-hops-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            capture, server, asked = record(stack, given.seamark, folder, traced)
            summary = summary_of(tshark, capture)
            outcome, said = judge(stack, summary, server, asked, traced)
            if given.keep:
                kept = Path(given.keep) / f"{stack.name}-{number}.pcapng"
                kept.write_bytes(capture.read_bytes())
        counts[traced][outcome] += 1
        example[traced] = said
        if "WRONG" in outcome:
            complaints.append(f"{stack.name}, {'recorded' if traced else 'packets alone'}: {outcome}: {said}")
    for traced, counted in counts.items():
        if counted:
            print(f"{stack.name:16} {'recorded' if traced else 'packets':9} "
                  + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items())) + f"; {example[traced]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seamark", required=True)
    parser.add_argument("--runs", type=int, default=20, help="of each stack")
    parser.add_argument("--only", nargs="*", help="names of stacks")
    parser.add_argument("--keep", help="a folder for the captures")
    given = parser.parse_args()
    if os.geteuid() != 0 and not os.access("/usr/bin/dumpcap", os.X_OK):
        print("skipped: dumpcap cannot be run here")
        return SKIPPED
    complaints, ran = [], 0
    try:
        with runner.Tshark(Path(given.plugin)) as tshark:
            for stack in stacks.ALL:
                if given.only and stack.name not in given.only:
                    continue
                if missing := stack.missing():
                    print(f"{stack.name:16} skipped: {missing} is not installed")
                    continue
                run(stack, given, tshark, complaints)
                ran += 1
    except runner.Unfit as unfit:
        print(unfit)
        return 1
    for line in complaints:
        print(line, file=sys.stderr)
    if not ran:
        return SKIPPED
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
