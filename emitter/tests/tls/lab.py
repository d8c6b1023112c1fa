#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark lab` with TLS: one file that opens decrypted in tshark, with no preference set, and what its scenarios say.

usage: lab.py SEAMARK WORK
"""
import os
import shutil
import subprocess
import sys

seamark, work = os.path.abspath(sys.argv[1]), sys.argv[2]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chdir(work)
checked = 0


def check(good, *what):
    global checked
    checked += 1
    if not good:
        raise AssertionError(" ".join(str(one) for one in what))


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def lab(name, *options):
    done = run(seamark, "lab", name, *options, "-o", "lab.pcapng")
    check(done.returncode == 0, name, options, done)
    return done.stderr + done.stdout


def fields(display_filter, *names, passes=()):
    options = [word for name in names for word in ("-e", name)]
    done = run("tshark", *passes, "-r", "lab.pcapng", "-Y", display_filter, "-T", "fields", *options)
    check(done.returncode == 0, done)
    return [line.split("\t") for line in done.stdout.splitlines()]


if not shutil.which("tshark"):
    print("tshark is not installed")
    sys.exit(77)
if "namespace" not in run(seamark, "lab", "one-to-one", "-o", "lab.pcapng").stderr:
    print("no network namespace can be made here")
    sys.exit(77)

for name in "one-to-one", "tls-one-to-one":
    for version in ("--tls", "1.2"), ("--tls", "1.3"), ("--tls",):
        said = lab(name, *version)
        check("opens decrypted" in said, said)
        for passes in [], ["-2"]:
            found = fields("http.response", "http.response.code", "tcp.srcport", passes=passes)
            check(found == [["200", "8443"]], name, version, passes, found)

# The records of tls-one-to-one: one in each segment, 22 bytes more than the 38 of a chunk of 32.
lab("tls-one-to-one")
sizes = [line[0] for line in fields("tls.record.opaque_type == 23 and tcp.srcport == 8443", "tls.record.length")]
check(",".join(sizes).split(",").count("55") == 20, sizes)
# How many share a segment is the kernel's matter on a busy machine.
times = [float(line[0]) for line in fields("frame", "frame.time_epoch")]
check(times == sorted(times), "out of order")

# tls-small-records: eleven records a write.
lab("tls-small-records")
sizes = [line[0] for line in fields("tls.record.opaque_type == 23 and tcp.srcport == 8443", "tls.record.length")]
singly = ",".join(sizes).split(",")
check(singly.count("24") == 10 and singly.count("117") >= 100, sizes)  # the head's are of 117, too

# tls-large-record: while a record comes, the socket is read and nothing comes out of TLS.
lab("tls-large-record")
comments = [line[0] for line in fields("frame.comment contains \"read\"", "frame.comment")]
above = [i for i, text in enumerate(comments) if text.startswith("read above the socket") and "16384 of 16384" in text]
check(len(above) == 3, comments)
between = [text for text in comments[above[0] + 1:above[1]] if text.startswith("read ") and ": recv" in text]
check(len([text for text in between if "errno" not in text]) >= 6, between)

# tls-proxy: nginx's secrets open its leg; the other one is in clear.
if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") and shutil.which("openssl"):
    for version in (), ("--tls", "1.2"):
        said = lab("tls-proxy", *version)
        check("opens decrypted" in said, said)
        found = fields("http.response", "http.response.code", "tcp.srcport")
        check(sorted(found) == [["200", "8080"], ["200", "8443"]], version, found)
        above = [line[0] for line in fields('frame.comment contains "SSL_write"', "frame.comment")]
        check(len(above) >= 3 and all(text.startswith("write above the socket") for text in above), above)

# In clear nothing of this is there.
said = lab("one-to-one")
check("decrypted" not in said, said)
for options, words in ((("--tls", "1.1"), "allowed: 1.3, 1.2, off"), (("--tls", "--server", "x"), "server is a command"),
                       (("--emit", "record=10"), "only over TLS")):
    refused = run(seamark, "lab", "one-to-one", *options)
    check(refused.returncode != 0 and words in refused.stderr, options, refused)
print(f"{checked} checks")
