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
    wait_until(lambda: len(server.log(*parts)) >= count, f"{count} log lines with {parts}: {server.log()[-3:]}")
    assert len(server.log(*parts)) == count, f"{len(server.log(*parts))} log lines with {parts}, not {count}"
