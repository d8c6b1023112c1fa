#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
""".ci/with-headers reads the headers that it is given: observe.cpp compiles with a copy of the system's, and no longer
once the copy declares one more argument of call_dissector_only."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
FILE = "plugin/epan/collect/observe.cpp"
build = Path(sys.argv[1])


def read_with(headers):
    done = subprocess.run([TOP / ".ci" / "with-headers", "--build", build, headers, FILE], cwd=TOP, text=True,
                          capture_output=True)
    print(done.stdout, done.stderr[:600])
    return done.returncode, done.stderr


commands = build / "compile_commands.json"
folders = re.findall(r"-isystem (\S+)", commands.read_text()) if commands.is_file() else []
system = next((folder for folder in folders if Path(folder, "epan", "packet.h").is_file()), None)
if system is None:
    print(f"skipped: {commands} names no folder with Wireshark's headers")
    sys.exit(77)
with tempfile.TemporaryDirectory(prefix="seamark-headers-") as folder:
    headers = Path(folder) / "wireshark"
    shutil.copytree(system, headers)
    if read_with(headers)[0] != 0:
        sys.exit("does not compile with a copy of the system's headers")
    packet = headers / "epan" / "packet.h"
    changed, count = re.subn(r"(call_dissector_only\([^;]*void \*data)\)", r"\1, const char *layer)", packet.read_text())
    packet.write_text(changed)
    status, errors = read_with(headers)
    if count != 1 or status == 0 or "call_dissector_only" not in errors:
        sys.exit("a changed prototype is not seen")
