# SPDX-License-Identifier: GPL-2.0-or-later
"""Probes of a connection that rests: a keep-alive repeats the last byte or a wrong one in its place and
changes nothing; a byte that asks whether a window has opened is new, and comes again with the rest.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request()
    client.send()
    server.response(tagged=True)
    server.send()
    one, two, three, last = server.chunk(40, w=2), server.chunk(60, w=3), server.chunk(50, w=4), server.last(w=5)
    server.send(one.end)
    client.ack()
    capture.wait(45_000)
    server.segment(one.end - 1, one.end, flags="A", says="Keep-alive with the last byte, LF: brings nothing.")
    client.ack()
    capture.wait(45_000)
    server.segment(one.end - 1, one.end, content=b"\0", flags="A",
                   says="Keep-alive with a byte of 0 in its place: first arrival wins.")
    client.ack()
    client.segment(client.here - 1, client.here, content=b"\0", flags="A", says="One of the client's.")
    server.ack()
    server.send(two.data + 30, says="Half of chunk 2; now the client's window is full.")
    client.window = 0
    client.ack(says="A window of 0.")
    capture.wait(200)
    server.send(server.sent + 1, flags="A", says="A probe with one new byte of data.")
    client.ack(says="Still closed: the byte was not taken.")
    capture.wait(400)
    server.segment(two.data + 30, two.data + 31, flags="A", says="The same byte: a retransmission.")
    client.window = 65000
    client.ack(says="The window is open.")
    server.segment(two.data + 30, three.data + 10,
                   says="The byte again, the rest of chunk 2, and the start of chunk 3: all but one byte is new.")
    server.send(last.end)
    conn.close()
