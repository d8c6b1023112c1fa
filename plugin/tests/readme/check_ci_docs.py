#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The script and the test of docs/ci.md, as they stand there: they pass a server that streams and fail one that
collects. Needs the right to capture on the loopback interface."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path.append(str(TOP / "plugin/tests/captures"))

import tshark as runner  # noqa: E402

BLOCK = r"<!-- run test: ci %s -->\n```\w+\n(.+?)^```$"
COLLECTED = "/emit?writes=20&size=32&gap=20ms"


def block(name):
    found = re.search(BLOCK % name, (TOP / "docs/ci.md").read_text(), re.MULTILINE | re.DOTALL)
    if not found:
        raise runner.Failed(f"docs/ci.md has no block behind the mark 'run test: ci {name}'")
    return found[1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def may_capture():
    done = subprocess.run(["dumpcap", "-q", "-i", "lo", "-a", "duration:1", "-w", os.devnull], capture_output=True)
    return shutil.which("dumpcap") and done.returncode == 0


def run_script(folder, environment, text):
    (folder / "streams.sh").write_text(text)
    done = subprocess.run(["sh", "streams.sh"], cwd=folder, text=True, capture_output=True, timeout=300,
                          env={**environment, "PORT": str(free_port())})
    return done.returncode, done.stdout + done.stderr


def run_pytest_block(folder, environment, query):
    """The function as pytest would call it, which need not be installed."""
    port = free_port()
    server = subprocess.Popen(["seamark", "serve", "--port", str(port), "--quiet"], env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        (folder / "streams_test.py").write_text(
            block("pytest").replace(COLLECTED, query).replace("    check(", "    os.chmod(capture, 0o644)\n    check(")
            + "\nimport os"
            + f"\nfrom pathlib import Path\ntest_tokens_stream({port}, Path({str(folder)!r}))\n")
        done = subprocess.run([sys.executable, "streams_test.py"], cwd=folder, env=environment, text=True, capture_output=True,
                              timeout=300)
        return done.returncode, done.stderr
    finally:
        server.terminate()
        server.wait()


def check(tshark, given):
    if not may_capture():
        print("skipped: no right to capture on lo")
        sys.exit(77)
    complaints = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, tshark runs as nobody
        binaries = folder / "bin"
        binaries.mkdir()
        (binaries / "seamark").symlink_to(Path(given.seamark).resolve())
        (binaries / "tshark").write_text(f"#!/bin/sh\n{tshark.shell_line()}\n")
        (binaries / "tshark").chmod(0o755)
        # dumpcap writes captures that their owner alone can read.
        environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"}
        environment.pop("PORT", None)
        readable = block("script").replace("seamark check", "chmod a+r response.pcapng\nseamark check")
        script = [(readable, 0), (readable.replace("gap=20ms", "gap=0&cork=1"), 1)]
        for text, wanted in script:
            status, said = run_script(folder, environment, text)
            if status != wanted:
                complaints.append(f"the script of docs/ci.md: status {status}, not {wanted}: {said}")
            if not (folder / "seamark.xml").is_file():
                complaints.append("the script of docs/ci.md: no seamark.xml")
        for query, wanted in ((COLLECTED, 0), (COLLECTED.replace("gap=20ms", "gap=0&cork=1"), 1)):
            status, said = run_pytest_block(folder, environment, query)
            if status != wanted or (wanted and "FAILED" not in said):
                complaints.append(f"the test of docs/ci.md: status {status}, not {wanted}: {said}")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
