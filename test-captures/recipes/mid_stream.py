# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that starts in mid-stream: offset 0 is the first byte captured, no MSS is known, and the first
start line that begins a segment is where HTTP is found.
"""


def build(capture):
    conn = capture.connection()
    client, server = conn.client, conn.server
    server.junk(b"e tail of a chunk\r\n")
    server.send(says="The tail of something: nobody knows what.")
    server.junk(b"5\r\nhello\r\n0\r\n\r\n")
    server.send(says="A chunk and a last chunk, but of which message?")
    client.request()
    client.send(says="The first request that was captured.")
    server.response(tagged=True)
    server.chunk(32, w=2)
    server.last(w=3)
    server.send(says="Its response: message 1, exchange 1, at offset 34.")
    conn.close()

    alone = capture.connection()
    for _ in range(2):
        alone.server.response()
        alone.server.chunk(16)
        alone.server.last()
        alone.server.send(says="No request was captured: exchanges are counted by final responses.")
    alone.server.response("103 Early Hints", framing="none")
    alone.server.send(says="An interim response of exchange 3.")
    alone.server.response()
    alone.server.chunk(16)
    alone.server.last()
    alone.server.send(says="Message 4, exchange 3.")
