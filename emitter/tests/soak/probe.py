# SPDX-License-Identifier: GPL-2.0-or-later
"""An honest client among the others, as a process of its own: says "ready", asks again and again until
its standard input ends, then prints how many answers it had and the ms of the slowest. Each must be as
the first.

usage: probe.py PORT TARGET"""

import select
import socket
import subprocess
import sys
import time

from served import read_all, request


class Probe:
    """An honest client, meanwhile."""

    def __init__(self, server, target):
        self.arguments = [str(server.port), target]

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-B", __file__, *self.arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout.readline() == "ready\n", "the honest client did not begin"

    def __exit__(self, kind, *_):
        said, trouble = self.process.communicate()
        if kind is None:
            assert self.process.returncode == 0, f"the honest client: {trouble}"
            count, slowest = said.split()
            print(f"{'  meanwhile:':22} {count} requests of an honest client answered, the slowest in {slowest} ms",
                  flush=True)


def get():
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60) as client:
        client.sendall(request(sys.argv[2], "Connection: close"))
        return read_all(client)


def main():
    first, count, slowest = get(), 0, 0.0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        begin = time.monotonic()
        assert get() == first, "another answer"
        slowest, count = max(slowest, time.monotonic() - begin), count + 1
    print(count, round(slowest * 1000))


if __name__ == "__main__":
    main()
