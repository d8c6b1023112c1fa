# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP headers whose data offset cannot be: shorter than a header, or longer than the segment. Such a segment
has no payload; the sender's next try brings the bytes.
"""

from scapy.layers.inet import TCP

from kit.wire import ethernet


def build(capture):
    spoilt = []

    def wrap(packet, source, target):
        if spoilt:
            packet[TCP].dataofs = spoilt.pop()
        return ethernet(packet, source, target)

    conn = capture.connection(wrap=wrap).open()
    client, server = conn.client, conn.server

    def in_vain(side, upto, words, says):
        start = side.sent
        spoilt.append(words)
        side.segment(start, upto, says)
        side.segments.pop()
        side.sent = start

    client.request()
    in_vain(client, client.here, 0, "A data offset of 0: no request.")
    client.send()
    server.response(tagged=True)
    server.send()
    one, two, three = server.chunk(30, w=2), server.chunk(20, w=3), server.chunk(10, w=4)
    last = server.last(w=5)
    in_vain(server, one.end, 4, "16 bytes of header are too few: not chunk 1.")
    server.send(one.end, says="Chunk 1.")
    in_vain(server, two.end, 15, "60 bytes of header, in a segment of 48: not chunk 2.")
    server.send(two.end, says="Chunk 2.")
    in_vain(server, three.end, 1, "4 bytes of header.")
    server.send(last.end, says="Chunk 3 and the last chunk.")
    conn.close()
