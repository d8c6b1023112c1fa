# SPDX-License-Identifier: GPL-2.0-or-later
"""What `seamark check` reads first, to see that tshark and plugin work: chunks tagged and split, an IP
datagram in fragments, a retransmission, and both legs of a proxy that held the response for 150 ms.
"""

from scapy.layers.inet import fragment

from kit.wire import ethernet

CLIENT, PROXY, SERVER = "192.0.2.1", "192.0.2.3", "198.51.100.80"


def fragments(packet, source, target):
    packet.flags = 0
    return [frame for part in fragment(packet, fragsize=280) for frame in ethernet(part, source, target)]


def build(capture):
    down = capture.connection((CLIENT, PROXY), (50001, 80)).open()
    up = capture.connection((PROXY, SERVER), (50002, 8080), wrap=fragments).open()
    for leg in (down, up):
        leg.client.request("GET /known")
        leg.client.send()

    def answer(leg, *sizes):
        message = leg.server.response("200 OK", "Seamark: tag=w; id=5ea35ea35ea35ea3")
        message.tagged = True
        at = 0
        for n, size in enumerate(sizes, 2):
            leg.server.chunk(bytes(range(64, 124))[at:at + size] * 5, w=n)
            at += size
        leg.server.last(w=len(sizes) + 2)
        return message

    received = answer(up, 40, 20)
    first = up.server.sent + 300
    up.server.send(first, says="The head, and the beginning of chunk 1; in two IP fragments.")
    up.server.send(says="The rest.")
    capture.wait(150)
    sent = answer(down, 40, 20)
    down.server.send(down.server.sent + 300)
    down.server.segment(down.server.sent - 60, down.server.sent, says="A retransmission.")
    down.server.send()
    capture.legs.append((received, sent, "known"))
    down.close()
    up.close()
