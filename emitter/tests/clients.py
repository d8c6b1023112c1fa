#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real clients get the same body from every parameter: curl, Python's http.client, and Node's fetch.

usage: clients.py SEAMARK

Each checks the framing for itself, and curl and fetch take content codings apart. A client that is
not there is left out, and named.
"""
import http.client
import re
import shutil
import subprocess
import sys
import zlib

QUERIES = ["", "more=1", "gather=1", "gather=1&head=joined", "head=joined", "trailers=1", "seed=1",
           "seed=2&trailers=1&head=joined", "split=parts&more=1", "writes-per-chunk=3&gather=1",
           "coding=gzip", "coding=deflate&split=line", "coding=gzip&framing=length",
           "coding=gzip&framing=close", "seed=4&framing=length", "cork=1&nodelay=1&trailers=1"]
PLAN = 'write 7 "x"; wait 1ms; write line 4 data "a\\x00"; write data 2 crlf; repeat 3 { write 5 }'


def body():
    lines = (f"{i} " + "abcdefghijklmnopqrstuvwxyz" * 20 for i in range(1, 8))
    return b"".join(line[:299].encode() + b"\n" for line in lines)


def by_curl(base, target, plan=None):
    extra = [] if plan is None else ["--data-binary", plan]
    return subprocess.run(["curl", "-sS", "--fail", "--compressed", "--max-time", "60", *extra, base + target],
                          check=True, stdout=subprocess.PIPE).stdout


def by_python(base, target, plan=None):
    connection = http.client.HTTPConnection(re.sub("http://|/$", "", base), timeout=60)
    connection.request("GET" if plan is None else "POST", "/" + target, plan)
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, data
    coded = answer.getheader("Content-Encoding")
    return zlib.decompress(data, 32 + zlib.MAX_WBITS) if coded else data


def by_node(base, target, plan=None):
    script = """const [url, plan] = process.argv.slice(1);
        fetch(url, plan === undefined ? {} : { method: "POST", body: plan })
          .then((answer) => answer.arrayBuffer())
          .then((bytes) => process.stdout.write(Buffer.from(bytes)));"""
    return subprocess.run(["node", "-e", script, base + target, *([] if plan is None else [plan])],
                          check=True, stdout=subprocess.PIPE).stdout


def main():
    server = subprocess.Popen([sys.argv[1], "serve", "--port", "0", "--quiet"], stdout=subprocess.PIPE, text=True)
    clients = {"curl": by_curl, "python": by_python, "node": by_node}
    if not shutil.which("node"):
        print("node is not installed, so its fetch is left out")
        del clients["node"]
    wrong = 0
    try:
        base = re.search(r"http://\S+/", server.stdout.readline())[0]
        planned = b"1 abcd\nxa\x002\n" + b"".join(b"%d ab\n" % i for i in (3, 4, 5))
        cases = [(f"emit?writes=7&size=300&gap=0&{query}".rstrip("&"), None, body()) for query in QUERIES]
        cases += [("emit", PLAN, planned), ("emit?tag=none&trailers=1", PLAN, planned)]
        for name, client in clients.items():
            for target, plan, expected in cases:
                got = client(base, target, plan)
                if got != expected:
                    wrong += 1
                    print(f"{name}, {target}: {len(got)} bytes {got[:60]!r}, wanted {len(expected)} {expected[:60]!r}")
            print(f"{name}: {len(cases)} responses")
    finally:
        server.terminate()
        server.wait()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
