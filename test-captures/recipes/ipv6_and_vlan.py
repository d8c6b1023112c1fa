# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv6, IPv6 with extension headers, VLAN and QinQ: the same response by four ways."""

from scapy.layers.inet6 import (IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, PadN)
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether

from kit.wire import MAC, ethernet

V6 = ("2001:db8::1", "2001:db8::80")


def vlan(packet, source, target):
    return [Ether(src=MAC[source], dst=MAC[target]) / Dot1Q(vlan=7) / packet]


def qinq(packet, source, target):
    return [Ether(src=MAC[source], dst=MAC[target]) / Dot1AD(vlan=100) / Dot1Q(vlan=7) / packet]


def extended(packet, source, target):
    """Hop-by-hop and destination options between the IPv6 header and TCP."""
    options = PadN(optdata=bytes(4))
    header = IPv6(src=packet.src, dst=packet.dst) / IPv6ExtHdrHopByHop(options=[options])
    return ethernet(header / IPv6ExtHdrDestOpt(options=[options]) / packet.payload, source, target)


def build(capture):
    for way, conn in (("IPv6", capture.connection(V6, mss=(1440, 1440))),
                      ("IPv6 with extension headers",
                       capture.connection(V6, mss=(1440, 1440), wrap=extended)),
                      ("VLAN", capture.connection(wrap=vlan)),
                      ("QinQ, IPv6 inside", capture.connection(V6, mss=(1440, 1440), wrap=qinq))):
        conn.open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response(tagged=True)
        chunk = server.chunk(1000, w=2)
        server.last(w=3)
        server.send(chunk.data + 400, says=f"{way}: chunk 1 begins.")
        server.send(says=f"{way}: it ends.")
        conn.close()
