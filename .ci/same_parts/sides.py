# SPDX-License-Identifier: GPL-2.0-or-later
"""One of the two builds with all that is needed to run it: tshark with its plugin, and its programs."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from same_parts import builds, normal

sys.path.insert(0, str(builds.TOP / "plugin" / "tests" / "captures"))
import tshark as runner  # noqa: E402  (the tests' own: it runs as nobody where Debian's tshark asks for that)

LONGEST = 600  # seconds for one program


class Files:
    """A folder that the user that tshark runs as may read: the captures, which both sides share."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="seamark-same-"))
        self.path.chmod(0o755)
        self._lock = threading.Lock()

    def add(self, source, name=None):
        """Copies a capture, under its name or another."""
        copy = self.path / (name or Path(source).name)
        with self._lock:
            if not copy.exists():
                shutil.copyfile(source, copy)
                copy.chmod(0o644)
        return copy

    def close(self):
        shutil.rmtree(self.path)


class Side:
    """Use as a context. `files` are the captures that both sides share."""

    def __init__(self, name, products, files):
        self.name, self.files = name, files
        self.plugin, self.seamark, self.library = (products[what] for what in ("plugin", "seamark", "library"))
        self._tshark = runner.Tshark(self.plugin)
        self._numbers = iter(range(10**9))
        self._lock = threading.Lock()
        self._fields = None

    def __enter__(self):
        self._tshark.__enter__()
        self.scratch = Path(tempfile.mkdtemp(prefix="seamark-side-"))
        return self

    def __exit__(self, *_):
        self._tshark.__exit__()
        shutil.rmtree(self.scratch)

    def tshark(self, *arguments):
        """(exit status, standard output, standard error) of tshark, made comparable."""
        process = self._tshark.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "timeout", b"", b""
        return process.returncode, normal.tshark_output(out), normal.tshark_errors(err)

    @property
    def home(self):
        return self._tshark.home

    def new_file(self, suffix):
        """A name that tshark may write to."""
        with self._lock:
            return self.home / f"{next(self._numbers)}{suffix}"

    def new_folder(self):
        """An empty folder for a program of ours."""
        with self._lock:
            folder = self.scratch / str(next(self._numbers))
        folder.mkdir()
        return folder

    def tshark_script(self):
        """A program that is this tshark, for programs that start one themselves."""
        script = self.scratch / "tshark"
        if not script.exists():
            script.write_text(f"#!/bin/sh\n{self._tshark.shell_line()}\n")
            script.chmod(0o755)
        return script

    def fields(self):
        """The names of all our fields, as -G fields lists them."""
        with self._lock:
            if self._fields is None:
                lines = self.tshark("-G", "fields")[1].decode().splitlines()
                self._fields = [parts[2] for parts in (line.split("\t") for line in lines)
                                if parts[0] == "F" and parts[2].startswith("seamark")]
            return self._fields

    def run(self, *command, seconds=None, **how):
        """(exit status, standard output, standard error) of a program, as it printed them."""
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("cwd", self.scratch)
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", **how.pop("env", {})}
        try:
            done = subprocess.run([str(word) for word in command], capture_output=True, timeout=seconds or LONGEST, env=environment, **how)
        except subprocess.TimeoutExpired:
            return "timeout", b"", b""
        return done.returncode, done.stdout, done.stderr
