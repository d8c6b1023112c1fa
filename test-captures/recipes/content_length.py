# SPDX-License-Identifier: GPL-2.0-or-later
"""Content-Length: the same stream of writes with no chunk in it, so no hex lengths; and a response with
both headers, where chunked wins.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request()
    client.send()
    server.response(framing="content-length", length=320)
    server.send()
    for _ in range(10):
        server.body(32)
    server.cut_at(*(server.sent + n for n in (32, 96, 192)),
                  says="Streamed, but not chunked: pieces of 32, 64, 96 and 128 bytes.")
    client.request("POST /", framing="content-length", length=10)
    client.body(10)
    client.send(says="A request with a body.")
    server.response("200 OK", "Content-Length: 5")
    server.chunk(12, faulty=None)
    server.last(faulty=None)
    server.send(says="Both Content-Length and chunked: chunked decides (a fault of the message).")
    conn.close()
