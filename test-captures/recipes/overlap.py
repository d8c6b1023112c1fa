# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments that overlap: a byte belongs to the frame that carried it first, whatever comes later."""


def build(capture):
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    server.response()
    server.send()
    one, two, three, four = server.chunk(100), server.chunk(100), server.chunk(100), server.chunk(100)
    last = server.last()
    server.segment(one.start, one.data + 60)
    server.segment(one.data + 40, one.end, says="20 bytes are old, the rest of chunk 1 is new.")
    server.segment(two.data + 40, two.data + 50, says="Ten bytes of chunk 2, early.")
    server.segment(two.start, two.end,
                   says="All of chunk 2 around them: this frame stands on both sides of the other.")
    server.segment(three.start, three.data + 50)
    server.segment(three.start, three.end, content=b"7f" + b"X" * 49 + bytes(
        server.bytes[three.start + 51 : three.end]),
                   says="Repeats the start of chunk 3 with another size line and other data: first arrival wins.")
    server.segment(four.data - 1, four.data + 30, says="Begins with the LF of the size line of chunk 4.")
    server.segment(three.tail, four.data + 60,
                   says="Old CRLF of chunk 3, new size line, old LF and data, new data.")
    server.segment(four.data + 60, last.end)
    conn.close()
