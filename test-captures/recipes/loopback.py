# SPDX-License-Identifier: GPL-2.0-or-later
"""Loopback: MSS 65495, timestamps, no MAC addresses. A segment of 65483 bytes is one packet there, not a
super-segment.
"""

from scapy.layers.l2 import Ether


def no_addresses(packet, source, target):
    zero = "00:00:00:00:00:00"
    return [Ether(src=zero, dst=zero) / packet]


def build(capture):
    conn = capture.connection(("127.0.0.1", "127.0.0.1"), mss=(65495, 65495), timestamps=True,
                              wrap=no_addresses).open()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.response(tagged=True)
    server.send()
    server.chunk(65536, w=2)
    server.send(server.sent + 65483, says="65483 bytes are one packet: MSS 65495 less 12 of options.")
    for write in range(3, 20):
        server.chunk(32, w=write)
    server.last(w=20)
    server.send(says="The end of chunk 1, and what was written while that was under way.")
    conn.close()
