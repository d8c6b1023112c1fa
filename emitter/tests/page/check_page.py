#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emitter's page in a real browser: a transfer by keyboard, its writes against its pieces.

usage: check_page.py SEAMARK [--pictures FOLDER]

What the page says is held against what the server logged and what the query asked for. Ends with
status 77 (skipped) where there is no Chromium, but in CI with 1.
"""
import argparse
import os
import re
import subprocess
import sys
import time

from browser import Browser, missing

PATIENCE = 60  # seconds, for a machine that has other work


class Page:
    def __init__(self, browser, base):
        self.browser = browser
        self.base = base
        browser.go("about:blank")
        browser.requests()  # of the browser's own first tab
        browser.go(base)

    def text(self, name):
        return self.browser.run("return document.getElementById(arguments[0]).textContent", name)

    def wait_for(self, pattern):
        """The match of the pattern in the status line."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, self.text("status")):
                return found
            time.sleep(0.1)
        raise AssertionError(f"the status line never matched {pattern!r}: {self.text('status')!r}")

    def fill(self, **values):
        self.browser.run("""
            for (const field of document.querySelectorAll("#form [name]")) field.value = "";
            for (const [name, value] of Object.entries(arguments[0])) {
              document.getElementById("f-" + name).value = value;
            }
            document.getElementById("form").dispatchEvent(new Event("input", { bubbles: true }));""",
                         {name.replace("_", "-"): value for name, value in values.items()})

    def send(self):
        self.browser.run("document.querySelector('#form button').focus()")
        self.browser.keys("\ue007")  # Enter

    def lanes(self):
        """{name of a lane over bytes: [bytes, title, time in ms] of each of its pieces}"""
        return self.browser.run("""
            return Object.fromEntries(pictures[0].places.map(({ lane }) => [lane.name, [...lane.begin].map((begin, i) => [
              [begin, lane.end[i]], lane.title(i), lane.time.begin[lane.time.place[i]] / 1e6])]))""")

    def counts(self):
        return {name: len(pieces) for name, pieces in self.lanes().items()}

    def click(self, name, number):
        """In the middle of a piece of a lane over bytes."""
        self.browser.run("""
            const picture = pictures[0];
            const { lane, top } = picture.places.find((place) => place.lane.name === arguments[0]);
            const i = arguments[1];
            const box = picture.canvas.getBoundingClientRect();
            const at = { clientX: box.left + picture.window.x((lane.begin[i] + lane.end[i]) / 2), clientY: box.top + top + 5,
              button: 0, pointerId: 1, bubbles: true };
            picture.canvas.setPointerCapture = () => {};
            for (const type of ["pointerdown", "pointerup"]) picture.canvas.dispatchEvent(new PointerEvent(type, at));""", name, number)

    def colours(self):
        """How many different ones the two pictures have."""
        return self.browser.run("""
            return pictures.map(({ canvas, ctx }) => new Set(new Uint32Array(
              ctx.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)""")


DONE = r"(\d+) writes? carried (\d+) bytes of the body \((\d+) other writes? carried none\)\. " \
       r"They came as (\d+) pieces?, (\d+) bytes\.$"


def check_transfer(page, query, writes, other, size):
    page.fill(**query)
    page.send()
    done = [int(value) for value in page.wait_for(DONE).groups()]
    assert done[:3] == [writes, size, other], (query, done)
    assert done[4] == size, (query, done)
    assert 1 <= done[3] <= size, done
    lanes = page.lanes()  # the status line never says it before the picture shows it
    assert {name: len(pieces) for name, pieces in lanes.items()} == {"writes": writes, "pieces": done[3]}, (done, lanes)
    for name, pieces in lanes.items():
        edges = [0] + [end for (_, end), _, _ in pieces]
        assert [begin for (begin, _), _, _ in pieces] == edges[:-1] and edges[-1] == size, (name, pieces)
    check_joined(lanes)
    assert min(page.colours()) > 8, page.colours()
    return lanes


def check_joined(lanes):
    """Each piece names the writes with its bytes, and is drawn after the last of them; both count from 1."""
    for number, ((begin, end), title, at) in enumerate(lanes["pieces"], 1):
        mine = [(k, when) for k, ((first, last), _, when) in enumerate(lanes["writes"], 1) if first < end and last > begin]
        (first, _), (last, written) = mine[0], mine[-1]
        named = f"of write {first}," if first == last else f"of writes {first} to {last},"
        assert title.startswith(f"piece {number}: ") and named in title, (title, named)
        assert at >= written - 0.001, (title, at, written)


def check_question(page):
    """One click asks it; the fields have what was asked, all others their defaults."""
    page.fill(size="7", split="parts")
    page.browser.run("document.querySelector('#examples a[href*=\"nodelay=1\"]').click()")
    done = [int(value) for value in page.wait_for(DONE).groups()]
    assert done[:3] == [200, 6400, 2], done
    given = page.browser.run("""return Object.fromEntries([...document.querySelectorAll("#form [name]")].filter(
                                (field) => field.value !== "").map((field) => [field.name, field.value]))""")
    assert given == {"writes": "200", "size": "32", "gap": "0", "nodelay": "1"}, given
    current = page.browser.run("return [...document.querySelectorAll('#examples [aria-current]')].map((link) => link.getAttribute('href'))")
    assert current == ["/emit?writes=200&size=32&gap=0&nodelay=1"], current


def check_selection(page):
    """A piece that is selected says its facts, and with which bytes of the other lane it goes; by mouse and by keys."""
    page.click("pieces", 0)
    panel = page.text("panel")
    assert re.search(r"Browser: 1: \d+ bytes", panel) and "Piece 1: " in panel and "Shares its bytes with" in panel, panel
    page.browser.run("pictures[0].canvas.focus()")
    page.browser.keys("\ue013")  # up: what of the lane above has its first byte
    assert "Application: 1: " in page.text("panel"), page.text("panel")
    assert "write 1 of the body" in page.text("said").lower(), page.text("said")


def check_growth(page):
    """While a response is still coming, each further picture of it keeps what is selected and zoomed."""
    page.fill(writes="60", size="32", gap="50ms")
    page.send()
    end = time.monotonic() + PATIENCE
    while not (page.browser.run("return run.drawn") and page.counts().get("writes", 0) >= 3):  # else it is the one before
        assert time.monotonic() < end, (page.counts(), page.text("status"))
        time.sleep(0.02)
    page.click("writes", 1)
    page.browser.run("pictures[0].window.zoom(0.5, pictures[0].window.left)")
    seen = page.browser.run("return [pictures[0].window.first, pictures[0].window.last]")
    chosen = page.counts()["writes"]
    done = page.wait_for(DONE)
    assert done[1] == "60" and page.counts()["writes"] == 60 > chosen, (done[0], chosen)
    assert re.search(r"Application: 2: 32 bytes", page.text("panel")), page.text("panel")
    later = page.browser.run("return [pictures[0].window.first, pictures[0].window.last]")
    assert all(abs(a - b) < 0.01 for a, b in zip(seen, later)), (seen, later)


def check_superseded(page):
    """Of two that are asked for one after the other the page says how the later ends."""
    page.fill(writes="1000", gap="50ms")
    page.send()
    page.wait_for("Sending")
    page.fill(writes="2", gap="300ms")
    page.send()
    said = [page.text("status")]
    while not re.search(DONE, said[-1]):
        time.sleep(0.02)
        said.append(page.text("status"))
        assert said[-1].startswith("Sending") or said[-1].startswith("2 writes "), said


def check(base, pictures):
    with Browser() as browser:
        page = Page(browser, base)
        names = browser.run("return [...document.querySelectorAll('#form [name]')].map((f) => f.name)")
        table = browser.run("""return [...document.querySelectorAll("#parameters td:first-child")]
                               .map((cell) => cell.textContent)""")
        # report= is for the page itself; record= cuts TLS records, and this server is in clear.
        assert {"report", "record"} < set(table) and len(names) > 15, (names, table)
        assert set(names) == set(table) - {"report", "record"}, (names, table)
        knobs = browser.run("""return [...document.querySelectorAll("#form [name]")].filter((field) => field.checkVisibility())
                               .map((field) => field.name)""")
        assert sorted(knobs) == ["events", "gap", "nodelay", "size", "writes", "writes-per-chunk"], knobs
        unlabelled = browser.run("""
            return [...document.querySelectorAll("input, select, textarea, button")].filter(
              (field) => field.tagName !== "BUTTON" && field.labels.length !== 1).map((f) => f.name)""")
        assert unlabelled == [], unlabelled

        check_transfer(page, {"writes": "5", "size": "40", "gap": "60ms"}, 5, 2, 200)
        assert page.text("address") == "/emit?writes=5&size=40&gap=60ms", page.text("address")
        if pictures:
            check_transfer(page, {"writes": "40", "size": "64", "gap": "0"}, 40, 2, 2560)
            browser.screenshot(f"{pictures}/page-lanes.png")
        check_question(page)
        check_selection(page)
        check_growth(page)
        check_superseded(page)
        check_transfer(page, {"writes": "300", "size": "32", "gap": "0"}, 300, 2, 9600)
        check_transfer(page, {"writes": "4", "gap": "0", "framing": "close", "head": "joined"}, 4, 0, 128)
        check_transfer(page, {"writes": "4", "gap": "0", "split": "parts"}, 4, 10, 128)

        page.fill(coding="gzip", size="1000", writes="3", gap="0")
        page.send()
        page.wait_for(r"3 writes carried .* 3000 bytes\. The pieces are what gzip was taken out of")
        # Compressed bytes and those taken out of them are not drawn as the same bytes.
        assert page.counts() == {"writes": 3}, page.counts()
        assert browser.run("return pictures[1].places.map(({ lane }) => lane.name)") == ["writes", "pieces"]
        page.click("writes", 0)
        assert "Shares its bytes" not in page.text("panel"), page.text("panel")

        page.fill(size="0")
        page.send()
        page.wait_for(r'Parameter "size" has the value "0"')
        assert browser.run("return document.getElementById('status').className") == "bad"

        page.fill()
        browser.run("document.getElementById('by-plan').open = true;"
                    "document.getElementById('plan').value = 'write 10 5; write \"abc\"';"
                    "document.getElementById('send-plan').click()")
        assert page.wait_for(DONE)[2] == "18"
        browser.run("document.getElementById('plan').value = 'wrong';"
                    "document.getElementById('send-plan').click()")
        page.wait_for("plan:1:1: expected write, event, comment, wait")

        page.fill(writes="1000", gap="50ms")
        page.send()
        page.wait_for("Sending")
        browser.run("document.getElementById('stop').click()")
        page.wait_for(r"Stopped after \d+ bytes")

        elsewhere = [url for url in browser.requests() if not url.startswith((base, "data:"))]
        assert elsewhere == [], elsewhere
        # A refusal is in the console by the browser's own doing, and that this test looks at pixels.
        errors = [entry["message"] for entry in browser.logs("browser")
                  if "status of 400" not in entry["message"] and "willReadFrequently" not in entry["message"]]
        assert errors == [], errors


def check_dark(base, pictures):
    """Light text on a dark page where the browser prefers that, and figures on blocks still dark."""
    with Browser(dark=True) as browser:
        page = Page(browser, base)
        check_transfer(page, {"writes": "8", "size": "64", "gap": "30ms"}, 8, 2, 512)
        text, ground = (browser.run("return getComputedStyle(document.body)[arguments[0]]", name)
                        for name in ("color", "backgroundColor"))
        brightness = [sum(int(part) for part in re.findall(r"\d+", colour)[:3]) for colour in (text, ground)]
        assert brightness[0] > 600 and brightness[1] < 100, (text, ground)
        if pictures:
            browser.screenshot(f"{pictures}/page-dark.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seamark")
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    if name := missing():
        print(f"skipped: {name} is not installed (./run gui installs it)")
        return 1 if os.environ.get("CI") else 77  # CI is to have it
    server = subprocess.Popen([arguments.seamark, "serve", "--port", "0", "--quiet"],
                              stdout=subprocess.PIPE, text=True)
    try:
        base = re.search(r"http://\S+/", server.stdout.readline())[0]
        check(base, arguments.pictures)
        check_dark(base, arguments.pictures)
    finally:
        server.terminate()
        server.wait()
    print("the page shows what was written and what came")
    return 0


if __name__ == "__main__":
    sys.exit(main())
