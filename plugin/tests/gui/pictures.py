#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the pictures of docs/images that a screen has (./run gui pictures): Wireshark's windows with the plugin and the
profile, on a headless screen, and the emitter's page in a browser. Look at each before it is committed.

usage: pictures.py --plugin SEAMARK.SO --seamark SEAMARK [--to FOLDER] [NAME...]
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "emitter/tests/page"))

import browser as chromium  # noqa: E402
import check_page  # noqa: E402
from check_gui import Wireshark, has_menus  # noqa: E402
from desktop import Desktop, Trouble, missing, skip_or_fail  # noqa: E402

CAPTURE = TOP / "test-captures/labs/nagle.pcapng"
FRAME = 35  # merged by Nagle's algorithm
SETTLED = 3  # equal pictures in a row, half a second apart


def settle(desktop, window):
    """A window that is drawn in parts, and told nothing when it is done."""
    last, same = None, 0

    def still():
        nonlocal last, same
        now = desktop.colours(window)
        same = same + 1 if now == last else 0
        last = now
        time.sleep(0.5)
        return same >= SETTLED
    desktop.until("a window that stays as it is", still)


def taken(desktop, window, file):
    """Few colours, as Wireshark has: the file is small."""
    settle(desktop, window)
    desktop.picture(file, window)
    subprocess.run(["mogrify", "-strip", "+dither", "-colors", "100", file], check=True)


def opened(desktop, frame, size=(1380, 860)):
    wireshark = Wireshark(desktop, "-r", str(CAPTURE), "-g", str(frame))
    main = desktop.window(f"^{CAPTURE.name}")
    desktop.run("xdotool", "windowmove", main, "0", "0", "windowsize", main, *map(str, size))
    settle(desktop, main)
    return wireshark, main


def tree(desktop, main, *keys):
    """Keys in the packet's tree, from its last entry, which is Seamark's."""
    desktop.focus(main)
    desktop.click(main, 100, 560)
    desktop.keys("End", *keys)
    desktop.run("xdotool", "click", "--repeat", "40", "6")  # a wheel to the left: keys have moved it to the right


def overview(desktop, folder):
    """The packet that was merged, its tree, and one write's bytes."""
    _, main = opened(desktop, FRAME)
    tree(desktop, main, "Right", "Down", "Right", *["Down"] * 10, "Right")
    taken(desktop, main, f"{folder}/wireshark.png")


def profile(desktop, folder):
    """Colours of the packet list."""
    _, main = opened(desktop, FRAME + 1, (1380, 782))
    taken(desktop, main, f"{folder}/profile.png")


def explain(desktop, folder):
    if not has_menus():
        print("explain.png: Wireshark 4.4 or newer has no such window")
        return
    wireshark, main = opened(desktop, FRAME)
    desktop.focus(main)
    wireshark.tools(main, 1)
    wireshark.answer("Seamark: explain a frame")
    window = desktop.window(f"frame {FRAME} explained")
    desktop.run("xdotool", "windowsize", window, "900", "800")
    taken(desktop, window, f"{folder}/explain.png")


PICTURES = {"wireshark": overview, "profile": profile, "explain": explain}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seamark", required=True)
    parser.add_argument("--to", default=str(TOP / "docs/images"))
    parser.add_argument("names", nargs="*", default=[*PICTURES])
    given = parser.parse_args()
    if packages := missing():
        skip_or_fail(f"skipped: this needs {', '.join(packages)} (./run gui installs them)")
    for name in given.names:
        with Desktop(given.plugin, TOP / "plugin/profile/Seamark") as desktop:
            PICTURES[name](desktop, given.to)
            print(name)


if __name__ == "__main__":
    main()
