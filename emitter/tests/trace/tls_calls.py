#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls into OpenSSL under `seamark trace`: each is an event whose offsets follow each other, with secrets only where they
are asked for; sessions with a descriptor, and those that work in memory.

usage: tls_calls.py SEAMARK WORK

Needs openssl, and for parts of it curl, Node, tshark and mergecap.
"""
import os
import re
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tls"))
from events import OFFSET_KNOWN, READ, WRITE, events, stand_in  # noqa: E402
from relay import Capture  # noqa: E402

seamark = os.path.abspath(sys.argv[1])
stand_in(sys.argv[2], seamark)
LONGEST = 60
UPPER_WRITE, UPPER_READ, OWN_OFFSET_KNOWN = 8, 9, 512
SSL_CALLS = range(22, 30)
SECRET = re.compile(rb"[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}")
checked = 0


def check(good, *what):
    global checked
    checked += 1
    if not good:
        raise AssertionError(" ".join(str(one) for one in what))


if not shutil.which("openssl"):
    print("openssl is not installed")
    sys.exit(77)
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = [b"20\r\n" + bytes([c]) * 32 + b"\r\n" for c in b"abc"] + [b"0\r\n\r\n"]
WRITES = [HEAD] + CHUNKS


def answer(connection):
    """One request, one response in five writes, then close_notify."""
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65536)
        if not part:
            return
        request += part
    for data in WRITES:
        connection.sendall(data)
    try:
        connection.unwrap()
    except OSError:
        pass
    connection.close()


class Server:
    """In this process, unrecorded."""

    def __init__(self, version=ssl.TLSVersion.TLSv1_3):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain("cert.pem", "key.pem")
        self.context.maximum_version = version
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection = self.listener.accept()[0]
            try:
                answer(self.context.wrap_socket(connection, server_side=True))
            except (OSError, ssl.SSLError):
                connection.close()


def traced(name, options, command, **more):
    """The events of a command, what it wrote, what was said."""
    done = subprocess.run([seamark, "trace", *options, "-o", name, "--", *command], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LONGEST, **more)
    check(done.returncode == 0, command, done)
    return list(events(name)), done.stdout, done.stderr.decode()


def check_calls(found, kind, total, sizes=None):
    """Calls above TLS count from 1, and their ranges follow each other up to `total`."""
    calls = [event for event in found if event.kind == kind]
    check(calls and all(event.call in SSL_CALLS for event in calls), kind, calls)
    check(all(event.flags & OWN_OFFSET_KNOWN and not event.flags & OFFSET_KNOWN for event in calls), calls)
    moved = [event for event in calls if event.taken > 0]
    offset = 0
    for index, event in enumerate(moved, 1):
        check((event.index, event.offset) == (index, offset), index, offset, event)
        offset += event.taken
    check(offset == total, kind, offset, total, moved)
    if sizes is not None:
        check([event.taken for event in moved] == sizes, moved)
    for event in calls:
        check(event.index > 0 or event.taken <= 0, event)
    return moved


PLAIN = """
import socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])))) as connection:
    connection.sendall(b"GET / HTTP/1.1\\r\\n")
    connection.sendall(b"Host: a\\r\\n\\r\\n")
    while data := connection.recv(65536):
        sys.stdout.buffer.write(data)
"""
ASYNC = """
import asyncio, ssl, sys
async def main():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]), ssl=context)
    writer.write(b"GET / HTTP/1.1\\r\\n")
    writer.write(b"Host: a\\r\\n\\r\\n")
    sys.stdout.buffer.write(await reader.read())
asyncio.run(main())
"""
NODE = """
const socket = require("tls").connect({port: Number(process.argv[2]), rejectUnauthorized: false}, () => {
    socket.write("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n");
});
socket.on("data", data => process.stdout.write(data));
"""
for name, text in ("plain.py", PLAIN), ("async.py", ASYNC), ("node.js", NODE):
    open(name, "w").write(text)
PYTHON = "/usr/bin/python3"
RESPONSE = b"".join(WRITES)
server = Server()

# A session with a descriptor, and sessions in memory.
clients = [(PYTHON, "plain.py"), (PYTHON, "async.py")]
if shutil.which("node"):
    linked = subprocess.run(["ldd", os.path.realpath(shutil.which("node"))], capture_output=True, text=True).stdout
    if "libssl.so" in linked:
        clients.append(("node", "node.js"))
    else:  # its OpenSSL is linked statically: that is said
        found, output, said = traced("client.pcapng", ["--tls-keys"], ["node", "node.js", str(server.port)])
        check(output == RESPONSE, output)
        check(not [event for event in found if event.kind in (UPPER_WRITE, UPPER_READ)], found)
        check("TLS went over 1 connection with no call into OpenSSL recorded" in said, said)
for command in clients:
    found, output, said = traced("client.pcapng", ["--tls-keys"], [*command, str(server.port)])
    check(output == RESPONSE, command, output)
    check_calls(found, UPPER_READ, len(RESPONSE))
    check_calls(found, UPPER_WRITE, 27)
    check("5 application reads" in said or "application reads" in said, said)
    check("--tls-keys: the secrets of each TLS session are written to client.pcapng" in said, said)
    data = open("client.pcapng", "rb").read()
    check(SECRET.search(data) and not SECRET.search(said.encode()), command, "secrets")
    check(stat.S_IMODE(os.stat("client.pcapng").st_mode) == 0o600, "others can read the secrets")
    # In front of all events.
    check(data.index(b"KSLT") < data.index(b"seamark\0"), "a secret after an event")
    # What the calls on the socket moved is TCP's own, as ever.
    for kind in WRITE, READ:
        offset = 0
        for event in found:
            if event.kind == kind and event.taken > 0:
                check(event.offset == offset and event.flags & OFFSET_KNOWN, event)
                offset += event.taken

    # Neither was asked for any.
    found, output, said = traced("client.pcapng", [], [*command, str(server.port)])
    check(output == RESPONSE, command, output)
    check_calls(found, UPPER_READ, len(RESPONSE))
    data = open("client.pcapng", "rb").read()
    check(not SECRET.search(data) and b"KSLT" not in data and "keys" not in said, command, "a secret unasked")

# The program's own key log goes on, and has the same lines.
environment = {**os.environ, "SSLKEYLOGFILE": os.path.abspath("own.log")}
traced("client.pcapng", ["--tls-keys"], [PYTHON, "plain.py", str(server.port)], env=environment)
own = {line for line in open("own.log", "rb").read().splitlines() if SECRET.fullmatch(line)}
check(own and own == set(SECRET.findall(open("client.pcapng", "rb").read())), own)

# A server, whose writes are known one by one; 1.2 too. Merged with a capture it opens decrypted.
SERVE = f"""
import socket, ssl, sys
sys.path.insert(0, {os.getcwd()!r})
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
context.maximum_version = ssl.TLSVersion[sys.argv[1]]
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
connection = context.wrap_socket(listener.accept()[0], server_side=True)
while b"\\r\\n\\r\\n" not in connection.recv(65536):
    pass
for data in {WRITES!r}:
    connection.sendall(data)
try:
    connection.unwrap()
except OSError:
    pass
connection.close()
"""
open("serve.py", "w").write(SERVE)
for version in "TLSv1_2", "TLSv1_3":
    process = subprocess.Popen([seamark, "trace", "--tls-keys", "-o", "server.pcapng", "--", PYTHON, "serve.py", version],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    capture = Capture("wire.pcap", int(process.stdout.readline()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection(("127.0.0.1", capture.port))) as client:
        client.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        body = b""
        while part := client.recv(65536):
            body += part
    check(body == RESPONSE, body)
    check(process.wait(LONGEST) == 0, process.stderr.read())
    process.stdout.close()
    process.stderr.close()
    capture.write()
    check_calls(list(events("server.pcapng")), UPPER_WRITE, len(RESPONSE), [len(data) for data in WRITES])
    if not shutil.which("tshark") or not shutil.which("mergecap"):
        continue
    subprocess.run(["mergecap", "-w", "merged.pcapng", "wire.pcap", "server.pcapng"], check=True)
    port = capture.server_port
    for passes in [], ["-2"]:
        got = subprocess.run(["tshark", *passes, "-r", "merged.pcapng", "-d", f"tcp.port=={port},tls", "-Y", "http", "-T",
                              "fields", "-e", "http.request.uri", "-e", "http.response.code"], capture_output=True, text=True,
                             timeout=LONGEST)
        # Wireshark 4.4 repeats the target with the response.
        check(list(dict.fromkeys(got.stdout.split())) == ["/x", "200"], version, passes, got)

# A kernel that does TLS, as a library plays it that answers in its place.
open("kernel.c", "w").write("""
#include <dlfcn.h>
#include <sys/socket.h>
int setsockopt(int fd, int level, int name, const void* value, socklen_t length) {
    if ((level == 6 && name == 31) || level == 282) return 0;
    int (*next)(int, int, int, const void*, socklen_t);
    *(void**)&next = dlsym(RTLD_NEXT, "setsockopt");
    return next(fd, level, name, value, length);
}
""")
open("kernel.py", "w").write("""
import socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
other = listener.accept()[0]
client.sendall(b"hello")
client.setsockopt(6, 31, b"tls\\0")
client.setsockopt(282, 1, bytes(range(40)))
client.sendall(b"plaintext")
client.sendall(b"more")
other.recv(100)
""")
if shutil.which("cc"):
    subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", "kernel.so", "kernel.c", "-ldl"], check=True)
    found, _, said = traced("kernel.pcapng", [], [PYTHON, "kernel.py"],
                            env={**os.environ, "LD_PRELOAD": os.path.abspath("kernel.so")})
    check("the kernel does TLS on 1 connection" in said, said)
    plain = [event for event in found if event.kind == WRITE and event.taken > 0]
    check([(event.offset, event.taken) for event in plain] == [(0, 5)], plain)
    sealed = [event for event in found if event.kind == UPPER_WRITE]
    check([event.taken for event in sealed] == [9, 4], sealed)
    check(all(not event.flags & (OFFSET_KNOWN | OWN_OFFSET_KNOWN) for event in sealed), sealed)
    # Of the keys that the program handed over nothing is in the file.
    check(bytes(range(8)) not in open("kernel.pcapng", "rb").read(), "keys in the file")
print(f"{checked} checks")
