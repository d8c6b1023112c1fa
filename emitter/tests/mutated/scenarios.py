# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated scenario files through `seamark lab FILE --explain`, which reads and shows a scenario and runs
nothing of it: each is explained, or refused with one message that names the place; what is shown has no
control character, and is UTF-8.

usage: scenarios.py SEAMARK [--count N] [--seed N]"""

import argparse
import collections
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("seamark", type=os.path.abspath)
parser.add_argument("--count", type=int, default=1000)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
seeds = [open(path, "rb").read() for path in sorted(glob.glob(here + "/../../lab/scenarios/*.txt"))]
assert len(seeds) > 20, "the scenarios are not where they were"
lines = [line for seed in seeds for line in seed.splitlines(keepends=True)]
NUMBERS = [b"0", b"-1", b"1e99", b"nan", b"99999999999999999999", b"0x10", b"1us", b"5000ms", b"", b"%41", b"&&&="]
BYTES = [b"\x00", b"\x1b[31m", b"\x07", b"\xff\xfe", b"\xc2\x9b", b"\xed\xa0\x80", b"\r", b"\t", b"\x7f", b":", b"#", b"\xc3\xa9"]


def mutate(data, rng):
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(data) + 1)
        rest = data[at:]
        kind = rng.randrange(8)
        if kind == 0:
            data = data[:at] + rng.choice(BYTES) + rest
        elif kind == 1:
            data = data[:at] + bytes([rng.randrange(256)]) + rest[1:]
        elif kind == 2:
            data = data[:at] + rest[rng.randrange(1, 40):]
        elif kind == 3:
            data = data[:at] + rng.choice(lines) + rest
        elif kind == 4:
            data = re.sub(rb"[0-9]+(us|ms|s|mbit)?", lambda m: rng.choice(NUMBERS) if rng.random() < 0.3 else m[0], data)
        elif kind == 5:
            data = data[:at]
        elif kind == 6:
            data = data[:at] + rng.choice(lines).strip() * rng.randrange(1, 200) + rest
        else:
            data = re.sub(rb"^([a-z-]+):", lambda m: rng.choice(lines).split(b":")[0] + b":" if rng.random() < 0.2 else m[0],
                          data, flags=re.M)
    return data


def explain(path):
    run = subprocess.run([options.seamark, "lab", path, "--explain"], stdin=subprocess.DEVNULL, capture_output=True,
                         timeout=60)
    out, err = run.stdout.decode(), run.stderr.decode()  # UTF-8, or this raises
    assert run.returncode in (0, 1), f"status {run.returncode}: {err}"
    assert "Sanitizer" not in err and "runtime error" not in err, err
    for text in (out, err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text), f"a control character: {text!r}"
    assert (err == "") == (run.returncode == 0) and len(err) < 4000, err
    return run.returncode, err


outcomes = collections.Counter()
with tempfile.TemporaryDirectory() as work:
    path = os.path.join(work, "scenario.txt")
    for number in range(options.count):
        rng = random.Random(options.seed * 1_000_003 + number)
        data = mutate(rng.choice(seeds), rng)
        with open(path, "wb") as file:
            file.write(data)
        try:
            status, err = explain(path)
        except Exception as error:
            sys.exit(f"scenario {number} of seed {options.seed} ({data[:2000]!r}): {error}")
        if status:
            assert re.match(re.escape(f"seamark: {path}:") + "[0-9]+:[0-9]+: ", err), err
        outcomes["refused" if status else "explained"] += 1

    # What has no end, or too much of one.
    with open(path, "wb") as file:
        file.truncate(1 << 40)
    os.mkfifo(work + "/fifo")
    for name, words in ((path, "larger than"), ("/dev/zero", "larger than"), (work + "/fifo", "without a writer"),
                        (work, "neither a scenario nor a file"), (work + "/no\x1bne", "neither a scenario")):
        status, err = explain(name)
        assert status == 1 and words in err, err
print(f"{options.count} scenarios of seed {options.seed}: " + ", ".join(f"{n} {what}" for what, n in outcomes.items()))
