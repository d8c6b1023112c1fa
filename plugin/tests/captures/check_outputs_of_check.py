#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `seamark check` writes for programs, read by them: --junit by an XML parser (and by junitparser where it is
installed), --json and -z seamark,frames by their schemas, --github by the rules of its workflow commands."""

import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "docs"))

import tshark as runner
from check_contracts import CAPTURE, CAPTURES, Check

try:
    import schemas
except ImportError:
    print("skipped: no JSON Schema validator: apt install python3-jsonschema")
    sys.exit(77)

CONTRACT = "[one <b>] some tcp\nmax chunk.size < 1 kB\n[\u00e9\u202e] none tcp.len > 9999\nmax held < 1 s\n"
OUTCOMES = ["holds", "broken", "holds", "unknown"]


def check_junit(checker, complaints):
    path = checker.scratch / "out.xml"
    status, out, err = checker.run(CONTRACT, [CAPTURE, "/no\x1bwhere"], "--junit", str(path))
    if status != 2:
        complaints.append(f"--junit: exit status {status}: {out} {err}")
    suites = xml.parse(path).getroot()
    cases = suites.findall("./testsuite/testcase")
    found = ["holds" if len(case) == 0 else {"failure": "broken", "error": "unknown"}[case[0].tag] for case in cases]
    if found != [*OUTCOMES, "unknown"]:
        complaints.append(f"--junit: {found}")
    counts = {name: suites.get(name) for name in ("tests", "failures", "errors")}
    if counts != {"tests": "5", "failures": "1", "errors": "2"}:
        complaints.append(f"--junit: {counts}")
    if cases[0].get("name") != "one <b>: some tcp" or cases[0].get("line") != "1":
        complaints.append(f"--junit: {cases[0].attrib}")
    if "4000 bytes" not in cases[1][0].get("message"):
        complaints.append(f"--junit: {cases[1][0].attrib}")
    try:
        import junitparser
        read = junitparser.JUnitXml.fromfile(str(path))
        if (read.tests, read.failures, read.errors) != (5, 1, 2):
            complaints.append(f"junitparser: {read.tests} {read.failures} {read.errors}")
    except ImportError:
        print("junitparser is not installed: apt install python3-junitparser", file=sys.stderr)
    path.unlink()
    status, out, err = checker.run(CONTRACT, [CAPTURE], "--junit", "/nowhere/out.xml")
    if status != 2 or "/nowhere/out.xml" not in err or "FAILED" not in out:
        complaints.append(f"--junit nowhere: {status} {out} {err}")


def check_json(checker, tshark, complaints):
    _, out, _ = checker.run(CONTRACT, [CAPTURE, "/nowhere"], "--json")
    lines = [schemas.loads(line) for line in out.splitlines()]
    schema = schemas.Schema("check")
    complaints += [f"--json: {wrong}" for line in lines if (wrong := schema.fault(line))]
    if [line["outcome"] for line in lines] != [*OUTCOMES, "unknown"]:
        complaints.append(f"--json: {out}")
    schema = schemas.Schema("frames")
    output = tshark.run(CAPTURE, "-q", "-z", "seamark,frames", "-z", "seamark,frames,tcp.len > 0")
    lines = [schemas.loads(line) for line in output.splitlines()]
    complaints += [f"-z seamark,frames: {wrong}" for line in lines if (wrong := schema.fault(line))]
    if {line["filter"] for line in lines} != {"", "tcp.len > 0"}:
        complaints.append(f"-z seamark,frames: {output}")


def check_annotations(checker, complaints):
    _, out, _ = checker.run(CONTRACT, [CAPTURE], "--github", "--quiet")
    said = [line for line in out.splitlines() if line.startswith("::")]
    form = re.compile(r"::error file=[^:,]+,line=(\d+),title=seamark check::\S.*")
    matched = [form.fullmatch(line) for line in said]
    if [m and m[1] for m in matched] != ["2", "4"]:
        complaints.append(f"--github: {out}")


def check(tshark, given):
    complaints = []
    checker = Check(tshark, given.seamark)
    tshark.add([CAPTURES / CAPTURE])
    check_junit(checker, complaints)
    check_json(checker, tshark, complaints)
    check_annotations(checker, complaints)
    for name in ("streamed", "flushed", "unbuffered-proxy"):
        shown = subprocess.run([given.seamark, "check", "--show", name], capture_output=True, text=True)
        if shown.returncode != 0 or "[" not in shown.stdout:
            complaints.append(f"--show {name}: {shown}")
    print(f"{len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
