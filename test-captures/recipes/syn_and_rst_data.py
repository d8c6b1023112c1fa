# SPDX-License-Identifier: GPL-2.0-or-later
"""Payload on a SYN counts (TCP Fast Open), payload on a RST does not (it is a diagnostic text)."""


def build(capture):
    conn = capture.connection()
    client, server = conn.client, conn.server
    client.request()
    client.syn(payload_to=client.here, says="The request, on the SYN: its first byte is offset 0.")
    server.syn()
    server.response(tagged=True)
    server.chunk(32, w=2)
    two = server.chunk(32, w=3)
    server.send(two.data + 10)
    server.reset(payload=bytes(server.bytes[two.data + 10 : two.end]),
                 says="RST with what would be the rest of chunk 2: it is not part of the stream.")
