# SPDX-License-Identifier: GPL-2.0-or-later
"""A chunked request that waits for 100 Continue: chunks in the other direction, and an interim response
that counts as a message of its own.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request("POST /upload", "Expect: 100-continue", framing="chunked")
    client.send(says="The head of the request.")
    server.response("100 Continue", framing="none")
    server.send(says="Response message 1, of exchange 1: interim, no body.")
    client.chunk(64)
    client.chunk(2000)
    client.send(client.sent + 1460, says="Chunk 1, and the start of chunk 2.")
    client.send()
    client.last("Sum: 2064")
    client.send(says="The last chunk, with a trailer section.")
    server.response("102 Processing", framing="none")
    server.response()
    server.chunk(16)
    server.last()
    server.send(says="Response messages 2 (interim) and 3, both of exchange 1.")
    client.request("PUT /more", framing="chunked", tagged=True)
    client.chunk(8, w=6)
    client.last(w=7)
    client.send(says="A second chunked request, all in one segment.")
    server.response("204 No Content", framing="none")
    server.send()
    conn.close()
