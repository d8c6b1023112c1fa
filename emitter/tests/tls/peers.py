#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`seamark serve --tls` and `seamark get https://` with programs that are not ours at the other end: curl,
openssl s_client and s_server, Python's ssl; and with peers that break off, or speak something else.

usage: peers.py SEAMARK WORK
"""
import json
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

seamark, work = os.path.abspath(sys.argv[1]), sys.argv[2]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chdir(work)
LONGEST = 60
checked = 0


def check(good, *what):
    global checked
    checked += 1
    if not good:
        raise AssertionError(" ".join(str(one) for one in what))


class Server:
    """`seamark serve --tls`, with its log in a file."""

    count = 0

    def __init__(self, *options):
        Server.count += 1
        self.log_name = f"serve{Server.count}.log"
        with open(self.log_name, "w") as log:
            self.process = subprocess.Popen([seamark, "serve", "--tls", "--port", "0", *options],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on https://127\.0\.0\.1:(\d+)/  \(Ctrl-C stops\)\n", line)
        check(found, "the line that scripts wait for:", line, self.log())
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        check(self.process.wait(LONGEST) == 0, self.log())

    def log(self):
        with open(self.log_name) as log:
            return log.read()

    def wait_for(self, *words):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for line in self.log().splitlines():
                if all(word in line for word in words):
                    return line
            time.sleep(0.02)
        raise AssertionError(f"{words} not in the log:\n{self.log()}")

    def url(self, query=""):
        return f"https://127.0.0.1:{self.port}/emit?gap=0&{query}"

    def connect(self):
        peer = socket.create_connection(("127.0.0.1", self.port), LONGEST)
        peer.settimeout(LONGEST)
        return peer

    def still_serves(self):
        check(curl("-k", self.url("writes=1")).returncode == 0, "it serves no more")


def run(*command, **how):
    how = {"stdin": subprocess.DEVNULL} | how
    return subprocess.run(command, capture_output=True, timeout=LONGEST, **how)


def curl(*arguments):
    return run("curl", "-sS", "--max-time", "30", *arguments)


def get(*arguments):
    return run(seamark, "get", *arguments)


def body(writes=20, size=32):
    lines = (f"{i} " + "abcdefghijklmnopqrstuvwxyz" * 30 for i in range(1, writes + 1))
    return b"".join(line[:size - 1].encode() + b"\n" for line in lines)


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def real_clients():
    with Server() as server:
        for query in ("", "record=1", "record=7&more=1", "framing=length&record=10", "framing=close", "cork=1",
                      "coding=gzip", "seed=3&trailers=1", "split=parts", "head=joined&record=100", "http=1.0",
                      "sndbuf=4096&writes=20&size=32", "nodelay=1"):
            for version in ("--tls-max", "1.2"), ("--tls-max", "1.3"):
                got = curl("-k", "--compressed", *version, server.url(query))
                check(got.stdout == body(), query, version, got.stderr, got.stdout[:80])
            got = get("--insecure", server.url(query))
            if "coding" not in query:
                check(got.stdout == body(), query, got.stderr, got.stdout[:80])
        big = curl("-k", server.url("writes=3&size=3000000"))
        check(len(big.stdout) == 9000000, len(big.stdout), big.stderr)
        big = get("--insecure", "--read-size", "1000", server.url("writes=3&size=1000000&record=1000&sndbuf=10000"))
        check(len(big.stdout) == 3000000, len(big.stdout), big.stderr)
        several = get("--insecure", "--requests", "3", server.url("writes=2"))
        check(several.stdout == body(2) * 3, several.stderr)
        check(b"TLSv1.3" in several.stderr, several.stderr)
        line = server.wait_for("chunked: 22 writes (1-22)", "TLSv1.2 in")
        check("writes to the socket (" in line, line)

        # Two kinds of index: what a tag names is the write above TLS.
        raw = curl("-k", "--raw", server.url("writes=2")).stdout
        check(b"20;w=2\r\n" in raw and b"0;w=4\r\n" in raw, raw)

        with trusting().wrap_socket(server.connect(), server_hostname="localhost") as peer:
            for _ in range(2):
                peer.sendall(b"GET /emit?writes=1&gap=0&framing=length HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answer = b""
                while not answer.endswith(body(1)):
                    answer += peer.recv(1000)
            check(peer.unwrap() is not None, "no close_notify for ours")

        spoken = run("openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{server.port}",
                     stdin=None, input=b"GET /emit?writes=1&gap=0 HTTP/1.0\r\n\r\n")
        check(body(1) in spoken.stdout, spoken)
        for page in "", "page.css", "page.js":
            check(curl("-k", "-f", f"https://127.0.0.1:{server.port}/{page}").returncode == 0, page)
        emit = f"https://127.0.0.1:{server.port}/emit"
        posted = curl("-k", "--data-binary", "write 5", "-H", f"Origin: https://127.0.0.1:{server.port}", emit)
        check(posted.stdout == b"1 ab\n", posted)
        posted = curl("-k", "--data-binary", "write 5", "-H", f"Origin: http://127.0.0.1:{server.port}", emit)
        check(b"another origin" in posted.stdout, posted)
        for query, words in (("gather=1", b"0 over TLS"), ("record=0", b"from 1 to 16384"),
                             ("size=16777216&record=1", b"at least 1025")):
            got = curl("-k", server.url(query))
            check(words in got.stdout, query, got.stdout)
        reset = curl("-k", "--data-binary", "write 5; reset", emit)
        check(reset.returncode != 0, "a reset went unnoticed")
        waited = curl("-k", "-i", "-H", "Expect: 100-continue", "--data-binary", "write 5", emit)
        check(waited.stdout.startswith(b"HTTP/1.1 100 Continue") and waited.stdout.endswith(b"1 ab\n"), waited)
        check(b"Transfer-Encoding: chunked" in curl("-k", "-I", server.url()).stdout, "HEAD")
        check(b"421" in curl("-k", "-i", "-H", "Host: app.test", server.url()).stdout.split(b"\r\n")[0], "another host")
        with trusting().wrap_socket(server.connect()) as peer:  # pipelined, and in one record
            peer.sendall(b"GET /emit?writes=1&gap=0&framing=length HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5)
            answer = b""
            while answer.count(body(1)) < 5:
                answer += peer.recv(10000)
        curl("-k", server.url("report=mine&writes=2&size=50000&record=100&framing=length"))
        report = json.loads(curl("-k", f"https://127.0.0.1:{server.port}/report?id=mine").stdout)
        check("50000" in json.dumps(report), report)
    with Server("--grace", "100ms") as server:
        running = subprocess.Popen(["curl", "-skN", server.url("writes=1000&framing=close").replace("gap=0", "gap=50ms")],
                                   stdout=subprocess.PIPE)
        check(running.stdout.read(20) == body()[:20], "it does not begin")
        idle = trusting().wrap_socket(server.connect())
        server.process.terminate()
        check(idle.recv(1) == b"", "an idle connection is not closed as it should")
        check(running.wait(LONGEST) != 0, "a response that was cut passed for the whole")
    with Server("--tls-max", "1.2") as server:
        check(curl("-k", "--tlsv1.3", server.url()).returncode != 0, "TLS 1.3 was spoken")
        check(curl("-k", server.url()).stdout == body(), "TLS 1.2 was not spoken")
        server.wait_for("TLSv1.2 in")
    plain = run(seamark, "serve", "--tls-max", "1.2")
    check(plain.returncode == 2 and b"add --tls" in plain.stderr, plain)


def records_on_the_wire():
    """As a relay sees them: of each write of 100 bytes, records of 40, 40 and 20."""
    with Server() as server:
        for version, beside in (("1.2", 24), ("1.3", 17)):
            seen = []
            listener = socket.create_server(("127.0.0.1", 0))

            def relay():
                client = listener.accept()[0]
                upstream = server.connect()

                def there():
                    try:
                        while data := client.recv(65536):
                            upstream.sendall(data)
                    except OSError:
                        pass  # it is over

                threading.Thread(target=there, daemon=True).start()
                while data := upstream.recv(65536):
                    seen.append(data)
                    client.sendall(data)
                client.close()

            thread = threading.Thread(target=relay, daemon=True)
            thread.start()
            port = listener.getsockname()[1]
            got = curl("-k", "--tls-max", version, f"https://127.0.0.1:{port}/emit?writes=3&size=100&gap=0&framing=close&record=40")
            check(got.stdout == body(3, 100), got)
            thread.join(LONGEST)
            wire, lengths = b"".join(seen), []
            while wire:
                lengths.append((wire[0], int.from_bytes(wire[3:5], "big") - beside))
                wire = wire[5 + lengths[-1][1] + beside:]
            data = [length for kind, length in lengths if kind == 23]
            check(str([40, 40, 20] * 3)[1:-1] in str(data), version, data)


def certificates():
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    print_of = run("openssl", "x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256").stdout.decode()
    with Server("--cert", "c.pem", "--key", "k.pem") as server:
        server.wait_for("certificate of c.pem, SHA-256 " + print_of.strip().split("=")[1])
        named = f"https://localhost:{server.port}/emit?gap=0"
        for client in curl, get:
            check(client("--cacert", "c.pem", named).stdout == body(), client)
            check(client("--cacert", "c.pem", server.url()).returncode != 0, "127.0.0.1 is not its name")
            check(client(named).returncode != 0, "it is trusted")
        wrong = get("--cacert", "c.pem", server.url()).stderr
        check(b"is not believed: IP address mismatch" in wrong and b"--insecure" in wrong, wrong)
        wrong = get(named).stderr
        check(b"self-signed certificate" in wrong and b"--cacert FILE" in wrong, wrong)
        server.wait_for("TLS handshake failed: the peer sent the alert")
        wrong = get("--cacert", "k.pem", named).stderr
        check(b"--cacert k.pem: no certificate is in it" in wrong, wrong)
    with Server() as server:
        server.wait_for("self-made certificate", "SHA-256", "curl -k", "--insecure", "--cacert")
        shown = run("openssl", "s_client", "-connect", f"127.0.0.1:{server.port}").stdout
        with open("seamark.pem", "wb") as file:
            file.write(run("openssl", "x509", stdin=None, input=shown).stdout)
        print_of = run("openssl", "x509", "-in", "seamark.pem", "-noout", "-fingerprint", "-sha256").stdout.decode()
        server.wait_for("SHA-256 " + print_of.strip().split("=")[1])
        for host in "127.0.0.1", "localhost":
            url = f"https://{host}:{server.port}/emit?gap=0"
            for client in curl, get:
                check(client("--cacert", "seamark.pem", url).stdout == body(), client, host)
        check(ssl.create_default_context(cafile="seamark.pem").wrap_socket(
            server.connect(), server_hostname="localhost").version() == "TLSv1.3", "Python")
    for options, words in ((["--cert", "c.pem"], "go together"), (["--key", "k.pem"], "go together")):
        refused = run(seamark, "serve", "--tls", *options)
        check(refused.returncode == 2 and words in refused.stderr.decode(), options, refused)
    for options, words in ((["--cert", "c.pem", "--key", "seamark.pem"], "the key cannot be read"),
                           (["--cert", "k.pem", "--key", "k.pem"], "the certificate cannot be read"),
                           (["--cert", "no.pem", "--key", "k.pem"], "--cert no.pem cannot be read"),
                           (["--cert", "seamark.pem", "--key", "k.pem"], "not that of the certificate")):
        refused = run(seamark, "serve", "--tls", "--port", "0", *options)
        check(refused.returncode == 1 and words in refused.stderr.decode(), options, refused)


def bad_clients():
    with Server("--idle-timeout", "500ms") as server:
        waiting = server.connect()  # half a handshake, then silence
        waiting.sendall(b"\x16\x03\x01\x02\x00\x01")
        silent = server.connect()
        with server.connect() as peer:
            peer.sendall(b"GET /emit HTTP/1.1\r\nHost: localhost\r\n\r\n")
            check(b"HTTP" not in peer.recv(1000), "an answer in clear")
            server.wait_for(str(peer.getsockname()[1]), "TLS handshake failed: the peer speaks plain HTTP")
        with server.connect() as peer:
            peer.sendall(b"\xfe" * 100)
            while peer.recv(1000):
                pass
            server.wait_for(str(peer.getsockname()[1]), "TLS handshake failed:")
        with server.connect() as peer:
            peer.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 600)
            while peer.recv(1000):
                pass
        gone = server.connect()
        gone.sendall(b"\x16\x03\x01\x02\x00\x01")
        name = str(gone.getsockname()[1])
        gone.close()
        server.wait_for(name, "the peer closed in the middle of it")
        begin = time.monotonic()
        check(waiting.recv(1) == b"", "half a handshake is waited for")
        check(silent.recv(1) == b"", "a silent peer is waited for")
        check(time.monotonic() - begin < 10, "for too long")
        server.wait_for(str(waiting.getsockname()[1]), "it took too long to arrive (--idle-timeout)")
        server.still_serves()

        protocol = trusting()
        protocol.set_alpn_protocols(["h2"])
        try:
            protocol.wrap_socket(server.connect())
            check(False, "h2 was agreed to")
        except ssl.SSLError as error:
            check("no application protocol" in str(error), error)
        server.wait_for("TLS handshake failed: no application protocol")
        protocol.set_alpn_protocols(["h2", "http/1.1"])
        with protocol.wrap_socket(server.connect()) as peer:
            check(peer.selected_alpn_protocol() == "http/1.1", peer.selected_alpn_protocol())

        # A record that is not the peer's own, after a handshake that was.
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = trusting().wrap_bio(incoming, outgoing)
        peer = server.connect()
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                peer.sendall(outgoing.read())
                incoming.write(peer.recv(65536))
        peer.sendall(outgoing.read() + b"\x17\x03\x03\x00\x20" + b"x" * 32)
        incoming.write(peer.recv(65536))
        try:
            tls.read()
            check(False, "no alert came")
        except ssl.SSLError as error:
            check("bad record mac" in str(error).lower().replace("_", " "), error)
        server.wait_for(str(peer.getsockname()[1]), "TLS failed:")
        peer.close()

        # One that leaves without a word: between requests, and within one.
        for request in b"", b"GET /emit HTT":
            peer = trusting().wrap_socket(server.connect())
            name = str(peer.getsockname()[1])
            if request:
                peer.sendall(request)
            raw = peer.detach()
            socket.close(raw)
        server.wait_for(name, "the peer closed in the middle of a request")

        # Renegotiation (TLS 1.2) is refused.
        again = subprocess.Popen(["openssl", "s_client", "-tls1_2", "-connect", f"127.0.0.1:{server.port}"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(0.3)
        again.stdin.write(b"R\n")
        again.stdin.flush()
        said = again.communicate(timeout=LONGEST)[0]
        check(b"RENEGOTIATING" in said and b"no renegotiation" in said, said)
        server.still_serves()

        slow = trusting().wrap_socket(server.connect())  # reads nothing
        slow.sendall(b"GET /emit?gap=0&writes=10&size=4000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.wait_for(str(slow.getsockname()[1]), "read nothing for too long")
        check("self-made" in server.log(), server.log())
    with Server("--max-connections", "1") as server:
        first = server.connect()
        time.sleep(0.1)
        second = server.connect()
        check(second.recv(1) == b"", "it was not turned away")
        server.wait_for("turned away")
        first.close()


def mutated_handshakes():
    """Bytes changed, missing or doubled in the handshake and after it: each costs its connection at most."""
    chance = random.Random(1)
    with Server("--idle-timeout", "300ms", "--max-connections", "500") as server:
        open_ones = []
        for _ in range(300):
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = trusting().wrap_bio(incoming, outgoing, server_hostname="localhost")
            peer = server.connect()
            honest_rounds = chance.randrange(3)
            try:
                for turn in range(4):
                    try:
                        if tls.do_handshake() is None and turn > 0:
                            tls.write(b"GET /emit?writes=1&gap=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    except ssl.SSLWantReadError:
                        pass
                    data = bytearray(outgoing.read())
                    if turn >= honest_rounds and data:
                        for _ in range(chance.randrange(1, 5)):
                            place = chance.randrange(len(data))
                            kind = chance.randrange(3)
                            if kind == 0:
                                data[place] ^= 1 << chance.randrange(8)
                            elif kind == 1 and len(data) > 1:
                                del data[place]
                            else:
                                data[place:place] = data[place:place + 20]
                    peer.sendall(data)
                    peer.settimeout(0.05)
                    incoming.write(peer.recv(65536))
            except (ssl.SSLError, OSError):
                pass
            open_ones.append(peer)
        server.still_serves()
        for peer in open_ones:
            peer.close()
        server.still_serves()


def bad_servers():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "sk.pem",
        "-out", "sc.pem", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("sc.pem", "sk.pem")
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def serve(what):
        peer = listener.accept()[0]
        try:
            what(peer)
        except (ssl.SSLError, OSError):
            pass
        peer.close()

    def ask(what, *options, host="localhost"):
        thread = threading.Thread(target=serve, args=(what,), daemon=True)
        thread.start()
        got = get(*options, f"https://{host}:{port}/")
        thread.join(LONGEST)
        return got

    def answering(text, say_so):
        def answer(peer):
            tls = context.wrap_socket(peer, server_side=True)
            tls.recv(10000)
            tls.sendall(text)
            if say_so:
                tls.unwrap()
            else:
                socket.close(tls.detach())
        return answer

    close = b"HTTP/1.1 200 OK\r\n\r\nsome"
    check(ask(answering(close, True), "--cacert", "sc.pem").stdout == b"some", "a body that ends with close_notify")
    check(names == ["localhost"], names)
    cut = ask(answering(close, False), "--cacert", "sc.pem")
    check(cut.returncode == 1 and b"close_notify" in cut.stderr, cut)
    sized = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsome"
    check(ask(answering(sized, False), "--cacert", "sc.pem").returncode == 0, "a body of known length needs no word")
    names.clear()
    check(ask(answering(sized, True), "--insecure", host="127.0.0.1").returncode == 0, "by address")
    check(names in ([None], []), "an address is no server name", names)
    # All of the ClientHello, which keys of newer exchanges make larger: bytes left unread would end in a reset.
    plain = ask(lambda peer: (peer.recv(10000), peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")), "--insecure")
    check(plain.returncode == 1 and b"no TLS" in plain.stderr and b"http://" in plain.stderr, plain)
    early = ask(lambda peer: peer.recv(10000), "--insecure")
    check(b"closed in the middle" in early.stderr, early)
    silent = ask(lambda peer: (peer.recv(10000), time.sleep(1)), "--insecure", "--timeout", "200ms")
    check(b"handshake within 200ms" in silent.stderr, silent)
    for option in ["--insecure"], ["--cacert", "sc.pem"], ["--tls-keys", "--events", "e.pcapng"]:
        refused = get(*option, "http://127.0.0.1:9/")
        check(refused.returncode == 1 and b"https://" in refused.stderr, refused)
    check(get("--insecure", "--cacert", "x", "https://127.0.0.1:9/").returncode == 2, "both")


for part in real_clients, records_on_the_wire, certificates, bad_clients, mutated_handshakes, bad_servers:
    part()
print(f"{checked} checks")
