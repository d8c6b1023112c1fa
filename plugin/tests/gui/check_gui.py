#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's own windows with the plugin and the profile, on a headless screen (Xvfb): rules colour
rows, menus open what they name, the texts in the windows are right, nonsense is answered with a
sentence, and after reloading, filtering and closing Wireshark still runs and ends well.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from desktop import Desktop, Trouble, missing, skip_or_fail

TOP = Path(__file__).resolve().parents[3]
CAPTURE = TOP / "test-captures/merged-writes.pcapng"
# As in the profile's colorfilters, of which a screen shows the upper 8 bits.
WIDTH = 1100  # of a window, in pixels: about the least in which people work
MERGED, COMPLETE = "#E69F00", "#42B48E"


class Wireshark:
    def __init__(self, desktop, *arguments):
        self.desktop = desktop
        self.process = desktop.start("wireshark", "-C", "Seamark", *arguments)

    def main_window(self, title):
        window = self.desktop.window(title)
        self.desktop.run("xdotool", "windowsize", window, str(WIDTH), "820")
        return window

    def column_widths(self):
        """As Wireshark noted them when it ended; -1: as it likes."""
        noted = (self.desktop.folder / "home/profiles/Seamark/recent").read_text()
        columns = re.search(r"^column\.width:\s*(.*?)\n\s*\n", noted, re.M | re.S)[1]
        return [int(width) for width in re.findall(r", (-?\d+)", columns)]

    def choose(self, window, menu, entry, opened):
        """In a menu's last submenu, Seamark, the entry with this number from 0, which opens a window.
        A menu that is slow to come loses keys; then it is tried again."""
        def attempt():
            self.desktop.focus(window)
            self.desktop.keys(menu, "Up", "Right", *["Down"] * entry, "Return")
            if self.desktop.within(15, lambda: self.desktop.windows(opened)):
                return True
            self.desktop.keys("Escape", "Escape", "Escape")
            return False
        self.desktop.until(f"the window '{opened}'", attempt)

    def tools(self, window, entry):
        titles = ("Seamark: chunk table", "Seamark: explain a frame", "Seamark: lanes of a stream", None, "Seamark: save the lanes")
        self.choose(window, "alt+t", entry, titles[entry])

    def page(self, window, entry):
        """What the entry of the menu Tools hands to the browser, which is a program of the test's (open_with)."""
        noted = self.desktop.folder / "home/opened"
        noted.unlink(missing_ok=True)

        def attempt():
            self.desktop.focus(window)
            self.desktop.keys("alt+t", "Up", "Right", *["Down"] * entry, "Return")
            if self.desktop.within(15, noted.exists):
                return noted.read_text().strip()
            self.desktop.keys("Escape", "Escape", "Escape")
            return None
        return Path(self.desktop.until("a page in the browser", attempt).removeprefix("file://"))

    def answer(self, dialog, *fields):
        """Fills a dialog's first fields, where any are given, and closes it with Return, which is OK."""
        window = self.desktop.window(dialog)

        def attempt():
            if not self.desktop.windows(dialog):
                return True
            self.desktop.focus(window)
            if fields:
                self.desktop.click(window, -40, 24)  # the first field, on the right of its name
            for number, text in enumerate(fields):
                self.desktop.keys(*["Tab"] * min(number, 1), "ctrl+a")
                self.desktop.type(text)
            self.desktop.keys("Return")
            return self.desktop.within(10, lambda: not self.desktop.windows(dialog))
        self.desktop.until(f"an answer to '{dialog}'", attempt)

    def text_of(self, title):
        """The text in a window, by way of the clipboard; the window is closed."""
        window = self.desktop.window(title)

        def copy():
            self.desktop.focus(window)
            self.desktop.click(window, 60, 60)
            self.desktop.keys("ctrl+a", "ctrl+c")
            return self.desktop.copied()
        text = self.desktop.until(f"the text of '{title}'", copy)
        self.desktop.keys("Escape")
        self.desktop.gone(title)
        return text

    def alive(self):
        if self.process.poll() is not None:
            raise Trouble(f"Wireshark ended with {self.process.returncode}")


def has_menus():
    """Before 4.4, whose windows are not safe to open (plugin/epan/platform/wireshark.hpp)."""
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True).stdout
    major, minor = re.search(r"(\d+)\.(\d+)\.", version).groups()
    return (int(major), int(minor)) < (4, 4)


def expect(complaints, what, text, *parts):
    complaints += [f"{what} has no '{part}', but: {text[:600]}" for part in parts if part not in text]


def check_capture(desktop, complaints):
    wireshark = Wireshark(desktop, "-r", str(CAPTURE))
    main = wireshark.main_window(f"^{CAPTURE.name}")

    def coloured():
        colours = desktop.colours(main)
        return colours if colours.get(MERGED, 0) > 1000 and colours.get(COMPLETE, 0) > 1000 else None
    desktop.until("rows in the colours of the profile's rules", coloured)

    # Of the selected packet: Tools are not told which that is.
    desktop.focus(main)
    desktop.keys("ctrl+Home", *["ctrl+Down"] * 7)
    page = wireshark.page(main, 3 if has_menus() else 0)
    expect(complaints, "the page", page.read_text(), '"frame":8,', '"kind":"response"', "</html>")
    if page.stat().st_mode & 0o077:
        complaints.append(f"others may read {page}: {page.stat().st_mode:o}")
    page.unlink()
    if not has_menus():
        print("Wireshark 4.4 or newer: Tools, Seamark has the page alone, see docs/lanes.md")
        return
    # The selected packet is what a dialog begins with, and Return is OK.
    desktop.focus(main)
    desktop.keys("ctrl+Home", *["ctrl+Down"] * 7)
    wireshark.tools(main, 1)
    wireshark.answer("Seamark: explain a frame")
    explained = wireshark.text_of("frame 8 explained")
    if (longest := max(map(len, explained.splitlines()))) > 72:
        complaints.append(f"a line of {longest} columns is wider than the window: {explained}")
    expect(complaints, "explain 8", explained, "Frame 8: stream 0, the response direction", "chunk 3: size line 20;w=4",
           "2 writes share this segment", "What to try next")
    for nonsense in ("0", "99999999999", "x"):
        wireshark.tools(main, 1)
        wireshark.answer("Seamark: explain a frame", nonsense)
        expect(complaints, f"explain {nonsense}", wireshark.text_of("Seamark: no frame number"),
               f'"{nonsense}" is no frame number')
    wireshark.tools(main, 1)
    wireshark.answer("Seamark: explain a frame", "4000000")
    expect(complaints, "explain 4000000", wireshark.text_of("frame 4000000 explained"),
           "nothing that Seamark reads")

    wireshark.tools(main, 2)
    wireshark.answer("Seamark: lanes of a stream", "0")
    expect(complaints, "lanes", wireshark.text_of("lanes of stream 0"),
           "stream 0, response, exchange 1", "3 hex 20 whole")
    picture = desktop.folder / "home/lanes.svg"
    wireshark.tools(main, 4)
    wireshark.answer("Seamark: save the lanes", "0", str(picture), "time")
    expect(complaints, "save", wireshark.text_of("Seamark: the lanes as"), f"Written: {picture}")
    expect(complaints, "the picture", picture.read_text(), "Time from left to right", "</svg>")

    # Reloaded and filtered, the records are those of the capture as it is now.
    desktop.focus(main)
    desktop.keys("ctrl+r", "ctrl+slash")
    desktop.type("seamark.merged_writes")
    desktop.keys("Return")

    def only_merged():
        colours = desktop.colours(main)
        return colours.get(MERGED, 0) > 1000 and colours.get(COMPLETE, 0) < 100
    desktop.until("rows of merged writes alone", only_merged)
    wireshark.tools(main, 1)
    wireshark.answer("Seamark: explain a frame", "8")
    expect(complaints, "explain after reloading", wireshark.text_of("frame 8 explained"),
           "2 writes share this segment")

    # With the capture closed there is nothing to explain, and nothing to crash on.
    desktop.focus(main)
    desktop.keys("ctrl+w")
    nothing = wireshark.main_window("The Wireshark Network Analyzer")
    wireshark.tools(nothing, 1)
    wireshark.answer("Seamark: explain a frame", "8")
    expect(complaints, "explain nothing", wireshark.text_of("frame 8 explained"), "open a capture")
    wireshark.alive()
    desktop.focus(nothing)
    desktop.keys("ctrl+q")
    desktop.until("the end of Wireshark", lambda: wireshark.process.poll() is not None)
    if wireshark.process.returncode != 0:
        complaints.append(f"Wireshark ended with {wireshark.process.returncode}")
    widths = wireshark.column_widths()
    if min(widths) < 0 or sum(widths) > WIDTH:
        complaints.append(f"the columns are {widths} pixels wide, and the window {WIDTH}")


def check_statistics(desktop, complaints):
    # -z opens the window of a statistic that has one.
    wireshark = Wireshark(desktop, "-r", str(CAPTURE), "-z", "seamark,table")
    main = wireshark.main_window(f"^{CAPTURE.name}")
    table = desktop.window("Seamark Chunks")
    desktop.until("rows in the table", lambda: len(desktop.colours(table)) > 8)
    desktop.focus(table)
    desktop.keys("Escape")
    desktop.gone("Seamark Chunks")
    if has_menus():
        wireshark.tools(main, 0)
        expect(complaints, "the chunk table", wireshark.text_of("Seamark: chunk table"),
               "0       response  1     1     3      20         32        4         8:42")
    wireshark.choose(main, "alt+s", 0, "Counts")
    counts = desktop.window("Counts")
    desktop.until("rows in the counts", lambda: len(desktop.colours(counts)) > 8)
    wireshark.alive()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True, help="seamark.so as built")
    parser.add_argument("--picture", help="where to put a picture of the screen if something does not come")
    given = parser.parse_args()
    if packages := missing():
        skip_or_fail(f"skipped: the GUI tests need {', '.join(packages)} (./run gui installs them)")
    complaints = []
    for check in (check_capture, check_statistics):
        with Desktop(given.plugin, TOP / "plugin/profile/Seamark") as desktop:
            desktop.open_with('printf "%s" "$1" > "$HOME/opened"')
            try:
                check(desktop, complaints)
            except Trouble as trouble:
                if given.picture:
                    desktop.picture(given.picture)
                complaints.append(f"{check.__name__}: {trouble}")
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
