# SPDX-License-Identifier: GPL-2.0-or-later
"""Keep-alive and pipelining: numbered exchanges on one connection; a response can begin in the middle of
a segment.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request("GET /1")
    client.send(says="Exchange 1.")
    server.response()
    server.chunk(32)
    server.last()
    server.send()
    client.request("GET /2")
    client.request("GET /3")
    client.request("GET /4")
    client.send(client.here - 20, says="Requests 2, 3 and most of 4, pipelined in one segment.")
    client.send()
    server.response()
    server.chunk(48)
    server.chunk(48)
    server.last()
    server.response(framing="content-length", length=100)
    body = server.body(100)
    server.send(body.start + 40, says="All of response 2, and response 3 up to the middle of its body.")
    server.response()
    chunk = server.chunk(64)
    server.send(chunk.data + 10, says="The end of response 3, and response 4 begins.")
    server.last()
    server.blank()
    server.send(says="The end of response 4, and a left-over CRLF, which belongs to no message.")
    client.request("GET /5")
    client.send()
    server.response(framing="content-length", length=0)
    server.send(says="Response 5: a body of no bytes.")
    conn.close()
