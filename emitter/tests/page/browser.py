# SPDX-License-Identifier: GPL-2.0-or-later
"""A headless Chromium, driven over the WebDriver protocol with nothing but the standard library.

The browser gets a profile of its own that is thrown away, and goes to loopback only.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that the protocol gives elements
SWITCHES = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,1500"]


def missing():
    """The program that is not there, or None."""
    return next((name for name in ("chromium", "chromedriver") if not shutil.which(name)), None)


class Browser:
    def __init__(self, dark=False):
        self.profile = tempfile.mkdtemp(prefix="seamark-chromium-")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        port = None
        for line in self.driver.stdout:
            if found := re.search(r"on port (\d+)", line):
                port = found[1]
            if port and "successfully" in line:
                break
        self.base = f"http://127.0.0.1:{port}/session"
        switches = SWITCHES + [f"--user-data-dir={self.profile}"]
        if os.geteuid() == 0:
            switches.append("--no-sandbox")
        if dark:
            switches.append("--force-dark-mode")
        options = {"binary": shutil.which("chromium"), "args": switches}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        session = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self.base += "/" + session["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        except OSError:
            pass  # it has gone by itself
        self.driver.terminate()
        self.driver.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"WebDriver {method} {path}: {error.read().decode()[:600]}") from None

    def go(self, url):
        self._call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        """A command of Chromium's own protocol (chromedevtools.github.io/devtools-protocol)."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def keys(self, text):
        """Types into what has the focus."""
        element = self._call("GET", "/element/active")[ELEMENT]
        self._call("POST", f"/element/{element}/value", {"text": text})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    def logs(self, kind):
        return self._call("POST", "/se/log", {"type": kind})

    def requests(self):
        """The URLs that were asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.logs("performance")]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]
