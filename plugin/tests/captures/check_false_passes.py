#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark check` passes nothing that it could not check, whatever the capture and the caller's configuration.

Each case is a contract that would hold if tshark's answer were believed, although it hides what breaks it, or
although no one can know.
"""

import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import hostile_texts as packets
import tshark as runner
from check_contracts import CAPTURE, CAPTURES, Check, complaints_of

SHARED = Path(__file__).resolve().parents[4] / "shared" / "cases"
HIDDEN = "none seamark.chunk.size == 2\n"  # a chunk of that size is there, where it can be found


def exchange(*segments, start=0):
    """The frames of a connection: its response in these segments, of which None is one that was not captured."""
    request, at = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 500 + start
    frames = [packets.tcp(packets.CLIENT, packets.SERVER, 99, 0, 2), packets.tcp(packets.SERVER, packets.CLIENT, 499, 100, 18),
              packets.tcp(packets.CLIENT, packets.SERVER, 100, 500, 24, request)]
    for segment in segments:
        if isinstance(segment, bytes):
            frames.append(packets.tcp(packets.SERVER, packets.CLIENT, at, 126, 24, segment))
            at += len(segment)
        else:
            at += segment
    return frames


def pcap(frames, link=1):
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for n, frame in enumerate(frames):
        data += struct.pack("<IIII", 1767225600, n * 1000, len(frame), len(frame)) + frame
    return data


HEAD = b"HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n\r\n"
TWO_AND_END = b"2\r\nab\r\n0\r\n\r\n"
WIDE = b"".join(b"1;w=1-1024\r\nx\r\n" for _ in range(3900))
TINY = b"".join(b"1\r\nx\r\n" for _ in range(9000))
MADE = {
    "wide.pcap": pcap(exchange(HEAD, WIDE + TWO_AND_END)),
    "tiny.pcap": pcap(exchange(HEAD, TINY + TWO_AND_END)),
    "waiting.pcap": pcap(exchange(HEAD + b"5\r\nhel", 3000, *[b"x" * 1000] * 4, TWO_AND_END)),
    "no-packet.pcap": pcap([]),
    "no-stream.pcap": pcap(exchange()[:2]),
    "no-http.pcap": pcap(exchange(HEAD)[:2] + [packets.tcp(packets.CLIENT, packets.SERVER, 100, 500, 24, b"HELO\r\n")]),
    "no-link-type.pcap": pcap([b"nothing that anybody could dissect"], link=147),
    "good.pcap": pcap(exchange(HEAD, TWO_AND_END)),
}
# (what, contract, captures, more arguments, exit status, what is printed, what is complained of)
CAPTURES_WITH_LOSS = [
    ("found where it can be", HIDDEN, ["good.pcap"], [], 1, ["FAILED", "frame 5"], []),
    ("wide tags", HIDDEN, ["wide.pcap"], [], 2, ["ok    "], ["wide.pcap", "seamark.items_cut", "frame 5"]),
    ("many chunks", HIDDEN, ["tiny.pcap"], [], 1, ["FAILED", "frame 5"], []),
    ("many chunks, few items", HIDDEN, ["tiny.pcap"], ["-o", "gui.max_tree_items:20000"], 2, ["ok    "],
     ["seamark.items_cut", "frame 5"]),
    ("few links", "none seamark.chunk.frame == 6\n", [CAPTURE], ["-o", "seamark.frame_links:1"], 2, [],
     ["seamark.links_cut", "frames "]),
    ("too much waits", HIDDEN, ["waiting.pcap"], ["-o", "seamark.waiting_kib:1"], 2, [], ["seamark.limit_met", "frame "]),
    ("no packet", HIDDEN, ["no-packet.pcap"], [], 2, [], ["no-packet.pcap", "no packet"]),
    ("no stream", HIDDEN, ["no-stream.pcap"], [], 2, [], ["no-stream.pcap", "no HTTP/1.x message"]),
    ("no HTTP", HIDDEN, ["no-http.pcap"], [], 2, [], ["no-http.pcap", "no HTTP/1.x message"]),
    ("no dissector", HIDDEN, ["no-link-type.pcap"], [], 2, [], ["no-link-type.pcap"]),
    ("malformed", "none seamark.chunk.size == 77\n", ["bad-data-offset.pcap"], [], 2, ["ok    "], ["_ws.malformed", "frame 9"]),
    ("snap length", "none seamark.chunk.size == 77\n", ["snap-length.pcap"], [], 2, ["ok    "], ["frame.cap_len"]),
    ("lost bytes", "none seamark.chunk.size == 77\n", ["lost-data.pcap"], [], 2, ["ok    "], ["seamark.missing_bytes"]),
    ("lost bytes, asserted", "none seamark.missing_bytes\n", ["lost-data.pcap"], [], 1, ["FAILED"], []),
    ("lost size line", "none seamark.chunk.size == 77\n", ["lost-size-line.pcap"], [], 2, ["ok    "], ["seamark.fault.missing_bytes"]),
    ("lost framing", "none seamark.chunk.size == 77\n", ["refused.pcap"], [], 2, ["ok    "], ["seamark.fault.bad_size: frame "]),
    ("lost framing, asserted", "some seamark.fault.bad_size\nsome seamark.fault.bad_chunk_end\nsome seamark.fault.missing_size\n", ["refused.pcap"], [], 0, ["ok    "], []),
    ("two captures, one lossy", HIDDEN, ["no-packet.pcap", CAPTURE], [], 2, ["ok    "], ["no-packet.pcap"]),
    ("no such preference", HIDDEN, [CAPTURE], ["-o", "tcp.nonsense:1"], 2, [], ["tcp.nonsense"]),
    ("a preference that breaks it", HIDDEN, [CAPTURE], ["-o", "ip.defragment:FALSE"], 2, [], ["known"]),
    ("as another protocol", "some http.response && tcp.port == 5432\n", ["any-port.pcap"], ["-d", "tcp.port==5432,http"], 0, ["ok    "], []),
    ("a name that is none", "none tcp && seamark.chunk.sice == 2\n", [CAPTURE], [], 2, [], ["line 1", "seamark.chunk.sice"]),
    ("a folder", HIDDEN, ["/"], [], 2, [], ["cannot read the capture /"]),
]
# A chunk of 4000 bytes is there. What a profile says, where the caller's tshark would read it.
FOUND = "none seamark.chunk.size == 4000\nnone tcp.port == 1\n"
PROFILES = {
    "seamark disabled": {"disabled_protos": "seamark\n"},
    "tcp disabled": {"disabled_protos": "tcp\n"},
    "http and ip disabled": {"disabled_protos": "http\nip\neth\n"},
    "heuristics off": {"heuristic_protos": "tls_tcp,0\nhttp_tcp,0\n"},
    "preferences": {"preferences": "ip.defragment: FALSE\ntcp.analyze_sequence_numbers: FALSE\ngui.max_tree_items: 60\n"
                                   "seamark.pair_legs: FALSE\nseamark.frame_links: 1\nseamark.waiting_kib: 1\n"},
    "decode as": {"decode_as_entries": "decode_as_entry: ip.proto,6,UDP,TCP\ndecode_as_entry: tcp.port,80,SSH,HTTP\n"},
    "macros and colours": {"dfilter_macros": '"seamark","tcp"\n', "colorfilters": "@all@frame@[0,0,0][0,0,0]\n"},
    "broken": {"preferences": "\x00\xff\n: :\n", "disabled_protos": "\xff\n" * 1000},
}


def check_profiles(checker, complaints):
    """The caller's configuration, in each place where it can stand, has no part in a verdict."""
    home = checker.home
    nested = home / ".config" / "wireshark"
    nested.mkdir(parents=True)
    marks = checker.home / "extcap-ran"
    places = {"WIRESHARK_CONFIG_DIR": (home, {}),
              "HOME": (nested, {"WIRESHARK_CONFIG_DIR": None}),
              "XDG_CONFIG_HOME": (nested, {"WIRESHARK_CONFIG_DIR": None, "XDG_CONFIG_HOME": str(nested.parent)})}
    runs = 0
    for n, (what, files) in enumerate(PROFILES.items()):
        place, (folder, environment) = list(places.items())[n % len(places)]
        for name, text in files.items():
            (folder / name).write_text(text)
        (folder / "extcap").mkdir(exist_ok=True)
        program = folder / "extcap" / "spy"
        program.write_text(f"#!/bin/sh\ntouch {marks}\n")
        program.chmod(0o755)
        ran = checker.run(FOUND, [CAPTURE], environment={**environment, "WIRESHARK_EXTCAP_DIR": str(folder / "extcap")})
        complaints += complaints_of(f"{what} in {place}", ran, 1, ["FAILED", "ok    "], [])
        for name in files:
            (folder / name).unlink()
        runs += 1
    if marks.exists():
        complaints.append("an extcap program of the caller's was run")
    return runs


def script(checker, name, text):
    path = checker.home.parent / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path)


def check_scripts(checker, complaints):
    """A script that stands in for tshark, and does not do what it should."""
    home = checker.home.parent / "theirs"
    home.mkdir()
    (home / "preferences").write_text("ip.defragment: FALSE\nseamark.pair_legs: FALSE\n")
    (home / "disabled_protos").write_text("seamark\ntcp\n")
    own = f"WIRESHARK_CONFIG_DIR={home} exec tshark \"$@\"\n"
    warns = f"case \"$*\" in *{CAPTURE}*) echo 'frame 3 is not analysed: out of memory' >&2;; esac\nexec tshark \"$@\"\n"
    noisy = "echo \"** ($$) 12:00:00.123 the plugin other.so was compiled for another version\" >&2\nexec tshark \"$@\"\n"
    dies = f"case \"$*\" in *{CAPTURE}*size*) kill -SEGV $$;; esac\nexec tshark \"$@\"\n"
    silent = "exit 0\n"
    lies = "case \"$*\" in *known.pcap*) exit 0;; esac\nexec tshark \"$@\"\n"
    # As 4.4 prints them; 4.0 prints numbers.
    words = ("case \"$*\" in *known.pcap*) tshark \"$@\" | sed 's/\t1,0\t/\tTrue,False\t/; s/\t1,1\t/\tTrue,True\t/';; "
             "*) exec tshark \"$@\";; esac\n")
    cases = (("own profile", own, 2, ["known"]), ("warning", warns, 2, ["frame 3 is not analysed"]),
             ("noise of the machine", noisy, 0, []), ("killed", dies, 2, ["status"]),
             ("says nothing", silent, 2, ["known"]), ("no row of the known capture", lies, 2, ["known"]), ("Booleans as words", words, 0, []))
    for what, text, status, complained in cases:
        ran = checker.run("none seamark.chunk.size == 77\n", [CAPTURE], "--tshark", script(checker, "their-tshark", text))
        printed = ["ok    "] if ran[1] or status == 0 else []
        complaints += complaints_of(what, ran, status, printed, complained)
    return len(cases)


def check_endings(checker, complaints):
    """Nothing is left behind by a signal, and a verdict that cannot be written is none."""
    pids = checker.home / "pids"
    slow = script(checker, "slow-tshark", f"case \"$*\" in *{CAPTURE}*) echo $$ >{pids}; exec sleep 600;; esac\nexec tshark \"$@\"\n")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        pids.unlink(missing_ok=True)
        process = checker.start(HIDDEN, [CAPTURE], "--tshark", slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if pids.exists() and pids.read_text().strip():
                break
            time.sleep(0.1)
        process.send_signal(number)
        status = process.wait(timeout=60)
        if status != -number:
            complaints.append(f"{number!r}: exit status {status}")
        if Path(f"/proc/{pids.read_text().strip()}").exists():
            complaints.append(f"{number!r}: tshark goes on")
        if left := checker.leftovers():
            complaints.append(f"{number!r}: {left} are left behind")
    with open("/dev/full", "w", encoding="ascii") as full:
        ran = checker.run("none seamark.chunk.size == 77\n", [CAPTURE], stdout=full)
    complaints += complaints_of("no room for the verdict", ran, 2, [], ["standard output"])
    # Names of files and words of contracts come from outside as well.
    ran = checker.run("[\u202e\u009b] none seamark.chunk.size == 77\n", [CAPTURE, "/no\x1b[31m\udcff"])
    complaints += complaints_of("hostile names", ran, 2, ["\\u202e\\u009b"], ["/no\\x1b[31m\\xff"])
    return 6


def check(tshark, given):
    complaints = []
    checker = Check(tshark, given.seamark)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in MADE.items():
            (Path(folder) / name).write_bytes(data)
        tshark.add(Path(folder) / name for name in MADE)
    named = {name for _, _, files, *_ in CAPTURES_WITH_LOSS for name in files if name not in MADE and name[0] != "/"}
    tshark.add(CAPTURES / name for name in named)
    for what, text, captures, more, status, printed, complained in CAPTURES_WITH_LOSS:
        ran = checker.run(text, captures, *more)
        complaints += complaints_of(what, ran, status, printed or ([""] if ran[1] else []), complained)
    runs = len(CAPTURES_WITH_LOSS)
    shared = SHARED / "check-false-pass-wide-tags.pcap"
    if shared.is_file():
        tshark.add([shared])
        ran = checker.run((SHARED / "no-chunk-of-2.contract").read_text(), [shared.name])
        complaints += complaints_of(shared.name, ran, 2, ["ok    "], ["seamark.items_cut: frame 5"])
    else:
        print(f"{shared} is not there: skipped", file=sys.stderr)
    for part in (check_profiles, check_scripts, check_endings):
        runs += part(checker, complaints)
    if left := checker.leftovers():
        complaints.append(f"{left} are left behind")
    print(f"{runs} runs; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"required": True, "help": "the emitter as built"}))
