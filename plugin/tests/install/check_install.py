#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`./run install` and `./run uninstall`, for a user and for the system: Wireshark loads the plugin, lists
the interface "Seamark lab" and has the profile, the emitter runs; afterwards nothing of it is left.

The script runs in a tree of its own with what was built, where `cmake` does nothing. For a user: with a
HOME of its own, as nobody where this is root. For the system: as root, with a file system laid over
/usr that only these commands see; where that cannot be made, it is skipped with the reason.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
PACKAGES = ("g++", "cmake", "ninja-build", "wireshark-dev", "libgcrypt20-dev", "libcli11-dev", "libssl-dev", "zlib1g-dev",
            "libbrotli-dev", "libzstd-dev", "tshark")
NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
AS_ROOT = os.geteuid() == 0


def make_tree(tree, build):
    """What ./run needs of a tree that was built: itself, the profile, the products."""
    shutil.copy(TOP / "run", tree)
    shutil.copytree(TOP / ".ci", tree / ".ci")
    shutil.copytree(TOP / "plugin/profile", tree / "plugin/profile")
    products = tree / "build/release"
    for product in ("plugin/epan/seamark.so", "bin/seamark", "lib/libseamark_trace.so"):
        (products / product).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(build / product, products / product)
    cache = "".join(line + "\n" for line in (build / "CMakeCache.txt").read_text().splitlines()
                    if line.startswith("Wireshark_DIR:"))
    (products / "CMakeCache.txt").write_text(f"{cache}CMAKE_HOME_DIRECTORY:INTERNAL={tree}\n")
    (tree / "no-build").mkdir()
    (tree / "no-build/cmake").write_text("#!/bin/sh\nexit 0\n")
    (tree / "no-build/cmake").chmod(0o755)
    shutil.copy(TOP / "test-captures/labs/nagle.pcapng", tree)
    (tree / "home").mkdir()


class Place:
    """Somewhere that Seamark is installed: how commands are run there."""

    def __init__(self, tree, scope, bindir, before):
        self.tree, self.scope, self.bindir, self.before = tree, scope, bindir, before
        self.complaints = []

    def sh(self, script, **more):
        environment = {"PATH": f"{self.tree}/no-build:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "HOME": str(self.tree / "home"), "LC_ALL": "C.UTF-8", "TREE": str(self.tree), **more}
        return subprocess.run([*self.before, "sh", "-c", script], env=environment, cwd=self.tree, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=200)

    def expect(self, what, true, done=None):
        if not true:
            told = f":\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}" if done else ""
            self.complaints.append(f"--{self.scope}: {what}{told}")

    def seen(self):
        """What tshark has of Seamark: the plugin, the interface, the profile."""
        plugin = "seamark.so" in self.sh("tshark -G plugins").stdout
        interface = "Seamark lab" in self.sh("tshark -D").stdout
        # With the profile, and with no other, a row has its segment's cause.
        row = self.sh("tshark -C Seamark -r nagle.pcapng -Y frame.number==35 -T tabs").stdout.split("\t")
        profile = "nagle" in [cell.strip() for cell in row]
        return plugin, interface, profile


def demo_line(place, when):
    """The command line that ./run demo ends with, for tshark: one plugin, the profile, and a folder's name that
    a shell would cut."""
    made = place.sh("""
        folder="$TREE/home/it's a demo"; plugin=build/release/plugin/epan/seamark.so
        built=$(tshark --version | sed -n '1s/[^0-9]*\\([0-9]*[.][0-9]*\\).*/\\1/p')
        is_root() { [ "$(id -u)" = 0 ]; }
        . .ci/install.sh && . .ci/plugin.sh && . .ci/demo.sh && . .ci/say.sh || exit
        stage_plugin "$folder" && cp nagle.pcapng "$folder/demo.pcapng" && wireshark_line "$folder" """)
    place.expect(f"{when} the demo has no line for Wireshark", made.returncode == 0, made)
    seen = place.sh(made.stdout.replace("wireshark -C", "tshark -C").strip() + " -Y frame.number==35 -T tabs")
    # Root's tshark ignores WIRESHARK_PLUGIN_DIR, so that before an installation it has no plugin.
    if place.before or os.geteuid() != 0 or when != "before install":
        place.expect(f"{when} the demo's line has no plugin or no profile",
                     "nagle" in [cell.strip() for cell in seen.stdout.split("\t")], seen)
    place.expect(f"{when} the demo's line finds two plugins", "multiple" not in seen.stderr, seen)
    place.sh("rm -rf \"$TREE/home/it's a demo\"")


def learn(place):
    """README's lines for who begins, as they stand there: they install, make a capture, explain a merge."""
    lines = re.search(r"<!-- run test: learn -->\n```sh\n(.+?)^```$", (TOP / "README.md").read_text(), re.M | re.S)
    place.expect("README.md has no `sh` block after the mark 'run test: learn'", lines)
    if not lines:
        return
    if place.sh("unshare -Urn true").returncode != 0:
        print(f"--{place.scope}: README's lines are skipped: no network namespace can be made here")
        return
    folder = place.tree / "home/learn"
    done = place.sh(f"set -e\nmkdir '{folder}'\n{lines[1]}".replace("-o nagle.pcapng", f"-o {folder}/nagle.pcapng")
                    .replace("-r nagle.pcapng", f"-r {folder}/nagle.pcapng"))
    place.expect(f"README's lines ended with {done.returncode}", done.returncode == 0, done)
    place.expect("README's lines did not explain Nagle's algorithm", "Nagle" in done.stdout, done)
    place.sh(f"rm -rf '{folder}'")


def cycle(place):
    """Install twice (an upgrade), look, uninstall, look."""
    if place.seen() != (False, False, False):
        print(f"--{place.scope} is skipped: Seamark is installed on this machine already")
        return
    demo_line(place, "before install")
    for _ in range(2):
        done = place.sh(f"./run install --{place.scope}")
        place.expect(f"install ended with {done.returncode}", done.returncode == 0, done)
    place.expect(f"plugin, interface, profile were {place.seen()} after install", place.seen() == (True, True, True))
    demo_line(place, "after install")
    learn(place)
    emitter = place.sh(f"{place.bindir}/seamark lab --list")
    place.expect("the emitter does not run", emitter.stdout.startswith("one-to-one"), emitter)
    traced = place.sh(f"{place.bindir}/seamark trace -o home/events.pcapng -- true && rm home/events.pcapng")
    place.expect("the emitter does not find its library", traced.returncode == 0, traced)
    done = place.sh(f"./run uninstall --{place.scope}")
    place.expect(f"uninstall ended with {done.returncode}", done.returncode == 0, done)
    place.expect(f"plugin, interface, profile were {place.seen()} after uninstall",
                 place.seen() == (False, False, False))
    again = place.sh(f"./run uninstall --{place.scope}")
    place.expect("a second uninstall did not say that nothing is there",
                 again.returncode != 0 and "nothing of ./run install" in again.stderr, again)


def for_a_user(tree):
    place = Place(tree, "user", tree / "home/.local/bin", NOBODY if AS_ROOT else [])
    cycle(place)
    left = [str(path.relative_to(tree / "home")) for path in (tree / "home").rglob("*") if not path.is_dir()]
    place.expect(f"left in HOME: {left}", not left)
    return place.complaints


def for_the_system(tree):
    """All in one namespace, since the layer over /usr is gone with it."""
    layer = tree / "layer"
    layer.mkdir()
    place = Place(tree, "system", "/usr/local/bin", ["unshare", "-m", "sh", "-c", """
        mount -t tmpfs seamark "$TREE/layer" && mkdir "$TREE/layer/upper" "$TREE/layer/work" &&
        mount -t overlay -o "lowerdir=/usr,upperdir=$TREE/layer/upper,workdir=$TREE/layer/work" seamark /usr || exit
        exec "$@" """, "layered"])
    tried = place.sh("true")
    if tried.returncode != 0:  # in a chroot unshare itself refuses: / is no mount there
        print(f"--system is skipped: no layer over /usr can be made here: {tried.stderr.strip()}")
        return []
    # In it this script runs itself: what one command installs, the next is to find.
    done = place.sh(f"exec {sys.executable} -B {__file__} --inside {tree}")
    if done.returncode == 0:
        print(done.stdout.strip())
        return []
    return [line for line in done.stdout.splitlines() + done.stderr.splitlines() if line]


def inside(tree):
    place = Place(tree, "system", "/usr/local/bin", [])
    cycle(place)
    upper = tree / "layer/upper"
    # Python's and fontconfig's caches are not ours.
    left = [str(path.relative_to(upper)) for path in upper.rglob("*")
            if path.is_file() and "seamark" in str(path).lower()]
    place.expect(f"left in /usr: {left}", not left)
    return place.complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", help="the folder of the release build")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        complaints = inside(Path(given.inside))
        print(*complaints, sep="\n")
        sys.exit(bool(complaints))
    missing = [name for name in PACKAGES if "installed" not in subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True, text=True).stdout.split()]
    if not shutil.which("dpkg-query") or missing:
        print(f"skipped: ./run install would ask for packages: {' '.join(missing)}")
        sys.exit(77)
    complaints = []
    for check in (for_a_user, for_the_system):
        if check is for_the_system and not AS_ROOT:
            print("--system is skipped: it needs root")
            continue
        with tempfile.TemporaryDirectory(prefix="seamark-install-") as folder:
            tree = Path(folder)
            make_tree(tree, Path(given.build))
            tree.chmod(0o755)
            if AS_ROOT and check is for_a_user:
                subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
            complaints += check(tree)
    print(*complaints, sep="\n")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
