# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments above MSS: what a sender's capture sees before the device cuts it (GSO). Packets are of MSS less
the options: 1448 bytes of 1460, and the smaller MSS of the two ends counts.
"""


def build(capture):
    conn = capture.connection(timestamps=True).open()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.response(tagged=True)
    server.send()
    server.chunk(20000, w=2)
    server.last(w=3)
    server.send(server.sent + 10 * 1448, says="14480 bytes: exactly 10 packets.")
    server.send(server.sent + 1449, says="1449 bytes: one byte too many for one packet.")
    server.send(server.sent + 1448, says="1448 bytes: one packet.")
    server.send(says="The rest: 3 packets at most.")
    conn.close()

    narrow = capture.connection(mss=(536, 1460)).open()
    narrow.client.request()
    narrow.client.send()
    narrow.server.response(framing="content-length", length=2000)
    narrow.server.body(2000)
    narrow.server.send(says="The client announced 536: this becomes 4 packets.")
    narrow.close()
