# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of the plugin without a capture (-G), what it says to arguments that are none, and a few
captures under filters and changed preferences."""

import re

from same_parts import albums
from same_parts.outputs import Job, Output

LISTS = ("fields", "protocols", "defaultprefs")
ARGUMENTS = ["", ",", ",json", ",jsonx", ",)(", ",svg=", ",svg=/nowhere/x.svg", ",svg-time=", ",0", ",-1", ",x", ",2,3", ",99999999999", ",4000000"]
COMMANDS = ["seamark", "seamark,chunks", "seamark,chunks,json", "seamark,lanes", "seamark,explain", "seamark,tree", "seamark,table"]
SUBJECTS = ["two-legs.pcap", "retransmission.pcap", "several-writes-a-chunk.pcap", "lost-data.pcap", "labs/nagle.pcapng", "trailers-and-extensions.pcap"]
FILTERS = ["tcp.stream==0", "seamark.chunk > 2", "frame.number < 12", "seamark.exchange == 1", "seamark.nonsense", "udp"]
RUNS = [["-Y", "seamark.chunk"], ["-2", "-R", "frame.number != 8"], ["-2", "-R", "seamark", "-V"], ["-o", "http.desegment_body:FALSE", "-V"],
        ["-o", "tcp.desegment_tcp_streams:FALSE"], ["-o", "tcp.analyze_sequence_numbers:FALSE", "-V"], ["--disable-protocol", "http", "-V"],
        ["--disable-protocol", "seamark", "-V"], ["-d", "ip.proto==6,tcp", "-V"], ["-O", "seamark"], ["-T", "text", "-c", "5", "-V"], ["-T", "psml"], ["-T", "tabs"], ["-t", "ud"]]


def _output(side, kind, name, arguments, command):
    status, out, err = side.tshark(*arguments)
    err = err.replace(str(side.home).encode(), b"HOME").replace(str(side.files.path).encode(), b"FILES")
    return Output(kind, name, "", out + f"\nexit status {status}\n".encode() + err, command=command)


def lists(side):
    made = []
    for name in LISTS:
        status, out, _ = side.tshark("-G", name)
        lines = [line for line in out.splitlines() if b"seamark" in line.lower()]
        if name == "defaultprefs":  # with the lines above them that describe them
            lines = re.findall(rb"(?:^#.*\n)*^#seamark\..*$", out, re.MULTILINE)
        made.append(Output(f"-G {name}", "of the plugin", "", b"\n".join(lines) + f"\nexit status {status}".encode(), unordered=True,
                           items=len(lines), command=f"tshark -G {name}"))
    return made


def wrong(side, step):
    path = side.files.add(albums.CAPTURES / "two-legs.pcap")
    asked = [command + argument for command in COMMANDS for argument in ARGUMENTS]
    asked = [text for text in asked if "svg=/nowhere" not in text or "lanes" in text]
    return [_output(side, "-z arguments", f"-z {text}", ("-n", "-q", "-r", str(path), "-z", text), f"tshark -n -q -r two-legs.pcap -z {text}")
            for text in asked[::step]]


def _preferences(side):
    """(name, another value) of each of our preferences."""
    out = side.tshark("-G", "defaultprefs")[1].decode()
    for name, value in re.findall(r"^#(seamark\.\w+): (.*)$", out, re.MULTILINE):
        if value in ("TRUE", "FALSE"):
            yield name, {"TRUE": "FALSE", "FALSE": "TRUE"}[value]
        elif value.isdigit():
            yield from ((name, other) for other in ("0", "1", "4000000000"))


def _runs(side):
    tables = ("seamark,chunks,", "seamark,chunks,json,", "seamark,lanes,", "seamark,lanes,svg=/dev/stdout,", "seamark,tree,", "seamark,table,")
    runs = [["-q", *(word for table in tables for word in ("-z", table + text))] for text in FILTERS]
    runs += RUNS
    ways = (["-V"], ["-2", "-V", "-z", "seamark,chunks", "-z", "seamark,lanes"])
    return runs + [["-o", f"{name}:{value}", *ways[n % 2]] for n, (name, value) in enumerate(_preferences(side))]


def under_options(side, subject, first, step):
    path = side.files.add(albums.CAPTURES / subject)
    return [_output(side, "options", f"{path.name} {' '.join(words)}", ("-n", "-r", str(path), *words), f"tshark -n -r {path.name} {' '.join(words)}")
            for words in _runs(side)[first % step::step]]


def jobs(files, sample=1):
    made = [Job("captures", "-G", lists), Job("captures", "-z arguments", lambda side: wrong(side, sample))]
    return made + [Job("captures", f"{subject} under options", lambda side, n=n, subject=subject: under_options(side, subject, n, sample))
                   for n, subject in enumerate(SUBJECTS)]
