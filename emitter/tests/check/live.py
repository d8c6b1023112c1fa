# SPDX-License-Identifier: GPL-2.0-or-later
"""The contracts that `seamark check` contains, on live captures of servers of which it is known what they do:
on a quiet machine, and with two busy loops on each processor while they are made (--busy).

usage: live.py SEAMARK PLUGIN WORK [--runs N] [--busy]
       live.py serve MODE | live.py ask      (what it starts in the lab)

An alarm counts as false unless the times confirm it: they are found by a reader of its own, which takes the
payload from tshark and knows nothing of Seamark."""

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[3] / "plugin/tests/captures"))

PIECES, GAP = 16, 0.025  # chunks, and seconds between them
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
NGINX = """daemon off; master_process off; error_log stderr; pid $SEAMARK_FOLDER/pid;
events { }
http { access_log off; %s
client_body_temp_path $SEAMARK_FOLDER/a; proxy_temp_path $SEAMARK_FOLDER/b; fastcgi_temp_path $SEAMARK_FOLDER/c;
uwsgi_temp_path $SEAMARK_FOLDER/d; scgi_temp_path $SEAMARK_FOLDER/e;
server { listen $SEAMARK_ADDRESS:$SEAMARK_PORT;
location / { proxy_pass http://$SEAMARK_UPSTREAM; proxy_http_version 1.1; proxy_set_header Connection ""; %s } } }"""
# (name, mode of the server, nginx: lines of http and of location, or none,
#  contract: whether it holds; what is left out is not asked)
SERVERS = [
    ("streams", "streams", None, {"streamed": 0, "flushed": 0}),
    ("collects, one chunk", "one", None, {"streamed": 1}),
    ("collects, all chunks at once", "all", None, {"streamed": 1, "flushed": 1}),
    ("the last chunk rides along", "rides", None, {"streamed": 0, "flushed": 0}),
    ("thinks first, then streams", "thinks", None, {"streamed": 0}),
    ("nginx that passes on", "streams", ("", "proxy_buffering off;"), {"streamed": 0, "unbuffered-proxy": 0}),
    ("nginx that collects (gzip)", "streams", ("gzip on; gzip_min_length 1; gzip_types text/plain;", ""), {"streamed": 1}),
]


def serve(mode):
    """One response, in chunks of 40 bytes."""
    listener = socket.create_server((os.environ["SEAMARK_ADDRESS"], int(os.environ["SEAMARK_PORT"])))
    while True:
        connection = listener.accept()[0]
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while b"\r\n\r\n" not in connection.recv(65536):
            pass
        chunks = [b"28\r\n" + b"%039d\n" % i + b"\r\n" for i in range(PIECES)]
        end = b"0\r\n\r\n"
        if mode == "one":
            time.sleep(PIECES * GAP)
            body = b"%039d\n" * PIECES % tuple(range(PIECES))
            connection.sendall(HEAD + b"%x\r\n" % len(body) + body + b"\r\n" + end)
        elif mode == "all":
            time.sleep(PIECES * GAP)
            connection.sendall(HEAD + b"".join(chunks) + end)
        else:
            connection.sendall(HEAD)
            if mode == "thinks":
                time.sleep(2 * PIECES * GAP)
            for chunk in chunks[:-1]:
                connection.sendall(chunk)
                time.sleep(GAP)
            if mode == "rides":
                connection.sendall(chunks[-1] + end)
            else:
                connection.sendall(chunks[-1])
                time.sleep(GAP)
                connection.sendall(end)
        connection.close()


def ask():
    host, port = re.match(r"http://(.*):(\d+)/", os.environ["SEAMARK_URL"]).groups()
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=30)
    connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    sys.exit(response.status != 200)


def arrivals(tshark, capture):
    """By stream: when each data chunk of its response had come, ns, from payload that tshark prints."""
    output = tshark.run(capture, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.stream", "-e", "frame.time_epoch", "-e",
                        "tcp.seq_raw", "-e", "tcp.payload", "-e", "tcp.srcport", "-o", "tcp.desegment_tcp_streams:FALSE",
                        plugin=False)
    flows = {}
    for line in output.splitlines():
        stream, when, sequence, payload, port = line.split("\t")
        seconds, fraction = when.split(".")
        flows.setdefault((stream, port), {}).setdefault(
            int(sequence), (int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9]), bytes.fromhex(payload.replace(":", ""))))
    found = {}
    for (stream, _), segments in flows.items():
        data, times = b"", []
        for sequence in sorted(segments):
            when, payload = segments[sequence]
            data += payload
            times += [when] * len(payload)
        if not data.startswith(b"HTTP/1.1 200"):
            continue
        at, whole = data.index(b"\r\n\r\n") + 4, []
        while (size := int(data[at:data.index(b"\r\n", at)], 16)) > 0:
            at = data.index(b"\r\n", at) + 2 + size + 2
            whole.append(max(times[:at]))
        found[stream] = whole
    return found


def is_burst(times):
    """Whether more than half of the chunks after the first came with the one before: within half the mean distance,
    but no less than 0.2 ms and no more than 1 ms, in one run."""
    if len(times) < 2:
        return True
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    limit = min(max(sum(gaps) / (2 * len(gaps)), 200e3), 1e6)
    longest = run = 0
    for gap in gaps:
        run = run + 1 if gap < limit else 0
        longest = max(longest, run)
    return longest > len(gaps) / 2


def seen_by_its_own_reader(tshark, capture, contract):
    """The exit status that the times of the capture ask for; none where this reader does not know."""
    if contract != "streamed":
        return None
    return int(any(is_burst(times) for times in arrivals(tshark, capture).values()))


def record(seamark, work, run, server):
    """One exchange with a server: its capture, with what the programs' calls said."""
    name, mode, nginx, _ = server
    capture = work / f"live-{run}-{SERVERS.index(server)}.pcapng"
    capture.unlink(missing_ok=True)
    script = f"exec {sys.executable} -B {HERE}"
    scenario = [f"title: {name}", f"server: {script} serve {mode}", f"client: {script} ask"]
    if nginx:
        scenario += ["proxy: PATH=$PATH:/usr/sbin; exec nginx -e stderr -p $SEAMARK_FOLDER -c $SEAMARK_CONFIG",
                     *(f"proxy-config: {line}" for line in (NGINX % nginx).splitlines())]
    (work / "live.txt").write_text("\n".join(scenario) + "\n")
    command = [seamark, "lab", work / "live.txt", "--quiet", "--record", "calls", "-o", capture]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if ran.returncode != 0:
        raise RuntimeError(f"{name}: the lab ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    capture.chmod(0o644)
    return capture


def judge(tshark, capture, contract):
    """The exit status of `seamark check` for a contract that it contains, and what it said."""
    process = tshark.start("check", "--contract", contract, str(tshark.path_of(capture.name)), program=str(tshark.home.parent / "seamark"),
                           plugin=True, variables={"TMPDIR": str(tshark.home)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    said = process.communicate(timeout=300)[0]
    return process.returncode, said


@contextlib.contextmanager
def busy_loops(wanted):
    """Two on each processor, while something is measured."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))] if wanted else []
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seamark", type=Path)
    parser.add_argument("plugin", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--busy", action="store_true")
    given = parser.parse_args()
    import tshark as runner
    work = given.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    seamark = given.seamark.resolve()
    if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
        print("skipped: nginx is not installed: apt install nginx")
        return 77
    probe = subprocess.run([seamark, "lab", "one-to-one", "--quiet", "-o", work / "probe.pcapng"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"skipped: no lab here: {probe.stderr}")
        return 77
    # All that the load may change is recorded first: what is judged is the same at any load.
    with busy_loops(given.busy):
        captures = [(run, server, record(seamark, work, run, server)) for run in range(given.runs) for server in SERVERS]
    wrong, contradicted, verdicts = [], 0, 0
    with runner.Tshark(given.plugin.resolve()) as tshark:
        program = tshark.home.parent / "seamark"
        shutil.copy(seamark, program)
        program.chmod(0o755)
        for run, server, capture in captures:
            tshark.add([capture])
            for contract, wanted in server[-1].items():
                verdicts += 1
                status, said = judge(tshark, capture, contract)
                if status == wanted:
                    continue
                if seen_by_its_own_reader(tshark, capture.name, contract) == status:
                    contradicted += 1
                    print(f"run {run}, {server[0]}, {contract}: {status}, and the times say so too: {said}", flush=True)
                    continue
                wrong.append(f"run {run}, {server[0]}, {contract}: exit status {status}, expected {wanted}: {said} ({capture})")
    print(*wrong, sep="\n")
    print(f"{verdicts} verdicts, {len(wrong)} wrong, {contradicted} others than meant, as the times were; {given.runs} runs"
          + (", two busy loops a processor" if given.busy else ""))
    return bool(wrong)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
    elif sys.argv[1:2] == ["ask"]:
        ask()
    else:
        sys.exit(main())
