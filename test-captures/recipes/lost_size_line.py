# SPDX-License-Identifier: GPL-2.0-or-later
"""A lost segment that takes a size line: that message ends there, and the next start line that begins a
segment is found again.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    for path in ("one", "two", "three"):
        client.request(f"GET /{path}")
    client.send(says="Three requests.")
    server.response(tagged=True)
    one, two, three = server.chunk(100, w=2), server.chunk(100, w=3), server.chunk(100, w=4)
    server.last(w=5)
    server.send(one.data + 50)
    server.lose(two.data + 50)
    server.send(three.start, says="The end of chunk 2, but its size line is lost: nobody knows.")
    server.send(says="A chunk that cannot be told from any other bytes.")
    server.response(tagged=True)
    server.chunk(32, w=6)
    server.last(w=7)
    server.send(says="Response 2 begins a segment: found.")
    server.response(tagged=True)
    server.chunk(32, w=8)
    server.last(w=9)
    server.send(says="Response 3.")
    conn.close()
