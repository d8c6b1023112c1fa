# SPDX-License-Identifier: GPL-2.0-or-later
"""An honest client among the others, as a process of its own: says "ready", asks again and again until
its standard input ends, then prints how many answers it had and the ms of the slowest. Each must be as the first.

usage: probe.py PORT TARGET"""

import select
import socket
import sys
import time

from served import read_all, request


def get():
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60) as client:
        client.sendall(request(sys.argv[2], "Connection: close"))
        return read_all(client)


first, count, slowest = get(), 0, 0.0
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.05)[0]:
    begin = time.monotonic()
    assert get() == first, "another answer"
    slowest, count = max(slowest, time.monotonic() - begin), count + 1
print(count, round(slowest * 1000))
