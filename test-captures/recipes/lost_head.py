# SPDX-License-Identifier: GPL-2.0-or-later
"""A lost segment that takes the end of a head, and one that takes the CRLF behind data."""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    for path in ("one", "two"):
        client.request(f"GET /{path}")
    client.send()
    head = server.response("200 OK", "Server: seamark.test")
    server.chunk(100)
    server.last()
    line = head.pieces[0].end
    server.send(line + 10, says="A start line and the beginning of a field.")
    server.lose(head.pieces[1].end)
    server.send(says="Chunks, but the head that says so is lost.")
    server.response()
    one = server.chunk(100)
    server.chunk(100)
    server.last()
    server.send(one.tail, says="The next response, and the data of its chunk 1.")
    server.lose(one.end)
    server.send(says="CRLF behind that data is lost: the message ends with it.")
    conn.close()
