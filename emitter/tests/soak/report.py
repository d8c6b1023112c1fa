# SPDX-License-Identifier: GPL-2.0-or-later
"""What the parts of the soak test share: how large it is to be, what they ask for, how they report."""

import os
import sys

from served import wait_until

seamark, short, sanitized = os.path.abspath(sys.argv[1]), "--short" in sys.argv, "--sanitized" in sys.argv
SMALL = "/emit?writes=2&size=32&gap=0&framing=length"
LONG = "/emit?writes=100000&size=100&gap=1ms"
CLOSE = b"Connection: close\r\n"


def say(what, result):
    print(f"{what + ':':22} {result}", flush=True)


def bounded(memory, limit, what):
    assert sanitized or memory <= limit, f"{what}: {memory} KiB more, {limit} at most"


def log_count(server, count, *parts):
    def found():
        return len(server.log(*parts))

    def what():
        others = [line for line in server.log() if not any(part in line for part in parts) and " 200 " not in line]
        return f"{count} log lines with {parts}, of which there are {found()}; the last others: {others[-5:]}"

    wait_until(lambda: found() >= count, what)
    assert found() == count, f"{found()} log lines with {parts}, not {count}"
