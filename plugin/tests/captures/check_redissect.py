#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Options that change how packets are dissected change no answer, and no other protocol's output.

All captures at hand, the head of each, stand in one file, so that each set of options costs one run. A
read filter (-2 -R) drops frames, and those after them move up: the same chunks, on the frames that are left.
"""

import functools
import tempfile
from pathlib import Path

import check_alongside
import compare
import fuzz_captures
import mutations
import tshark as runner

ROWS = ["-z", "seamark,chunks,json"]
SAME = {  # options that must not change a chunk row
    "-2": ["-2"],
    "no HTTP": ["--disable-protocol", "http"],
    "no HTTP, -2": ["-2", "--disable-protocol", "http"],
    "no TCP reassembly": ["-o", "tcp.desegment_tcp_streams:FALSE"],
    "no HTTP bodies": ["-o", "http.desegment_body:FALSE", "-o", "http.dechunk_body:FALSE"],
    "reassembly out of order": ["-2", "-o", "tcp.reassemble_out_of_order:TRUE"],
    "absolute sequence numbers": ["-o", "tcp.relative_sequence_numbers:FALSE"],
    "no sequence analysis": ["-o", "tcp.analyze_sequence_numbers:FALSE",
                             "-o", "tcp.relative_sequence_numbers:FALSE"],
    "heuristics first": ["-o", "tcp.try_heuristic_first:TRUE"],
    "checksums": ["-o", "tcp.check_checksum:TRUE"],
    "decoded as TLS": ["-d", "tcp.port==80,tls"],
    "decoded as data": ["-2", "-d", "tcp.port==80,data"],
    "HTTP on all ports": ["-d", "tcp.port==1-65535,http"],
    "decoded as TCP": ["-d", "ip.proto==6,tcp"],
    "a tree": ["-V"],
}
ALONGSIDE = ["no HTTP", "HTTP on all ports", "no TCP reassembly", "no HTTP bodies"]
PDML = ["nothing", "reassembly out of order", "absolute sequence numbers"]  # what -V has and more, at three times the cost
FILTERS = ["frame.len > 150", "frame[40:1] < 80", "tcp.flags.push == 0", "tcp.srcport == 80",
           "frame.number < 700", "seamark.chunk", "seamark.chunk.last == 1", "!tcp"]
NAME = "all.pcapng"
MOST_RECORDS = 120  # of a capture
CUT = {"cut.pcapng": 60, "cut-more.pcapng": 68}  # every fourth frame, in or after TCP's options


@functools.cache
def plain_output(tshark):
    """The rows that nothing changed."""
    return tshark.run(NAME, "-q", *ROWS)


def rows_of(output):
    return [line for line in output.splitlines() if line.startswith("{")]


def without_cuts(rows):
    """How a message was cut short is shown by frames without payload, which a filter drops."""
    cuts = {"cut-by-fin", "cut-by-reset", "unfinished"}
    for row in rows:
        row = {key: value for key, value in row.items() if key != "cut"}
        yield dict(row, faults=[fault for fault in row["faults"] if fault not in cuts])


def after_filter(rows, kept):
    """What is left of chunk rows when only the frames in `kept` are in the capture."""
    number = {frame: n for n, frame in enumerate(kept, 1)}
    for row in rows:
        frames = [[number[f], n] for f, n in row["frames"] if f in number]
        if frames:
            yield dict(row, frames=frames, first_frame=min(f for f, _ in frames),
                       last_frame=max(f for f, _ in frames))


def check_options(tshark, name):
    plain = rows_of(plain_output(tshark))
    quiet = [] if "-V" in SAME[name] else ["-q"]
    rows = rows_of(tshark.run(NAME, *quiet, *SAME[name], *ROWS))
    return check_alongside.first_difference(name, "chunk rows", plain, rows), len(rows), 0


def check_filter(tshark, text):
    # Event packets stay: what becomes of rows without them, check_events.py judges.
    text = f"({text}) || seamark.event.kind"
    kept = [int(n) for n in tshark.run(NAME, "-Y", text, "-T", "fields", "-e", "frame.number").split()]
    rows = compare.chunk_objects(plain_output(tshark))
    want = list(without_cuts(after_filter(rows, kept)))
    have = list(without_cuts(compare.chunk_objects(tshark.run(NAME, "-2", "-R", text, "-q", *ROWS))))
    # What was dropped may have been the evidence of a cause, or carried the first or the last byte.
    keys = [key for key in rows[0] if key not in ("causes", "cut", "time_ns", "spread_ns", "after_request_ns")]
    where = f"-2 -R '{text}' ({len(kept)} frames)"
    complaints = [] if kept else [f"{where}: drops every frame"]
    return complaints + compare.compare_chunks(where, want, have, keys), len(have), 0


def check_alongside_with(tshark, name):
    options = [] if name == "nothing" else SAME[name]
    stock, ours = (tshark.run(NAME, "-V", *options, plugin=p) for p in (False, True))
    return check_alongside.first_difference(
        f"-V with {name}", "", stock.splitlines(), check_alongside.without_subtree(ours)), 0, len(stock.splitlines())


def check_pdml(tshark, name):
    options = ["-2"] if name == "nothing" else SAME[name]
    stock, ours = (check_alongside.pdml_without_ours(tshark.run(NAME, *options, "-T", "pdml", plugin=p)) for p in (False, True))
    return check_alongside.first_difference(f"-T pdml with {name}", "", stock, ours), 0, len(stock)


def check_off(tshark, _):
    """Turned off, it shows nothing and changes nothing."""
    off = ["--disable-protocol", "seamark"]
    complaints = [f"turned off, yet: {row}" for row in rows_of(tshark.run(NAME, "-q", *off, *ROWS))[:1]]
    stock = tshark.run(NAME, "-V", plugin=False)
    for options in (off, [*off, "-2"]):
        ours = tshark.run(NAME, "-V", *options)
        base = stock if options == off else tshark.run(NAME, "-V", "-2", plugin=False)
        complaints += check_alongside.first_difference("turned off", "-V", base.splitlines(), ours.splitlines())
    return complaints, 0, len(stock.splitlines())


def check_cut(tshark, name):
    stock, ours = (tshark.run(name, "-V", plugin=p) for p in (False, True))
    return check_alongside.first_difference(
        f"-V, some frames cut to {CUT[name]} bytes", "", stock.splitlines(),
        check_alongside.without_subtree(ours)), 0, len(stock.splitlines())


def check(tshark, given, beside=False):
    if beside:
        work = [(check_alongside_with, "nothing"), (check_alongside_with, "no HTTP bodies")]
    else:
        work = [(check_options, name) for name in SAME] + [(check_filter, text) for text in FILTERS]
        work += [(check_alongside_with, name) for name in ALONGSIDE]
        work += [(check_pdml, name) for name in PDML] + [(check_off, "off")]
        work += [(check_cut, name) for name in CUT]
    work = [item for item in work if given.only in item[1]]
    results = runner.in_parallel(lambda item: item[0](tshark, item[1]), work)
    print(f"{len(work)} ways{', with other wrappers beside' if beside else ''}: {sum(r[1] for r in results)} "
          f"chunk rows and {sum(r[2] for r in results)} lines of other protocols compared; "
          f"{sum(1 for r in results if r[0])} differ")
    return [c for r in results for c in r[0][:5]]


def with_others_beside(given, plain_rows):
    """The plugin with a wrapper registered before it and one behind it."""
    with runner.Tshark(given.plugin, beside=given.beside) as tshark:
        tshark.add([given.file])
        complaints = check(tshark, given, beside=True)
        output = tshark.run(NAME, "-V", *ROWS)
        complaints += check_alongside.first_difference("wrappers beside", "chunk rows", plain_rows,
                                                       rows_of(output))
        for other in given.beside:
            name = Path(other).stem
            if not any(line == name for line in output.splitlines()):
                complaints.append(f"{name} was never called, so nothing was proved")
    return complaints


def check_all(tshark, given):
    with tempfile.TemporaryDirectory() as folder:
        given.file = Path(folder) / NAME
        captures = [(name, found[:MOST_RECORDS]) for name, found in fuzz_captures.inputs("")]
        records = [r for _, found in captures for r in found]
        for name, length in CUT.items():
            mutations.write(Path(folder) / name, [
                (time, link, data[:length] if n % 4 == 3 else data, wire)
                for n, (time, link, data, wire) in enumerate(records)])
            tshark.add([Path(folder) / name])
        mutations.write(given.file, records)
        tshark.add([given.file])
        plain = rows_of(plain_output(tshark))
        print(f"{len(captures)} captures in one file, {len(plain)} chunk rows")
        complaints = check(tshark, given) if plain else ["no chunk row at all"]
        if given.beside:
            complaints += with_others_beside(given, plain)
    return complaints


if __name__ == "__main__":
    runner.main(check_all, __doc__,
                ("--beside", {"nargs": "*", "default": [], "help": "other plugins that wrap TCP"}))
