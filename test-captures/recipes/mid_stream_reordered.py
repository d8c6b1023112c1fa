# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that starts in mid-stream and out of order: offset 0 is the lowest sequence number captured,
whichever frame brings it.
"""


def build(capture):
    conn = capture.connection()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.junk(b"the end of something\r\n")
    head = server.response(tagged=True)
    server.chunk(32, w=2)
    two = server.chunk(32, w=3)
    last = server.last(w=4)
    server.segment(two.start, two.end, says="Chunk 2, before anything that frames it.")
    server.segment(head.start, two.start, says="The head and chunk 1: now HTTP is found.")
    server.segment(last.start, last.end)
    conn.close()

    other = capture.connection()
    server = other.server
    server.junk(b"the end of something\r\n")
    head = server.response()
    chunk = server.chunk(32)
    server.last()
    server.segment(head.start, chunk.data + 10, says="A head at what is offset 0 so far.")
    server.segment(0, head.start, says="22 bytes from before it: all offsets are 22 more from now on.")
    server.segment(chunk.data + 10, server.here, says="The rest.")
    other.close()
