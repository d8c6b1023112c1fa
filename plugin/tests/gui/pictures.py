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
ROW = "#8FBDDA"  # ground of the selected row in a list that has no focus, in the style that Qt has on such a screen
WRITE = "#D5EBFB"  # ground of a recorded write, by the profile's colorfilters
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


def taken(desktop, window, file, still=True):
    """Few colours, as Wireshark has: the file is small. still: the window comes to rest."""
    if still:
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


def lab(desktop, seamark, *arguments):
    """Wireshark with the lab in its list of interfaces, as ./run install puts it there."""
    program, extcap = desktop.folder / "seamark", desktop.folder / "home/seamark-lab"
    shutil.copy(seamark, program)
    extcap.write_text(f'#!/bin/sh\nexec "{program}" extcap "$@"\n')
    for path in (program, extcap):
        path.chmod(0o755)
    return Wireshark(desktop, "-i", "seamark-lab", *arguments)


def selected_row(desktop, main, folder):
    """(x, y) of the left end of the row in the list of interfaces that has another ground."""
    file = f"{folder}/.row.png"
    desktop.picture(file, main)
    box = desktop.run("convert", file, "-fill", "white", "+opaque", ROW, "-fill", "black", "-opaque", ROW,
                      "-trim", "-format", "%w %h %X %Y", "info:").split()
    os.unlink(file)
    width, height, x, y = map(int, box)
    if width < 300 or height > 40:
        raise Trouble(f"no row of the list of interfaces has the colour {ROW}: {box}")
    return x, y + height // 2


def lab_interface(desktop, folder, seamark):
    """The list of interfaces, and the dialog of the gear before it."""
    lab(desktop, seamark)
    main = desktop.window("The Wireshark Network Analyzer")
    desktop.run("xdotool", "windowmove", main, "0", "0", "windowsize", main, "1000", "640")
    taken(desktop, main, f"{folder}/lab-interface.png")
    x, y = selected_row(desktop, main, folder)
    desktop.focus(main)
    desktop.click(main, x + 11, y)
    gear = desktop.window("Interface Options")
    desktop.run("xdotool", "windowsize", gear, "600", "400")
    settle(desktop, gear)
    desktop.click(gear, 206, 28)  # the tab for the link
    taken(desktop, gear, f"{folder}/lab-gear.png")


def lab_live(desktop, folder, seamark):
    """The first rows of a live capture."""
    lab(desktop, seamark, "-k", "-o", "extcap.seamark_lab.scenario:nagle")
    main = desktop.window("Seamark lab")
    desktop.run("xdotool", "windowmove", main, "0", "0", "windowsize", main, "1380", "440")
    desktop.until("rows", lambda: desktop.colours(main).get(WRITE, 0) > 1000)
    desktop.focus(main)
    desktop.keys("ctrl+Home")
    time.sleep(2)  # what is captured live never comes to rest
    taken(desktop, main, f"{folder}/lab-live.png", still=False)


def emitter_page(_, folder, seamark):
    """Writes without a pause that came as one piece."""
    server = subprocess.Popen([seamark, "serve", "--port", "0", "--quiet"], stdout=subprocess.PIPE, text=True)
    try:
        with chromium.Browser() as browser:
            page = check_page.Page(browser, re.search(r"http://\S+/", server.stdout.readline())[0])
            browser.devtools("Emulation.setDeviceMetricsOverride", width=1240, height=560, deviceScaleFactor=1, mobile=False)
            check_page.check_transfer(page, {"writes": "40", "size": "64", "gap": "0"}, 40, 2, 2560)
            browser.screenshot(f"{folder}/page.png")
    finally:
        server.terminate()
        server.wait()
    subprocess.run(["mogrify", "-strip", "+dither", "-colors", "100", f"{folder}/page.png"], check=True)


# lab-interface makes lab-gear.png too.
OF_CAPTURES = {"wireshark": overview, "profile": profile, "explain": explain}
OF_PROGRAMS = {"lab-interface": lab_interface, "lab-live": lab_live, "page": emitter_page}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seamark", required=True)
    parser.add_argument("--to", default=str(TOP / "docs/images"))
    parser.add_argument("names", nargs="*", default=[*OF_CAPTURES, *OF_PROGRAMS])
    given = parser.parse_args()
    if packages := missing():
        skip_or_fail(f"skipped: this needs {', '.join(packages)} (./run gui installs them)")
    for name in given.names:
        with Desktop(given.plugin, TOP / "plugin/profile/Seamark") as desktop:
            if name in OF_CAPTURES:
                OF_CAPTURES[name](desktop, given.to)
            else:
                OF_PROGRAMS[name](desktop, given.to, given.seamark)
            print(name)


if __name__ == "__main__":
    main()
