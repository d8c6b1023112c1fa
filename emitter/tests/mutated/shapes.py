# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests as honest clients send them, and what is done to them: request(random) gives the bytes of one
connection and the name of what was done."""

TARGETS = ["/emit?writes=1&size=8&gap=0", "/emit?writes=2&size=4&gap=0&framing=length", "/", "/nowhere", "/report?id=x",
           "/emit?writes=1&gap=0&framing=close", "/emit?size=0", "http://localhost/emit?writes=1&gap=0",
           "/emit?writes=1&gap=0&http=1.0"]
METHODS = ["GET"] * 6 + ["HEAD", "POST", "POST", "OPTIONS", "BREW"]
START_LINES = ["GET / HTTP/1.0", "GET / HTTP/1.2", "GET / HTTP/1.9", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET /", "GET / http/1.1",
               "GET / HTTP/1.10", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", "GET /a b HTTP/1.1", "PRI * HTTP/2.0",
               "GET / HTTP/11", " GET / HTTP/1.1", "G(T / HTTP/1.1", "GET http://evil.test/ HTTP/1.1", "GET http:/// HTTP/1.1",
               "GET HTTP://LOCALHOST:1/ HTTP/1.1", "CONNECT localhost:1 HTTP/1.1", "OPTIONS * HTTP/1.1", "HEAD / HTTP/1.0", "",
               "GET /" + "a" * 20000 + " HTTP/1.1"]
CODINGS = ["chunked", "Chunked", "gzip", "xchunked", "identity", "chunked, gzip", "gzip, chunked", "chunked, chunked", "chunked;foo",
           "chunked;a=b", "", ",", ",chunked", "chunked,", "\"chunked\"", "chunked foo", "foo;a=\"x,y\", chunked",
           "foo;a=\", chunked", "\tchunked ", "chunked\x0b", "x\x00chunked"]
LENGTHS = ["0", "5", "00", "05", "+5", "-1", "5, 5", "5, 6", "5,", "", "0x5", "5 5", "18446744073709551616", "99999999", "1e1",
           "18446744073709551615", "5;a"]
HOSTS = ["localhost", "LocalHost.:80", "a.localhost", "127.0.0.1:1", "[::1]", "evil.test", "localhost.evil.test", "", "a b",
         "user@localhost", "localhost:x", "localhost:99999", "[::1", "localhost\\", "127.0.0.1.evil.test"]
OTHERS = ["Expect: 100-continue", "Expect: else", "Expect: 100-continue, x", "Connection: close", "Connection: keep-alive",
          "Connection: a, b", "Upgrade: h2c", "X: " + "y" * 300, "X: " + "y" * 17000, "X:", ": y", "X : y", "X", " X: y", "\tX: y",
          "X: a\r\n b", "X: a\rb", "X: a\nb", "X: a\x00b", "X: \xe4\xff", "X: a\x7f", "Origin: http://evil.test", "Te: trailers",
          "Transfer_Encoding: chunked", "Content-Length : 5", "Transfer-Encoding : chunked", "transfer-encoding: x\r\n ,chunked"]
CHUNK_ENDS = ["", ";w=2", ";a", ";a=\"b c\"", " ", ";", " ;a=b", "; a", ";a=", "x", "\x00"]
BYTES = [b"\r", b"\n", b"\r\n", b"\0", b" ", b"\t", b":", b";", b",", b"0", b"\x80", b"\xff", b"\x7f", b"HTTP/1.1", b"\r\n\r\n"]
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


def latin(text):
    return text.encode("latin-1")


def chunked(random, text, broken):
    out, trailer = "", ""
    while text:
        size = random.randint(1, len(text))
        piece, text = text[:size], text[size:]
        digits = f"{size:x}" if random.random() < 0.8 else f"{size:06X}"
        out += digits + (random.choice(CHUNK_ENDS[:4]) if random.random() < 0.3 else "") + "\r\n" + piece + "\r\n"
    if random.random() < 0.3:
        trailer = random.choice(["X: y\r\n", "X: y\r\nZ:\r\n"])
    out += "0\r\n" + trailer + "\r\n"
    if not broken:
        return out
    kind = random.randrange(6)
    if kind == 0:
        return random.choice(["x", "-1", "+5", " 5", "0x5", "\r\n5", "ffffffffffffffff1", "fffffffff", "", "\n"]) + "\r\n" + out
    if kind == 1:
        return out.replace("\r\n", random.choice(CHUNK_ENDS[4:]) + "\r\n", 1)
    if kind == 2:
        return out.replace("\r\n", "\n", random.randint(1, 3))
    if kind == 3:
        return out.replace("\r\n\r\n", random.choice(["\r\nContent-Length: 5\r\n\r\n", "\r\n X: y\r\n\r\n", "\r\nX : y\r\n\r\n",
                                                       "\r\nTransfer-Encoding: gzip\r\n\r\n", "\r\nX\r\n\r\n"]))
    if kind == 4:
        at = random.randrange(len(out))
        return out[:at] + random.choice("\r\n0af;x\x00") + out[at:]
    return out[:-2] + SMUGGLED


def request(random, level):
    """One request; level 0: as an honest client sends it, 1: with some shape that may be refused."""
    method, host, fields, body = random.choice(METHODS), "localhost", [], ""
    start = f"{method} {random.choice(TARGETS)} HTTP/1.1"
    if level and random.random() < 0.2:
        start = random.choice(START_LINES)
    if level and random.random() < 0.2:
        host = random.choice(HOSTS)
    fields.append("Host: " + host)
    if level and random.random() < 0.1:
        fields = random.choice([[], fields * 2])
    if method == "POST" or random.random() < 0.2:
        text = random.choice(["write 5", "write 5\nwrite 3", "nonsense", SMUGGLED])
        if random.random() < 0.5:
            fields.append("Transfer-Encoding: " + (random.choice(CODINGS) if level and random.random() < 0.6 else "chunked"))
            body = chunked(random, text, level and random.random() < 0.4)
        else:
            fields.append("Content-Length: " + (random.choice(LENGTHS) if level and random.random() < 0.5 else str(len(text))))
            body = text
    if level:
        for _ in range(random.choice([0, 0, 0, 1, 1, 2])):
            fields.append(random.choice([random.choice(OTHERS), "Transfer-Encoding: " + random.choice(CODINGS),
                                         "Content-Length: " + random.choice(LENGTHS)]))
        random.shuffle(fields)
        fields = [field.swapcase() if field.isascii() and random.random() < 0.1 else field for field in fields]
    elif random.random() < 0.2:
        fields.append(random.choice(["Connection: close", "Expect: 100-continue", "Connection: keep-alive"]))
    head = "\r\n".join([start, *fields, "", ""])
    if level and random.random() < 0.05:
        head = head.replace("\r\n", random.choice(["\n", "\r", "\r\r\n", "\n\r"]), random.choice([1, -1]))
    return ("\r\n" * random.choice([0, 0, 0, 0, 1, 2])) + head + body


def mutate(random, data):
    for _ in range(random.choice([1, 1, 2, 4])):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(5)
        if kind == 0:
            data = data[:at] + random.choice(BYTES) + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + random.randint(1, 8):]
        elif kind == 2:
            data = data[:at] + bytes([random.randrange(256)]) + data[at + 1:]
        elif kind == 3:
            data = data[:at] + data[max(0, at - random.randint(1, 40)):]
        elif at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]
    return data


def connection(random):
    """(what was done, the bytes that are sent)"""
    kind = random.choice(["honest", "shapes", "shapes", "shapes", "pipelined", "pipelined", "bytes", "bytes", "cut"])
    if kind == "shapes":
        data = latin(request(random, 1) + SMUGGLED)
    elif kind == "pipelined":
        data = latin("".join(request(random, random.random() < 0.3) for _ in range(random.randint(2, 5))) + SMUGGLED)
    else:
        data = latin("".join(request(random, kind == "cut") for _ in range(random.randint(1, 3))))
        if kind == "bytes":
            data = mutate(random, data + latin(SMUGGLED))
        if kind == "cut":
            data = data[:random.randrange(len(data) + 1)]
    return kind, data


def pieces(random, data):
    """The same bytes, in the pieces in which they are sent."""
    if random.random() < 0.5 or not data:
        return [data]
    if random.random() < 0.3 and len(data) < 300:
        return [data[at:at + 1] for at in range(len(data))]
    cuts = sorted({0, len(data), *(random.randrange(len(data)) for _ in range(random.randint(1, 4)))})
    return [data[begin:end] for begin, end in zip(cuts, cuts[1:])]
