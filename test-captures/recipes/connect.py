# SPDX-License-Identifier: GPL-2.0-or-later
"""CONNECT: a 2xx opens a tunnel, and inside it HTTP is looked for again."""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request("CONNECT seamark.test:80")
    client.send()
    server.response("200 Connection established", framing="tunnel")
    server.send(says="From here on a tunnel.")
    client.request("GET /inside")
    client.send(says="A request inside it: message 2, exchange 2.")
    server.response(tagged=True)
    server.chunk(16, w=2)
    server.last(w=3)
    server.send(says="Its chunked response.")
    conn.close()

    other = capture.connection().open()
    client, server = other.client, other.server
    client.request("CONNECT seamark.test:443")
    client.send()
    server.response("200 OK", "Transfer-Encoding: chunked", framing="tunnel")
    server.send(says="Transfer-Encoding in a 2xx to CONNECT means nothing.")
    client.junk(b"\x16\x03\x01\x00\x05hello", unsure=True)
    client.send(says="Something else in the tunnel.")
    server.junk(b"\x16\x03\x01\x00\x05world", unsure=True)
    server.send()
    client.request("GET /after-something-else")
    client.send(says="A start line that begins a segment: found.")
    server.response()
    server.chunk(16)
    server.last()
    server.send()
    other.close()

    refused = capture.connection().open()
    client, server = refused.client, refused.server
    client.request("CONNECT seamark.test:25")
    client.send()
    server.response("403 Forbidden")
    server.chunk(16)
    server.last()
    server.send(says="No tunnel, but a chunked refusal.")
    refused.close()
