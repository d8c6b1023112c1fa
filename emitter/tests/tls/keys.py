#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--tls-keys: a capture that is merged with the events opens decrypted in tshark; without it no secret is in anything
that is written.

usage: keys.py SEAMARK WORK

The capture is made by a relay between client and server, which writes a packet for each run of bytes that it passes on:
that needs no privilege. Needs tshark, mergecap and curl.
"""
import os
import re
import shutil
import stat
import struct
import subprocess
import sys

from relay import Capture

seamark, work = os.path.abspath(sys.argv[1]), sys.argv[2]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chdir(work)
LONGEST = 60
SECRET = re.compile(rb"[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}")
checked = 0


def check(good, *what):
    global checked
    checked += 1
    if not good:
        raise AssertionError(" ".join(str(one) for one in what))


for name in "tshark", "mergecap", "curl":
    if not shutil.which(name):
        print(f"{name} is not installed")
        sys.exit(77)


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST)


def serve(*options):
    """A server with its port and what reads its log."""
    process = subprocess.Popen([seamark, "serve", "--tls", "--port", "0", *options], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    return process, int(re.search(r":(\d+)/", process.stdout.readline())[1])


def stop(process):
    process.terminate()
    return process.communicate(timeout=LONGEST)[1]


def decrypted(capture, events, *options):
    """What tshark finds of HTTP once both are merged: status codes and bodies."""
    merged = "merged.pcapng"
    done = run("mergecap", "-w", merged, capture, events)
    check(done.returncode == 0, done)
    port = struct.unpack("!H", open(capture, "rb").read()[24 + 16 + 34 + 2:][:2])[0]
    got = run("tshark", *options, "-r", merged, "-d", f"tcp.port=={port},tls", "-Y", "http", "-T", "fields", "-e",
              "http.request.uri", "-e", "http.response.code")
    check(got.returncode == 0, got)
    return list(dict.fromkeys(got.stdout.split()))  # Wireshark 4.4 repeats the target with the response


WANTED = ["/emit?writes=3&gap=0", "200"]

for version in "1.2", "1.3":
    # The server's secrets.
    process, port = serve("--tls-max", version, "--events", "server.pcapng", "--tls-keys")
    capture = Capture("wire.pcap", port)
    got = run("curl", "-sSk", f"https://127.0.0.1:{capture.port}/emit?writes=3&gap=0")
    check(got.stdout.startswith("1 abc"), got)
    capture.write()
    log = stop(process)
    check("--tls-keys: the secrets of each connection are written to server.pcapng" in log, log)
    check(not SECRET.search(log.encode()), log)
    check(SECRET.search(open("server.pcapng", "rb").read()), "no secret in the file")
    check(stat.S_IMODE(os.stat("server.pcapng").st_mode) == 0o600, "others can read the secrets")
    for passes in [], ["-2"]:
        found = decrypted("wire.pcap", "server.pcapng", *passes)
        check(found == WANTED, version, passes, found)
    said = run("tshark", "-r", "server.pcapng", "-T", "fields", "-e", "frame.comment").stdout
    check(re.search(r"write above the socket 1: SSL_write_ex \d+ of \d+ bytes at 0 of TLS", said), said)
    check(re.search(r"write above the socket 5: SSL_write_ex \d+ of \d+ bytes at \d+ of TLS", said), said)
    times = run("tshark", "-r", "server.pcapng", "-T", "fields", "-e", "frame.time_epoch").stdout.split()
    check(times == sorted(times), "the events are out of order", times)

    # The client's.
    process, port = serve("--tls-max", version)
    capture = Capture("wire.pcap", port)
    got = run(seamark, "get", "--insecure", "--events", "client.pcapng", "--tls-keys",
              f"https://127.0.0.1:{capture.port}/emit?writes=3&gap=0")
    check(got.stdout.startswith("1 abc") and "written to client.pcapng" in got.stderr, got)
    check(not SECRET.search(got.stderr.encode()), got)
    capture.write()
    stop(process)
    for passes in [], ["-2"]:
        found = decrypted("wire.pcap", "client.pcapng", *passes)
        check(found == WANTED, "get", version, passes, found)

    # Neither was asked for any.
    os.environ["SSLKEYLOGFILE"] = os.path.abspath("key.log")
    process, port = serve("--tls-max", version, "--events", "server.pcapng", "--record", "all")
    capture = Capture("wire.pcap", port)
    got = run(seamark, "get", "--insecure", "--events", "client.pcapng", f"https://127.0.0.1:{capture.port}/emit?writes=3&gap=0")
    capture.write()
    log = stop(process)
    del os.environ["SSLKEYLOGFILE"]
    for where, data in (("log", log.encode()), ("get", got.stderr.encode()), ("body", got.stdout.encode()),
                        ("server's events", open("server.pcapng", "rb").read()),
                        ("client's events", open("client.pcapng", "rb").read())):
        check(not SECRET.search(data), "a secret in", where)
        check(b"KSLT" not in data, "a block of secrets in", where)
    check(not os.path.exists("key.log"), "a key log was written")
    check(decrypted("wire.pcap", "server.pcapng") == [], "it opens without a key")

for command in ["serve", "--tls", "--tls-keys"], ["get", "--tls-keys", "https://127.0.0.1:9/"]:
    refused = run(seamark, *command)
    check(refused.returncode == 2 and "add --events FILE" in refused.stderr, refused)
refused = run(seamark, "serve", "--tls-keys", "--events", "x.pcapng")
check(refused.returncode == 2 and "add --tls" in refused.stderr, refused)
print(f"{checked} checks")
