# SPDX-License-Identifier: GPL-2.0-or-later
"""Sequence numbers wrap inside a chunk, and in a segment; offsets go on."""


def build(capture):
    conn = capture.connection(isn=(2**32 - 20, 2**32 - 700)).open()
    conn.client.request()
    conn.client.send(says="The request: its sequence numbers wrap inside.")
    server = conn.server
    server.response(tagged=True)
    one, two = server.chunk(500, w=2), server.chunk(500, w=3)
    server.last(w=4)
    server.send(one.end)
    server.segment(two.data + 300, two.end, says="Behind the wrap, out of order.")
    server.segment(two.start, two.data + 300, says="The wrap is in this segment.")
    server.segment(one.start, one.end, says="From before the wrap, again.")
    server.send()
    conn.close()
