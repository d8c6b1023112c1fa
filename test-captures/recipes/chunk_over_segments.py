# SPDX-License-Identifier: GPL-2.0-or-later
"""A chunk over several segments, and a segment with the end of one chunk, a whole one, and the start of
a third.
"""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    server.response(tagged=True)
    server.send()
    server.chunk(4000, w=2)
    server.send(server.here - 900, mss=1460, says="Chunk 1 begins: 1460 of its bytes.")
    server.chunk(100, w=3)
    server.chunk(2000, w=4)
    server.last(w=5)
    server.send(server.sent + 1460, says="The end of chunk 1, all of chunk 2, the start of chunk 3.")
    server.send(mss=1460, says="Chunk 3 goes on.")
    conn.close()
