#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Callbacks that throw (plugin/epan/tests/failing_callbacks.cpp) end nothing: what failed in a frame is an
expert info of the frame, in each pass, and what failed elsewhere is a warning of tshark."""

import tshark as runner
from check_captures import CAPTURES

CAPTURE = "two-legs.pcap"
TEXT = "Seamark failed on this frame, and its analysis is incomplete: "
FRAMES = {"1": TEXT + r"planted in frame 1\x1b", "2": TEXT + "an exception of an unknown type"}


def failed_frames(tshark, *passes):
    """{frame: message} of the expert infos of failures."""
    out = tshark.run(CAPTURE, *passes, "-Y", "seamark.failed", "-T", "fields", "-e", "frame.number",
                     "-e", "_ws.expert.message", "-E", "occurrence=l")
    # 4.4 doubles backslashes in such a column.
    return dict(line.replace("\\\\", "\\").split("\t") for line in out.splitlines())


def check(tshark, _):
    tshark.add([CAPTURES / CAPTURE])
    complaints = []

    def expect(what, found, wanted):
        if found != wanted:
            complaints.append(f"{what}: {found!r}, not {wanted!r}")

    for passes in ((), ("-2",)):
        expect(f"frames that failed {passes}", failed_frames(tshark, *passes), FRAMES)
    bugs = [tshark.run(CAPTURE, *passes, "-Y", "frame.number == 3", "-V") for passes in ((), ("-2",))]
    expect("a first pass in frame 3", "PINFO_FD_VISITED" in bugs[0] or "visited" in bugs[0], False)
    expect("a later pass in frame 3", "visited" in bugs[1], True)
    _, errors = tshark.outputs(CAPTURE, "-q", "-z", "seamark,planted")
    for planted, times in (("in the hand-off", 1), ("at the begin", 1), ("in the tap of frame 1", 1),
                           ("in the tap of frame 2", 0), ("in drawing", 1)):
        expect(f"warnings of what was planted {planted}", errors.count(f"planted {planted}"), times)
    print(f"{len(FRAMES)} frames in one pass and two, 5 callbacks outside of frames; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
