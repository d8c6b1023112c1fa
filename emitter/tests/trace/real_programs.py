# SPDX-License-Identifier: GPL-2.0-or-later
"""Traces servers and a client that know nothing of it, with a capture beside, and checks that every
byte in the capture is accounted for: written by a recorded call of one side, read by one of the
other; and, given the plugin, that it names for each write and read the frames, and for each frame the
writes and reads, that share a byte. What is not installed is skipped.

usage: real_programs.py SEAMARK WORK [PLUGIN [PART-OF-A-NAME]]     (needs dumpcap, and the right to capture on lo)"""

import collections
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import events as recorded
import joined

seamark, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
plugin = sys.argv[3] if len(sys.argv) > 3 else None
os.makedirs(work, exist_ok=True)

FLASK = """
import sys
from flask import Flask, Response
app = Flask(__name__)
@app.route("/")
def pieces(): return Response((b"x" * 32 for _ in range(2048)), mimetype="text/plain")
app.run("127.0.0.1", int(sys.argv[1]), threaded=sys.argv[2] == "yes")
"""
NODE = """
require("http").createServer((request, response) => {
  let left = 200;
  const more = () => left-- > 0 ? (response.write("y".repeat(32)), setImmediate(more)) : response.end();
  more();
}).listen(+process.argv[2], "127.0.0.1");
"""
JAVA = """
import com.sun.net.httpserver.*; import java.net.*;
public class Served { public static void main(String[] a) throws Exception {
  HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(a[0])), 0);
  server.createContext("/", exchange -> { exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) { for (int i = 0; i < 50; ++i) { out.write(new byte[32]); out.flush(); } } });
  server.start(); } }
"""
NGINX = """
worker_processes 2; daemon off; pid {work}/nginx.pid; error_log {work}/nginx.log;
user root;
events {{ worker_connections 64; }}
http {{ access_log off; sendfile on; tcp_nopush on; types {{ text/plain txt; }}
  client_body_temp_path {work}/n1; proxy_temp_path {work}/n2; fastcgi_temp_path {work}/n3;
  uwsgi_temp_path {work}/n4; scgi_temp_path {work}/n5;
  server {{ listen 127.0.0.1:{port}; root {work};
    location /plain/ {{ alias {work}/; }}
    location /zipped/ {{ alias {work}/; gzip on; gzip_types text/plain; }} }} }}
"""


def put(name, text):
    path = os.path.join(work, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def python_has(module):
    return subprocess.run(["/usr/bin/python3", "-c", f"import {module}"], cwd="/",
                          stderr=subprocess.DEVNULL).returncode == 0


def cases():
    put("file.txt", "".join(f"line {i} of a file that is served\n" for i in range(20000)))
    python = "/usr/bin/python3"
    yield ("http.server", os.path.exists(python), lambda port: [
        python, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", work], ["/file.txt"], [])
    for threaded in ("no", "yes"):
        yield (f"Flask, threaded: {threaded}", os.path.exists(python) and python_has("flask"),
               lambda port, threaded=threaded: [python, put("app.py", FLASK), str(port), threaded],
               ["/"], [])
    yield ("Node", shutil.which("node"), lambda port: ["node", put("s.js", NODE), str(port)],
           ["/", "/"], [])
    yield ("Java", shutil.which("java"), lambda port: ["java", put("Served.java", JAVA), str(port)], ["/", "/"], [])
    nginx = shutil.which("nginx") or os.path.exists("/usr/sbin/nginx") and "/usr/sbin/nginx"

    def start_nginx(port):
        return [nginx, "-c", put("nginx.conf", NGINX.format(work=work, port=port))]
    yield "nginx, sendfile", nginx, start_nginx, ["/plain/file.txt"], []
    yield ("nginx, gzip chunked", nginx, start_nginx, ["/zipped/file.txt"],
           ["-H", "Accept-Encoding: gzip"])


def captured_bytes(capture):
    """By (source, peer), from relative sequence numbers: retransmissions count once."""
    rows = subprocess.run(
        ["tshark", "-r", capture, "-Y", "tcp.len > 0 && tcp.stream", "-T", "fields", "-e", "ip.src",
         "-e", "tcp.srcport", "-e", "ip.dst", "-e", "tcp.dstport", "-e", "tcp.seq", "-e", "tcp.len"],
        capture_output=True, text=True, check=True).stdout.splitlines()
    sums = collections.Counter()
    for row in rows:
        source, sport, peer, dport, sequence, length = row.split("\t")
        key = (source, int(sport)), (peer, int(dport))
        sums[key] = max(sums[key], int(sequence) + int(length) - 1)
    return sums


def ends(capture):
    """How many FINs and RSTs were captured so far."""
    rows = subprocess.run(["tshark", "-r", capture, "-Y", "tcp.flags.fin == 1 || tcp.flags.reset == 1"],
                          capture_output=True, text=True)  # the file's last block may not be whole yet
    return len(rows.stdout.splitlines())


def wait_until(condition, what):
    until = time.monotonic() + 90
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.05)


def listening(port):
    return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
               for table in ("tcp", "tcp6") if os.path.exists("/proc/net/" + table)
               for line in open("/proc/net/" + table).read().splitlines()[1:])


def check(name, command, paths, curl_options):
    port, stem = free_port(), os.path.join(work, name.replace(" ", "-").replace(",", ""))
    capture, server_file = stem + ".capture.pcapng", stem + ".server.pcapng"
    dumpcap = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-f", f"tcp port {port}", "-a",
                                "duration:300", "-w", capture], stderr=subprocess.PIPE, text=True)
    server_log = open(stem + ".log", "w")
    server = subprocess.Popen([seamark, "trace", "-o", server_file, "--", *command(port)],
                              stdout=server_log, stderr=server_log)
    client_files = []
    try:
        wait_until(lambda: listening(port), f"{name} does not listen")
        wait_until(lambda: os.path.exists(capture) and os.path.getsize(capture) > 0, "no capture")
        for number, path in enumerate(paths):
            client_files.append(f"{stem}.client{number}.pcapng")
            subprocess.run([seamark, "trace", "--quiet", "-o", client_files[-1], "--", "curl", "-sf", "-o",
                            "/dev/null", *curl_options, f"http://127.0.0.1:{port}{path}"],
                           check=True, timeout=90)
        wait_until(lambda: ends(capture) >= 2 * len(paths), "the end of every connection in the capture")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(90)
        dumpcap.send_signal(signal.SIGINT)
        dumpcap.communicate()
    merged = stem + ".pcapng"
    subprocess.run(["mergecap", "-w", merged, capture, server_file, *client_files], check=True)

    calls = recorded.streams(recorded.events(server_file))
    for file in client_files:
        calls += recorded.streams(recorded.events(file))
    wire = captured_bytes(capture)
    assert len(wire) == 2 * len(paths), f"{len(wire)} directions captured"
    for (source, peer), count in wire.items():
        written, read = calls[recorded.WRITE, source, peer], calls[recorded.READ, peer, source]
        assert count == written == read, \
            f"{source} to {peer}: {count} captured, {written} written, {read} read"
    assert len(calls) == 2 * len(wire), f"calls of connections that were not captured: {calls}"
    print(f"{name}: {sum(wire.values())} bytes in {len(wire)} directions, all written, captured and "
          f"read; {sum(1 for _ in recorded.events(server_file))} events of the server")
    if plugin:
        writes, reads, segments = joined.check(plugin, merged)
        print(f"    {writes} writes and {reads} reads joined with {segments} segments, both ways, as their ranges are")


if subprocess.run(["dumpcap", "-L", "-i", "lo"], capture_output=True).returncode != 0:
    print("skipped: this user may not capture on lo")
    sys.exit(77)
failed, tried, only = 0, 0, sys.argv[4] if len(sys.argv) > 4 else ""
for title, there, start, wanted, options in cases():
    if only not in title:
        continue
    if not there:
        print(f"{title}: skipped, not installed")
        continue
    tried += 1
    try:
        check(title, start, wanted, options)
    except Exception as error:  # each case is to be tried
        failed += 1
        print(f"{title}: FAILED: {type(error).__name__}: {error}")
sys.exit(1 if failed else 0 if tried else 77)
