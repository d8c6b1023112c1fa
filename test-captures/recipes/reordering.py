# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments out of order: what stands behind a hole waits until the hole is filled."""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    server.response()
    server.send()
    one, two, three = server.chunk(500), server.chunk(500), server.chunk(50)
    four, last = server.chunk(600), server.last()
    server.segment(one.data + 300, one.end, says="The second half of chunk 1 comes first.")
    server.segment(one.start, one.data + 300, says="Its first half: chunk 1 is complete here.")
    server.segment(three.start, three.end, says="Chunk 3, all of it, before chunk 2.")
    server.segment(two.data + 100, two.end, says="The end of chunk 2.")
    server.segment(two.start, two.data + 100, says="The start of chunk 2 fills the hole.")
    server.segment(four.data - 3, four.data + 200, says="Begins inside the size line of chunk 4.")
    server.segment(last.start, last.end, says="The last chunk.")
    server.segment(four.data + 200, four.end, says="The end of chunk 4.")
    server.segment(four.start, four.data - 3, says="'258' less its CRLF: the first two bytes.")
    conn.close()
