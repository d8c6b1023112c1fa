# SPDX-License-Identifier: GPL-2.0-or-later
"""A headless screen (Xvfb), with Wireshark and the plugin on it. Nothing here waits for a time: it
waits for what is to come, and gives up after a minute.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = {"wireshark": "wireshark", "Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool",
            "import": "imagemagick", "xclip": "xclip"}
PATIENCE = 60


def missing():
    """Debian's packages of the programs that are not there."""
    return [package for program, package in PROGRAMS.items() if not shutil.which(program)]


class Trouble(Exception):
    """What did not come, and what was there instead."""


class Desktop:
    """Use as a context. Run by root, everything is run as nobody, since Wireshark run by root loads no
    plugin that stands here."""

    def __init__(self, plugin, profile):
        self._plugin, self._profile = Path(plugin), Path(profile)
        self._started = []

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="seamark-gui-"))
        home = self.folder / "home"
        shutil.copytree(self._profile, home / "profiles/Seamark")
        version = re.search(r"(\d+\.\d+)\.", subprocess.run(
            ["tshark", "--version"], capture_output=True, text=True).stdout)[1]
        epan = self.folder / "plugins" / version / "epan"
        epan.mkdir(parents=True)
        shutil.copy(self._plugin, epan / "seamark.so")
        self._drop = []
        if os.geteuid() == 0:
            self._drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            subprocess.run(["chown", "-R", "nobody", self.folder], check=True)
        subprocess.run(["chmod", "-R", "a+rX", self.folder], check=True)
        self._environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "HOME": str(home), "WIRESHARK_CONFIG_DIR": str(home), "XDG_RUNTIME_DIR": str(home),
            "WIRESHARK_PLUGIN_DIR": str(self.folder / "plugins"),
            "WIRESHARK_EXTCAP_DIR": str(home), "QT_LOGGING_RULES": "*=false", "QT_QPA_PLATFORM": "xcb",
        }
        number = self._display()
        self._environment["DISPLAY"] = f":{number}"
        self.start("openbox")
        return self

    def _display(self):
        """Starts Xvfb on a display that is free."""
        read, write = os.pipe()
        self.start("Xvfb", "-displayfd", str(write), "-screen", "0", "1400x860x24", pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as number:
            return number.readline().strip()

    def __exit__(self, *_):
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def open_with(self, script):
        """What a program that opens a file in the user's browser runs instead; the file or its URL is $1."""
        programs = self.folder / "programs"
        programs.mkdir()
        opener = programs / "xdg-open"
        opener.write_text(f"#!/bin/sh\n{script}\n")
        for path in (programs, opener):
            path.chmod(0o755)
        self._environment["PATH"] = f"{programs}:{self._environment['PATH']}"

    def start(self, *command, **how):
        process = subprocess.Popen([*self._drop, *command], env=self._environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=open(self.folder / "log", "a"), **how)
        self._started.append(process)
        return process

    def run(self, *command):
        return subprocess.run(command, env=self._environment, capture_output=True, text=True,
                              errors="replace", timeout=PATIENCE).stdout

    def until(self, what, attempt):
        """What attempt() gives once that is true."""
        if found := self.within(PATIENCE, attempt):
            return found
        ended = [(process.args[len(self._drop)], process.returncode) for process in self._started
                 if process.poll() is not None]
        raise Trouble(f"{what} did not come within {PATIENCE} s; there are the windows "
                      f"{self.titles()}; ended: {ended}; {(self.folder / 'log').read_text()[-2000:]}")

    def within(self, seconds, attempt):
        """What attempt() gives once that is true; what it gave last where that takes longer."""
        end = time.monotonic() + seconds
        while not (found := attempt()) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def windows(self, title):
        """Windows whose title has this in it, a regular expression."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def titles(self):
        return [name for window in self.windows(".")
                if (name := self.run("xdotool", "getwindowname", window).strip())]

    def window(self, title):
        return self.until(f"a window '{title}'", lambda: self.windows(title))[-1]

    def gone(self, title):
        self.until(f"the end of the window '{title}'", lambda: not self.windows(title))

    def focus(self, window):
        self.until("the keyboard", lambda: self.run("xdotool", "windowactivate", window) == "" and
                   self.run("xdotool", "getactivewindow").strip() == window)

    def keys(self, *names):
        for name in names:
            self.run("xdotool", "key", "--clearmodifiers", name)

    def click(self, window, x, y):
        """x: from the left, or, below 0, from the right."""
        if x < 0:
            geometry = self.run("xdotool", "getwindowgeometry", "--shell", window)
            x += int(re.search(r"WIDTH=(\d+)", geometry)[1])
        self.run("xdotool", "mousemove", "--window", window, str(x), str(y), "click", "1")

    def type(self, text):
        self.run("xdotool", "type", "--delay", "5", text)

    def copied(self):
        return self.run("xclip", "-selection", "clipboard", "-o")

    def colours(self, window):
        """{colour "#RRGGBB": pixels} of a window as it looks now."""
        out = self.run("import", "-window", window, "-depth", "8", "-format", "%c", "histogram:info:-")
        return {match[2]: int(match[1]) for match in re.finditer(r"(\d+): .*?(#[0-9A-F]{6})", out)}

    def picture(self, file, window="root"):
        self.run("import", "-window", window, file)


def skip_or_fail(reason):
    """Where CI runs, what is missing is a failure: it could be installed."""
    print(reason)
    sys.exit(1 if os.environ.get("CI") else 77)
