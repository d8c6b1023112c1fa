#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs what docs/labs says, twice: on the captures of test-captures/labs, and, where this user may
make a network of its own, on captures made anew. After each fenced `sh` block stands what must be
true of it, whatever the kernel was free to do:

    <!-- check: EXPRESSION -->

EXPRESSION is Python. In it are: has(PATTERN), true where the block's output has this regular
expression; n(CAPTURE, FILTER), how many frames a display filter chooses; values(CAPTURE, FIELD[,
FILTER]), the field's values in these frames, as integers where they are; sizes(CAPTURE), the payload
lengths of the response's segments without the first, which has the head.
A block with no check, or a check that fails, is a complaint.
Numbers that the window shows are of the bundled captures, and are looked at there alone:

    <!-- window: EXPRESSION -->

A lab is a sheet for students, and answers/ with the same name for the teacher, whose blocks run after those of the sheet
in the same folder. Whatever stands in a plain block of the answers is printed by the commands on the bundled captures.
Commands `seamark lab …` under "Vary" are run where captures are made anew, into the capture `vary`, which
checks in the lines after them look at; and what one-to-one itself says to vary is tried.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
LABS, CAPTURES = TOP / "docs/labs", TOP / "test-captures/labs"
sys.path.append(str(TOP / "plugin/tests/captures"))
sys.path.append(str(TOP / "emitter/tests/trace"))

import joined  # noqa: E402
import page_data  # noqa: E402
import tshark as runner  # noqa: E402

VARY = re.compile(r"^## Vary\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```sh\n(.*?)^```\n+((?:<!-- check: .*? -->\n)*)", re.MULTILINE | re.DOTALL)


PLAIN = re.compile(r"^```\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
SHEET = ("In Wireshark's window", "In tshark", "Questions", "Vary")
ANSWERS = ("See", "Why", "Questions that students ask")


class Missing(Exception):
    """A program that a lab needs, and that is not here."""


class Lab:
    """One page of docs/labs, in a folder of its own in which its commands run."""

    def __init__(self, page, tshark, emitter, folder, anew):
        self.page, self.tshark, self.folder, self.anew = page, tshark, Path(folder), anew
        self.answers = page.parent / "answers" / page.name
        self.printed = ""
        for name, target in (("seamark", f'exec "{emitter}" "$@"'), ("tshark", tshark.shell_line())):
            script = self.folder / name
            script.write_text(f"#!/bin/sh\n{target}\n")
            script.chmod(0o755)

    def run(self):
        complaints, checks = ([] if self.anew else self.form()), 0
        blocks = BLOCK.findall(self.page.read_text() + self.answers.read_text())
        for commands, marks in blocks:
            out = self.shell(commands)
            self.printed += out
            found = re.findall(r"<!-- check: (.*?) -->", marks)
            if not found:
                complaints.append(f"{self.where()}: nothing is checked of: {commands}")
            for expression in found:
                checks += 1
                try:
                    if not eval(expression, {**self.words(out), "__builtins__": __builtins__}):
                        complaints.append(f"{self.where()}: not true: {expression}; output:\n{out[:1500]}")
                except Exception as error:  # a check may fail in any way
                    complaints.append(f"{self.where()}: {expression}: {error}; output:\n{out[:1500]}")
        found, count = self.vary() if self.anew else self.bundled()
        return complaints + found, checks + count

    def form(self):
        """What each lab has: the sections, minutes, numbered steps, and a figure that exists."""
        complaints = []
        for path, wanted in ((self.page, SHEET), (self.answers, ANSWERS)):
            text = path.read_text()
            if (found := tuple(re.findall(r"^## (.*)$", text, re.MULTILINE))) != wanted:
                complaints.append(f"{path.name}: sections {found}, not {wanted}")
        sheet, answers = self.page.read_text(), self.answers.read_text()
        if not re.search(r"^\*\*Time\.\*\* \d+ minutes\.", sheet, re.MULTILINE):
            complaints.append(f"{self.page.name}: no minutes")
        for name in SHEET[:3]:
            section = sheet.partition(f"## {name}\n")[2].partition("\n## ")[0]
            steps = [int(step) for step in re.findall(r"^(\d+)\. ", section, re.MULTILINE)]
            if len(steps) < 2 or steps != list(range(1, len(steps) + 1)):
                complaints.append(f"{self.page.name}: {name}: steps {steps}")
        figures = re.findall(r"!\[[^\]]+\]\((.*?\.svg)\)", answers)
        complaints += [f"{self.answers.name}: no figure {figure}" for figure in figures or ["at all"]
                       if not (self.answers.parent / figure).is_file()]
        return complaints

    def bundled(self):
        """What the window shows of the bundled captures, and that what the answers print is of them."""
        complaints, checks = [], 0
        for expression in re.findall(r"<!-- window: (.*?) -->", self.page.read_text()):
            checks += 1
            try:
                if not eval(expression, {**self.words(""), "__builtins__": __builtins__}):
                    complaints.append(f"{self.where()}: not true in the window: {expression}")
            except Exception as error:  # a check may fail in any way
                complaints.append(f"{self.where()}: {expression}: {error}")
        if not checks:
            complaints.append(f"{self.where()}: nothing is checked of the steps in the window")
        printed = {line.strip() for line in self.printed.splitlines()}
        for block in PLAIN.findall(BLOCK.sub("", self.answers.read_text())):
            for line in block.splitlines():
                checks += 1
                if line.strip() not in printed | {"…"}:
                    complaints.append(f"{self.where()}: no command prints: {line}")
        return complaints, checks

    def vary(self):
        """What the page says to vary, as it is printed there. Blocks are run() with their own checks."""
        complaints, checks = [], 0
        for section in VARY.findall(self.page.read_text()):
            for words, expression in re.findall(r"`([^`\n]+)`|<!-- check: (.*?) -->", BLOCK.sub("", section)):
                try:
                    if words.startswith("--"):
                        complaints.append(f"{self.where()}: no whole command to vary with: {words}")
                    elif words.startswith("seamark lab "):
                        checks += 1
                        out = self.shell(words if words.endswith("--explain") else f"{words} -o vary.pcapng")
                        if out.startswith("status "):
                            complaints.append(f"{self.where()}: {words}: {out[:1500]}")
                    elif expression and not eval(expression, {**self.words(""), "__builtins__": __builtins__}):
                        complaints.append(f"{self.where()}: not true: {expression}")
                except Missing as what:
                    print(f"{self.page.name}: not varied: {what}")
                except Exception as error:  # a check may fail in any way
                    complaints.append(f"{self.where()}: {words or expression}: {error}")
        return complaints, checks

    def where(self):
        return f"{self.page.name} ({'made anew' if self.anew else 'bundled'})"

    def shell(self, commands):
        lines = []
        for line in commands.splitlines():
            if made := re.match(r"seamark lab .*-o (\S+)$", line):
                if not self.anew:
                    copy = (CAPTURES / made[1]).read_bytes()
                    (self.folder / made[1]).write_bytes(copy)
                    continue
                line += f" --quiet\nchmod a+r {made[1]}"  # "&&" would hide a failure from sh -e
            lines.append(line)
        done = subprocess.run(["sh", "-e", "-c", "\n".join(lines)], cwd=self.folder, text=True,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}",
                                   "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if done.returncode != 0 and "is not installed" in done.stderr:
            raise Missing(next(line.strip() for line in done.stderr.splitlines() if "is not installed" in line))
        if done.returncode != 0:
            return f"status {done.returncode}: {done.stderr}\n{done.stdout}"
        return done.stdout

    def words(self, out):
        def read(capture, *arguments):
            name = f"{capture}.pcapng"
            if not self.anew and not (self.folder / name).exists():
                (self.folder / name).write_bytes((CAPTURES / name).read_bytes())
            self.tshark.add([self.folder / name])
            return self.tshark.run(name, "-2", *arguments)

        def values(capture, field, chosen="frame"):
            text = read(capture, "-Y", chosen, "-T", "fields", "-e", field)
            parts = [part for line in text.splitlines() for part in line.split(",") if part]
            return [int(part) if re.fullmatch(r"\d+", part) else part for part in parts]

        def sizes(capture):
            return values(capture, "seamark.segment.len",
                          "seamark.segment > 1 && tcp.srcport == 8080 && !seamark.retransmission")
        return {"out": out, "has": lambda pattern: re.search(pattern, out, re.MULTILINE), "re": re,
                "n": lambda capture, chosen: len(values(capture, "frame.number", chosen)),
                "values": values, "sizes": sizes}


def may_have_a_network(emitter):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([emitter, "lab", "one-to-one", "--emit", "writes=1&gap=", "--quiet", "-o",
                               f"{folder}/x.pcapng"], capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1:]


def check_one_to_one(tshark, emitter):
    """The scenario in which nothing merges names a change that makes writes merge: they do."""
    said = subprocess.run([emitter, "lab", "one-to-one", "--explain"], capture_output=True, text=True, timeout=60).stdout
    change = re.search(r"^  - (--[^:]*): now writes wait.*merged$", said, re.MULTILINE)
    if not change:
        return [f"one-to-one --explain names no change that makes writes merge: {said}"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        capture = Path(folder, "one-to-one.pcapng")
        subprocess.run([emitter, "lab", "one-to-one", *change[1].split(), "--quiet", "-o", capture], timeout=60)
        tshark.add([capture])
        merged = tshark.run(capture.name, "-2", "-Y", "seamark.merged_writes", "-T", "fields", "-e", "frame.number")
    return [] if merged.split() else [f"one-to-one {change[1]}: nothing was merged"]


def check_lab_page(tshark, emitter):
    """`seamark lab --page`: the page stands beside the capture; without the plugin it says so, and the capture stays."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # as root, tshark runs as another user
        for name, line in (("with", tshark.shell_line()), ("without", 'exec tshark "$@"')):
            script = Path(folder, name)
            script.write_text(f"#!/bin/sh\n{line}\n")
            script.chmod(0o755)
        complaints = []
        for name, status, said in (("with", 0, "with.html: the lanes as a page"), ("without", 1, "without.html was not written")):
            done = subprocess.run([emitter, "lab", "one-to-one", "--page", "--tshark", f"{folder}/{name}", "-o", f"{name}.pcapng"],
                                  capture_output=True, text=True, timeout=60, cwd=folder,
                                  env={**os.environ, "WIRESHARK_PLUGIN_DIR": "/nonexistent"})
            if done.returncode != status or said not in done.stderr or not Path(folder, f"{name}.pcapng").exists():
                complaints.append(f"lab --page {name} the plugin: {done.returncode}: {done.stderr}")
        done = subprocess.run([emitter, "lab", "one-to-one", "--page", "-o", "x.html"], capture_output=True, text=True,
                              timeout=60, cwd=folder)
        if done.returncode == 0 or "take the place of the capture" not in done.stderr or Path(folder, "x.html").exists():
            complaints.append(f"lab --page -o x.html: {done.returncode}: {done.stderr}")
        if not any(view.lanes for view in page_data.views_of(Path(folder, "with.html").read_text())):
            complaints.append("lab --page: the page has no lanes")
    return complaints


def check_joins(plugin):
    """The bundled captures: the plugin's joins against the ranges by themselves."""
    complaints, counted = [], 0
    for capture in sorted(CAPTURES.glob("*.pcapng")):
        try:
            writes, reads, segments = joined.check(plugin, str(capture))
            counted += writes + reads + segments
        except AssertionError as error:
            complaints.append(f"{capture.name}: {error}")
    return complaints, counted


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True, help="seamark.so as built")
    parser.add_argument("--emitter", required=True, help="the program seamark as built")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    given = parser.parse_args()
    pages = [page for page in sorted(LABS.glob("*.md"))
             if given.only in page.name and "<!-- check:" in page.read_text()]
    refused = may_have_a_network(given.emitter)
    if refused:
        print(f"no captures are made anew, only the bundled ones read: {refused}")
    complaints, checks = [], 0
    with runner.Tshark(given.plugin) as tshark:
        for anew in (False,) if refused else (False, True):
            for page in pages:
                with tempfile.TemporaryDirectory() as folder:
                    Path(folder).chmod(0o755)
                    try:
                        found, count = Lab(page, tshark, given.emitter, folder, anew).run()
                    except Missing as what:
                        print(f"{page.name} is not made anew: {what}")
                        continue
                    complaints, checks = complaints + found, checks + count
        if not refused:
            complaints += check_one_to_one(tshark, given.emitter) + check_lab_page(tshark, given.emitter)
    found, joins = check_joins(given.plugin)
    complaints += found
    print(f"{len(pages)} labs, {checks} checks; {joins} writes, reads and segments joined")
    print(*complaints, sep="\n")
    sys.exit(1 if complaints or not checks else 0)


if __name__ == "__main__":
    main()
