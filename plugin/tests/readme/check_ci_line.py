#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The line that README offers to CI jobs, as it stands there: it passes a response that streams, though its writes
were merged, and fails one that was collected; one without chunks it cannot judge.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path.append(str(TOP / "plugin/tests/captures"))

import tshark as runner  # noqa: E402

LINE = re.compile(r"<!-- run test: ci line -->\n```sh\n(.+?)^```$", re.MULTILINE | re.DOTALL)
EXPECTED = {"one-write-a-chunk.pcapng": 0, "merged-writes.pcapng": 0, "labs/nginx-buffering.pcapng": 1, "labs/close-delimited.pcapng": 2}


def check(tshark, given):
    line = LINE.search((TOP / "README.md").read_text())
    if not line:
        return ["README.md: there is no `sh` block behind the mark 'run test: ci line'"]
    complaints = []
    for name, expected in EXPECTED.items():
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)  # as root, tshark runs as nobody
            capture = Path(folder, "response.pcapng")
            capture.write_bytes((TOP / "test-captures" / name).read_bytes())
            capture.chmod(0o644)
            Path(folder, "tshark").write_text(f"#!/bin/sh\n{tshark.shell_line()}\n")
            Path(folder, "tshark").chmod(0o755)
            Path(folder, "seamark").symlink_to(Path(given.seamark).resolve())
            done = subprocess.run(["sh", "-c", line[1]], cwd=folder, text=True, capture_output=True, timeout=300,
                                  env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        if done.returncode != expected:
            complaints.append(f"README's line on {name}: status {done.returncode}, not {expected}:\n"
                              f"{done.stdout}{done.stderr}")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
