# SPDX-License-Identifier: GPL-2.0-or-later
"""A lost segment inside chunk data: the size is known, so the parse goes on behind the hole, and both
sides belong to the chunk, which is not complete.
"""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    server.response()
    server.send()
    server.chunk(100)
    two, three = server.chunk(3000), server.chunk(100)
    server.last()
    server.send(two.data + 500, says="Chunk 1, and the start of chunk 2.")
    server.lose(two.data + 1960)
    server.send(two.data + 2600, says="Behind a hole of 1460 bytes: still chunk 2.")
    server.send(two.end)
    server.send(three.end, says="Chunk 3 is whole: its place is known from the size of chunk 2.")
    server.send()

    conn.client.request("GET /next")
    conn.client.send()
    server.response(framing="content-length", length=3000)
    body = server.body(3000)
    server.send(body.start + 500, says="A body of 3000 bytes begins.")
    server.lose(body.start + 1500)
    server.send(says="Behind a hole of 1000 bytes: still that body.")
    conn.client.request("GET /last")
    conn.client.send()
    server.response()
    server.chunk(20)
    server.last()
    server.send(says="The next response.")
    conn.close()
