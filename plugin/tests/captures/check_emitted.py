#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Events that `seamark serve` sent in `seamark lab`: each format in each framing and content coding, flushed after each event, after
some or never, in clear and over TLS. Every row of `-z seamark,events,json` is compared with what the emitter's documentation says of
the event, with the frames that a reader of its own found, and with the coded byte after which a decoder that is not the plugin's gave
it out. Then frames are taken out of the captures: what lost a byte is not complete, and what stands in front of the first loss is as
it was.

usage: check_emitted.py --plugin PLUGIN --seamark SEAMARK [--all] [--events N] [--seed N]
"""

import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import check_random
import coders
import emitted
import tshark as runner

SIZES = {"sse": (40, 64, 300), "ndjson": (32, 60, 900), "json-seq": (33, 80, 200)}
CODINGS = [("none", "each"), *((coding, flush) for coding in ("gzip", "deflate", "br", "zstd") for flush in ("each", "none", "7"))]
RELATIONS = ["", "&chunks-per-write=3", "&writes-per-chunk=4", "&seed=5", "&split=parts", "&head=joined"]


def queries(rng, every, events):
    """[query], of all forms, framings and codings, or of a choice in which each coding and flush is."""
    kinds = [(form, framing) for framing in ("chunked", "length", "close") for form in emitted.SHAPES]
    wanted = []
    for coding in CODINGS:
        if coding[0] != "br" or coders.brotli:
            some = kinds if every else rng.sample(kinds, 5 if coding[0] == "none" else 1)
            wanted += [(form, framing, coding) for form, framing in some]
    made = []
    for form, framing, (coding, flush) in wanted:
        query = f"events={form}&writes={events}&size={rng.choice(SIZES[form])}&gap=0&framing={framing}&nodelay={rng.randrange(2)}"
        if coding != "none":
            query += f"&coding={coding}&flush={flush}"
        elif framing == "chunked":
            query += rng.choice(RELATIONS)
        made.append(query)
    return made + [f"{stream}?framing={framing}&nodelay=1" for stream, framing in zip(emitted.STREAMS, ("chunked", "close", "length"))]


def capture(seamark, folder, name, asked, tls):
    """A capture of these requests, by the lab; None where it has no network of its own here."""
    path = Path(folder) / name
    wanted = Path(folder) / f"{name}.queries"
    wanted.write_text("\n".join(asked))
    done = subprocess.run([seamark, "lab", "one-to-one", *(["--tls"] if tls else []), "--record", "calls", "--client",
                           f"{sys.executable} -B {Path(__file__).resolve()} ask {wanted}", "-o", path, "--duration", "300s"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=360)
    if "namespace" not in done.stderr:
        print(f"no network namespace can be made here: {done.stderr.strip()}")
        sys.exit(77)
    if done.returncode != 0 or not path.is_file():
        raise runner.Failed(f"seamark lab ended with {done.returncode}:\n{done.stderr}")
    return path


def rows_of(tshark, name, *options):
    return [json.loads(line) for line in tshark.run(name, "-q", *emitted.all_decrypted(tshark), *options, "-z", "seamark,events,json").splitlines()]


def times_of(tshark, name):
    """{frame: ns since 1970}"""
    times = {}
    for line in tshark.run(name, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", plugin=False).splitlines():
        frame, when = line.split("\t")
        seconds, fraction = when.split(".")
        times[int(frame)] = int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9])
    return times


def compare(tshark, name, tls, complaints):
    """{way: [expected rows, with those of the plugin]} of a whole capture."""
    got = rows_of(tshark, name)
    if got != rows_of(tshark, name, "-2"):
        complaints.append(f"{name}: one pass and -2 differ")
    rows, times, found = emitted.by_stream(got), times_of(tshark, name), {}
    every = emitted.sides(tshark, name, tls)
    for way, side in every.items():
        back = (*way[2:], *way[:2])
        if not side.data.startswith(b"HTTP/1.1 200") or back not in every:
            continue
        target = every[back].data.split(b" ")[1].decode()
        options = emitted.asked(every[back].data)
        wanted, mine, ready_before = emitted.expected(options, side), rows.pop(way, []), None
        if len(mine) != len(wanted):
            complaints.append(f"{name}: {target}: {len(mine)} rows, not {len(wanted)}")
            continue
        for want, row in zip(wanted, mine):
            ready, first = times[want.pop("ready")], times[want["frames"][0][0]]
            want.update(ready_ns=ready, time_ns=first)
            if want["kind"] == "event":
                want["gap_ns"] = None if ready_before is None else ready - ready_before
                ready_before = ready
            if not tls and options.get("coding", "none") == "none" and not {"seed", "split", "stream"} & set(options):
                index = want["item"] + ("head" not in options)
                want["writes"] = [index]
            differing = [key for key in want if row.get(key) != want[key]]
            if differing:
                complaints.append(f"{name}: {target}: {differing} of {row}, not {want}")
        found[way] = options, side, mine
    complaints += [f"{name}: rows of another response: {way}" for way in rows]
    return found


def lose(tshark, rng, path, tls, found, complaints):
    """Takes some frames with data out, and compares what is left with the rows of the whole capture. [rows complete, not complete]"""
    gone = set()
    for _, side, mine in found.values():
        frames = sorted({frame for row in mine for frame, _ in row["frames"]})
        if len(frames) > 3 and rng.random() < 0.8:
            gone |= set(rng.sample(frames[1:], min(len(frames) // 8 + 1, 5)))
    kept = path.with_name(f"lossy-{path.name}")
    subprocess.run(["editcap", path, kept, *map(str, sorted(gone))], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    tshark.add([kept])
    numbers = {}  # of the frames that are left, in the whole capture
    for frame in range(1, max(times_of(tshark, path.name)) + 1):
        if frame not in gone:
            numbers[len(numbers) + 1] = frame
    rows, count = emitted.by_stream(rows_of(tshark, kept.name)), [0, 0]
    for way, (options, side, mine) in found.items():
        by_offset = {row["offset"]: row for row in rows.get(way, [])}
        lost_before, whole_before = False, True
        for row in mine:
            whole = not gone & {frame for frame, _ in row["frames"]}
            after = by_offset.get(row["offset"])
            complete = after is not None and after["complete"]
            count[not complete] += 1
            # What a frame between two events carried, such as a size line, is of neither.
            lost_before = lost_before or bool(gone & set(range(mine[0]["first_frame"], row["last_frame"] + 1)) & side_frames(side))
            if complete and not whole:
                complaints.append(f"{kept.name}: {options}: complete without all its bytes: {after}")
            if complete and options.get("coding", "none") != "none" and lost_before:
                complaints.append(f"{kept.name}: {options}: complete, and decoded after a loss: {after}")
            # Framing that is known by itself goes on after a loss, in clear; how an item ends that began before it is not known.
            goes_on = not tls and options["framing"] != "chunked" and options.get("coding", "none") == "none" and whole and whole_before
            if not complete and (not lost_before or goes_on) and not ends_late(options, row, mine, gone):
                complaints.append(f"{kept.name}: {options}: not complete, though no byte of it and none in front was lost: {row}, now {after}")
            if complete:
                frames = [[numbers[frame], size] for frame, size in after["frames"]]
                same = frames == row["frames"] and all(after.get(key) == row.get(key) for key in
                                                       ("bytes", "name", "id", "coded_offset", "coded_bytes", "kind"))
                if not same:
                    complaints.append(f"{kept.name}: {options}: {after}, not {row}")
            whole_before = whole
    return count


@functools.lru_cache(maxsize=None)
def side_frames(side):
    return {frame for _, _, runs in side._runs for frame, _ in runs}


def ends_late(options, row, mine, gone):
    """How the last item of a sequence ends is known by what follows it."""
    following = next((other for other in mine if other["item"] == row["item"] + 1), None)
    return options["events"] == "json-seq" and (following is None or bool(gone & {frame for frame, _ in following["frames"]}))


def check(tshark, given):
    rng, complaints, total = random.Random(given.seed), [], {form: 0 for form in emitted.SHAPES}
    with tempfile.TemporaryDirectory() as folder:
        for tls in (False, True):
            name = "tls.pcapng" if tls else "clear.pcapng"
            path = capture(os.path.abspath(given.seamark), folder, name, queries(rng, given.all, given.events), tls)
            tshark.add([path])
            found = compare(tshark, name, tls, complaints)
            for options, _, mine in found.values():
                total[options["events"]] += len(mine)
            responses = len(found)
            left = lose(tshark, rng, path, tls, found, complaints)
            print(f"{name}: {responses} responses; with losses {left[0]} events are complete, {left[1]} are not")
    print(f"seed {given.seed}: {total} events compared; {len(complaints)} complaints")
    if min(total.values()) < given.events * 4:
        complaints.append(f"only {total} events were compared")
    return complaints[:10]


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        url = urlsplit(os.environ["SEAMARK_URL"])
        emitted.ask(url.hostname, url.port, Path(sys.argv[2]).read_text().split("\n"), url.scheme == "https")
        sys.exit(0)
    check_random.need_kit()
    if not shutil.which("editcap"):
        print("editcap is not installed")
        sys.exit(77)
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}),
                ("--all", {"action": "store_true", "help": "every combination, not a choice"}),
                ("--seed", {"type": int, "default": 1, "help": "for other sizes, and losses"}),
                ("--events", {"type": int, "default": 40, "help": "of each response"}))
