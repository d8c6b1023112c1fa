# SPDX-License-Identifier: GPL-2.0-or-later
"""Command lines of the emitter that need no peer: help texts, errors, what the extcap answers, the lab's
scenarios, and `seamark check` with the tshark of its side."""

import re

from same_parts import albums, normal
from same_parts.outputs import Job, Output

ERRORS = """

nonsense
--nonsense
serve --port 65536
serve --port x
serve --grace 5
serve --grace 2h
serve --idle-timeout 10ms
serve --address 256.0.0.1 --port 0
serve --address nowhere.invalid --port 0
serve --max-connections 0
serve --record calls
serve --record nonsense --events x
serve --files /nowhere --port 0
serve --plan /nowhere/plan --port 0
serve --plan bad.plan --port 0
serve extra
get
get https://a/
get http://127.0.0.1:1/
get http://no-such-host.invalid/
get ftp://a/
get http://a:99999/
get --read-size 0 http://a/
get --pace 61s http://a/
get --pace 5 http://a/
get --requests 0 http://a/
get --rcvbuf 0 http://a/
get --record state http://a/
get -o /nowhere/x http://127.0.0.1:1/
trace
trace --record stamps -- true
trace --record nonsense -- true
trace -o /nowhere/x.pcapng -- true
trace -- /nowhere/program
trace -- ./no-program
check
check --contract
check --contract /nowhere/contract x.pcap
check --contract contract
check --contract bad.contract x.pcap
check --contract contract --tshark /nowhere/tshark x.pcap
lab --list
lab nonsense
lab bad.txt
lab worse.txt
lab mine.txt --explain
lab --delay 20
lab --delay 6s
lab --mtu 5 nagle
lab --emit nonsense=1 nagle --explain
lab --emit nonsense=1 nagle
lab --link nonsense
lab --rate 5 nagle
lab --record nonsense
lab nagle --explain --emit nodelay=1
lab --explain
extcap
extcap --extcap-interfaces
extcap --extcap-interfaces --extcap-version 4.0
extcap --extcap-dlts
extcap --extcap-config
extcap --extcap-interface nonsense --extcap-dlts
extcap --extcap-interface nonsense --extcap-config
extcap --capture
extcap --capture --fifo /nowhere/fifo --extcap-interface nonsense
extcap --capture --fifo fifo.out --extcap-capture-filter tcp
"""
FILES = {
    "bad.plan": "write 5 x\n", "contract": "some tcp\n", "bad.contract": "some tcp\nalways tcp\n", "bad.txt": "delay: 20\n",
    "worse.txt": "title: a\nnonsense: 1\n", "mine.txt": "title: A lab\ndelay: 5ms\nemit: writes=3&size=10\nsee: something\nvary: --delay 0: nothing\n"}
CHECKS = [
    ("all hold", "some seamark.chunk\n[in order] none seamark.retransmission\nevery seamark.chunk.last == 1 => seamark.chunk.size == 0\n"
     "count == 0 seamark.fault.bad_size\n"),
    ("none holds", "none seamark.chunk\nevery tcp => frame.number > 100\ncount > 1000 tcp\nsome seamark.chunk.size > 100000\n"),
    ("no field", "some seamark.nonsense\n"), ("no filter", "some tcp\nsome seamark.chunk ==\n"), ("no assertion", "# nothing\n")]
CHECKED = ["chunk-over-segments.pcap", "retransmission.pcap"]


def _subcommands(side):
    text = side.run(side.seamark, "--help")[1].decode()
    return re.findall(r"^  ([a-z]+) ", text[text.lower().find("subcommands"):], re.MULTILINE)


def _asked(side, kind, words, folder, **how):
    status, out, err = side.run(side.seamark, *words, cwd=folder, seconds=60, **how)
    name = "seamark " + " ".join(str(word) for word in words)
    data = b"exit status %s\n-- standard output\n%s-- standard error\n%s" % (str(status).encode(), out, err)
    return Output(kind, normal.emitter_output(name.encode()).decode(), "", normal.emitter_output(data), command=name)


def _folder(side):
    folder = side.new_folder()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def helps(side):
    folder = _folder(side)
    lines = [["--help"], ["--version"], *([name, "--help"] for name in _subcommands(side))]
    return [_asked(side, "--help", line, folder) for line in lines]


def errors(side):
    folder = _folder(side)
    return [_asked(side, "command line", line.split(" ") if line else [], folder) for line in ERRORS.splitlines()[1:]]


def scenarios(side):
    folder = _folder(side)
    names = [line.split()[0] for line in side.run(side.seamark, "lab", "--list")[1].decode().splitlines() if line.strip()]
    return [_asked(side, "scenario", ["lab", name, "--explain"], folder) for name in names]


def extcap(side):
    folder = _folder(side)
    listed = side.run(side.seamark, "extcap", "--extcap-interfaces")[1].decode()
    made = []
    for name in [*re.findall(r"interface \{value=([^}]*)\}", listed), "nonsense"]:
        made += [_asked(side, "extcap", ["extcap", "--extcap-interface", name, question], folder)
                 for question in ("--extcap-dlts", "--extcap-config")]
    return made


def checks(side):
    folder = _folder(side)
    made = []
    files = [str(side.files.add(albums.CAPTURES / capture)) for capture in CHECKED]
    for name, text in CHECKS:
        (folder / "contract").write_text(text)
        for options in ([], ["--quiet"]):
            if options and name != "none holds":
                continue
            output = _asked(side, "seamark check", ["check", "--tshark", side.tshark_script(), *options, "--contract", "contract", *files], folder)
            made.append(Output(output.kind, " ".join((name, *options)), "", output.data, command=output.command))
    return made


def jobs():
    parts = {"--help": helps, "errors": errors, "scenarios": scenarios, "check": checks}
    return ([Job("emitter", name, outputs) for name, outputs in parts.items()], [Job("extcap", "extcap", extcap)])
