# SPDX-License-Identifier: GPL-2.0-or-later
"""Captured on all interfaces at once: Linux cooked headers of version 2, which have the sender's address
only, instead of Ethernet's. The interfaces differ by direction, the stream does not.
"""

import struct

from scapy.packet import Raw

from kit.wire import MAC

LINKTYPE_LINUX_SLL2 = 276
IPV4, ETHERNET_DEVICE = 0x0800, 1
TO_US, BY_US = 0, 4
INTERFACES = {"client": 3, "server": 2}  # what the client sends comes in at the one, ours leaves by the other


def cooked(packet, source, target):
    address = bytes.fromhex(MAC[source].replace(":", ""))
    header = struct.pack(">HHIHBB8s", IPV4, 0, INTERFACES[source], ETHERNET_DEVICE,
                         BY_US if source == "server" else TO_US, len(address), address)
    return [Raw(header) / packet]


def build(capture):
    capture.link = LINKTYPE_LINUX_SLL2
    conn = capture.connection(wrap=cooked).open()
    conn.client.request()
    conn.client.send()
    server = conn.server
    server.response(tagged=True)
    server.send()
    for write in range(2, 5):
        server.chunk(32, w=write)
    server.last(w=5)
    server.send(server.sent + 60, says="Ends inside chunk 2.")
    server.send(says="The rest of it, chunk 3 and the last chunk.")
    conn.close()
