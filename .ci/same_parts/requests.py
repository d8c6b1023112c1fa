# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests to `seamark serve` with fixed seeds: URLs, plans, and what is no good request.

Bodies stay below what a socket's buffer takes at once: where the kernel cuts a write short, when the peer
read what decides, and that is chance."""

import random

MOST_BODY = 40_000
FILE, PLAN = "text.bin", "p.plan"  # in the server's folder; parts.py of the server makes them


def _emit_url(rng):
    given = {}

    def maybe(share, name, values):
        if rng.random() < share:
            given[name] = rng.choice(values)
    maybe(0.9, "writes", [1, 2, 3, 5, 9, 14])
    maybe(0.8, "size", [1, 2, 9, 15, 16, 17, 31, 100, 255, 256, 1000, 2500])
    given["gap"] = rng.choice(["0", "0", "200us", "1ms"])
    maybe(0.3, "framing", ["chunked", "length", "close"])
    maybe(0.15, "http", ["1.0", "1.1"])
    maybe(0.3, "tag", ["w", "none"])
    way = rng.choice(["", "", "chunks-per-write", "writes-per-chunk", "split", "seed", "coding", "file"])
    if way:
        given[way] = {"chunks-per-write": rng.choice([1, 2, 3, 7]), "writes-per-chunk": rng.choice([1, 2, 3, 8]),
                      "split": rng.choice(["none", "line", "parts"]), "seed": rng.randrange(2**32),
                      "coding": rng.choice(["gzip", "deflate"]), "file": FILE}[way]
    for name in ("nodelay", "more", "gather", "trailers"):
        maybe(0.2, name, [0, 1])
    maybe(0.1, "cork", [0, 1])
    maybe(0.3, "head", ["apart", "joined"])
    maybe(0.05, "cc", ["reno", "cubic"])
    maybe(0.05, "pacing", [10**9])
    if rng.random() < 0.12:  # one thing that is wrong, or does not go with the rest
        name, value = rng.choice([
            ("writes", "0"), ("writes", "10000001"), ("size", "16777217"), ("size", "-1"), ("gap", "5"), ("gap", "61s"),
            ("framing", "chunk"), ("http", "2"), ("tag", "x"), ("split", "all"), ("cork", "2"), ("head", ""), ("seed", "4294967296"),
            ("sndbuf", "0"), ("cc", "No Such"), ("cc", "nosuchcc"), ("pacing", "0"), ("coding", "br"), ("file", "../p"), ("file", "none.bin"),
            ("plan", "none.plan"), ("report", "a b"), ("nonsense", "1"), ("chunks-per-write", "1001"), ("writes-per-chunk", "0")])
        given[name] = value
    names = list(given)
    rng.shuffle(names)
    return "/emit?" + "&".join(f"{name}={given[name]}" for name in names)


def _plan(rng, depth=0):
    lines = []
    if depth == 0 and rng.random() < 0.4:
        lines.append("framing " + rng.choice(["chunked", "length", "close", "raw", "raw", "lines"]))
        if lines[-1].endswith("raw") and rng.random() < 0.5:
            lines.append('field X-Seamark-Test "a value"')
    for _ in range(rng.randint(1, 5)):
        size = rng.choice([1, 3, 10, 32, 200, 1500])
        lines.append(rng.choice([
            f"write {size}", f"write {size} {rng.choice([1, 7])}", 'write "text\\r\\n\\x41"', f"wait {rng.choice(['0', '1ms', '300us'])}",
            f"write line {size}; write data {size}; write crlf", f"write line {size} data {size} crlf",
            f"{rng.choice(['nodelay', 'cork', 'more'])} {rng.choice(['on', 'off'])}", f"write {size} # comment"]))
        if depth < 2 and rng.random() < 0.15:
            lines.append(f"repeat {rng.choice([1, 2, 3])} {{ {'; '.join(_plan(rng, depth + 1))} }}")
    if depth == 0:
        ends = [[], [], [], ["write last"], ["close"], ["write 5 x"], ["repeat 0 { write 1 }"], ["write data 3"], ["wait 2h"], ['write "']]
        lines += rng.choice(ends)
    return lines


def get(target, version="1.1", method="GET", fields=(), close=True):
    lines = [f"{method} {target} HTTP/{version}", "Host: 127.0.0.1", *fields]
    if close and version == "1.1":
        lines.append("Connection: close")
    return "".join(line + "\r\n" for line in lines).encode() + b"\r\n"


def _post(target, body, fields=()):
    return get(target, method="POST", fields=(*fields, f"Content-Length: {len(body)}")) + body


def fixed():
    """[(name, bytes)]: each kind of thing that is not a seeded URL."""
    made = [("page", get("/")), ("style", get("/page.css")), ("script", get("/page.js")),
            ("HEAD of the page", get("/", method="HEAD")), ("no such path", get("/nowhere")),
            ("HEAD of /emit", get("/emit?writes=3", method="HEAD")), ("PUT", get("/emit", method="PUT")),
            ("DELETE", get("/", method="DELETE")), ("CONNECT", get("a:1", method="CONNECT")),
            ("a bad % in the target", get("/emit?writes=%4")), ("no report", get("/report?id=none")),
            ("HTTP/1.0", get("/emit?writes=2&gap=0", "1.0")), ("HTTP/1.0, keep-alive", get("/", "1.0", fields=["Connection: keep-alive"]) + get("/emit?writes=1", "1.0")),
            ("twice", get("/emit?size=3&size=4")), ("escaped name", get("/emit?wri%74es=2&gap=0")), ("HTTP/1.1 without Host", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
            ("HTTP/2.0", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"), ("no HTTP", b"hello\r\n\r\n"), ("control characters", b"GET /\x01\x1b[31m HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a long head", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 17000 + b"\r\n\r\n"),
            ("an unfinished head", b"GET / HTTP/1.1\r\nHo"), ("nothing", b""),
            ("two pipelined", get("/emit?writes=2&gap=0&size=5", close=False) + get("/emit?writes=3&gap=0&size=7")),
            ("four pipelined, one of them bad", get("/emit?writes=1&gap=0", close=False) + get("/emit?writes=x", close=False) +
             get("/emit?writes=2&gap=0&framing=length", close=False) + get("/")),
            ("report", get("/emit?writes=4&gap=0&report=mine", close=False) + get("/report?id=mine")),
            ("report from 2", get("/emit?writes=4&gap=0&size=9&report=r2", close=False) + get("/report?id=r2&from=2", close=False) + get("/report?id=r2&from=x")),
            ("plan from a file", get(f"/emit?plan={PLAN}")), ("plan and a pattern", get(f"/emit?plan={PLAN}&writes=3")),
            ("file, by length", get(f"/emit?file={FILE}&size=700&gap=0&framing=length")),
            ("POST without a body", _post("/emit", b"")), ("POST to the page", _post("/", b"write 1")),
            ("POST of another origin", _post("/emit", b"write 1", ["Origin: http://elsewhere"])),
            ("POST with plan=", _post(f"/emit?plan={PLAN}", b"write 1")),
            ("Expect: 100-continue", _post("/emit", b"write 3", ["Expect: 100-continue"])),
            ("a chunked plan", get("/emit", method="POST", fields=["Transfer-Encoding: chunked"]) + b"7\r\nwrite 4\r\n0\r\n\r\n"),
            ("a body that is not asked for", get("/emit?writes=1&gap=0", fields=["Content-Length: 3"]) + b"abc"),
            ("deep repeats", _post("/emit", b"repeat 2 { " * 9 + b"write 1" + b" }" * 9)),
            ("a wait of more than an hour", _post("/emit", b"write 1; wait 3601s")), ("a plan of 65 KiB", _post("/emit", b"#" * 66_000)), ("a reset", _post("/emit", b"write 10; reset")),
            ("length too large", get("/emit?writes=10000000&size=16777216")), ("an hour of gaps", get("/emit?writes=10000000&gap=1s"))]
    return made


def seeded(seed, count):
    """[(name, bytes)]: two thirds URLs, one third plans."""
    made = []
    for number in range(count):
        rng = random.Random(f"request {seed} {number}")
        if number % 3 < 2:
            url = _emit_url(rng)
            method = "HEAD" if rng.random() < 0.05 else "GET"
            made.append((f"{number}: {method} {url}", get(url, rng.choice(["1.1"] * 9 + ["1.0"]), method)))
        else:
            text = rng.choice(["\n", "; "]).join(_plan(rng))
            made.append((f"{number}: plan {text[:40]!r}", _post("/emit" + rng.choice(["", "", "?framing=close", "?tag=none"]), text.encode())))
    return made
