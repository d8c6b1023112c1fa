# SPDX-License-Identifier: GPL-2.0-or-later
"""VXLAN, GRE, IP in IP, and IP fragments: TCP is found wherever Wireshark finds it; a reassembled
datagram belongs to the frame that completed it.
"""

from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.l2 import GRE
from scapy.layers.vxlan import VXLAN

from kit.wire import ethernet

ENDS = {"client": "203.0.113.1", "server": "203.0.113.2"}


def outer(source, target, id=1):
    return IP(src=ENDS[source], dst=ENDS[target], id=id)


def vxlan(packet, source, target):
    inner = ethernet(packet, source, target)[0]
    datagram = UDP(sport=50000, dport=4789) / VXLAN(vni=42, flags="Instance") / inner
    return ethernet(outer(source, target) / datagram, source, target)


def gre(packet, source, target):
    return ethernet(outer(source, target) / GRE() / packet, source, target)


def ip_in_ip(packet, source, target):
    return ethernet(outer(source, target) / packet, source, target)


def fragments(packet, source, target):
    """Datagrams of more than 600 bytes in fragments; the second fragment goes first."""
    packet.flags = 0
    parts = fragment(packet, fragsize=600)
    parts[:2] = reversed(parts[:2])
    return [frame for part in parts for frame in ethernet(part, source, target)]


def build(capture):
    for way, wrap in (("VXLAN", vxlan), ("GRE", gre), ("IP in IP", ip_in_ip),
                      ("IP fragments", fragments)):
        conn = capture.connection(wrap=wrap).open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response(tagged=True)
        chunk = server.chunk(1500, w=2)
        server.last(w=3)
        server.send(chunk.data + 1000, says=f"{way}: chunk 1 begins.")
        server.send(says=f"{way}: it ends.")
        conn.close()
