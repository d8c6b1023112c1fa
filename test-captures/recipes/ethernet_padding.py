# SPDX-License-Identifier: GPL-2.0-or-later
"""Ethernet pads short frames: what stands behind the IP datagram is no payload, though it may look like HTTP,
and an acknowledgement stays without any.
"""

from scapy.packet import Padding

from kit.wire import ethernet

LEAST = 60  # bytes of a frame, without its check sequence
TEXT = b"HTTP/1.1 200 OK\r\n"


def padded(packet, source, target):
    return [frame / Padding(TEXT[: max(0, LEAST - len(frame))]) for frame in ethernet(packet, source, target)]


def with_trailer(packet, source, target):
    return [frame / Padding(TEXT) for frame in ethernet(packet, source, target)]


def build(capture):
    for what, wrap in (("padded to 60 bytes", padded), ("18 bytes behind each frame", with_trailer)):
        conn = capture.connection(wrap=wrap).open()
        client, server = conn.client, conn.server
        client.request()
        client.send()
        server.response(tagged=True)
        server.send()
        client.ack(says="A bare acknowledgement, padded: no segment.")
        one, two = server.chunk(3, w=2), server.chunk(5, w="3-4")
        server.last(w=5)
        server.send(one.data, says=f"Five bytes of chunk 1, {what}.")
        server.send(one.data + 1, says="One byte of data.")
        server.send(two.data + 2, says="The end of chunk 1 and two bytes of data of chunk 2.")
        server.send(says="The rest.")
        conn.close()
