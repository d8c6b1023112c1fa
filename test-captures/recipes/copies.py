# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets captured at two interfaces of a router (tcpdump -i any): a copy has the IP identification of the first, and a
hop less; it is no retransmission. One of the same bytes with another identification is.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request()
    client.send()
    client.captured_again(says="A copy of the request.")
    server.response()
    server.send()
    server.captured_again(says="A copy of the head.")
    one, last = server.chunk(17), server.last()
    server.send(one.end)
    server.captured_again(says="A copy of chunk 1.")
    server.segment(one.start, one.end, says="Chunk 1 once more, sent again.")
    server.captured_again(says="A copy of that.")
    client.ack()
    server.send(last.end)
    server.captured_again(says="A copy of the last chunk.")
    conn.close()
