# SPDX-License-Identifier: GPL-2.0-or-later
"""The start of the response comes last: until then nobody can know that this is HTTP."""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    head, one, two, last = server.response(), server.chunk(64), server.chunk(64), server.last()
    server.segment(two.start, last.end, says="Chunk 2 and the last chunk.")
    server.segment(one.start, two.start, says="Chunk 1.")
    server.segment(head.start, one.start, says="The head: now all is known.")
    conn.close()
