# SPDX-License-Identifier: GPL-2.0-or-later
"""A disk that is full, and signals in the middle of responses: what is recorded stays whole, and no
response that was cut looks whole."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "trace"))
import events as recorded  # noqa: E402
from report import LONG, log_count, say, seamark, short  # noqa: E402
from served import Served, read_all, request, wait_until  # noqa: E402


def full_disk():
    folder = tempfile.mkdtemp()
    prefix = ["unshare", "--mount", "--map-root-user", "sh", "-c",
              f"mount -t tmpfs -o size=256k none {folder} && exec \"$@\"", "sh"]
    try:
        if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            say("full disk", "not tried: no mount namespace for this user")
            return
        with Served(seamark, "--events", folder + "/events.pcapng", prefix=prefix) as server:
            for _ in range(20):
                assert len(server.get("/emit?writes=500&size=32&gap=0&framing=length")) > 500 * 32
            wait_until(lambda: server.log("No space left on device"), "a log line of the full disk")
            for _ in range(20):
                assert len(server.get("/emit?writes=500&size=32&gap=0&framing=length")) > 500 * 32
            log_count(server, 1, "No space left on device")
            copy = folder + ".pcapng"
            with open(f"/proc/{server.process.pid}/root{folder}/events.pcapng", "rb") as there, open(copy, "wb") as here:
                here.write(there.read())
            kept = sum(1 for _ in recorded.events(copy))  # says if its last block is not whole
            os.unlink(copy)
            server.end()
            end = server.log("recorded ", "dropped ")[-1]
            assert int(re.search(r"dropped (\d+)", end).group(1)) > 0 and kept > 500, end
        say("full disk", f"40 responses whole, one line of it in the log, {kept} events kept whole; at the end: "
            + end.split(": ")[-1])
    finally:
        os.rmdir(folder)


def stopped(number):
    """By a signal in the middle of many responses: none may look whole to its client."""
    name, count = signal.Signals(number).name, 20 if short else 100
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/events.pcapng"
        with Served(seamark, "--quiet", "--grace", "200ms", "--max-connections", "1000", "--events", path) as server:
            clients = []
            for index in range(count):
                clients.append(server.connect())
                clients[-1].sendall(request(LONG + ("&framing=close" if index % 2 else "")))
                assert clients[-1].recv(400)
            time.sleep(0.3)
            status, cut, ended = server.end(number), 0, 0
            for client in clients:
                try:
                    tail = read_all(client)
                    assert not tail.endswith(b"0\r\n\r\n"), "a response came to its end"
                    ended += 1
                except ConnectionResetError:
                    cut += 1
                client.close()
            found = list(recorded.events(path))
            if number == signal.SIGTERM:
                assert (status, cut) == (0, count), f"status {status}, {cut} of {count} reset"
                assert found[-1].kind == recorded.END and found[-1].taken == 0, found[-1]
                assert len(server.log(": cut after ")) == count, server.log()[-3:]
            else:
                assert status == -signal.SIGKILL and found[-1].kind != recorded.END
            recorded.streams(found)
        say(f"{name} mid-response", f"{count} responses: {cut} reset, {ended} closed by the kernel; {len(found)} events "
            f"in a whole file, offsets without a gap{', and its end record' if number == signal.SIGTERM else ''}")
