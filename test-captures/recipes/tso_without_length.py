# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments captured above a device that cuts them (TSO), whose IP length is 0: the frame's length tells how
long they are.
"""

from scapy.layers.inet import TCP

from kit.wire import ethernet


def without_length(packet, source, target):
    if len(packet[TCP].payload) > 1460:
        packet.len = 0
    return ethernet(packet, source, target)


def build(capture):
    conn = capture.connection(wrap=without_length).open()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.response(tagged=True)
    server.send()
    chunk = server.chunk(70000, w=2)
    server.last(w=3)
    server.send(chunk.data + 65000, says="65009 bytes in one frame, with an IP length of 0.")
    server.send(server.sent + 1460, says="1460 bytes: one packet, whose length is there.")
    server.send(says="The rest: a length of 0 again.")
    conn.close()
