#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What LeakSanitizer reports when tshark ends has nothing of ours in it, over the short captures at hand
in one file. The plugin has sanitizers.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

import fuzz_captures
import mutations
import tshark as runner

NAME = "all.pcapng"
RUNS = (
    ("-q", "-z", "seamark,chunks,json", "-z", "seamark,lanes", "-z", "seamark,tree"),
    ("-2", "-V", "-z", "expert"),
    ("-2", "-R", "frame.number > 10", "-z", "seamark,chunks,seamark.chunk"),
)
# Wireshark's nodes of a statistic, which tshark 4.4 does not free at its end: neither with -z http,tree and no plugin.
NODE = re.compile(r" in stats_tree_\w+ \(")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True, help="seamark.so, built with SEAMARK_SANITIZE")
    given = parser.parse_args()
    complaints, others = [], 0
    try:
        environment = fuzz_captures.sanitizers(given.plugin)
        environment["ASAN_OPTIONS"] = "detect_leaks=1:exitcode=0:fast_unwind_on_malloc=0"
        with runner.Tshark(given.plugin, environment) as tshark, \
                tempfile.TemporaryDirectory() as folder:
            captures = [(name, records) for name, records in fuzz_captures.inputs("") if len(records) < 100]
            mutations.write(Path(folder) / NAME, [r for _, records in captures for r in records])
            tshark.add([Path(folder) / NAME])
            for arguments in RUNS:
                _, errors = tshark.outputs(NAME, *arguments)
                if "LeakSanitizer has encountered a fatal error" in errors:
                    sys.exit(f"LeakSanitizer could not work:\n{errors[:600]}")
                leaks = [block for block in errors.split("\n\n") if "leak of" in block]
                ours = [block for block in leaks if "seamark" in block and not NODE.search(block)]
                others += len(leaks) - len(ours)
                complaints += [f"{' '.join(arguments)}: {block[:3000]}" for block in ours[:3]]
    except (runner.Unfit, runner.Failed) as trouble:
        sys.exit(f"error: {trouble}")
    print("\n".join(complaints))
    print(f"{len(captures)} captures in {len(RUNS)} runs: {len(complaints)} leaks of ours, {others} of others")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
