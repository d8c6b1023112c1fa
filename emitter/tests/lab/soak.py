#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs `seamark lab` as several kinds of user, stops it at random moments, and at full speed.

After each run: no process of it is left (so no namespace), no file beside its capture; the
capture ends with a whole block, its times never go back, and tshark reads it to the end. Exit
status 0 if all of that held. Needs to be root, to become others.
"""

import argparse
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
# A user namespace in which no further one may be made, as in many containers.
NO_NAMESPACES = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c",
                 'ip link set lo up; echo 0 > /proc/sys/user/max_user_namespaces; '
                 'echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"', "sh"]
USERS = {"user": AS_NOBODY, "root": [], "no namespaces": NO_NAMESPACES}


class Wrong(Exception):
    pass


def read_blocks(path):
    """(packets, times that go back, dropped); raises Wrong where the file does not end with a whole block."""
    data = open(path, "rb").read()
    at = packets = backwards = dropped = last = 0
    while len(data) - at >= 12:
        kind, size = struct.unpack_from("=II", data, at)
        if size < 12 or at + size > len(data):
            break
        if kind == 6:
            high, low = struct.unpack_from("=II", data, at + 12)
            backwards += (high << 32 | low) < last
            last = high << 32 | low
            packets += 1
        if kind == 5:  # options from 20 on: received (4), dropped (5), each 8 bytes
            dropped += struct.unpack_from("=Q", data, at + 20 + 12 + 4)[0]
        at += size
    if at != len(data) or not data:
        raise Wrong(f"{path}: {len(data) - at} bytes behind the last whole block")
    return packets, backwards, dropped


def processes_with(mark):
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and mark in open(f"/proc/{entry}/environ", "rb").read():
                found.append(int(entry))
        except OSError:
            pass
    return found


def gone(mark, seconds=20):
    """Namespaces live as long as a process is in them: the lab mounts none."""
    until = time.monotonic() + seconds
    while processes_with(mark):
        if time.monotonic() > until:
            raise Wrong(f"left behind: processes {processes_with(mark)}")
        time.sleep(0.05)


def lab(program, user, folder, arguments, mark):
    return subprocess.Popen([*USERS[user], program, "lab", "-o", f"{folder}/lab.pcapng", *arguments],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            start_new_session=True, cwd=folder, env={**os.environ, "SEAMARK_MARK": mark})


def one(program, user, folder, arguments, mark, stop=None):
    """One run; what read_blocks says of it, or None where it was stopped before there was a file."""
    process = lab(program, user, folder, arguments, mark)
    if stop:
        time.sleep(stop[1])
        if stop[0] == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.send_signal(stop[0])
    errors = process.communicate(timeout=60)[1]
    if not stop and process.returncode != 0:
        raise Wrong(f"as {user}: status {process.returncode}: {errors}")
    gone(mark.encode())
    left = set(os.listdir(folder)) - {"lab.pcapng"}
    if left:
        raise Wrong(f"files left behind: {left}")
    path = f"{folder}/lab.pcapng"
    if not os.path.exists(path) or (stop and os.path.getsize(path) == 0):
        return None  # it was stopped before it began
    counts = read_blocks(path)
    if counts[1]:
        raise Wrong(f"{counts[1]} of {counts[0]} packets are out of order")
    with open(path, "rb") as file:
        tshark = subprocess.run(["tshark", "-r", "-", "-q", "-z", "io,stat,0"], stdin=file,
                                capture_output=True, text=True)
    if tshark.returncode != 0:
        raise Wrong(f"tshark: {tshark.stderr}")
    os.unlink(path)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--stops", type=int, default=100, help="runs that are stopped")
    parser.add_argument("--full-speed", type=int, default=100, help="runs of 20,000 writes each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    program = os.path.abspath(options.program)
    folder = tempfile.mkdtemp(prefix="seamark-lab-")
    os.chmod(folder, 0o777)
    mark = f"seamark-soak-{os.getpid()}"
    status = 0
    try:
        for user in USERS:
            counts = one(program, user, folder, ["--emit", "writes=50&gap=1ms"], mark)
            print(f"as {user}: {counts[0]} packets and events, in order, nothing left", flush=True)
        empty = 0
        for number in range(options.stops):
            user = chance.choice(list(USERS))
            how = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL, "group"])
            stop = (how, chance.uniform(0, 1))
            try:
                if one(program, user, folder, ["--emit", "writes=100000&size=2000&gap=1ms"], mark, stop) is None:
                    empty += 1
            except Wrong as wrong:
                raise Wrong(f"stop {number + 1}, as {user}, by {stop}: {wrong}") from wrong
        print(f"{options.stops} stopped at random: nothing left, files whole and in order "
              f"({empty} before there was anything in it)", flush=True)
        packets = dropped = 0
        for number in range(options.full_speed):
            counts = one(program, "user" if number % 2 else "root", folder,
                         ["--emit", "writes=20000&size=32&gap=0"], mark)
            packets += counts[0]
            if number % 10 == 9:
                print(f"  {number + 1}: {packets} packets and events, {dropped} dropped", flush=True)
            dropped += counts[2]
        print(f"{options.full_speed} at full speed: {packets} packets and events, 0 out of order, "
              f"{dropped} dropped and counted", flush=True)
    except Wrong as wrong:
        print(f"WRONG: {wrong}", file=sys.stderr)
        status = 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
