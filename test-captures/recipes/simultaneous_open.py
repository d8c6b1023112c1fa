# SPDX-License-Identifier: GPL-2.0-or-later
"""Both ends open at once (RFC 9293 section 3.5): two SYNs cross, and each is answered by another one with the
same number; offset 0 is still the byte after it. And urgent data, which is part of the stream.
"""


def build(capture):
    conn = capture.connection(mss=(1460, 536))
    client, server = conn.client, conn.server
    client.syn(says="SYN.")
    server.syn(answers=False, says="SYN of the other end, on its way at the same time.")
    client.syn(says="SYN and ACK: the first SYN again.")
    server.syn(says="The same of the other end.")
    client.ack()
    client.request()
    client.send()
    server.response(tagged=True)
    one, two = server.chunk(600, w=2), server.chunk(40, w=3)
    last = server.last(w=4)
    server.send(one.end, says="The head and chunk 1: two packets, of the smaller MSS.")
    server.send(two.data + 20, flags="PAU", says="Urgent: its bytes are bytes of chunk 2.")
    server.send(last.end)
    conn.close()
