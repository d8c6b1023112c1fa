# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs tshark with the plugin that was just built, and with no other personal or installed plugin.

Debian's Wireshark ignores WIRESHARK_PLUGIN_DIR and personal folders as root, without a word. As root,
tshark therefore runs as nobody, from copies that nobody can read.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


# Half of a short run is tshark's start, and of that almost half goes with these: memory that the system
# hands out in large pieces, and no names of vendors, ports and enterprises, which tests do not read.
LARGE_PIECES = {"MALLOC_TOP_PAD_": str(64 << 20), "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
NAMES = ("manuf", "services", "enterprises.tsv")


class Unfit(Exception):
    """tshark or the plugin cannot be used at all; the text says what to do."""


class Failed(Exception):
    """tshark ended badly on a capture."""


class Tshark:
    """A tshark with the plugin at `plugin`. Use as a context: it owns a folder with copies.
    `environment` is for the runs with the plugin alone, `beside` are further plugins for all runs.
    With `as_installed` it starts as slowly, and takes as much memory, as people's."""

    def __init__(self, plugin, environment=None, beside=(), as_installed=False):
        self._plugin = Path(plugin)
        self._quick = {} if as_installed else dict(LARGE_PIECES)
        self._environment = dict(environment or {})
        self._beside = [Path(other) for other in beside]
        self._copies = {}

    def __enter__(self):
        program = shutil.which("tshark")
        if not program:
            raise Unfit("tshark is not installed: apt install tshark")
        if not self._plugin.is_file():
            raise Unfit(f"{self._plugin}: no such plugin; build the target seamark_plugin first")
        self._folder = Path(tempfile.mkdtemp(prefix="seamark-tshark-"))
        self._folder.chmod(0o755)
        self._drop, self._command = [], program
        for name in ("home", "captures", "none"):
            (self._folder / name).mkdir()
        if os.geteuid() == 0:
            self._drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            shutil.chown(self._folder / "home", "nobody", "nogroup")
        if self._quick:
            self._leave_out_names(Path(program).resolve().parents[1] / "share" / "wireshark")
        version = re.search(r"(\d+\.\d+)\.", self._run(["--version"], self._folder / "none").stdout)
        if not version:
            raise Unfit(f"{program} --version does not tell its version")
        self.series = tuple(map(int, version[1].split(".")))  # (4, 0)
        for name, plugins in (("plugins", [self._plugin, *self._beside]), ("none", self._beside)):
            epan = self._folder / name / version[1] / "epan"
            epan.mkdir(parents=True)
            for source in plugins:
                copy = epan / ("seamark.so" if source == self._plugin else source.name)
                shutil.copy(source, copy)
                copy.chmod(0o755)
        # -G plugins would start each extcap program, which hangs under a preloaded sanitizer.
        listing = self._run(["-G", "protocols"], self._folder / "plugins")
        if not re.search(r"\tseamark(\t|$)", listing.stdout, re.MULTILINE):
            raise Unfit(f"tshark {version[1]} did not load {self._plugin}; it says:\n"
                        + listing.stderr)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self._folder)

    def _leave_out_names(self, installed):
        """From 4.2 on most of them are compiled in, and are no files."""
        if not any((installed / name).is_file() for name in NAMES):
            return
        data = self._folder / "data"
        data.mkdir()
        for found in installed.iterdir():
            if found.name not in NAMES:
                (data / found.name).symlink_to(found)
        for name in NAMES:
            (data / name).touch()
        self._quick["WIRESHARK_DATA_DIR"] = str(data)

    def _invocation(self, arguments, plugins, program=None):
        """What to start and where, as subprocess takes it."""
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "HOME": str(self._folder / "home"),
            "WIRESHARK_CONFIG_DIR": str(self._folder / "home"),
            "WIRESHARK_PLUGIN_DIR": str(plugins), **self._quick,
        }
        # Sanitizer settings and the like are for the plugin, which runs inside tshark.
        environment.update((k, v) for k, v in os.environ.items()
                           if k.startswith(("ASAN_", "UBSAN_", "LSAN_", "LLVM_PROFILE_", "WIRESHARK_DEBUG", "LD_")))
        if plugins.name == "plugins":
            environment.update(self._environment)
        return {"args": [*self._drop, program or self._command, *arguments], "env": environment,
                "cwd": self._folder / "home"}

    def _run(self, arguments, plugins):
        return subprocess.run(**self._invocation(arguments, plugins), stdin=subprocess.DEVNULL,
                              timeout=600, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="backslashreplace")

    def raw(self, capture_name, *arguments):
        """The same as bytes, with the plugin."""
        how = self._invocation(["-n", "-r", str(self._copies[capture_name]), *arguments], self._folder / "plugins")
        done = subprocess.run(**how, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        if done.returncode != 0:
            raise Failed(f"tshark {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout, done.stderr

    def shell_line(self):
        """What a shell script says to be this tshark, with the plugin."""
        how = self._invocation(["-n"], self._folder / "plugins")
        variables = [f"{name}={value}" for name, value in how["env"].items() if name != "PATH"]
        program, *rest = how["args"]
        words = ["exec", "env", *variables, program, *rest]
        return shlex.join(words) + ' "$@"'

    @property
    def home(self):
        """The folder that tshark takes for its user's settings; others may read what is put there."""
        return self._folder / "home"

    def start(self, *arguments, plugin=True, program=None, variables=None, **how):
        """A Popen of tshark, or of another program, with further environment variables (None: without one);
        `how` is for Popen."""
        folder = self._folder / ("plugins" if plugin else "none")
        invocation = self._invocation(arguments, folder, program)
        environment = {**invocation["env"], **(variables or {})}
        invocation["env"] = {name: value for name, value in environment.items() if value is not None}
        return subprocess.Popen(**invocation, **how)

    def path_of(self, capture_name):
        """Where the copy that add() made stands."""
        return self._copies[capture_name]

    def add(self, captures):
        """Copies captures to where run() may read them."""
        for capture in captures:
            copy = self._folder / "captures" / Path(capture).name
            shutil.copyfile(capture, copy)
            copy.chmod(0o644)
            self._copies[Path(capture).name] = copy

    def drop(self, capture_name):
        """Removes a copy that add() made."""
        self._copies.pop(capture_name).unlink()

    def run(self, capture_name, *arguments, plugin=True):
        """tshark's standard output for a capture that was added. A failure raises, with what tshark
        wrote to standard error. A capture that ends in the middle of a packet is no failure."""
        return self.outputs(capture_name, *arguments, plugin=plugin)[0]

    def outputs(self, capture_name, *arguments, plugin=True):
        """The same, as (standard output, standard error)."""
        folder = self._folder / ("plugins" if plugin else "none")
        done = self._run(["-n", "-r", str(self._copies[capture_name]), *arguments], folder)
        cut_short = "cut short in the middle of a packet" in done.stderr
        if done.returncode != 0 and not cut_short:
            raise Failed(f"tshark {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout, done.stderr


def in_parallel(work, items):
    """[work(item), …], a tshark a processor. work gives (complaints, number, number); where tshark
    fails, that is the complaint, and the other items go on."""
    def attempt(item):
        try:
            return work(item)
        except (Failed, subprocess.TimeoutExpired, ValueError, SyntaxError) as error:
            return [f"{getattr(item, 'name', item)}: {type(error).__name__}: {error}"], 0, 0

    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return list(pool.map(attempt, items))


def main(check, description, *more_arguments, as_installed=False):
    """Runs check(tshark, arguments) -> complaints, prints them, and exits accordingly. More arguments
    than --plugin and --only: (name, keywords for add_argument). as_installed is for Tshark()."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--plugin", required=True, help="seamark.so as built")
    parser.add_argument("--only", default="", help="only captures whose name has this in it")
    for name, keywords in more_arguments:
        parser.add_argument(name, **keywords)
    given = parser.parse_args()
    try:
        with Tshark(given.plugin, as_installed=as_installed) as tshark:
            complaints = check(tshark, given)
    except Unfit as unfit:
        sys.exit(f"error: {unfit}")
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
