# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark doctor` in homes made for it, with the tshark of this machine: each case is a state that people get into.

usage: live.py SEAMARK PLUGIN"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TREE / "plugin/tests/docs"))
try:
    import schemas
except ImportError:
    print("skipped: no JSON Schema validator: apt install python3-jsonschema")
    sys.exit(77)

PROFILE = TREE / "plugin/profile/Seamark"


class Home:
    """A user's home, and a folder in the system's place, readable for the user that tshark is run as."""

    def __init__(self, program, plugin, series):
        self.folder = Path(tempfile.mkdtemp(prefix="seamark-doctor-"))
        self.folder.chmod(0o755)
        self.system = self.folder / "system"
        (self.system / series / "epan").mkdir(parents=True)
        # Where no other user can read it, whatever the tree's own folder is.
        (self.folder / "bin").mkdir()
        (self.folder / "lib").mkdir()
        self.program = shutil.copy(program, self.folder / "bin/seamark")
        shutil.copy(Path(program).parents[1] / "lib/libseamark_trace.so", self.folder / "lib")
        self._plugin, self.series = plugin, series

    def put(self, place, series=None):
        """The plugin into a folder of the user's or of the system's."""
        base = self.system if place == "system" else self.folder / ".local/lib/wireshark/plugins"
        target = base / (series or self.series) / "epan"
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._plugin, target / "seamark.so")
        return target / "seamark.so"

    def ask(self, *arguments, as_root=False):
        """Exit status and output of seamark doctor."""
        drop = [] if as_root or os.geteuid() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                       "WIRESHARK_PLUGIN_DIR": str(self.system)}
        ended = subprocess.run([*drop, self.program, "doctor", *arguments], env=environment, capture_output=True,
                               stdin=subprocess.DEVNULL, cwd="/", timeout=120)
        return ended.returncode, ended.stdout.decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)


def main():
    """Runs the cases and says what is not as it should be."""
    program, plugin = map(Path, sys.argv[1:3])
    tshark = shutil.which("tshark")
    if not tshark:
        print("skipped: tshark is not installed: apt install tshark")
        return 77
    version = subprocess.run([tshark, "--version"], capture_output=True, text=True).stdout
    series = re.search(r"(\d+\.\d+)\.", version)[1]
    schema, complaints = schemas.Schema("doctor"), []

    def case(name, expected, *arguments, prepare=lambda home: None, as_root=False, words=False):
        with Home(program, plugin, series) as home:
            prepare(home)
            status, text = home.ask("--json", *arguments, as_root=as_root)
            answer = schemas.loads(text)
            found = {check["check"]: check for check in answer["checks"]}
            wrong = schema.fault(answer)
            if wrong:
                complaints.append(f"{name}: {wrong}")
            for check, (state, words) in expected.items():
                if found[check]["state"] != state or words not in found[check]["text"]:
                    complaints.append(f"{name}: {check} is {found[check]}, not {state} with {words!r}")
            any_wrong = any(check["state"] == "wrong" for check in answer["checks"])
            if status != any_wrong or answer["ok"] == any_wrong:
                complaints.append(f"{name}: status {status}, ok {answer['ok']}, something wrong: {any_wrong}")
            if not words:
                return
            lines = home.ask(*arguments, as_root=as_root)[1].splitlines()
            told = [line.split()[:2] for line in lines]
            if told != [[check["state"], check["check"]] for check in answer["checks"]]:
                complaints.append(f"{name}: words are not those of the JSON: {told}")

    well = {"wireshark": ("ok", "Wireshark " + series), "plugin": ("ok", "seamark.so"), "series": ("ok", series),
            "copies": ("ok", "one"), "trace": ("ok", "")}
    case("system's plugin", well, prepare=lambda home: home.put("system"), words=True)
    case("own plugin", well, prepare=lambda home: home.put("user"))
    case("missing", {"plugin": ("wrong", "no seamark.so"), "copies": ("ok", "none")})
    case("twice", {"copies": ("wrong", "found 2 times")},
         prepare=lambda home: (home.put("user"), home.put("system")))
    case("of another series", {"plugin": ("wrong", "no seamark.so"), "series": ("wrong", "9.8")},
         prepare=lambda home: home.put("user", "9.8"))
    case("no library", {"trace": ("wrong", "libseamark_trace.so")},
         prepare=lambda home: (home.put("user"), (home.folder / "lib/libseamark_trace.so").unlink()))
    case("broken file", {"plugin": ("wrong", "not loaded")},
         prepare=lambda home: home.put("user").write_bytes(b"no library"))
    case("no tshark", {"wireshark": ("wrong", "cannot be run"), "plugin": ("wrong", "no Wireshark")},
         "--tshark", "/nonexistent/tshark", prepare=lambda home: home.put("user"))
    case("no Wireshark under that name", {"wireshark": ("wrong", "told no version")}, "--tshark", "true")
    case("hostile name", {"wireshark": ("wrong", "cannot be run")}, "--tshark", "/a\n\x1b[31m", words=True)

    def with_profile(home, changed):
        home.put("user")
        folder = home.folder / ".config/wireshark/profiles/Seamark"
        shutil.copytree(PROFILE, folder)
        if changed:
            (folder / "colorfilters").write_text("# mine\n")
    case("profile", {"profile": ("ok", "Seamark")}, prepare=lambda home: with_profile(home, False))
    case("changed profile", {"profile": ("limited", "colorfilters")}, prepare=lambda home: with_profile(home, True))
    if os.geteuid() == 0:
        case("root", {"root": ("wrong", "ignores personal"), "plugin": ("wrong", "not loaded")},
             prepare=lambda home: home.put("user"), as_root=True)

    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
