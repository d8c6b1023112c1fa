# SPDX-License-Identifier: GPL-2.0-or-later
"""A whole exchange in segments of one byte: any split of the same bytes gives the same chunks."""


def build(capture):
    conn = capture.connection().open()
    conn.client.request(tagged=False)
    conn.client.send(mss=1)
    server = conn.server
    server.response(tagged=True)
    server.chunk(5, w=2)
    server.chunk(17, w="3-4")
    server.last("Seam: 1", w=5)
    server.send(mss=1)
    conn.close()
