#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A reader that goes (`| head -1`) ends each statistic in silence, whether or not the signal of the closed pipe
is ignored; a disk that is full does not."""

import os
import signal
import subprocess

import tshark as runner
from check_captures import CAPTURES

CAPTURE = "several-writes-a-chunk.pcap"
STATISTICS = ("seamark,chunks", "seamark,chunks,json", "seamark,lanes", "seamark,explain,8")


def started(tshark, statistic, stdout, ignored):
    def before():
        signal.signal(signal.SIGPIPE, signal.SIG_IGN if ignored else signal.SIG_DFL)
    return tshark.start("-n", "-q", "-r", str(tshark.path_of(CAPTURE)), "-z", statistic, stdin=subprocess.DEVNULL,
                        stdout=stdout, stderr=subprocess.PIPE, text=True, restore_signals=False, preexec_fn=before)


def errors_of(tshark, statistic, ignored, reads):
    """Standard error of a statistic whose reader goes: at once, or when it has had its first bytes."""
    reader, writer = os.pipe()
    if not reads:
        os.close(reader)
    process = started(tshark, statistic, writer, ignored)
    os.close(writer)
    if reads:
        os.read(reader, 1)
        os.close(reader)
    return process.communicate(timeout=60)[1]


def check(tshark, _):
    tshark.add([CAPTURES / CAPTURE])
    complaints = []
    for statistic in STATISTICS:
        for ignored in (False, True):
            for reads in (False, True):
                errors = errors_of(tshark, statistic, ignored, reads)
                if errors:
                    complaints.append(f"{statistic}, SIGPIPE {'ignored' if ignored else 'as it is'}, "
                                      f"{'one byte' if reads else 'nothing'} read: {errors}")
        with open("/dev/full", "wb") as full:
            errors = started(tshark, statistic, full, False).communicate(timeout=60)[1]
        if "could not be written whole: is the disk full?" not in errors:
            complaints.append(f"{statistic} on a full disk says {errors!r}")
    print(f"{len(STATISTICS)} statistics; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
