# SPDX-License-Identifier: GPL-2.0-or-later
"""n writes a chunk (w=2-4), n chunks a write, and tags that must not be believed: without the header, or
wider than 1024.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request()
    client.send()
    server.response(tagged=True)
    server.send()
    chunk = server.chunk(300, w="2-4")
    server.cut_at(chunk.start + 100, chunk.start + 200,
                  says="Writes 2 to 4 carry chunk 1; each became a segment.")
    for _ in range(3):
        server.chunk(10, w=5)
    server.send(says="Write 5 carries three chunks.")
    server.last(w="6-9")
    server.send(says="Even the last chunk can take several writes.")

    client.request("GET /untagged")
    client.send()
    server.response()
    server.chunk(16, ext=";w=7-9")
    server.last(ext=";w=10")
    server.send(says="No 'Seamark: tag=w' in this head: the same extensions mean nothing here.")

    client.request("GET /too-wide")
    client.send()
    server.response(tagged=True)
    server.chunk(16, w="12-1035")
    server.chunk(16, w="1036-2060", faulty=True)
    server.last(w=2061)
    server.send(says="1024 writes in a tag are believed, 1025 are a fault and name none.")
    conn.close()
