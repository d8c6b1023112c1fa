# SPDX-License-Identifier: GPL-2.0-or-later
"""A snap length of 200: the end of long segments was on the wire and is not in the capture."""


def build(capture):
    capture.snaplen = 200
    conn = capture.connection().open()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.response()
    server.send()
    server.chunk(40)
    two = server.chunk(1000)
    server.chunk(30)
    server.last()
    server.send(two.data + 500, says="Chunk 1, and 93 bytes of chunk 2; 407 more were cut off.")
    server.send(two.tail - 50, says="Data in the middle of chunk 2; its end was cut off.")
    server.send(two.end, says="The end of chunk 2.")
    server.send(says="Chunk 3 and the last chunk, whole.")
    conn.close()
