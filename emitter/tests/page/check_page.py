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

    def rows(self):
        return self.browser.run("""
            return [...document.querySelectorAll("#rows tr")].map(
              (row) => [...row.cells].map((cell) => cell.textContent))""")

    def wait_for_lanes(self, expected):
        """The picture follows the status line at the browser's leisure."""
        end = time.monotonic() + 10
        while (found := {kind: self.blocks(kind) for kind in expected}) != expected:
            assert time.monotonic() < end, (found, expected)
            time.sleep(0.05)

    def blocks(self, kind):
        return self.browser.run(
            "return document.querySelectorAll('#lanes rect.' + arguments[0]).length", kind)


DONE = r"(\d+) writes carried (\d+) bytes of the body \((\d+) other writes? carried none\)\. " \
       r"They came as (\d+) pieces?, (\d+) bytes\.$"


def check_transfer(page, query, writes, other, size):
    page.fill(**query)
    page.send()
    done = [int(value) for value in page.wait_for(DONE).groups()]
    assert done[:3] == [writes, size, other], (query, done)
    assert done[4] == size, (query, done)
    assert 1 <= done[3] <= size, done
    page.wait_for_lanes({"write": writes, "piece": done[3]})
    rows = page.rows()
    assert len(rows) == done[3] and sum(int(row[3]) for row in rows) == size
    assert "not reported" not in str(rows), rows
    return rows


def check(base, pictures):
    with Browser() as browser:
        page = Page(browser, base)
        names = browser.run("return [...document.querySelectorAll('#form [name]')].map((f) => f.name)")
        table = browser.run("""return [...document.querySelectorAll("h2 ~ .scroll table td:first-child")]
                               .map((cell) => cell.textContent)""")
        # report= is for the page itself; record= cuts TLS records, and this server is in clear.
        assert {"report", "record"} < set(table) and len(names) > 15, (names, table)
        assert set(names) == set(table) - {"report", "record"}, (names, table)
        unlabelled = browser.run("""
            return [...document.querySelectorAll("input, select, textarea, button")].filter(
              (field) => field.tagName !== "BUTTON" && field.labels.length !== 1).map((f) => f.name)""")
        assert unlabelled == [], unlabelled

        check_transfer(page, {"writes": "5", "size": "40", "gap": "60ms"}, 5, 2, 200)
        assert page.text("address") == "/emit?writes=5&size=40&gap=60ms", page.text("address")
        if pictures:
            browser.run("document.getElementById('try').scrollIntoView()")
            browser.screenshot(f"{pictures}/page-form.png")
            check_transfer(page, {"writes": "40", "size": "64", "gap": "0"}, 40, 2, 2560)
            browser.run("document.getElementById('seen').scrollIntoView()")
            browser.screenshot(f"{pictures}/page-lanes.png")
        check_transfer(page, {"writes": "300", "size": "32", "gap": "0"}, 300, 2, 9600)
        check_transfer(page, {"writes": "4", "gap": "0", "framing": "close", "head": "joined"}, 4, 0, 128)
        check_transfer(page, {"writes": "4", "gap": "0", "split": "parts"}, 4, 10, 128)

        page.fill(coding="gzip", size="1000", writes="3", gap="0")
        page.send()
        page.wait_for(r"3 writes carried .* 3000 bytes\. The pieces are what gzip was taken out of")

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
        # A refusal is in the console by the browser's own doing.
        errors = [entry["message"] for entry in browser.logs("browser")
                  if "status of 400" not in entry["message"]]
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
