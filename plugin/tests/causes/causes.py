#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs scenarios of `seamark lab` many times, and reports how often the verdict at a seam is what the
scenario makes; beside each, the same with one parameter changed, in which that kind of seam must be gone.

Ground truth is the parameter, never the state that the verdict reads. A seam counts if it is a merge, a held
write, a cut, the rest of one, or a write that something else than the program ended.

  right       known, and the scenario's cause
  consistent  not known for sure, with the scenario's cause among the causes
  other       without it: a second cause that the set-up makes too
  missed      not known for sure, and no cause that the set-up makes is among the causes
  unknown     the verdict is unknown
  WRONG       known, and a cause that the set-up does not make: judged, the exit status is 1

Judged as well: one pass and two passes agree; explained (not unknown) at least 95 % with events and 70 % without;
with the parameter changed, no seam with the scenario's cause; and that Wireshark finds nothing malformed where
all that the plugin draws is looked at."""

import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "captures"))
import tshark  # noqa: E402

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")
FLASK_NODELAY = """taskset -c 1 python3 -c 'import os; from werkzeug.serving import WSGIRequestHandler
WSGIRequestHandler.disable_nagle_algorithm = True
from flask import Flask
app = Flask("pieces")
app.route("/")(lambda: app.response_class(b"0123456789abcdefghijklmnopqrstu\\n" for i in range(2048)))
app.run(os.environ["SEAMARK_ADDRESS"], int(os.environ["SEAMARK_PORT"]), threaded=False)'"""

Scenario = collections.namedtuple("Scenario", "truth beside changed lab", defaults=[None])
CUTS = {"mss", "gso", "cwnd"}  # of long writes, in any set-up


def served(delay, steps, changed_steps, truth, beside=frozenset(), options=(), changed_options=None):
    """One of server.py's, which a cable of this delay joins to the client."""
    def lab(answer, more):
        return ["--delay", delay, *more, "--server", f"python3 -B {SERVER} {answer}"]
    return Scenario(truth, set(beside), lab(changed_steps, options if changed_options is None else changed_options),
                    lab(steps, options))


# scenario: its cause, other causes that its set-up makes too (known, these are no fault), the parameter changed.
# Where a write is not held back in 5 ms or so, a busy machine and a delayed acknowledgement still make
# Nagle wait: that is so, and beside the point.
LAB_SCENARIOS = {
    "nagle": ({"nagle"}, set(), ["--emit", "nodelay=1&gap=6ms"]),
    "nagle-delayed-ack": ({"nagle"}, set(), ["--emit", "nodelay=1"]),
    "flask32": ({"nagle"}, set(), ["--server", FLASK_NODELAY]),
    "cork": ({"cork"}, {"mss"}, ["--emit", "cork=0"]),
    "more": ({"more"}, {"nagle", "mss"}, ["--emit", "more=0"]),
    "cwnd": ({"cwnd"}, {"send-buffer"}, ["--delay", "2ms", "--emit", "gap=10ms"]),
    "rwnd": ({"rwnd"}, {"send-buffer", "mss"}, ["--rcvbuf", "0", "--read-size", "65536", "--pace", "0"]),
    "pacing": ({"pacing"}, {"cwnd", "autocork", "mss", "gso", "send-buffer"}, ["--congestion", "cubic", "--rate", "0",
                                                               "--emit", "pacing=&gap=5ms"]),
    "autocork": ({"autocork"}, {"cwnd", "send-buffer", "mss", "gso"}, ["--card-rate", "0"]),
    "mss": ({"mss"}, {"cwnd", "send-buffer"}, ["--mtu", "9000"]),
    "gso": ({"gso"}, {"cwnd", "mss", "send-buffer"}, ["--server-offloads", "none"]),
    "loss": ({"retransmission"}, {"cwnd", "mss", "send-buffer"}, ["--loss", "0"]),
    "nodelay": (set(), set(), None),
    "one-to-one": (set(), set(), None),
    "writev": (set(), set(), None),
    "three-writes": (set(), set(), None),
    "loopback-mtu": (set(), set(), None),
    "slow-reader": (set(), {"nagle"}, None),
    "close-delimited": (set(), {"nagle"}, None),
    "content-length": (set(), {"nagle"}, None),
    "keep-alive": (set(), {"nagle"}, None),
    "reorder": (set(), {"cwnd", "mss", "send-buffer"}, None),
}
NAGLE = "send:40x32@0.001 wait=0.1"
OPENS_FAST = ["--client", "sh -c 'echo 7 >/proc/sys/net/ipv4/tcp_fastopen; exec curl -s --tcp-fastopen $SEAMARK_URL'"]
SERVED_SCENARIOS = {
    # What was set before the calls, in between, or by a process that no recorder sees.
    "cork-off": served("20ms", "send:1x32 cork=1 send:1x32 cork=0 send:8x32@0.001 wait=0.1",
                       "nodelay=1 send:1x32 cork=1 send:1x32 cork=0 send:8x32@0.03", {"nagle"}),
    "pacing-before": served("10ms", "listener-pacing=20000 nodelay=1 send:30x500@0.002",
                            "nodelay=1 send:30x500@0.05", {"pacing"}, CUTS),
    "pacing-rest": served("2ms", "pacing=100000 nodelay=1 send:8x6000@0.3", "nodelay=1 send:8x6000@0.3",
                          {"pacing"}, CUTS),
    "pacing-off": served("10ms", "pacing=20000 send:2x500@0.05 pacing=0 " + NAGLE,
                         "pacing=20000 nodelay=1 send:2x500@0.05 pacing=0 send:10x32@0.03", {"nagle"}, {"cwnd"}),
    "bbr-off": served("10ms", "congestion=bbr send:2x500@0.05 congestion=cubic " + NAGLE,
                      "congestion=bbr nodelay=1 send:2x500@0.05 congestion=cubic send:10x32@0.03", {"nagle"}, {"cwnd"}),
    "unseen-cork": served("10ms", "wait=0.1 unseen-cork=1 send:40x32@0.001 wait=0.3",
                          "nodelay=1 wait=0.1 unseen-cork=0 send:40x32@0.03", {"cork"}),
    "unseen-nodelay": served("10ms", "nodelay=1 wait=0.1 unseen-nodelay=0 " + NAGLE,
                             "nodelay=1 wait=0.1 unseen-nodelay=1 send:20x32@0.03", {"nagle"}),
    # A queue below TCP, and two verdicts of one write.
    "queue": served("0", "nodelay=1 send:200x1000@0.002", "nodelay=1 send:30x1000@0.01",
                    {"queue", "autocork", "small-queue"}, CUTS, ["--card-rate", "1mbit"], ["--card-rate", "0"]),
    "mss-and-nagle": served("10ms", " ".join(["send:1x32 send:1x2000 wait=0.06"] * 8),
                            "nodelay=1 " + " ".join(["send:1x32 send:1x2000 wait=0.06"] * 8), {"nagle"}, CUTS),
    # Where the capture was taken.
    "defer-accept": served("10ms", "listener-defer=1 " + NAGLE, "listener-defer=1 nodelay=1 send:20x32@0.03",
                           {"nagle"}),
    "at-receiver": served("10ms", NAGLE, "nodelay=1 send:20x32@0.03", {"nagle"}, (), ["--capture", "client"]),
    "at-both": served("10ms", NAGLE, "nodelay=1 send:20x32@0.03", {"nagle"}, (), ["--capture", "both"]),
    # Families of calls.
    "sendmmsg": served("10ms", "nodelay=1 sendmmsg:20x32@0.03", "nodelay=1 send:20x32@0.03", {"message"}),
    "sendmmsg-nagle": served("10ms", "sendmmsg:20x32@0.001 wait=0.1", "nodelay=1 sendmmsg:20x32@0.03", {"nagle"},
                             {"message"}),
    "threads": served("10ms", "threads:60x32@0.001", "nodelay=1 threads:20x32@0.03", {"nagle"}),
    "racing": served("10ms", "racing:60x32@0.001", "nodelay=1 racing:20x32@0.03", {"nagle"}),
    "sendfile": served("10ms", "long-sendfile:3x300000@0.1", "sendfile:3x300000@0.1", {"source"},
                       CUTS | {"rwnd", "send-buffer", "pacing", "retransmission"}),
    "send-buffer": served("10ms", "nodelay=1 sndbuf=20000 polled:3x100000", "nodelay=1 sndbuf=4000000 polled:1x100000",
                          {"send-buffer"}, CUTS | {"rwnd", "pacing"}),
    "blocked": served("10ms", "sndbuf=20000 send:1x300000", "sndbuf=4000000 send:1x100000", {"send-buffer"},
                      CUTS | {"rwnd", "pacing"}),
    "shutdown": served("10ms", "send:4x32 shutdown", "nodelay=1 send:4x32@0.03 shutdown", {"nagle"}),
    # The response begins before its SYN is acknowledged.
    "fast-open": served("10ms", "listener-fastopen=5 " + NAGLE, "listener-fastopen=5 nodelay=1 send:20x32@0.03", {"nagle"},
                        (), OPENS_FAST),
    "fast-open-rest": served("10ms", "listener-fastopen=5 send:6x3000@0.002 wait=0.1",
                             "listener-fastopen=5 nodelay=1 send:6x3000@0.03", {"nagle"}, CUTS, OPENS_FAST),
    "zerocopy": served("10ms", "zerocopy:40x32@0.001 wait=0.1", "nodelay=1 zerocopy:20x32@0.03", {"nagle"}),
}
# More that the set-up makes where calls are recorded in the kernel. Autocork: the faster writes come, the more wait
# below TCP, up to its limit there. Sendfile: the rest below an MSS, where a short segment of the same call is in flight.
KERNEL_BESIDE = {"autocork": {"small-queue"}, "sendfile": {"nagle"}}
SCENARIOS = {name: Scenario(*row) for name, row in LAB_SCENARIOS.items()} | SERVED_SCENARIOS
LINE = re.compile(r"^\s(merge|held|cut|rest|whole): (.+?) \((known|consistent|unknown)\)\s+(\d+)")


def causes_of(shark, capture, port, *options):
    """[(kind, {causes}, confidence, seams)] of what the server sent."""
    shark.add([capture])
    result = shark.run(os.path.basename(capture), *options, "-q", "-z", f"seamark,tree,tcp.srcport=={port}")
    found = []
    for line in result.splitlines():
        match = LINE.match(line)
        if match:
            kind, words, confidence, seams = match.groups()
            found.append((kind, set(re.split(", | or ", words)), confidence, int(seams)))
    return found


def server_port(shark, capture):
    shark.add([capture])
    lines = shark.run(os.path.basename(capture), "-Y", "tcp.flags.syn==1 && tcp.flags.ack==1", "-T", "fields",
                      "-e", "tcp.srcport").split()
    if not lines:
        raise SystemExit(f"causes.py: {capture} has no handshake")
    return lines[0]


class Tally(collections.Counter):
    def add(self, found, truth, beside):
        for kind, causes, confidence, seams in found:
            sent_again = causes == {"retransmission"} and "retransmission" not in truth
            if sent_again or kind == "whole" and causes <= {"write", "end", "gro"}:
                self["whole"] += seams
            elif confidence == "unknown":
                self["unknown"] += seams
            elif confidence == "known" and causes <= truth:
                self["right"] += seams
            elif causes & truth:
                self["consistent"] += seams
            elif confidence == "known" and not causes <= beside:
                self["WRONG"] += seams
                self[f"({kind} {'/'.join(sorted(causes))})"] += seams
            elif causes & beside or not truth:
                self["other"] += seams
            else:
                self["missed"] += seams
                self[f"[{kind} {'/'.join(sorted(causes))}]"] += seams

    COLUMNS = ("right", "consistent", "other", "missed", "unknown", "WRONG")

    def seams(self):
        return sum(self[name] for name in self.COLUMNS)

    def explained(self):
        return 1 - self["unknown"] / self.seams() if self.seams() else 1.0

    def row(self):
        return "".join(f"{self[name]:>8}" for name in self.COLUMNS) + \
            f"{100 * self.explained():>7.1f}"


def run_lab(seamark, folder, scenario, options, recorder=()):
    capture = os.path.join(folder, "lab.pcapng")
    if os.path.exists(capture):
        os.unlink(capture)
    own = SCENARIOS[scenario].lab
    given = [scenario, *options] if own is None else options or own
    done = subprocess.run([seamark, "lab", *given, *recorder, "--record", "state", "--quiet", "-o", capture],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode != 0 or not os.path.exists(capture):
        raise RuntimeError(f"seamark lab {scenario}: {done.stderr.strip()}")
    os.chmod(capture, 0o644)
    return capture


def without_events(shark, capture, folder):
    packets = os.path.join(folder, "packets.pcapng")
    subprocess.run(["tshark", "-r", capture, "-Y", "!(frame.protocols contains \"seamark\") && tcp", "-w",
                    packets], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.chmod(packets, 0o644)
    return packets


def reads_of(shark, capture):
    """The same of the client's reads; they have no kind."""
    shark.add([capture])
    found = shark.run(os.path.basename(capture), "-Y", 'seamark.event.kind == "read" && seamark.read.cause',
                      "-T", "fields", "-e", "seamark.read.cause.confidence", "-e", "seamark.read.cause")
    rows = (line.split("\t") for line in found.splitlines())
    return [("read", set(causes.split(",")), confidence, 1) for confidence, causes in rows]


def complaints_of_dissection(shark, capture):
    """What Wireshark itself finds wrong with what the plugin draws when all of it is looked at."""
    text = shark.run(os.path.basename(capture), "-V")
    return [word for word in ("Malformed Packet", "Dissector bug") if word in text]


TRIES = 4


def with_parameter_changed(shark, arguments, folder, name, parameter):
    """The verdicts of a run that was to be free of the scenario's cause. On a busy machine writes and
    acknowledgements come late and together, and the cause is there in truth: a run without it counts."""
    truth, beside = SCENARIOS[name][:2]
    for _ in range(TRIES):
        turned = Tally()
        capture = run_lab(arguments.seamark, folder, name, parameter, arguments.recorder)
        turned.add(causes_of(shark, capture, server_port(shark, capture)), truth, beside)
        if not turned["right"]:
            break
    return turned


def slow_reads(shark, arguments, folder):
    """The reads of a client that sleeps between them, and of one that does not."""
    slow, awake = Tally(), Tally()
    def reads_with(options):
        tally = Tally()
        capture = run_lab(arguments.seamark, folder, "slow-reader", options, arguments.recorder)
        tally.add(reads_of(shark, capture), {"slow-reader"}, {"waited", "segment", "read-size"})
        return tally

    for _ in range(arguments.runs):
        slow.update(reads_with([]))
        for _ in range(TRIES):
            without = reads_with(["--pace", "0"])
            if not without["right"] + without["consistent"]:
                break
        awake.update(without)
    left = awake["right"] + awake["consistent"]
    print(f"{'slow-reader':<19}{'reads':<9}{slow.row()}  {left} of {awake.seams()} reads are this cause")
    failures = []
    if left:
        failures.append("slow-reader: without sleep the verdict is still there")
    if not slow["right"]:
        failures.append("slow-reader: its cause was not found at all")
    if slow["WRONG"] or slow.explained() < 0.95:
        failures.append(f"slow-reader: {slow['WRONG']} reads wrong, {100 * slow.explained():.1f} % explained")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seamark", required=True)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kernel", action="store_true", help="record in the kernel (as root), not in the programs")
    parser.add_argument("scenario", nargs="*")
    arguments = parser.parse_args()
    arguments.recorder = ["--kernel"] if arguments.kernel else []
    for name, more in KERNEL_BESIDE.items() if arguments.kernel else ():
        SCENARIOS[name] = SCENARIOS[name]._replace(beside=SCENARIOS[name].beside | more)
    wanted = arguments.scenario or list(SCENARIOS)
    failures = []
    totals = {}
    print(f"{'scenario':<19}{'':<9}{'right':>8}{'consist.':>8}{'other':>8}{'missed':>8}{'unknown':>8}{'WRONG':>8}"
          f"{'expl.%':>7}  with the parameter changed")
    with tshark.Tshark(arguments.plugin) as shark, tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in wanted:
            truth, beside, parameter, _ = SCENARIOS[name]
            complaints = set()
            tallies = {"events": Tally(), "capture": Tally()}
            turned = Tally()
            for _ in range(arguments.runs):
                capture = run_lab(arguments.seamark, folder, name, [], arguments.recorder)
                port = server_port(shark, capture)
                found = causes_of(shark, capture, port)
                tallies["events"].add(found, truth, beside)
                if sorted(map(str, found)) != sorted(map(str, causes_of(shark, capture, port, "-2"))):
                    complaints.add("one pass and -2 differ")
                complaints.update(complaints_of_dissection(shark, capture))
                alone = without_events(shark, capture, folder)
                tallies["capture"].add(causes_of(shark, alone, port), truth, beside)
                if parameter:
                    turned.update(with_parameter_changed(shark, arguments, folder, name, parameter))
            failures += [f"{name}: {complaint}" for complaint in sorted(complaints)]
            for source, bar in (("events", 0.95), ("capture", 0.70)):
                tally = tallies[source]
                note = ""
                if source == "events" and parameter:
                    left = turned["right"] + turned["consistent"]
                    note = f"{left} of {turned.seams()} seams are this cause"
                    # A kernel that hears late of what arrived sends it again, lost or not.
                    spared = turned.seams() // 100 if truth == {"retransmission"} else 0
                    if turned["right"] > spared:
                        failures.append(f"{name}: with {' '.join(parameter)} the verdict is still there")
                for word, bracket in (("wrong", "("), ("missed", "[")):
                    named = [f"{key[1:-1]} {count}" for key, count in tally.items() if key.startswith(bracket)]
                    note += f" {word}: {', '.join(named)}" if named else ""
                print(f"{name:<19}{source:<9}{tally.row()}  {note}", flush=True)
                total = totals.setdefault(source, Tally())
                total.update({column: tally[column] for column in Tally.COLUMNS})
                if tally["WRONG"]:
                    failures.append(f"{name}, {source}: {tally['WRONG']} wrong")
                if tally.explained() < bar:
                    failures.append(f"{name}, {source}: {100 * tally.explained():.1f} % explained")
                # In the kernel each message of sendmmsg is a call of its own.
                is_seen = not (arguments.kernel and truth == {"message"})
                if source == "events" and truth and is_seen and not tally["right"] + tally["consistent"]:
                    failures.append(f"{name}: its cause was not found at all")
        if "slow-reader" in wanted:
            failures += slow_reads(shark, arguments, folder)
    for source, total in totals.items():
        print(f"{'all':<19}{source:<9}{total.row()}")
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
