# SPDX-License-Identifier: GPL-2.0-or-later
"""Retransmissions bring nothing new: they have a link to the first frame, and no chunk fields."""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    conn.client.segment(0, conn.client.here, says="The request again.")
    server.response()
    server.send()
    one, two, three, last = server.chunk(200), server.chunk(300), server.chunk(400), server.last()
    server.send(one.end)
    server.send(two.end)
    server.segment(one.start, one.end, says="Chunk 1 again.")
    server.segment(one.start, one.end, says="Chunk 1 a third time.")
    server.send(three.data + 100, says="Chunk 3 begins.")
    server.segment(one.start, three.data + 100,
                   says="Three segments repeated in one: a link for each of the three.")
    server.send(three.end)
    server.segment(two.data + 10, two.data + 20, says="Ten bytes out of the middle of chunk 2.")
    server.send(last.end)
    server.segment(three.end, last.end, says="The last chunk again.")
    conn.close()
