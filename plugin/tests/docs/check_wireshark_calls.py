#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/wireshark-calls.md lists what the plugin calls of Wireshark's libraries: check_wireshark_calls.py PLUGIN."""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]


def symbols(path, kind):
    listed = subprocess.run(["nm", "-D", kind, path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in listed.splitlines()}


libraries = re.findall(r"lib(?:wireshark|wiretap|wsutil)\.so\S* => (/\S+)",
                       subprocess.run(["ldd", sys.argv[1]], capture_output=True, text=True, check=True).stdout)
if len(libraries) < 3:
    print(f"skipped: {sys.argv[1]} is not linked with three libraries of Wireshark")
    sys.exit(77)
called = symbols(sys.argv[1], "--undefined-only") & set().union(*(symbols(each, "--defined-only") for each in libraries))
listed = set(re.findall(r"\w+", (TOP / "docs" / "wireshark-calls.md").read_text()))
print(f"{len(called)} calls, not in docs/wireshark-calls.md:", ", ".join(sorted(called - listed)) or "none")
sys.exit(bool(called - listed) or len(called) < 50)
